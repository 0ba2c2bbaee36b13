"""A text to be modelled: read as it is, and its parts far enough apart."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.corpus import GAP, SHORTEST, Corpus, decoded, read_text
from generators.errors import TextError
from generators.splits import Split


class Numbered(Corpus):
    """A text in which no two characters are alike, so that a stretch says where it is."""

    def __init__(self, length: int) -> None:
        self.text = "".join(map(chr, range(0x10000, 0x10000 + length)))


@given(st.integers(SHORTEST, 20_000))
def test_parts_lie_in_order_with_a_gap_between_them_and_hold_all_else(length: int) -> None:
    corpus = Numbered(length)
    parts = [corpus.part(split) for split in (Split.TRAIN, Split.VALIDATION, Split.TEST)]
    starts = [corpus.text.index(part) for part in parts]
    ends = [start + len(part) for start, part in zip(starts, parts, strict=True)]
    assert (starts[0], ends[-1]) == (0, length)
    assert [start - end for start, end in zip(starts[1:], ends, strict=False)] == [GAP, GAP]
    assert len(parts[1]) == len(parts[2]) >= (SHORTEST - 2 * GAP) // 10


@pytest.mark.parametrize("window", [2, 50, GAP])
def test_no_stretch_that_reaches_into_the_test_part_reaches_into_the_training_part(window: int) -> None:
    corpus = Numbered(5000)
    train, test = (set(corpus.part(split)) for split in (Split.TRAIN, Split.TEST))
    for start in range(len(corpus.text) - window):
        stretch = set(corpus.text[start : start + window])
        assert not (stretch & train and stretch & test)


def test_the_text_that_comes_with_l2e_is_the_one_that_it_was() -> None:
    digest = hashlib.sha256(Corpus().text.encode()).hexdigest()[:16]
    assert digest == "0a1a0044e50749b8"


def test_a_folder_is_its_files_in_order_with_line_ends_between(tmp_path: Path) -> None:
    (tmp_path / "2.txt").write_text("second")
    (tmp_path / "1.txt").write_bytes("\ufefffirst\r\nline".encode())
    assert read_text(str(tmp_path)) == "first\nline\nsecond"


def test_other_bytes_than_utf_8_are_named_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes("caf\xe9".encode("latin1"))
    with pytest.raises(TextError, match=r"old\.txt is not UTF-8: byte 0xe9 at position 3 .*iconv"):
        read_text(str(tmp_path / "old.txt"))
    with pytest.raises(TextError, match="here is not UTF-8"):
        decoded(b"\xff", "here")


@pytest.mark.parametrize("content", ["", "a" * (SHORTEST - 1)])
def test_too_short_a_text_is_refused_with_the_length_that_would_do(tmp_path: Path, content: str) -> None:
    (tmp_path / "short.txt").write_text(content)
    with pytest.raises(TextError, match=f"has {len(content):,} characters; .* has 2,000 or more"):
        Corpus(str(tmp_path / "short.txt"))


def test_a_path_where_nothing_is_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        TextError, match=r"there is no file at .*; give a text file in UTF-8, or a folder of such files"
    ):
        Corpus(str(tmp_path / "no.txt"))


def test_units_and_pieces_that_cannot_be_are_refused() -> None:
    with pytest.raises(TextError, match="unknown units 'letters'; legal: characters, words, pieces"):
        Corpus(units="letters")
    with pytest.raises(TextError, match="pieces is 256; there are more than 256, as every byte is one"):
        Corpus(units="pieces", pieces=256)
