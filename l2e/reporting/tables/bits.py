"""Bits per character of language models on the test texts, and of n-grams fitted on the same task."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from l2e.analysis.run_set import RunSet
from l2e.metrics import Rule
from l2e.reporting.table import Table

NGRAM = "ngram"
WORDS = (
    "The mean of -log2 of the probability of each character of the test texts, inputs and targets alike: the smaller, "
    "the better. Only runs that were trained as language models have it; the n-grams were fitted on texts of the same "
    "task and difficulty."
)


def bits_tables(runs: RunSet, rules: Sequence[Rule]) -> list[Table]:
    """A row a language model; no table where no run is one."""
    rows = [
        {
            "task and difficulty": title,
            "strategy": name,
            "bits per character": f"{bits[str(run.experiment.learner)]:.3f}",
            "of n-grams": f"{bits[NGRAM]:.3f}",
        }
        for title, members in runs.where(lambda run: not run.experiment.of_text).by_target().items()
        for run, name in zip(members, members.names, strict=True)
        if (bits := run.result.get("bits_per_character"))
    ]
    return [Table("Bits per character of the test texts", pd.DataFrame(rows), WORDS)] if rows else []
