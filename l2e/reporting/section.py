"""A section: tables and figures on one question. Every way of showing runs shows sections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from l2e.analysis.run_set import RunSet
from l2e.metrics import AnyRule, Rule
from l2e.reporting.plots.drawing import Drawing
from l2e.reporting.table import Table


@dataclass(frozen=True, slots=True)
class Section:
    """Tables and figures of runs on one question.

    Attributes:
        id: a short name, of files and of places in a page.
        title: the question, or what is shown.
        tabulated: makes tables of runs, by rules of the kind that it counts by; may be empty.
        drawn: the same for figures, in the order in which they are shown.
        counts_by: this kind.
    """

    id: str
    title: str
    tabulated: Callable[[RunSet, Sequence[Any]], list[Table]]
    drawn: tuple[Callable[[RunSet, Sequence[Any]], list[Drawing]], ...] = ()
    counts_by: type[AnyRule] = Rule

    def tables(self, runs: RunSet, rules: Sequence[AnyRule]) -> list[Table]:
        """All tables by those of the rules that the section counts by."""
        return self.tabulated(runs, self._own(rules))

    def figures(self, runs: RunSet, rules: Sequence[AnyRule]) -> list[Drawing]:
        """All figures by those of the rules that the section counts by.

        Raises:
            FigureError: matplotlib is not installed.
        """
        return [drawing for draw in self.drawn for drawing in draw(runs, self._own(rules))]

    def _own(self, rules: Sequence[AnyRule]) -> list[AnyRule]:
        return [rule for rule in rules if isinstance(rule, self.counts_by)]
