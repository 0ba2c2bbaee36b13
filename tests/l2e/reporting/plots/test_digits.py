"""Accuracy against the number of digits."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l2e.reporting.plots.digits import apart, digit_lines
from tests.l2e.summaries import PAPER, summary, texts_of


def accuracy(curriculum: str, length: int, nesting: int) -> float:
    return 0.9 - 0.1 * length - 0.02 * PAPER.index(curriculum)


LEARNERS = summary(accuracy, task="addition")
FLOOR = summary(lambda *_: 0.125, [None], task="addition", learner="most_frequent")
CEILING = summary(lambda *_: 1.0, [None], task="addition", learner="interpreter")
ROWS = pd.concat([LEARNERS, FLOOR, CEILING])


def test_there_is_a_line_a_curriculum_through_its_accuracies_with_its_interval() -> None:
    (drawing,) = digit_lines(ROWS, "Sums; small scale")
    assert drawing.name == "digits-exact_match"
    (panel,) = drawing.figure.axes
    for name, container in zip(PAPER, panel.containers, strict=True):
        assert container[0].get_ydata().tolist() == pytest.approx([100 * accuracy(name, of, 1) for of in (2, 3, 4)])
        low, high = container[2][0].get_segments()[0][:, 1]
        assert (low, high) == pytest.approx((100 * accuracy(name, 2, 1) - 5, 100 * accuracy(name, 2, 1) + 5))
    assert "Sums; small scale" in drawing.figure.get_suptitle()


def test_floors_have_their_names_beside_them_and_the_ceiling_is_the_edge() -> None:
    texts = texts_of(digit_lines(ROWS, None)[0])
    assert "most_frequent" in texts
    assert "interpreter" not in texts


def test_of_two_floors_that_one_has_more_samples_is_drawn() -> None:
    larger = FLOOR.assign(accuracy=0.25, n=2000)
    (panel,) = digit_lines(pd.concat([LEARNERS, larger, FLOOR]), None)[0].figure.axes
    grey = [line for line in panel.lines if line.get_linewidth() < 1 and len(line.get_xdata()) == 3]
    assert [list(line.get_ydata()) for line in grey] == [[25.0, 25.0, 25.0]]


def test_tasks_have_a_panel_each() -> None:
    schemes = [f"copy[scheme={name}]" for name in ("plain", "reversed", "both")]
    (drawing,) = digit_lines(pd.concat([LEARNERS.assign(task=task) for task in schemes]), None)
    assert [panel.get_title() for panel in drawing.figure.axes] == schemes


def test_learners_have_a_drawing_each() -> None:
    names = [drawing.name for drawing in digit_lines(pd.concat([LEARNERS, LEARNERS.assign(learner="gru")]), None)]
    assert names == ["digits-lstm_cells_8-exact_match", "digits-gru-exact_match"]


@given(st.dictionaries(st.text(max_size=3), st.floats(0, 100)), st.floats(0.1, 20))
def test_names_are_raised_until_they_are_apart(heights: dict[str, float], least: float) -> None:
    placed = apart(heights, least)
    assert placed.keys() == heights.keys()
    assert all(placed[name] >= height for name, height in heights.items())
    order = sorted(placed.values())
    assert all(high - low > least - 1e-9 for low, high in pairwise(order))
