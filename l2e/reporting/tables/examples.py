"""Examples as tables: wrong characters marked, or one flat row per answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from l2e.analysis.examples import Answers, first_examples
from l2e.analysis.paper_programs import asked_programs
from l2e.analysis.run_set import RunSet
from l2e.metrics import Rule
from l2e.reporting.marking import marked_answer, marked_input
from l2e.reporting.table import Table


def example_tables(runs: RunSet, rules: Sequence[Rule]) -> list[Table]:
    """The first examples of each target, then the paper's programs; none of runs that keep no answers."""
    answered = runs.where(lambda run: run.answered)
    first = first_examples(answered) if len(answered) else []
    return [marked_table(answers) for answers in first + asked_programs(runs)]


def marked_table(answers: Answers) -> Table:
    """One row per example: input, target, and each strategy's answer, marked as in `l2e.reporting.marking`."""
    rows = [
        [marked_input(one.input), marked_answer(one.target, one.target)]
        + [marked_answer(answer, one.target) for answer in one.answers]
        for one in answers.examples
    ]
    frame = pd.DataFrame(rows, columns=["input", "target", *answers.strategies])
    return Table(answers.title, frame, answers.words)


def flat_table(several: Iterable[Answers]) -> Table:
    """One row per answer: title, input, target, strategy, answer, and whether it is right; nothing is marked."""
    rows = [
        (answers.title, one.input, one.target, strategy, answer, answer == one.target)
        for answers in several
        for one in answers.examples
        for strategy, answer in zip(answers.strategies, one.answers, strict=True)
        if answer is not None
    ]
    columns = ["title", "input", "target", "strategy", "answer", "right"]
    return Table("Examples", pd.DataFrame(rows, columns=columns))
