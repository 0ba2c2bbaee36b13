"""A race: both sides are measured on the same test by the same rule, and seconds are counted to the accuracy."""

import math
from collections.abc import Iterator
from dataclasses import replace

import pytest

from generators.samples import Samples
from l2e.learner import Predictor
from l2e.perf import races
from l2e.perf.plain_pairs import PlainPairs
from l2e.perf.races import RACES, Race
from l2e.scoring import score
from tests.toys import samples_of

Curve = list[tuple[float, float]]


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.task)
def test_both_sides_train_and_are_asked_the_same_test(race: Race, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(races, "TEST_SAMPLES", 20)
    monkeypatch.setattr(races, "POOL", 100)
    monkeypatch.setattr(races, "LIMIT_SECONDS", 0.1)
    monkeypatch.setattr(races, "TURN_SECONDS", 0.1)
    asked: list[tuple[str, ...]] = []

    def noted(predictor: Predictor, test: Samples) -> object:
        asked.append((type(predictor).__name__, *test.inputs))
        return score(predictor, test)

    monkeypatch.setattr(races, "score", noted)
    small = replace(race, updates=4, options={**race.options, "cells": 8}, plain_batch=4)
    list(small.lines())
    assert {name for name, *_ in asked} == {"Seq2Seq", "PlainPairs"}
    assert len({tuple(test) for _, *test in asked}) == 1
    assert len(asked[0]) == 21


@pytest.mark.parametrize(
    ("ours", "theirs", "seconds", "ratio"),
    [
        (
            [(2.0, 0.5), (4.0, 0.995), (6.0, 0.999)],
            [(2.0, 0.3), (4.0, 0.5), (6.0, 0.7), (12.0, 0.99)],
            (4.0, 12.0),
            3.0,
        ),
        ([(2.0, 0.5), (4.0, 0.6)], [(2.0, 0.3), (4.0, 0.99)], (math.nan, 4.0), math.nan),
    ],
)
def test_the_ratio_is_of_the_seconds_to_the_accuracy(
    ours: Curve, theirs: Curve, seconds: tuple[float, float], ratio: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    curves: Iterator[Curve] = iter([theirs])
    monkeypatch.setattr(Race, "_turns", lambda *_: iter(next(curves)))
    monkeypatch.setattr(Race, "_ours", lambda *_: iter(ours))
    after, until = RACES[0].lines()
    assert (after.ours, after.peer) == (100 * ours[-1][1], 100 * theirs[len(ours) - 1][1])
    assert (until.ours, until.peer, until.ratio) == pytest.approx((*seconds, ratio), nan_ok=True)


def test_the_plain_script_learns_and_is_the_same_every_time() -> None:
    samples = samples_of(*[(f"{a}{b}", f"{b}.") for a in range(4) for b in range(4)])
    answers = []
    for _ in range(2):
        plain = PlainPairs(batch=16, rate=0.02, seed=0, cells=16)
        updates = plain.train(samples)
        next(updates)
        answers.append(plain.predict(samples.inputs, 3))
        for _ in range(150):
            next(updates)
        assert score(plain, samples).total(races.Rule.EXACT_MATCH).accuracy == 1
    assert answers[0] == answers[1]
