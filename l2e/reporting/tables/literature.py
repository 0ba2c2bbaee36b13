"""Published figures on the tasks of some experiments, as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from l2e.analysis.literature import PUBLISHED, Published
from l2e.analysis.run_set import RunSet
from l2e.experiments.experiment import Experiment
from l2e.metrics import Rule
from l2e.reporting.table import Table

COMPARABLE = (
    "A figure of others is comparable with one of ours only where both were counted by the same rule; their sizes, "
    "data and training differ from ours even then."
)


def literature_tables(runs: RunSet, rules: Sequence[Rule]) -> list[Table]:
    """Others' figures on the tasks of these runs, by rules of their own."""
    return published_tables(run.experiment for run in runs)


def published_tables(experiments: Iterable[Experiment]) -> list[Table]:
    """Published figures on the experiments' tasks: one row per paper, learner and rule; one column per task and size.

    The words below name the experiments' sizes without published figures. No table without any.
    """
    ours: dict[str, dict[str, None]] = {}  # sizes by task, each once and in order
    for one in experiments:
        ours.setdefault(str(one.task), {})[f"({one.length}, {one.nesting})"] = None
    chosen = [figure for figure in PUBLISHED if figure.task in ours]
    if not chosen:
        return []
    frame = pd.DataFrame(chosen)
    frame["column"] = frame["task"] + " " + frame["size"]
    wide = frame.pivot_table(
        index=["source", "learner", "rule"],
        columns="column",
        values="figure",
        aggfunc="first",
        sort=False,
        fill_value="–",
    )
    title = "Published by others, each by the rule of its row"
    words = "\n".join([COMPARABLE, *_other_sizes(ours, chosen)])
    return [Table(title, wide.rename_axis(columns=None).reset_index(), words)]


def _other_sizes(ours: Mapping[str, Iterable[str]], chosen: Iterable[Published]) -> list[str]:
    """A sentence on our sizes that no published figure of the task has; none if there are none."""
    theirs: dict[str, dict[str, None]] = {}
    for figure in chosen:
        theirs.setdefault(figure.task, {})[figure.size] = None
    listed = [
        f"{task} {', '.join(other)} here, {', '.join(sizes)} there"
        for task, sizes in theirs.items()
        if (other := [size for size in ours[task] if size not in sizes])
    ]
    return [f"Sizes differ: {'; '.join(listed)}."] if listed else []
