"""What a report says, gathered from runs: tables, pictures, how to make each run again, examples."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from l2e.curves import Curve, learning_curves
from l2e.experiment import Experiment
from l2e.figures import FigureError
from l2e.report.examples import Group, group_of, share_of_a_group
from l2e.report.remaking import Remaking, remaking
from l2e.report.strategies import paper_order, strategy_names
from l2e.runs import Run
from l2e.scoring import Rule
from l2e.suite import heading_of
from l2e.tables import Table, collect, find_runs, paper_tables

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
class Picture:
    """A figure.

    Attributes:
        caption: what it shows.
        last: each strategy's last validation accuracy, as a sentence.
        svg: an `<svg>` element.
    """

    caption: str
    last: str
    svg: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a report says.

    Attributes:
        title: of the page: that of the suite, which says its scale, or else the tasks.
        command: makes the report again.
        tables: as `l2e table` prints them.
        pictures: learning curves, one a task and target.
        without_pictures: why there are none; None where nothing is missing.
        remakings: one a run.
        groups: examples, one a task and target.
        unfinished: folders of runs that are not complete, and left out.
    """

    title: str
    command: str
    tables: list[Table]
    pictures: list[Picture]
    without_pictures: str | None
    remakings: list[Remaking]
    groups: list[Group]
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
    runs = list({run.path.resolve(): run for run in find_runs(paths)}.values())
    results = collect(runs)
    complete = [run for run in runs if run.path not in results.unfinished]
    targets = _by_target(complete)
    try:
        pictures, without_pictures = _pictures(targets), None
    except FigureError as error:
        pictures, without_pictures = [], str(error)
    most = share_of_a_group(len(complete))
    groups, remakings = [], []
    for title, of in targets.items():
        names = strategy_names([run.experiment() for run in of])
        groups.append(group_of(title, names, of, most))
        remakings += [remaking(run, title, name) for run, name in zip(of, names, strict=True)]
    tasks = sorted({str(run.experiment().task) for run in complete})
    return Content(
        title=heading_of(paths) or f"Learning to execute: {', '.join(tasks)}",
        command=shlex.join(["l2e", "report", *map(str, paths)]),
        tables=paper_tables(results, list(Rule)),
        pictures=pictures,
        without_pictures=without_pictures,
        remakings=remakings,
        groups=[group for group in groups if group.examples],
        unfinished=[str(path) for path in results.unfinished],
    )


def _by_target(runs: Sequence[Run]) -> dict[str, list[Run]]:
    """Runs by task and difficulty, the way they are written; those that share them share their test samples."""
    found: dict[tuple[str, int, int, int], list[tuple[Run, Experiment]]] = {}
    for run in runs:
        of = run.experiment()
        scramble = -1 if of.scramble is None else of.scramble
        found.setdefault((str(of.task), of.length, of.nesting, scramble), []).append((run, of))
    titled = {}
    for (task, length, nesting, scramble), members in sorted(found.items()):
        scrambled = "" if scramble < 0 else f", scrambled with seed {scramble}"
        members.sort(key=lambda member: paper_order(member[1]))
        titled[f"{task} ({length}, {nesting}){scrambled}"] = [run for run, _ in members]
    return titled


def _pictures(targets: dict[str, list[Run]]) -> list[Picture]:
    pictures = []
    for number, (title, runs) in enumerate(targets.items()):
        # Seeds share a name, and so a line style.
        settings = {run.experiment().setting: run.experiment() for run in runs}
        names = dict(zip(settings, strategy_names(list(settings.values())), strict=True))
        curves = [curve for run in runs if (curve := _curve(names[run.experiment().setting], run))]
        if curves:
            caption = f"Learning curves: {title}"
            svg = learning_curves(curves, caption, f"figure{number}-")
            pictures.append(Picture(caption, _last_checks(curves), svg))
    return pictures


def _curve(name: str, run: Run) -> Curve | None:
    checks = run.metrics()
    if not checks:
        return None
    columns = ("update", "validation_accuracy", "length", "nesting")
    return Curve(name, *([check[column] for check in checks] for column in columns))


def _last_checks(curves: Sequence[Curve]) -> str:
    said = [
        f"{curve.name} {100 * curve.accuracies[-1]:.1f} % at ({curve.lengths[-1]}, {curve.nestings[-1]})"
        for curve in curves
    ]
    return f"Last check: {'; '.join(said)}."
