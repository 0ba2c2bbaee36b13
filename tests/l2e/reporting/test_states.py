"""A network in action as text."""

from __future__ import annotations

import torch
from torch import Tensor

from l2e.evaluation.observation import Observation
from l2e.reporting.states import ACROSS, bar_maps, likeliest_table
from l2e.watching import HIDDEN, Look, Trace, Watched
from tests.l2e.evaluation.test_observation import SHOWN


def observation(input: str = "1 ", answer: str = "2.") -> Observation:
    columns = len(input) + len(answer)
    probabilities = torch.full((columns, len(SHOWN)), torch.nan, dtype=torch.float64)
    probabilities[len(input) :] = 0
    probabilities[len(input), SHOWN.index("2")] = 0.75
    probabilities[len(input), SHOWN.index("|")] = 0.25
    probabilities[len(input) + 1, SHOWN.index(".")] = 1
    hidden: Tensor = torch.linspace(-1, 1, columns)[:, None]
    traces = [Trace("layer 1", "forget gate", 0, (hidden + 1) / 2), Trace("layer 1", HIDDEN, 0, hidden)]
    looks = [Look("to the input", 2, len(input), 0, torch.eye(2, len(input)))]
    return Observation(input, answer, f"{input}\x01{answer[:-1]}", SHOWN, Watched(probabilities, traces, looks))


def test_under_each_character_stand_the_likeliest_next_ones() -> None:
    rows = likeliest_table(observation()).shown.values.tolist()
    assert rows[0][:4] == ["▷", "2", "2 75.0 %", "| 25.0 %"]
    assert rows[1][:3] == ["2", ".", ". 100.0 %"]


def test_units_and_heads_are_bars_over_the_characters() -> None:
    assert bar_maps(observation(), 1).splitlines() == [
        "layer 1, forget gate: units that change most, 0 to 1",
        "  1␣▷2",
        "0  ▃▅█",
        "",
        "layer 1, hidden: units that change most, -1 to 1",
        "  1␣▷2",
        "0  ▃▅█",
        "",
        "to the input, head 2: weights",
        "  1␣",
        "▷ █",
        "2  █",
    ]


def test_a_long_text_goes_on_below() -> None:
    lines = bar_maps(observation("1" * ACROSS), 1).splitlines()
    titles = [line for line in lines if line.startswith("layer 1, hidden")]
    assert len(titles) == 2
    assert max(map(len, (line for line in lines if line.startswith("0 ")))) == ACROSS + 2
    assert "  ▷2" in lines
