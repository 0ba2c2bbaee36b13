"""Means over seeds to draw, as `summarize` gives them: accuracies that a test chooses by place."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from l2e.reporting.plots.drawing import Drawing
from l2e.reporting.plots.style import encoded

PAPER = ("baseline", "naive", "mix", "combined")


def summary(
    accuracy: Callable[[str, int, int], float],
    curricula: Sequence[str | None] = PAPER,
    lengths: Sequence[int] = (2, 3, 4),
    nestings: Sequence[int] = (1,),
    **labels: Any,
) -> pd.DataFrame:
    """A row a curriculum, length and nesting; other labels, as the task, are the same in all."""
    rows = [
        {
            "task": "program",
            "learner": "lstm[cells=8]",
            "curriculum": curriculum,
            "length": length,
            "nesting": nesting,
            "rule": "exact_match",
            "accuracy": (of := accuracy(str(curriculum), length, nesting)),
            "low": max(0.0, of - 0.05),
            "high": min(1.0, of + 0.05),
            "seeds": 1,
            "n": 100,
            **labels,
        }
        for curriculum, length, nesting in itertools.product(curricula, lengths, nestings)
    ]
    return pd.DataFrame(rows)


def texts_of(drawing: Drawing) -> list[str]:
    """The texts of a drawing: matplotlib draws them as outlines, and says before each what it is."""
    return re.findall(r"<!-- (.*?) -->", encoded(drawing.figure, "svg").decode(), re.DOTALL)
