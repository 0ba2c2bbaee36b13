"""A section: tables and figures on one question. Every way of showing runs shows sections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from l2e.analysis.run_set import RunSet
from l2e.metrics import Rule
from l2e.reporting.plots.drawing import Drawing
from l2e.reporting.table import Table


@dataclass(frozen=True, slots=True)
class Section:
    """Tables and figures of runs on one question.

    Attributes:
        id: a short name, of files and of places in a page.
        title: the question, or what is shown.
        tables: makes tables of runs, by the rules that apply; may be empty.
        drawn: the same for figures, in the order in which they are shown.
    """

    id: str
    title: str
    tables: Callable[[RunSet, Sequence[Rule]], list[Table]]
    drawn: tuple[Callable[[RunSet, Sequence[Rule]], list[Drawing]], ...] = ()

    def figures(self, runs: RunSet, rules: Sequence[Rule]) -> list[Drawing]:
        """All figures.

        Raises:
            FigureError: matplotlib is not installed.
        """
        return [drawing for draw in self.drawn for drawing in draw(runs, rules)]
