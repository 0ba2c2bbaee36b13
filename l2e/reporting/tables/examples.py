"""Examples as tables: wrong characters marked, or flat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from l2e.analysis.examples import MOST, Answers, first_examples
from l2e.experiments.run import Run
from l2e.reporting.marking import markdown_cell, marked_answer, marked_input, unmark
from l2e.reporting.table import Table, render


def example_tables(runs: Sequence[Run], most: int = MOST, forced: bool = False) -> list[Table]:
    """`first_examples` as finished Markdown, for `l2e.reporting.tables.accuracy.render`.

    Raises:
        RunError: none of the runs has recorded its answers.
    """
    return [markdown_table(answers) for answers in first_examples(runs, most, forced)]


def marked_table(answers: Answers) -> Table:
    """A row an example: input, target, and each strategy's answer with the marks of `l2e.reporting.marking` in it."""
    rows = [
        [marked_input(one.input), marked_answer(one.target, one.target)]
        + [marked_answer(answer, one.target) for answer in one.answers]
        for one in answers.examples
    ]
    frame = pd.DataFrame(rows, columns=["input", "target", *answers.strategies])
    return Table(answers.title, frame, answers.words)


def markdown_table(answers: Answers) -> Table:
    """The same, its cells finished as Markdown."""
    table = marked_table(answers)
    return replace(table, frame=table.frame.map(markdown_cell).rename(columns=markdown_cell))


def flat_table(several: Iterable[Answers]) -> Table:
    """A row an answer: title, input, target, strategy, answer, and whether it is right; nothing is marked."""
    rows = [
        (answers.title, one.input, one.target, strategy, answer, answer == one.target)
        for answers in several
        for one in answers.examples
        for strategy, answer in zip(answers.strategies, one.answers, strict=True)
        if answer is not None
    ]
    columns = ["title", "input", "target", "strategy", "answer", "right"]
    return Table("Examples", pd.DataFrame(rows, columns=columns))


def render_examples(several: Sequence[Answers], format: str, heading: str | None = None) -> str:
    """Examples as Markdown, HTML or LaTeX with wrong characters marked, or as flat CSV; under a heading if any.

    CSV, one table alone, has neither heading nor words.
    """
    if format == "csv":
        return render([flat_table(several)], format)
    if format == "markdown":
        return render([markdown_table(answers) for answers in several], format, heading)
    return unmark(render([marked_table(answers) for answers in several], format, heading), format)
