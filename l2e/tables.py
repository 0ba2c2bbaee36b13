"""Runs add up to tables: flat rows, then a pivot of curricula against difficulties.

A cell is the mean over seeds in percent, with half the width of its 95 % interval: Student's over seeds where there
are several, Wilson's over what the rule counts where there is one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from l2e.experiment import Experiment
from l2e.runs import Run, RunError
from l2e.scoring import Rule

CELL = ["task", "scramble", "learner", "curriculum", "setting", "length", "nesting", "rule"]
PAPER_ORDER = ("baseline", "naive", "mix", "combined")
FORMATS = ("markdown", "csv", "latex", "html")
STYLES = ("paper", "long")

# Two-sided 97.5 % quantiles of Student's t for 1 to 30 degrees of freedom.
STUDENT_T = (
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
    2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
    2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Results:
    """What a set of runs found.

    Attributes:
        rows: one a rule and run: task, scramble, learner, curriculum, setting, length, nesting, seed, rule, n, accuracy
            and its low and high, split.
        reached: a row a run: task, learner, curriculum, length, nesting, seed, reached, reached_at.
        unfinished: runs that are not complete.
    """

    rows: pd.DataFrame
    reached: pd.DataFrame
    unfinished: list[Path]


@dataclass(frozen=True, slots=True)
class Table:
    """A pivot under a title."""

    title: str
    frame: pd.DataFrame


def find_runs(paths: Iterable[Path]) -> list[Run]:
    """The runs at or below the paths.

    Raises:
        RunError: there is none at or below one of them.
    """
    runs: list[Run] = []
    for path in paths:
        found = sorted(file.parent for file in path.rglob("experiment.json"))
        if not found:
            raise RunError(f"there is no run at or below {path}")
        runs += map(Run, found)
    return runs


def collect(runs: Sequence[Run]) -> Results:
    """The results of all complete runs.

    Raises:
        RunError: no run is complete.
    """
    rows: list[dict[str, Any]] = []
    reached: list[dict[str, Any]] = []
    unfinished = [run.path for run in runs if not run.complete]
    for run in runs:
        if run.complete:
            result, experiment = run.result(), run.experiment()
            rows += [{**row, **_told_apart_by(row, experiment)} for row in result["rows"]]
            reached.append(
                {
                    "task": str(experiment.task),
                    "learner": str(experiment.learner),
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
    return Results(pd.DataFrame(rows).drop_duplicates(ignore_index=True), pd.DataFrame(reached), unfinished)


def _told_apart_by(row: dict[str, Any], experiment: Experiment) -> dict[str, Any]:
    """What keeps rows apart that are no repetitions of one another, though they share task, learner and curriculum."""
    trained = row["curriculum"] is not None
    return {
        "scramble": experiment.scramble,
        "setting": experiment.setting if trained else f"{experiment.test_samples} test samples",
    }


def summarize(rows: pd.DataFrame) -> pd.DataFrame:
    """Means over seeds: the columns of a cell, and accuracy, low, high, seeds, n; in the order of first appearance."""
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
    else:
        t = STUDENT_T[min(seeds - 1, len(STUDENT_T)) - 1]
        half = t * float(group["accuracy"].std()) / math.sqrt(seeds)
        low, high = max(0.0, accuracy - half), min(1.0, accuracy + half)
    return {"accuracy": accuracy, "low": low, "high": high, "seeds": seeds, "n": int(group["n"].sum())}


def paper_tables(results: Results, rules: Sequence[Rule]) -> list[Table]:
    """As the paper shows them: a rule's curricula × difficulty, then relative to baseline; then what was reached.

    Runs that all began at their target have no table of what was reached.
    """
    summary = summarize(results.rows)
    tables: list[Table] = []
    for rule in rules:
        chosen = summary[summary["rule"] == rule.value]
        if chosen.empty:
            continue
        tables.append(Table(f"{_spoken(rule)} on the test split, %", _pivot(chosen, _absolute)))
        baseline = _accuracy_of(chosen, "baseline")
        trained = chosen[chosen["curriculum"].notna() & (chosen["curriculum"] != "baseline")]
        if baseline and len(trained):
            title = f"{_spoken(rule)} relative to baseline, percentage points"
            tables.append(Table(title, _pivot(trained, partial(_relative, baseline=baseline))))
    if (results.reached["reached_at"] != 0).any():  # else all began at the target
        tables.append(
            Table("Difficulty reached, and after which part of the training", _pivot(results.reached, _reached))
        )
    return tables


def _spoken(rule: Rule) -> str:
    return rule.value.replace("_", " ").replace("teacher forced", "teacher-forced").capitalize()


def _cell_key(row: Any) -> tuple[str, str, int, int]:
    return row.task, row.learner, row.length, row.nesting


def _accuracy_of(summary: pd.DataFrame, curriculum: str) -> dict[tuple[str, str, int, int], float]:
    chosen = summary[summary["curriculum"] == curriculum]
    return {_cell_key(row): row.accuracy for row in chosen.itertuples()}  # type: ignore[misc]


def _absolute(row: Any) -> str:
    return f"{100 * row.accuracy:.1f} ± {50 * (row.high - row.low):.1f}"


def _relative(row: Any, baseline: dict[tuple[str, str, int, int], float]) -> str:
    return f"{100 * (row.accuracy - baseline[_cell_key(row)]):+.1f}" if _cell_key(row) in baseline else "no baseline"


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
    place = {name: number for number, name in enumerate(PAPER_ORDER)}
    by_paper = rows[trained].sort_values(
        "curriculum", key=lambda names: names.str.split("[").str[0].map(place).fillna(len(place)), kind="stable"
    )
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


def render(tables: Sequence[Table], format: str, heading: str | None = None) -> str:
    """Tables with their titles as Markdown, CSV, LaTeX or HTML; under a heading if there is one.

    In CSV titles and heading are lines that begin with #; one table alone has none, so that it can be read as it is.
    """
    write, write_heading = _RENDERERS[format]
    if format == "csv" and len(tables) == 1:
        return _bare_csv(tables[0]) + "\n"
    above = [] if heading is None else [write_heading(heading)]
    return "\n\n".join([*above, *map(write, tables)]) + "\n"


def _markdown(table: Table) -> str:
    return f"**{table.title}**\n\n{table.frame.to_markdown(index=False, disable_numparse=True)}"


def _bare_csv(table: Table) -> str:
    return table.frame.to_csv(index=False).rstrip("\n")


def _csv(table: Table) -> str:
    return f"# {table.title}\n{_bare_csv(table)}"


def _latex(table: Table) -> str:
    escaped = table.frame.map(_escape_latex).rename(columns=_escape_latex)
    return escaped.to_latex(index=False, caption=_escape_latex(table.title), escape=False).rstrip("\n")


_LATEX = {character: "\\" + character for character in "&%_#${}"} | {
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    "±": "$\\pm$",
    "–": "--",
}


def _escape_latex(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    return "".join(_LATEX.get(character, character) for character in text)


def _html(table: Table) -> str:
    return f"<h2>{escape(table.title)}</h2>\n{table.frame.to_html(index=False, border=0)}"


_RENDERERS: dict[str, tuple[Callable[[Table], str], Callable[[str], str]]] = {
    "markdown": (_markdown, lambda heading: f"### {heading}"),
    "csv": (_csv, lambda heading: f"# {heading}"),
    "latex": (_latex, lambda heading: f"% {heading}"),
    "html": (_html, lambda heading: f"<h1>{escape(heading)}</h1>"),
}
