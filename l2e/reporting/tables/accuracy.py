"""Runs add up to tables: flat rows, then a pivot of curricula against difficulties.

A cell is the mean over seeds in percent, with half the width of its 95 % interval: Student's over seeds where there
are several, Wilson's over what the rule counts where there is one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from l2e.analysis.claims import p_in_words, words_of
from l2e.analysis.comparison import BASELINE, cell_of, comparisons
from l2e.analysis.significance import student_half_width
from l2e.curricula import paper_place
from l2e.experiments.experiment import Experiment, named_learner
from l2e.experiments.run import Run, RunError
from l2e.metrics import Rule
from l2e.reporting.table import Table
from l2e.reporting.tables.curriculum_progress import levels_table

CELL = ["task", "scramble", "learner", "curriculum", "setting", "length", "nesting", "rule"]
PAIRED_CELL = (
    "A cell is the difference on the same test samples ± half its 95 % interval (over samples where there is one seed, "
    "Student's over seeds where there are several), and p of a paired randomisation test over test samples after "
    "Holm's correction over a curriculum's cells."
)
STYLES = ("paper", "paired", "long")


@dataclass(frozen=True, slots=True)
class Results:
    """What a set of runs found.

    Attributes:
        rows: one a rule and run: task, scramble, learner, curriculum, setting, length, nesting, seed, rule, n, accuracy
            and its low and high, split.
        reached: a row a run: task, learner, curriculum, length, nesting, seed, reached, reached_at.
        unfinished: runs that are not complete.
        runs: those that are.
    """

    rows: pd.DataFrame
    reached: pd.DataFrame
    unfinished: list[Path]
    runs: list[Run]


def find_runs(paths: Iterable[Path]) -> list[Run]:
    """The runs at or below the paths, each once.

    Raises:
        RunError: there is none at or below one of them.
    """
    runs: list[Run] = []
    for path in paths:
        found = sorted((file.parent for file in path.rglob("experiment.json")), key=_by_numbers)
        if not found:
            raise RunError(f"there is no run at or below {path}")
        runs += map(Run, found)
    return list({run.path.resolve(): run for run in runs}.values())


def _by_numbers(path: Path) -> list[tuple[int, str]]:
    """Sorts copy-5x1 before copy-10x1."""
    return [(int(part) if part.isdecimal() else -1, part) for part in re.split(r"(\d+)", str(path))]


def collect(runs: Sequence[Run]) -> Results:
    """The results of all complete runs.

    Raises:
        RunError: no run is complete.
    """
    rows: list[dict[str, Any]] = []
    reached: list[dict[str, Any]] = []
    precisions = precisions_of(runs)
    unfinished = [run.path for run in runs if not run.complete]
    for run in runs:
        if run.complete:
            result, experiment = run.result(), run.experiment()
            learner = named_learner(experiment, precisions)
            rows += [{**row, **_told_apart_by(row, experiment, learner)} for row in result["rows"]]
            reached.append(
                {
                    "task": str(experiment.task),
                    "learner": learner,
                    "curriculum": str(experiment.curriculum),
                    "length": experiment.length,
                    "nesting": experiment.nesting,
                    "seed": experiment.seed,
                    "reached": tuple(result["reached"]),
                    "reached_at": result["reached_at"],
                }
            )
    if not rows:
        raise RunError(f"none of the {len(runs)} runs is complete yet")
    # Runs of one cell share their test samples, so the floors and the ceiling come once a run: keep one of each.
    flat = pd.DataFrame(rows).drop_duplicates(ignore_index=True)
    return Results(flat, pd.DataFrame(reached), unfinished, [run for run in runs if run.complete])


def precisions_of(runs: Sequence[Run]) -> list[str]:
    """In which types the products of complete runs were computed, each once, sorted."""
    return sorted({run.experiment().recipe.precision for run in runs if run.complete})


def precision_words(runs: Sequence[Run]) -> str:
    """The same in a sentence."""
    types = precisions_of(runs)
    named = ", as their names say" if len(types) > 1 else ""
    return f"Networks were trained with products in {' or '.join(types)}{named}, and scored in float32."


def _told_apart_by(row: dict[str, Any], experiment: Experiment, learner: str) -> dict[str, Any]:
    """What keeps rows apart that are no repetitions of one another, though they share task, learner and curriculum."""
    if row["curriculum"] is None:
        return {"scramble": experiment.scramble, "setting": f"{experiment.test_samples} test samples"}
    return {"learner": learner, "scramble": experiment.scramble, "setting": experiment.setting}


def summarize(rows: pd.DataFrame) -> pd.DataFrame:
    """Means over seeds: the columns of a cell, and accuracy, low, high, half_width, seeds, n.

    In the order of first appearance.
    """
    return pd.DataFrame(
        [
            {**dict(zip(CELL, key, strict=True)), **_mean_over_seeds(group)}
            for key, group in rows.groupby(CELL, sort=False, dropna=False)
        ]
    )


def _mean_over_seeds(group: pd.DataFrame) -> dict[str, float]:
    seeds, accuracy = len(group), float(group["accuracy"].mean())
    if seeds == 1:
        low, high = float(group["low"].iloc[0]), float(group["high"].iloc[0])
        half = (high - low) / 2
    else:
        half = student_half_width(group["accuracy"].tolist())
        low, high = max(0.0, accuracy - half), min(1.0, accuracy + half)
    interval = {"low": low, "high": high, "half_width": half}  # accuracies end at 0 and 1, half widths do not
    return {"accuracy": accuracy, **interval, "seeds": seeds, "n": int(group["n"].sum())}


def paper_tables(results: Results, rules: Sequence[Rule]) -> list[Table]:
    """As the paper shows them: a rule's curricula × difficulty, then relative to baseline; then what was reached.

    The words under a table relative to baseline say whether the claims of `l2e.analysis.claims` hold, or why that
    cannot be told. Runs that all began at their target have no table of what was reached, nor of where updates went.
    """
    summary = summarize(results.rows)
    words = words_of(results.runs, rules)
    cells = {of.setting: cell_of(of) for of in (run.experiment() for run in results.runs)}
    tables: list[Table] = []
    for rule in rules:
        chosen = summary[summary["rule"] == rule.value]
        if chosen.empty:
            continue
        title = f"{rule.spoken.capitalize()} on the test split, %"
        tables.append(Table(title, _pivot(chosen, _absolute), precision_words(results.runs)))
        of_baseline = chosen[chosen["curriculum"] == BASELINE]
        baseline = dict(zip(of_baseline["setting"].map(cells), of_baseline["accuracy"], strict=True))
        trained = chosen[chosen["curriculum"].notna() & (chosen["curriculum"] != BASELINE)]
        if baseline and len(trained):
            title = f"{rule.spoken.capitalize()} relative to baseline, percentage points"
            relative = partial(_relative, baseline=baseline, cells=cells)
            tables.append(Table(title, _pivot(trained, relative), words[rule]))
    if (results.reached["reached_at"] != 0).any():  # else all began at the target
        tables.append(
            Table("Difficulty reached, and after which part of the training", _pivot(results.reached, _reached))
        )
    return tables + levels_table(results.runs)


def paired_tables(results: Results, rules: Sequence[Rule]) -> list[Table]:
    """A rule's curricula × difficulty: the paired difference from baseline ± half its interval, and p.

    Raises:
        RunError: no curriculum's run can be paired with one of the baseline; or what `comparisons` raises.
    """
    frame = comparisons(results.runs, rules)
    if frame.empty:
        raise RunError(
            f"no run can be paired with one of the curriculum {BASELINE} that has its seed and is alike in all else"
        )
    words = words_of(results.runs, rules)
    return [
        Table(
            f"{rule.spoken.capitalize()}: paired differences from {BASELINE}, percentage points",
            _pivot(frame[frame["rule"] == rule.value], _paired),
            "\n".join([PAIRED_CELL, words[rule]]),
        )
        for rule in rules
    ]


def _absolute(row: Any) -> str:
    return f"{100 * row.accuracy:.1f} ± {100 * row.half_width:.1f}"


def _relative(row: Any, baseline: Mapping[Any, float], cells: Mapping[str, str]) -> str:
    cell = cells[row.setting]
    return f"{100 * (row.accuracy - baseline[cell]):+.1f}" if cell in baseline else "no baseline"


def _paired(row: Any) -> str:
    return f"{100 * row.difference:+.1f} ± {50 * (row.high - row.low):.1f} ({p_in_words(row.p_holm)})"


def _reached(row: Any) -> str:
    length, nesting = row.reached
    at = "" if row.reached_at is None or math.isnan(row.reached_at) else f" at {100 * row.reached_at:.0f} %"
    return f"({length}, {nesting}){at}"


def _pivot(rows: pd.DataFrame, cell: Callable[[Any], str]) -> pd.DataFrame:
    """Learner and curriculum down, task and difficulty across; several seeds of a cell stand side by side."""
    trained = rows["curriculum"].notna()
    rows = rows.assign(
        column=[f"{row.task} ({row.length}, {row.nesting})" for row in rows.itertuples()],
        text=[cell(row) for row in rows.itertuples()],
        learner=short_learners(rows).where(trained, ""),
        curriculum=rows["curriculum"].where(trained, rows["learner"]),
    )
    by_paper = rows[trained].sort_values("curriculum", key=lambda names: names.map(paper_place), kind="stable")
    lines = pd.concat([by_paper, rows[~trained]])  # floors and ceiling last
    frame = lines.pivot_table(
        index=["learner", "curriculum"], columns="column", values="text", aggfunc="; ".join, sort=False, fill_value="–"
    )
    return frame.rename_axis(columns=None).reset_index()


def short_learners(rows: pd.DataFrame) -> pd.Series[str]:
    """Learners' names of flat rows without their options, unless variants of one learner would then share a cell."""
    name = rows["learner"].str.split("[").str[0]
    variants = rows.assign(name=name).groupby(["task", "length", "nesting", "name"])["learner"].nunique()
    sharing = variants[variants > 1].reset_index()["name"]
    return name.where(~name.isin(sharing), rows["learner"])
