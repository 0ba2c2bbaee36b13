"""The pictures of a report: maps and accuracy against digits, then learning curves, all as SVG in the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from l2e.experiments.run import Run
from l2e.metrics import Rule
from l2e.reporting.plots.gallery import overview_of
from l2e.reporting.plots.learning_curves import Curve, curves_of, learning_curves
from l2e.reporting.plots.style import encoded
from l2e.reporting.plots.svg import element_of

SHOWN_KINDS = ("maps", "digits")  # a grid is the page's table once more
SHOWN_RULES = (Rule.TEACHER_FORCED, Rule.EXACT_MATCH)


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure.

    Attributes:
        kind: "overview", black on white; or "curves", in the page's own ink.
        caption: what it shows.
        last: each strategy's last validation accuracy, as a sentence; empty where there is none.
        svg: an `<svg>` element.
    """

    kind: str
    caption: str
    last: str
    svg: str


def overview(runs: Sequence[Run], heading: str | None) -> list[Picture]:
    """What the tables of accuracies look like.

    Raises:
        FigureError: runs of different settings would share a place; or matplotlib is not installed.
    """
    return [
        Picture("overview", one.caption, "", element_of(encoded(one.figure, "svg"), one.caption, f"overview{number}-"))
        for number, one in enumerate(overview_of(runs, SHOWN_RULES, heading, SHOWN_KINDS))
    ]


def learning(targets: Mapping[str, Sequence[Run]]) -> list[Picture]:
    """Learning curves, a picture a task and target; none of runs that recorded no check.

    Raises:
        FigureError: matplotlib is not installed.
    """
    pictures = []
    for number, (title, runs) in enumerate(targets.items()):
        if curves := curves_of(runs):
            caption = f"Learning curves: {title}"
            svg = learning_curves(curves, caption, f"figure{number}-")
            pictures.append(Picture("curves", caption, _last_checks(curves), svg))
    return pictures


def _last_checks(curves: Sequence[Curve]) -> str:
    said = [
        f"{curve.name} {100 * curve.accuracies[-1]:.1f} % at ({curve.lengths[-1]}, {curve.nestings[-1]})"
        for curve in curves
    ]
    return f"Last check: {'; '.join(said)}."
