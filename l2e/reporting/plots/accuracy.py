"""Figures of accuracies: maps over length and nesting, lines against the number of digits, grids of the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from l2e.analysis.aggregate import accuracy_rows, summarize
from l2e.analysis.run_set import RunSet
from l2e.metrics import Rule
from l2e.reporting.plots.digits import digit_lines
from l2e.reporting.plots.drawing import Drawing, over_seeds, write_title
from l2e.reporting.plots.maps import difference_maps, heat_maps
from l2e.reporting.plots.style import grid_figure

TARGET = ["task", "length", "nesting"]


def accuracy_figures(runs: RunSet, rules: Sequence[Rule]) -> list[Drawing]:
    """Under each rule what applies to the runs.

    Maps, and their differences to baseline, of what was trained at several lengths and nestings; accuracy against
    digits of what was trained at several lengths; a grid of the rest.

    Raises:
        FigureError: matplotlib is not installed.
    """
    summary = summarize(accuracy_rows(runs))
    drawings: list[Drawing] = []
    for rule in rules:
        for kind, rows in _by_kind(summary[summary["rule"] == rule.value]).items():
            for draw in KINDS[kind]:
                drawings += draw(rows, runs.title)
    return drawings


def _by_kind(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The rows that each kind of drawing shows; reference predictors are with the tasks that they answered."""
    trained = rows["curriculum"].notna()
    by_learner = rows[trained].groupby(["task", "learner"])
    lengths, nestings = by_learner["length"].transform("nunique"), by_learner["nesting"].transform("nunique")
    chosen = {"maps": (lengths > 1) & (nestings > 1), "digits": (lengths > 1) & (nestings == 1)}
    chosen["grid"] = ~(chosen["maps"] | chosen["digits"])
    found = {}
    for kind, which in chosen.items():
        shown = rows[trained][which]
        asked = pd.MultiIndex.from_frame(rows[TARGET]).isin(pd.MultiIndex.from_frame(shown[TARGET]))
        if len(shown):
            found[kind] = pd.concat([shown, rows[~trained & asked]])
    return found


def _maps(draw: Callable[[pd.DataFrame, str | None], list[Drawing]]) -> Callable[..., list[Drawing]]:
    return lambda rows, heading: draw(rows[rows["curriculum"].notna()], heading)


def _grid(rows: pd.DataFrame, heading: str | None) -> list[Drawing]:
    rule = Rule(rows["rule"].iloc[0])
    said = f"{rule.spoken.capitalize()}, %"
    figure = grid_figure(rows, "")
    seeds = over_seeds(rows[rows["curriculum"].notna()])
    write_title(figure, said, heading, seeds)
    tasks = ", ".join(dict.fromkeys(rows["task"]))
    return [Drawing(f"grid-{rule.value}", f"{said}: learners on {tasks}; {seeds}.", figure)]


KINDS: dict[str, tuple[Callable[[pd.DataFrame, str | None], list[Drawing]], ...]] = {
    "maps": (_maps(heat_maps), _maps(difference_maps)),
    "digits": (digit_lines,),
    "grid": (_grid,),
}
