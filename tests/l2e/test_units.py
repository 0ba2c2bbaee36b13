"""Units of a text: side by side they are the text, and each is paid for."""

import math
import sys
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l2e.units import (
    ANY_CHARACTER,
    KNOWN,
    UNKNOWN,
    Listed,
    Pieces,
    Spelling,
    UnitsError,
    Vocabulary,
    vocabulary_from,
    vocabulary_of,
)

TRAINING = (
    "The ferry came, and the ferry didn't sail.\nThe ferry came again, and didn't sail; nobody was surprised.\n" * 2
)
KINDS = ("characters", "words", "pieces")
RARE = " A zebra slept.\nNobody saw a zebroid."


@pytest.fixture(scope="module", params=KINDS)
def vocabulary(request: pytest.FixtureRequest) -> Vocabulary:
    return vocabulary_of(request.param, 300, TRAINING + RARE)


@given(text=st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_units_side_by_side_are_the_text(vocabulary: Vocabulary, text: str) -> None:
    reading = vocabulary.read(text)
    assert "".join(reading.units) == text
    assert len(reading.units) == len(reading.symbols) == len(reading.spelling)


def test_known_symbols_are_written_as_they_were_read(vocabulary: Vocabulary) -> None:
    symbols = vocabulary.read(TRAINING).symbols
    assert vocabulary.write(symbols.tolist()) == TRAINING
    assert KNOWN <= symbols.min() <= symbols.max() < vocabulary.size


def test_a_vocabulary_is_made_again_from_its_json(vocabulary: Vocabulary) -> None:
    again = vocabulary_from(vocabulary.to_json())
    assert (again.units, again.size) == (vocabulary.units, vocabulary.size)
    for one, other in zip(again.read("A zebu came, é.\n"), vocabulary.read("A zebu came, é.\n"), strict=True):
        assert np.array_equal(one, other)


def test_a_word_is_letters_with_the_space_before_them_or_a_mark_or_a_space() -> None:
    units = Listed("words", [], []).read("The ferry didn't  sail;\nno").units
    assert units == ["The", " ferry", " didn't", " ", " sail", ";", "\n", "no"]


def test_what_the_training_part_has_once_is_unknown() -> None:
    found = Listed.of("characters", "aab")
    assert (found.known, found.rare) == (["a"], ["b"])
    assert found.read("abc").symbols.tolist() == [KNOWN, UNKNOWN, UNKNOWN]
    assert found.read("abc").unknown == 2


def test_an_unknown_character_is_one_of_all_of_unicode() -> None:
    assert Listed.of("characters", "aab").read("abc").spelling.tolist() == [0, ANY_CHARACTER, ANY_CHARACTER]
    assert math.log2(1_112_064) == ANY_CHARACTER


def test_no_piece_is_unknown_and_a_character_of_several_stands_with_the_first() -> None:
    reading = Pieces.of(300, TRAINING).read("a→b")
    assert (reading.units, reading.unknown, reading.spelling.sum()) == (["a", "→", "", "", "b"], 0, 0)


def test_the_spellings_of_all_words_have_a_probability_of_one_in_all() -> None:
    # Of words over "ab" without other characters, all short ones; the longer the less likely.
    spelling = Spelling(["ab", "b", "a"], ["ab", "b", "a"])
    words, total = [""], 0.0
    for _ in range(11):
        total += sum(2 ** -spelling.bits(word) for word in words)
        words = [word + letter for word in words for letter in "ab"]
    assert 0.7 < total < 1


def test_a_word_spelled_like_the_rare_ones_is_cheaper_than_another_and_a_strange_letter_costs_one_of_unicode() -> None:
    spelling = Spelling([" zebra", " zebu", " zero", " sail"], [" zebra", " zebu", " zero"])
    assert spelling.bits(" zebro") < spelling.bits(" orbez")
    assert spelling.bits(" zebré") - spelling.bits(" zebra") > ANY_CHARACTER - 5


def test_a_text_without_rare_words_can_still_be_read() -> None:
    assert Listed.of("words", "one one").read("two").spelling[0] > 0


def test_pieces_without_their_package_say_what_to_install() -> None:
    with patch.dict(sys.modules, {"tokenizers": None}), pytest.raises(UnitsError, match=r"pip install 'l2e\[pieces\]'"):
        vocabulary_of("pieces", 300, TRAINING)
