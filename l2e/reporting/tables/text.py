"""Held-out text: bits per character and perplexity per word, of networks and of what they are compared with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from l2e.analysis.intervals import mean_over_seeds
from l2e.analysis.labels import learner_names
from l2e.analysis.run_set import CompleteRun, RunSet
from l2e.metrics import Rule
from l2e.reporting.table import Table

NOT_NETWORKS = {"kneser_ney": "n-grams (Kneser–Ney)", "uniform": "all equally likely"}
WORDS = (
    "Bits per character: the mean over seeds of -log2 of the probability of the held-out text, divided by its "
    "characters, with Student's 95 % interval over seeds in brackets; the smaller, the better. Perplexity per word: "
    "two to the bits of the text divided by its words, which white space separates. Both count the same text whatever "
    "is predicted, so characters, words and pieces can be compared; an unknown unit also costs its spelling. n-grams "
    "are of the same units and of the order that is best on the validation part."
)


def text_tables(runs: RunSet, rules: Sequence[Rule]) -> list[Table]:
    """A row a text, its units and a model, the best first; no table where no run is of a text."""
    of_texts = runs.where(lambda run: run.experiment.of_text)
    rows = [row for members in of_texts.by_target().values() for row in _rows(members)]
    return [Table("Held-out text", pd.DataFrame(rows), WORDS)] if rows else []


def _rows(members: RunSet) -> list[dict[str, Any]]:
    """The models of one text and its units."""
    names = learner_names([run.experiment for run in members])
    costs: dict[str, list[float]] = {}
    for run, name in zip(members, names, strict=True):
        costs.setdefault(name, []).append(_bits(run)[str(run.experiment.learner)])
    first = next(iter(members))
    costs |= {shown: [_bits(first)[name]] for name, shown in NOT_NETWORKS.items()}
    counts = first.result["text"]
    return [
        {
            "text": first.seen_task,
            "model": name,
            "bits per character": _with_interval(bits),
            "perplexity per word": f"{2 ** (_mean(bits) * counts['characters'] / counts['words']):,.0f}",
            "unknown units": f"{counts['unknown'] / counts['units']:.1%}",
        }
        for name, bits in sorted(costs.items(), key=lambda item: _mean(item[1]))
    ]


def _bits(run: CompleteRun) -> dict[str, float]:
    found: dict[str, float] = run.result["bits_per_character"]
    return found


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _with_interval(bits: Sequence[float]) -> str:
    if len(bits) == 1:
        return f"{bits[0]:.3f}"
    estimate = mean_over_seeds(bits, (0, math.inf))
    return f"{estimate.value:.3f} ({estimate.low:.3f}–{estimate.high:.3f})"
