"""All drawings that apply to a set of runs: maps, accuracy against digits, grids, learning curves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import pandas as pd

from l2e.analysis.targets import by_target
from l2e.experiments.run import Run
from l2e.metrics import Rule
from l2e.reporting.plots.digits import digit_lines
from l2e.reporting.plots.drawing import Drawing, over_seeds, plain_name, write_title
from l2e.reporting.plots.learning_curves import curves_figure, curves_of
from l2e.reporting.plots.maps import difference_maps, heat_maps
from l2e.reporting.plots.style import grid_figure
from l2e.reporting.tables.accuracy import collect, short_learners, summarize

TARGET = ["task", "length", "nesting"]
Targets = Mapping[str, list[Run]]


def _hardest(targets: Targets) -> Targets:
    """Of each task the target of the greatest nesting, and of these the greatest length."""
    of_task: dict[tuple[str, int | None], tuple[int, int, str]] = {}
    for title, runs in targets.items():
        of = runs[0].experiment()
        place = str(of.task), of.scramble
        of_task[place] = max(of_task.get(place, (0, 0, "")), (of.nesting, of.length, title))
    return {title: targets[title] for _, _, title in of_task.values()}


CURVES: dict[str, Callable[[Targets], Targets]] = {"all": lambda targets: targets, "hardest": _hardest}


def drawings_of(runs: Sequence[Run], rules: Sequence[Rule], curves: str, heading: str | None) -> list[Drawing]:
    """What complete runs look like.

    Under each rule: maps and their differences to baseline for what was trained at several lengths and nestings,
    accuracy against digits for what was trained at several lengths, a grid for the rest. Then learning curves, a
    drawing a target.

    Args:
        runs: at least one of them complete; others are left out.
        rules: of the maps, lines and grids.
        curves: of which targets there are learning curves: all of them, or the hardest of each task.
        heading: of the suite, written on every drawing.

    Raises:
        RunError: no run is complete.
        FigureError: runs of different settings would share a place; or matplotlib is not installed.
    """
    drawings = overview_of(runs, rules, heading)
    targets = by_target([run for run in runs if run.complete])
    chosen = CURVES[curves](targets)
    return drawings + _curves(
        chosen, heading, "" if len(chosen) == len(targets) else ", the hardest target of its task"
    )


def overview_of(
    runs: Sequence[Run], rules: Sequence[Rule], heading: str | None, kinds: Collection[str] | None = None
) -> list[Drawing]:
    """The same without learning curves: what the tables of accuracies look like.

    Args:
        runs: as above.
        rules: as above.
        heading: as above.
        kinds: some of KINDS; all if none are named.
    """
    summary = summarize(collect(runs).rows)
    summary["task"] = [_task(*of) for of in zip(summary["task"], summary["scramble"], strict=True)]
    drawings: list[Drawing] = []
    for rule in rules:
        rows = summary[summary["rule"] == rule.value]
        for kind, of in _by_kind(rows).items():
            for draw in KINDS[kind] if kinds is None or kind in kinds else ():
                drawings += draw(of, heading)
    return drawings


def _task(task: str, scramble: float | None) -> str:
    """A scrambled view is a task of its own."""
    return task if pd.isna(scramble) else f"{task}, scrambled with seed {scramble:.0f}"


def _by_kind(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The rows that each kind of drawing shows; reference predictors are with the tasks that they answered."""
    trained = rows["curriculum"].notna()
    of_learner = rows[trained].groupby(["task", "learner"])
    lengths, nestings = of_learner["length"].transform("nunique"), of_learner["nesting"].transform("nunique")
    chosen = {"maps": (lengths > 1) & (nestings > 1), "digits": (lengths > 1) & (nestings == 1)}
    chosen["grid"] = ~(chosen["maps"] | chosen["digits"])
    found = {}
    for kind, which in chosen.items():
        of = rows[trained][which]
        asked = pd.MultiIndex.from_frame(rows[TARGET]).isin(pd.MultiIndex.from_frame(of[TARGET]))
        if len(of):
            found[kind] = pd.concat([of, rows[~trained & asked]])
    return found


def _maps(draw: Callable[[pd.DataFrame, str | None], list[Drawing]]) -> Callable[..., list[Drawing]]:
    return lambda rows, heading: draw(rows[rows["curriculum"].notna()], heading)


def _grid(rows: pd.DataFrame, heading: str | None) -> list[Drawing]:
    said = f"{Rule(rows['rule'].iloc[0]).spoken.capitalize()}, %"
    figure = grid_figure(rows.assign(learner=short_learners(rows)), "")
    seeds = over_seeds(rows[rows["curriculum"].notna()])
    write_title(figure, said, heading, seeds)
    tasks = ", ".join(dict.fromkeys(rows["task"]))
    return [Drawing(f"grid-{rows['rule'].iloc[0]}", f"{said}: learners on {tasks}; {seeds}.", figure)]


KINDS: dict[str, tuple[Callable[[pd.DataFrame, str | None], list[Drawing]], ...]] = {
    "maps": (_maps(heat_maps), _maps(difference_maps)),
    "digits": (digit_lines,),
    "grid": (_grid,),
}


def _curves(targets: Targets, heading: str | None, which: str) -> list[Drawing]:
    drawings = []
    for title, runs in targets.items():
        of = runs[0].experiment()
        if curves := curves_of(runs):
            figure = curves_figure(curves)
            learners = {str(run.experiment().learner) for run in runs}
            learner = learners.pop() if len(learners) == 1 else f"{len(learners)} learners"
            said = f"Learning curves of {title}{which}"
            write_title(figure, said, heading, learner)
            parts = (
                str(of.task),
                f"{of.length}x{of.nesting}",
                "" if of.scramble is None else f"scrambled{of.scramble}",
            )
            name = "-".join(["curves", *(plain_name(part) for part in parts if part)])
            drawings.append(
                Drawing(
                    name, f"{said}: teacher-forced accuracy at the current difficulty, drawn below; {learner}.", figure
                )
            )
    return drawings
