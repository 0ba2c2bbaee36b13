"""What a network answers, and with which probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from generators.errors import InputError
from generators.scrambling import Scrambling
from l2e.learner import Learner
from l2e.play.answers import LIKELIEST, answer_distributions, write_answer
from l2e.registry import Group, create
from l2e.vocabulary import CHARACTERS, END_OF_INPUT, FULL_STOP, PADDING, SYMBOLS, decode
from tests.baselines.learners import CASES, Case
from tests.l2e.play.conftest import Scripted, script

INPUTS = ("print((12+34))", "a=8;\nprint((a-9))", "7", "")


def untrained(learner: str, **options: Any) -> Learner:
    torch.manual_seed(7)
    made: Learner = create(Group.LEARNER, learner, options, SYMBOLS)
    return made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_likeliest_symbol_at_each_place_is_the_written_one(case: Case) -> None:
    learner = untrained(case.learner, **case.options)
    for text in INPUTS:
        [answer] = learner.predict([text], 12)
        distributions = answer_distributions(learner, text, answer)
        assert distributions.shape == (len(answer), SYMBOLS)
        assert [decode(np.array([symbol])) for symbol in distributions.argmax(1)] == list(answer)
        np.testing.assert_allclose(distributions.sum(1), 1)


def test_probabilities_are_the_softmax_of_the_logits() -> None:
    first, last = write_answer(Scripted(script("4.")), "print(4)", "5.", 9, None)
    whole = 3 + SYMBOLS - 1
    assert (first.character, last.character) == ("4", ".")
    assert len(first.likeliest) == LIKELIEST
    assert first.likeliest[0] == ("4", pytest.approx(3 / whole))
    assert [probability for _, probability in first.likeliest[1:]] == [pytest.approx(1 / whole)] * (LIKELIEST - 1)
    assert first.right == pytest.approx(1 / whole)
    assert last.right == pytest.approx(3 / whole)


def test_beyond_the_target_or_without_one_no_character_is_right() -> None:
    assert [one.right is None for one in write_answer(Scripted(script("123.")), "", "1.", 9, None)] == [
        False,
        False,
        True,
        True,
    ]
    assert all(one.right is None for one in write_answer(Scripted(script("12.")), "", None, 9, None))


def test_a_target_longer_than_the_answer_is_cut() -> None:
    assert len(write_answer(Scripted(script("1.")), "", "12345.", 9, None)) == 2


def test_an_answer_without_a_full_stop_ends_at_the_most_characters() -> None:
    assert [one.character for one in write_answer(Scripted(script("123.")), "", None, 2, None)] == ["1", "2"]


def test_marks_that_a_network_writes_are_told_as_they_are() -> None:
    network = Scripted([PADDING, END_OF_INPUT, FULL_STOP])
    assert [one.character for one in write_answer(network, "1", "1.", 9, None)] == ["\x00", "\x01", "."]


def test_a_target_with_characters_outside_the_alphabet_has_no_probability_there() -> None:
    assert [one.right is None for one in write_answer(Scripted(script("1.")), "1", "é.", 9, None)] == [True, False]


def test_a_network_of_a_scrambled_view_reads_scrambled_and_is_told_plain() -> None:
    view = Scrambling(7)
    network = Scripted(script(view.scramble("46.")))
    written = write_answer(network, "print(46)", "4x.", 9, view)
    assert network.read == view.scramble("print(46)") != "print(46)"
    assert [one.character for one in written] == ["4", "6", "."]
    assert [one.likeliest[0][0] for one in written] == ["4", "6", "."]
    sure = written[0].likeliest[0][1]
    assert [one.right for one in written] == pytest.approx([sure, sure / 3, sure])


@given(st.text(CHARACTERS, max_size=30))
def test_any_text_of_the_alphabet_is_answered(text: str) -> None:
    written = write_answer(untrained("lstm", cells=4, layers=1), text, None, 3, None)
    assert [one.character for one in written] == [one.likeliest[0][0] for one in written]


@pytest.mark.parametrize("learner", ["seq2seq", "lstm"])
def test_a_character_outside_the_alphabet_is_refused(learner: str) -> None:
    with pytest.raises(InputError, match="'é' is not in the vocabulary"):
        write_answer(untrained(learner, cells=4), "print(é)", None, 3, None)
