"""Which seeds a suite runs: a number, a list, or more than there are."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from l2e.experiments.experiment import GREATEST_SEED
from l2e.experiments.run import Run
from l2e.experiments.suite import Suite, SuiteError

MOST = 10**6


def with_seeds(suite: Suite, seeds: Collection[int]) -> Suite:
    """The suite with these seeds in place of its own."""
    first = {experiment.setting: experiment for experiment in suite.experiments}.values()
    repeated = [experiment.model_copy(update={"seed": seed}) for experiment in first for seed in seeds]
    return replace(suite, experiments=repeated)


def parse_seeds(text: str) -> list[int]:
    """Seeds from how many there are, or from ranges.

    >>> parse_seeds("3"), parse_seeds("10-12"), parse_seeds("0-1,5-5")
    ([0, 1, 2], [10, 11, 12], [0, 1, 5])

    Raises:
        SuiteError: neither, none, or too many.
    """
    seeds: set[int] = set()
    for part in [f"0-{int(text) - 1}"] if text.isdecimal() else text.split(","):
        match = re.fullmatch(r"(\d{1,19})-(\d{1,19})", part)
        first, last = map(int, match.groups()) if match else (1, 0)
        if not first <= last <= min(GREATEST_SEED, first + MOST):
            raise SuiteError(f"seeds {text!r} are neither a number, as 10, nor ranges, as 10-19 or 0-4,10-14")
        seeds.update(range(first, last + 1))
    return sorted(seeds)


def typed_seeds(seeds: Collection[int]) -> str:
    """Seeds as `parse_seeds` reads them.

    >>> typed_seeds([0, 1, 2]), typed_seeds([0, 1, 5])
    ('3', '0-1,5-5')
    """
    ordered = sorted(seeds)
    if ordered == list(range(len(ordered))):
        return str(len(ordered))
    # In a range, seed minus index is constant.
    groups = [[seed for _, seed in group] for _, group in groupby(enumerate(ordered), lambda at: at[1] - at[0])]
    return ",".join(f"{group[0]}-{group[-1]}" for group in groups)


def more_seeds(suite: Suite, folder: Path, more: int) -> list[int]:
    """The seeds of the suite's runs in a folder, and this many more after the greatest of them.

    Raises:
        RunError: a run in the folder cannot be read.
    """
    settings = {experiment.setting for experiment in suite.experiments}
    found = (Run(path.parent).experiment() for path in folder.glob("*/experiment.json"))
    seeds = sorted({experiment.seed for experiment in found if experiment.setting in settings})
    following = seeds[-1] + 1 if seeds else 0
    return [*seeds, *range(following, following + more)]
