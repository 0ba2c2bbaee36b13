"""What a report says, gathered from runs: tables, pictures, how to make each run again, examples."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from l2e.analysis.examples import Answers, first_examples
from l2e.analysis.strategies import strategy_names
from l2e.analysis.targets import by_target
from l2e.evaluation.generalization import saved_rows
from l2e.experiments.run import Run, RunError
from l2e.experiments.suite import heading_of
from l2e.metrics import Rule
from l2e.reporting.html.examples import Group, group_of, share_of_a_group
from l2e.reporting.html.pictures import Picture, learning, overview
from l2e.reporting.html.remaking import Remaking, remaking
from l2e.reporting.plots.style import FigureError
from l2e.reporting.table import Table
from l2e.reporting.tables.accuracy import collect, find_runs, paper_tables
from l2e.reporting.tables.bits import bits_table
from l2e.reporting.tables.error_analysis import anatomy
from l2e.reporting.tables.generalization import extrapolation_table
from l2e.reporting.tables.literature import published_tables

MEANINGS = {
    "Teacher-forced accuracy": (
        "the share of the answers' characters that are predicted rightly when the correct earlier characters are given "
        "(the paper's rule)."
    ),
    "Character accuracy": (
        "the share of characters that are right, by position, when the learner writes its answer without help; a "
        "missing or surplus character is wrong."
    ),
    "Exact match": "the share of answers written without help that are right as a whole, sign and full stop included.",
}


@dataclass(frozen=True, slots=True)
class Content:
    """What a report says.

    Attributes:
        title: of the page: that of the suite, which says its scale, or else the tasks.
        command: makes the report again.
        tables: as `l2e table` prints them; then bits per character, where a run is a language model.
        pictures: maps and accuracy against digits, then learning curves, one a task and target.
        without_pictures: why some are missing; None where nothing is missing.
        first: the first examples of each task and target.
        groups: examples, one a task and target.
        anatomy: the errors taken apart.
        without_anatomy: why they are not; None where nothing is missing.
        extrapolation: accuracies beyond the targets, of runs that were scored there.
        published: figures of others on these tasks; empty where there are none.
        remakings: one a run.
        unfinished: folders of runs that are not complete, and left out.
    """

    title: str
    command: str
    tables: list[Table]
    pictures: list[Picture]
    without_pictures: str | None
    first: list[Answers]
    groups: list[Group]
    anatomy: list[Table]
    without_anatomy: str | None
    extrapolation: list[Table]
    published: list[Table]
    remakings: list[Remaking]
    unfinished: list[str]

    @property
    def took(self) -> Table:
        """What each run took, as a table."""
        facts = ("updates", "characters", "seconds of training", "parameters", "threads")
        rows = [
            {"task and difficulty": one.target, "strategy": one.strategy} | {fact: one.facts[fact] for fact in facts}
            for one in self.remakings
        ]
        return Table("What each run took", pd.DataFrame(rows))


def gather(paths: Iterable[Path]) -> Content:
    """All that the complete runs at or below the paths have to say.

    Raises:
        RunError: there is no run at or below one of them, or none is complete.
    """
    paths = list(paths)
    runs = find_runs(paths)
    results = collect(runs)
    complete = [run for run in runs if run.path not in results.unfinished]
    targets = by_target(complete)
    heading = heading_of(paths)
    pictures, without_pictures = _drawn(lambda: overview(complete, heading), lambda: learning(targets))
    most = share_of_a_group(len(complete))
    groups, remakings = [], []
    for title, of in targets.items():
        names = strategy_names([run.experiment() for run in of])
        groups.append(group_of(title, names, of, most))
        remakings += [remaking(run, title, name) for run, name in zip(of, names, strict=True)]
    groups = [group for group in groups if group.examples]
    answered = [run for run in complete if run.predictions_path.exists()]
    taken_apart, without_anatomy = _taken_apart(answered)
    tasks = sorted({str(run.experiment().task) for run in complete})
    bits = bits_table(targets)
    beyond = [run for run in complete if saved_rows(run)]
    return Content(
        title=heading or f"Learning to execute: {', '.join(tasks)}",
        command=shlex.join(["l2e", "report", *map(str, paths)]),
        tables=[*paper_tables(results, list(Rule)), *([bits] if bits else [])],
        pictures=pictures,
        without_pictures=without_pictures,
        first=first_examples(answered) if answered else [],
        groups=groups,
        anatomy=taken_apart,
        without_anatomy=without_anatomy,
        extrapolation=extrapolation_table(beyond) if beyond else [],
        published=published_tables(run.experiment() for run in complete),
        remakings=remakings,
        unfinished=[str(path) for path in results.unfinished],
    )


def _drawn(*kinds: Callable[[], list[Picture]]) -> tuple[list[Picture], str | None]:
    """The pictures of each kind; and why one kind, or all of them, could not be drawn."""
    pictures: list[Picture] = []
    reasons: dict[str, None] = {}
    for draw in kinds:
        try:
            pictures += draw()
        except FigureError as error:
            reasons[str(error)] = None
    return pictures, "; ".join(reasons) or None


def _taken_apart(answered: list[Run]) -> tuple[list[Table], str | None]:
    """The anatomy of errors; or none, and why."""
    if not answered:
        return [], None
    try:
        return anatomy(answered), None
    except RunError as error:
        return [], str(error)
