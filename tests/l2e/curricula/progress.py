"""What curricula are told, made up: checks and tallies."""

from __future__ import annotations

import pkgutil
import tomllib
from collections.abc import Mapping
from inspect import getfile
from pathlib import Path

import numpy as np

from generators.samples import Difficulties, Difficulty
from l2e.curricula import Curriculum
from l2e.progress import Check, Progress, Tally

ROOT = Path(__file__).parents[3]


def registered() -> dict[str, type[Curriculum]]:
    """Every curriculum of pyproject.toml by its name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {name: pkgutil.resolve_name(at) for name, at in project["entry-points"]["l2e.curricula"].items()}


def path_of(curriculum: type[Curriculum]) -> str:
    """Its name as one in a file, which needs no installed entry point."""
    return f"{getfile(curriculum)}:{curriculum.__name__}"


def pairs(difficulties: Difficulties) -> list[tuple[int, int]]:
    return list(zip(difficulties.lengths.tolist(), difficulties.nestings.tolist(), strict=True))


def validated(accuracy: float) -> Progress:
    """A check that found this accuracy at the current level."""
    return Progress(Check(accuracy, accuracy), stalled=False)


def trained(tallies: Mapping[tuple[int, int], Tally], updates: int = 0) -> Progress:
    """A check with these tallies."""
    of_difficulties = {Difficulty(*at): tally for at, tally in tallies.items()}
    return Progress(Check(0.5, 0.5), stalled=False, by_difficulty=of_difficulties, updates=updates)


def accuracies(**of_lengths: float) -> Progress:
    """A check after training at nesting 1, of `_3=0.5` half of the characters right at length 3."""
    return trained({(int(at[1:]), 1): Tally(1, 1000, round(1000 * right), 1.0) for at, right in of_lengths.items()})


def some_progress(number: int, stalled: bool, target: Difficulty) -> Progress:
    """The number-th of many checks: some levels trained on with random results."""
    rng = np.random.default_rng(number)
    lengths, nestings = rng.integers(1, target.length + 1, 4), rng.integers(1, target.nesting + 1, 4)
    tallies = {
        Difficulty(int(a), int(b)): Tally(int(rng.integers(1, 9)), 100, int(rng.integers(101)), *rng.random(2).tolist())
        for a, b in zip(lengths, nestings, strict=True)
    }
    found = Check(float(rng.random()), float(rng.random()))
    return Progress(found, stalled, tallies, 50 * (number + 1), min(number / 10, 1.0), np.random.default_rng(number))
