"""A race of a few updates: both sides are measured on the same test by the same rule."""

from dataclasses import replace

import pytest

from l2e.perf import races
from l2e.perf.plain_pairs import PlainPairs
from l2e.perf.races import RACES
from l2e.scoring import score
from tests.toys import samples_of


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.task)
def test_a_race_has_two_lines(race: races.Race, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(races, "TEST_SAMPLES", 20)
    monkeypatch.setattr(races, "POOL", 100)
    monkeypatch.setattr(races, "LIMIT_SECONDS", 0.1)
    monkeypatch.setattr(races, "TURN_SECONDS", 0.1)
    small = replace(race, updates=4, accuracy=0.01, options={**race.options, "cells": 8}, plain=PlainPairs(4, 0.01, 8))
    after, until = small.lines()
    assert "4 updates" in after.what
    assert after.peer is not None
    assert 0 <= after.ours <= 100
    assert 0 <= after.peer <= 100
    assert until.unit == "s"


def test_the_plain_script_learns() -> None:
    samples = samples_of(*[(f"{a}{b}", f"{b}.") for a in range(4) for b in range(4)])
    plain = PlainPairs(batch=16, rate=0.02, cells=16)
    updates = plain.train(samples)
    for _ in range(150):
        next(updates)
    assert score(plain, samples).total(races.Rule.EXACT_MATCH).accuracy == 1
