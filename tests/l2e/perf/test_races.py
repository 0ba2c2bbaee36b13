"""A race: both sides are measured on the same test by the same rule, and seconds are counted to the accuracy."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from generators.samples import Samples
from l2e.evaluation.scoring import evaluate
from l2e.learner import Predictor
from l2e.perf import races
from l2e.perf.races import SUMS, Race

Curve = list[tuple[float, float]]


def test_both_sides_train_and_are_asked_the_same_test(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"TEST_SAMPLES": 20, "LIMIT_SECONDS": 0.1, "TURN_SECONDS": 0.1, "CELLS": 8}.items():
        monkeypatch.setattr(races, name, value)
    asked: list[tuple[str, ...]] = []

    def noted(predictor: Predictor, test: Samples) -> object:
        asked.append((type(predictor).__name__, *test.inputs))
        return evaluate(predictor, test)

    monkeypatch.setattr(races, "evaluate", noted)
    (line,) = replace(SUMS, recipe={"updates": 4}, plain_batch=4).lines()
    assert {name for name, *_ in asked} == {"Seq2Seq", "PlainScript"}
    assert len({tuple(test) for _, *test in asked}) == 1
    assert len(asked[0]) == 21
    assert line.ours is None


@pytest.mark.parametrize(
    ("ours", "theirs", "seconds", "ratio"),
    [
        (
            [(2.0, 0.5), (4.0, 0.995), (6.0, 0.999)],
            [(2.0, 0.3), (4.0, 0.5), (6.0, 0.7), (12.0, 0.99)],
            (4.0, 12.0),
            3.0,
        ),
        ([(2.0, 0.5), (4.0, 0.6)], [(2.0, 0.3), (4.0, 0.99)], (None, 4.0), None),
    ],
)
def test_the_ratio_is_of_the_seconds_to_the_accuracy(
    ours: Curve,
    theirs: Curve,
    seconds: tuple[float | None, float],
    ratio: float | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    curves: Iterator[Curve] = iter([theirs])
    monkeypatch.setattr(Race, "_plain", lambda *_: iter(next(curves)))
    monkeypatch.setattr(Race, "_ours", lambda *_: iter(ours))
    (line,) = SUMS.lines()
    assert (line.ours, line.peer, line.ratio) == (*seconds, ratio)
    assert f"{100 * ours[-1][1]:.1f} % after the {ours[-1][0]:.0f} s" in line.note
    assert f"{100 * theirs[len(ours) - 1][1]:.1f} % of the script then" in line.note
