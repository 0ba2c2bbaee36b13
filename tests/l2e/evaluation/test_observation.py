"""A network that is watched: columns, likeliest characters, and the units that change most."""

from __future__ import annotations

import json

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import nn

from generators.scrambling import Scrambling
from l2e.batches import StreamBatch
from l2e.evaluation.observation import (
    LIKELIEST,
    UNKNOWN_SHOWN,
    Observation,
    UnwatchableError,
    observe,
    observe_text,
)
from l2e.learner import Learner
from l2e.registry import Group, create
from l2e.units import START, Listed
from l2e.vocabulary import SYMBOLS, decode
from l2e.watching import HIDDEN, Look, Trace, Watched

SHOWN = [decode(np.array([symbol])) for symbol in range(SYMBOLS)]


def made(name: str, seed: int = 0) -> Learner:
    torch.manual_seed(seed)
    learner: Learner = create(Group.LEARNER, name, {"cells": 8, "layers": 1}, SYMBOLS)
    for parameter in learner.parameters():
        nn.init.normal_(parameter, std=0.5)
    return learner


def told(*traces: Trace, looks: tuple[Look, ...] = (), columns: int = 3) -> Observation:
    return Observation(
        "1", "2.", "1\x012", SHOWN, Watched(torch.full((columns, SYMBOLS), torch.nan), list(traces), list(looks))
    )


@pytest.mark.parametrize("name", ["lstm", "seq2seq", "attention", "transformer", "decoder_only"])
def test_without_an_answer_the_networks_own_is_watched_and_is_the_likeliest_throughout(name: str) -> None:
    learner = made(name)
    seen = observe(learner, "1+2", max_characters=6)
    assert seen.answer == learner.predict(["1+2"], 6)[0]
    assert seen.characters == "1+2\x01" + seen.answer[:-1]
    assert seen.following == seen.characters[1:] + seen.answer[-1]
    assert "".join(likeliest[0][0] for likeliest in seen.likeliest()[3:]) == seen.answer


def test_of_an_answer_that_is_given_the_network_tells_what_it_held_likely_instead() -> None:
    seen = observe(made("seq2seq"), "1+2", "3.")
    assert (seen.characters, seen.following) == ("1+2\x013", "+2\x013.")
    assert seen.likeliest()[:3] == [[], [], []]
    for likeliest in seen.likeliest()[3:]:
        chances = [chance for _, chance in likeliest]
        assert len(chances) == LIKELIEST
        assert chances == sorted(chances, reverse=True)


def test_a_scrambled_view_is_read_scrambled_and_shown_unscrambled() -> None:
    view, learner = Scrambling(3), made("lstm")
    plain = observe(learner, view.scramble("1+2"), view.scramble("3."))
    seen = observe(learner, "1+2", "3.", view=view)
    assert seen.characters == "1+2\x013"
    assert seen.watched.probabilities.equal(plain.watched.probabilities)
    assert [c for c, _ in seen.likeliest()[0]] == [view.unscramble(c) for c, _ in plain.likeliest()[0]]


def test_the_units_that_change_most_come_first_and_are_the_same_in_every_kind() -> None:
    hidden = torch.tensor([[0.0, 0.5, -0.1], [0.0, -0.5, 0.2], [0.1, 0.5, 0.2]])
    cells = torch.tensor([[3.0, 2.0, 1.0]] * 3)
    found = told(Trace("layer 1", "cell", 0, cells), Trace("layer 1", HIDDEN, 0, hidden)).liveliest(2)
    assert [(one.kind, one.units) for one in found] == [("cell", [1, 2]), (HIDDEN, [1, 2])]
    np.testing.assert_allclose(found[1].values, hidden[:, [1, 2]].T)
    assert [one.span for one in found] == [(-2.0, 2.0), (-1.0, 1.0)]


def test_a_layer_or_head_that_had_nothing_to_read_is_left_out() -> None:
    seen = told(
        Trace("encoder", HIDDEN, 0, torch.zeros(0, 4)), looks=(Look("to the input", 1, 0, 0, torch.zeros(2, 0)),)
    )
    assert (seen.liveliest(2), seen.looks) == ([], [])
    assert observe(made("seq2seq"), "", "3.").liveliest(1)[0].part == "decoder layer 1"


def test_gates_are_shown_between_nought_and_one() -> None:
    assert {one.kind: one.span for one in observe(made("gru"), "1", "1.").liveliest(1)} == {
        "reset gate": (0.0, 1.0),
        "update gate": (0.0, 1.0),
        "candidate": (-1.0, 1.0),
        HIDDEN: (-1.0, 1.0),
    }


def test_what_is_told_is_json() -> None:
    for name in ("lstm", "transformer"):
        content = observe(made(name), "12", "3.").told(2)
        assert json.loads(json.dumps(content))["characters"] == ["1", "2", "\x01", "3"]
        assert bool(content["units"]) != bool(content["looks"])


def test_a_learner_that_says_nothing_of_itself_is_refused_with_those_that_do() -> None:
    with pytest.raises(
        UnwatchableError, match=r"Memory does not tell .*those that do: attention, .*elman, .*transformer"
    ):
        observe(create(Group.LEARNER, "memory", {}, SYMBOLS), "1")


def test_a_network_of_texts_is_watched_while_it_reads_and_unknown_characters_are_shown_as_they_are() -> None:
    vocabulary = Listed("characters", ["a", "b"], [])
    torch.manual_seed(0)
    learner: Learner = create(Group.LEARNER, "gru", {"cells": 8}, vocabulary.size)
    seen = observe_text(learner, "abz", vocabulary)
    assert (seen.characters, seen.following, seen.answer) == ("abz", "bz", "")
    expected, _ = learner(batch := text_batch(vocabulary.read("abz").symbols))
    assert len(batch.symbols[0]) == 4
    torch.testing.assert_close(seen.watched.probabilities, expected.double().softmax(1)[1:])
    assert {c for likeliest in seen.likeliest(5) for c, _ in likeliest} == {"a", "b", UNKNOWN_SHOWN}


def text_batch(symbols: npt.NDArray[np.int64]) -> StreamBatch:
    """After the start, with a prediction at every place."""
    row, places = torch.tensor([[START, *symbols.tolist()]]), torch.arange(len(symbols) + 1)
    return StreamBatch(row, places, places, places.numpy(), len(places))


def test_of_texts_words_and_learners_that_say_nothing_are_refused() -> None:
    characters = Listed("characters", ["a"], [])
    with pytest.raises(UnwatchableError, match="this network's units are words"):
        observe_text(made("lstm"), "a", Listed("words", ["a"], []))
    with pytest.raises(UnwatchableError, match=r"those that do: elman, gru, jordan, lstm"):
        observe_text(create(Group.LEARNER, "memory", {}, SYMBOLS), "a", characters)
    with pytest.raises(UnwatchableError, match="no text to read"):
        observe_text(made("lstm"), "", characters)
