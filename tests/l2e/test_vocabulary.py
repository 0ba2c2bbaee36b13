"""Texts become symbols and come back; unknown characters are refused at their place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.errors import InputError
from l2e.vocabulary import (
    ANSWER_CHARACTERS,
    CHARACTERS,
    END_OF_INPUT,
    FULL_STOP,
    PADDING,
    SYMBOLS,
    decode,
    encode,
)

legal = st.text(st.sampled_from(CHARACTERS))


@given(st.lists(legal))
def test_decoding_what_was_encoded_gives_the_texts_back(texts: list[str]) -> None:
    symbols, lengths = encode(texts)
    parts = np.split(symbols, np.cumsum(lengths)[:-1]) if texts else []
    assert [decode(part) for part in parts] == texts


def test_every_character_has_a_symbol_of_its_own_that_is_no_mark() -> None:
    symbols, _ = encode([CHARACTERS])
    assert sorted({*symbols.tolist(), PADDING, END_OF_INPUT}) == list(range(SYMBOLS))


def test_the_alphabet_is_printable_ascii_and_the_line_end() -> None:
    assert set(CHARACTERS) == {c for c in map(chr, range(128)) if c.isprintable()} | {"\n"}


def test_the_twelve_answer_characters_of_the_paper_are_in_the_alphabet() -> None:
    assert len(set(ANSWER_CHARACTERS)) == 12
    assert set(ANSWER_CHARACTERS) <= set(CHARACTERS)


def test_the_full_stop_is_what_a_full_stop_encodes_to() -> None:
    assert encode(["."])[0].tolist() == [FULL_STOP]


def test_marks_decode_to_characters_outside_the_alphabet() -> None:
    assert not set(decode(np.array([PADDING, END_OF_INPUT]))) & set(CHARACTERS)


@pytest.mark.parametrize("character", ["é", "\0", "\1", "\t", "\r", "\x7f", "\x80", "😀", "\ud800"])
def test_an_unknown_character_is_refused_with_its_line_and_column(character: str) -> None:
    with pytest.raises(InputError, match="not in the vocabulary") as caught:
        encode(["fine", f"a=1\nprint({character})"])
    assert (caught.value.line, caught.value.column) == (2, 7)
    assert repr(character) in str(caught.value)


@given(legal, st.characters(exclude_characters=CHARACTERS), legal)
def test_the_first_unknown_character_is_the_one_that_is_named(before: str, unknown: str, after: str) -> None:
    with pytest.raises(InputError) as caught:
        encode([before + unknown + after + "é"])
    lines = before.split("\n")
    assert (caught.value.line, caught.value.column) == (len(lines), len(lines[-1]) + 1)


def test_no_texts_and_empty_texts_have_no_symbols() -> None:
    assert [part.tolist() for part in encode([])] == [[], []]
    assert [part.tolist() for part in encode(["", ""])] == [[], [0, 0]]
