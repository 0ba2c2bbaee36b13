"""How well language models foretell the test texts, beside n-grams fitted on the same task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from l2e.analysis.strategies import strategy_names
from l2e.experiments.run import Run
from l2e.reporting.table import Table

NGRAM = "ngram"
WORDS = (
    "The mean of -log2 of the probability of each character of the test texts, inputs and targets alike: the smaller, "
    "the better. Only runs that were trained as language models have it; the n-grams were fitted on texts of the same "
    "task and difficulty."
)


def bits_table(targets: Mapping[str, Sequence[Run]]) -> Table | None:
    """A row a language model; None where no run is one.

    Args:
        targets: complete runs by title, as `l2e.analysis.targets.by_target` gives them.
    """
    rows = []
    for title, runs in targets.items():
        names = strategy_names([run.experiment() for run in runs])
        for run, name in zip(runs, names, strict=True):
            # Runs of an older l2e have no such figure.
            if bits := run.result().get("bits_per_character"):
                rows.append(
                    {
                        "task and difficulty": title,
                        "strategy": name,
                        "bits per character": f"{bits[str(run.experiment().learner)]:.3f}",
                        "of n-grams": f"{bits[NGRAM]:.3f}",
                    }
                )
    return Table("Bits per character of the test texts", pd.DataFrame(rows), WORDS) if rows else None
