"""The first screen on runs: what was run, the verdict in a few sentences, and a table of a few rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from l2e.analysis.aggregate import accuracy_rows, summarize
from l2e.analysis.comparison import comparisons
from l2e.analysis.labels import in_paper_order
from l2e.analysis.learning import learning_summary
from l2e.analysis.overall import overall
from l2e.analysis.run_set import RunSet
from l2e.analysis.verdicts import BASELINE, BETTER, NO_DIFFERENCE, NO_VERDICT, WORSE
from l2e.curricula import paper_place
from l2e.metrics import Rule
from l2e.reporting.table import Table
from l2e.reporting.tables.accuracy import percent, with_best
from l2e.reporting.tables.learning import median
from l2e.reporting.tables.verdict import difference, overall_table, sentence

MOST_ROWS = 24
STRICTEST = (Rule.EXACT_MATCH, Rule.CHARACTER, Rule.TEACHER_FORCED)
TARGET = ["task", "learner", "length", "nesting"]
SOONER = {BETTER: "sooner", WORSE: "later", NO_DIFFERENCE: "no difference found"}


@dataclass(frozen=True, slots=True)
class Summary:
    """The first screen on runs.

    Attributes:
        asked: what was run, in a sentence.
        verdicts: a few sentences; none of runs that have nothing to compare.
        table: a few rows; None of runs without scores.
    """

    asked: str
    verdicts: list[str]
    table: Table | None


def summary_of(runs: RunSet) -> Summary:
    """The summary, by the strictest rule that the runs were scored by."""
    accuracies = summarize(accuracy_rows(runs))
    scored = [rule for rule in STRICTEST if rule.value in set(accuracies["rule"])]
    if not scored:
        return Summary(asked(runs), [], None)
    rule = scored[0]
    cells = comparisons(runs, [rule])
    cells = cells[cells["against"] == BASELINE]
    everywhere, learning = overall(runs, [rule]), learning_summary(runs)
    sooner = _decisive(learning)
    verdicts = [*_over_all(everywhere, rule), *([sentence(cells, rule)] if len(cells) else []), *_sooner(sooner)]
    trained = accuracies[(accuracies["rule"] == rule.value) & accuracies["curriculum"].notna()]
    if len(trained) <= MOST_ROWS:
        table: Table | None = Table(f"{rule.spoken.capitalize()}, %, and how soon", _rows(trained, cells, sooner))
    else:
        table = overall_table(everywhere) if len(everywhere) else None
    return Summary(asked(runs), verdicts, table)


def asked(runs: RunSet) -> str:
    """How many runs of what."""
    experiments = [run.experiment for run in runs]
    seeds = len({one.seed for one in experiments})
    facts = {
        ("task", "tasks"): [str(one.task) for one in experiments],
        ("target", "targets"): [
            f"({length}, {nesting})" for length, nesting in sorted({e.target for e in experiments})
        ],
        ("curriculum", "curricula"): in_paper_order(str(one.curriculum) for one in experiments),
        ("learner", "learners"): [str(one.learner) for one in experiments],
    }
    said = []
    for names, values in facts.items():
        different = list(dict.fromkeys(values))
        said.append(f"{names[len(different) > 1]} {', '.join(different)}")
    return f"{len(runs)} runs: {'; '.join(said)}; {seeds} seed{'s' * (seeds > 1)}."


def _over_all(everywhere: pd.DataFrame, rule: Rule) -> Iterator[str]:
    """Of several cells, what holds of their mean."""
    judged = everywhere[(everywhere["verdict"] != NO_VERDICT) & (everywhere["cells"] > 1)]
    clauses = [_clause(row) for row in judged.itertuples()]
    if clauses:
        yield f"Over all {judged['cells'].max()} cells, by {rule.spoken} against {BASELINE}: {'; '.join(clauses)}."


def _clause(row: Any) -> str:
    interval = f"{100 * row.difference_low:+.1f} to {100 * row.difference_high:+.1f}"
    return f"{row.curriculum} {row.verdict}, {100 * row.difference:+.1f} points ({interval})"


def _decisive(learning: pd.DataFrame) -> pd.DataFrame:
    """Of each target the rows of the highest threshold that half of some curriculum's runs get to."""
    share = learning["reached"] / learning["seeds"]
    highest = learning[share >= 0.5].groupby(TARGET)["threshold"].max()
    return learning.merge(highest.reset_index())


def _sooner(rows: pd.DataFrame) -> Iterator[str]:
    judged = rows[rows["verdict"] != NO_VERDICT]
    clauses = []
    for curriculum in in_paper_order(judged["curriculum"]):
        counts = judged[judged["curriculum"] == curriculum]["verdict"].value_counts()
        said = [f"{word} in {counts[verdict]}" for verdict, word in SOONER.items() if verdict in counts]
        clauses.append(f"{curriculum} {', '.join(said)}")
    if clauses:
        thresholds = " or ".join(f"{100 * one:.0f} %" for one in sorted(judged["threshold"].unique()))
        yield f"To {thresholds} of characters at the target: {'; '.join(clauses)}."


def _rows(trained: pd.DataFrame, cells: pd.DataFrame, sooner: pd.DataFrame) -> pd.DataFrame:
    """A row a target, learner and curriculum."""
    frame = _said(with_best(trained), "right, %", percent)
    for rows, name, cell in ((cells, f"relative to {BASELINE}", difference), (sooner, "updates until", _until)):
        if len(rows):
            frame = frame.merge(_said(rows, name, cell), how="left")
    frame = frame.sort_values("curriculum", key=lambda names: names.map(paper_place), kind="stable")
    frame = frame.sort_values(TARGET, kind="stable").fillna("–")
    frame["task"] = [_target(row) for row in frame.itertuples()]
    return frame.drop(columns=["length", "nesting", *(["learner"] if frame["learner"].nunique() == 1 else [])])


def _said(rows: pd.DataFrame, name: str, cell: Callable[[Any], str]) -> pd.DataFrame:
    return rows.assign(**{name: [cell(row) for row in rows.itertuples()]})[[*TARGET, "curriculum", name]]


def _target(row: Any) -> str:
    return f"{row.task} ({row.length}, {row.nesting})"


def _until(row: Any) -> str:
    return f"{100 * row.threshold:.0f} %: {median(row)}"
