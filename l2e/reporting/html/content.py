"""The content of a page: sections, how to reproduce each run, examples to browse."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from l2e.analysis.run_set import RunSet
from l2e.experiments.run import RunError
from l2e.metrics import SHOWN_RULES, Rule
from l2e.reporting.html.examples import Group, groups_of
from l2e.reporting.html.remaking import Remaking, remaking
from l2e.reporting.plots.style import FigureError, encoded
from l2e.reporting.plots.svg import element_of
from l2e.reporting.section import Section
from l2e.reporting.sections import SECTIONS
from l2e.reporting.summary import Summary, summary_of
from l2e.reporting.table import Table


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure.

    Attributes:
        caption: what it shows.
        svg: an `<svg>` element.
    """

    caption: str
    svg: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A section, made.

    Attributes:
        id: of the section.
        title: its heading.
        tables: its tables.
        pictures: its figures.
        missing: why some of them are missing; None if none are.
    """

    id: str
    title: str
    tables: list[Table]
    pictures: list[Picture]
    missing: str | None


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a page.

    Attributes:
        title: of the suite with its scale, or else the tasks.
        command: reproduces the page.
        summary: the first screen.
        picture: the one to see first; None without figures.
        sections: those that are not empty.
        groups: examples to browse, one per task and target.
        remakings: one per run.
        unfinished: folders of runs that are not complete, and left out.
        damaged: why others are left out.
    """

    title: str
    command: str
    summary: Summary
    picture: Picture | None
    sections: list[Shown]
    groups: list[Group]
    remakings: list[Remaking]
    unfinished: list[str]
    damaged: list[str]

    @property
    def took(self) -> Table:
        """What each run took, as a table."""
        facts = ("updates", "characters", "seconds of training", "parameters", "threads")
        rows = [
            {"task and difficulty": one.target, "strategy": one.strategy} | {fact: one.facts[fact] for fact in facts}
            for one in self.remakings
        ]
        return Table("What each run took", pd.DataFrame(rows))


def gather(paths: Sequence[Path]) -> Content:
    """The content of a page on the complete runs at or below the paths.

    Raises:
        RunError: there is no run at or below one of them, or none is complete.
    """
    runs = RunSet.read(paths)
    shown = [_shown(section, runs) for section in SECTIONS.values()]
    return Content(
        title=runs.heading,
        command=shlex.join(["l2e", "report", *map(str, paths)]),
        summary=summary_of(runs),
        picture=_first_picture(shown),
        sections=[section for section in shown if section.tables or section.pictures or section.missing],
        groups=groups_of(runs),
        remakings=[
            remaking(run, title, name)
            for title, members in runs.by_target().items()
            for run, name in zip(members, members.names, strict=True)
        ],
        unfinished=[str(path) for path in runs.unfinished],
        damaged=list(runs.damaged),
    )


def _first_picture(shown: Sequence[Shown]) -> Picture | None:
    """That of how fast the target is learnt, or else the first; it is taken out of its section."""
    for section in sorted(shown, key=lambda one: one.id != "learning"):
        if section.pictures:
            return section.pictures.pop(0)
    return None


def _shown(section: Section, runs: RunSet) -> Shown:
    """A section; what cannot be made, as figures without matplotlib, is noted."""
    tables: list[Table] = []
    pictures: list[Picture] = []
    missing: dict[str, None] = {}
    try:
        tables = section.tables(runs, [*dict.fromkeys((*Rule, *SHOWN_RULES))])
    except (RunError, FigureError) as error:
        missing[str(error)] = None
    try:
        for number, drawing in enumerate(section.figures(runs, SHOWN_RULES)):
            svg = element_of(encoded(drawing.figure, "svg"), drawing.caption, f"{section.id}{number}-")
            pictures.append(Picture(drawing.caption, svg))
    except (RunError, FigureError) as error:
        missing[str(error)] = None
    return Shown(section.id, section.title, tables, pictures, "; ".join(missing) or None)
