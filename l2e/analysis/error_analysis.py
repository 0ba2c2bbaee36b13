"""Errors taken apart: accuracy by position, length, sign and what the input is made of, and how far answers are off.

Each strategy's runs of a task are counted together, over their targets and seeds. Positions, length and sign come from
the target; what an input is made of its task says, if it meets `generators.task.Described`.

Intervals are Wilson's at 95 %. They take all that is counted as independent, which the characters of one answer and the
answers of several seeds to one input are not quite.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from generators.errors import InputError
from generators.samples import Samples
from generators.scrambling import Scrambling
from generators.task import Described, Task, Traits
from l2e.analysis.run_set import CompleteRun, RunSet, Strategy
from l2e.experiments.run import RunError
from l2e.metrics import Rule, Score, agreements

FRONT, END, LENGTH, SIGN, ERROR = (
    "position from the front",
    "position from the end",
    "answer length",
    "sign",
    "size of the error",
)
SEVERAL = " × "  # between a target and its number of runs, as one a seed
SHARE = "share_of_answers"  # stands for a rule where answers of a kind are counted, rather than right ones
NUMBER = re.compile(r"(0|-?[1-9][0-9]{0,3999})\.")  # as Python prints one; it reads no more than 4300 digits
PERCENTAGES = {1: "less than 1 %", 10: "1 to 10 %", 100: "10 to 100 %"}  # by their upper ends
ERROR_SIZES = ("exact", "off by 1", *PERCENTAGES.values(), "100 % or more", "wrong sign", "no number")
RULES = (*(rule.value for rule in Rule), SHARE)
ORDERS = {SIGN: ("negative", "zero", "positive"), ERROR: ERROR_SIZES}

Value: TypeAlias = str | int
Counted: TypeAlias = dict[tuple[str, Value, str], Score]


class _Answered(NamedTuple):
    """Samples and the answers to them, column by column, in plain text."""

    inputs: list[str]
    targets: list[str]
    free: list[str]
    forced: list[str]


def error_rows(runs: RunSet) -> pd.DataFrame:
    """How each strategy's complete runs of a task did, by every aspect of samples and answers.

    Args:
        runs: of any tasks, targets and seeds.

    Returns:
        A row a strategy, aspect, value and rule: task (with its scrambling), learner, curriculum, strategy, targets
        (with how many runs of each, where several), runs (in all), aspect, value, rule, n, correct, accuracy, low,
        high. Where the rule is `share_of_answers`, correct counts the answers of that kind.

    Raises:
        RunError: a run's predictions or task cannot be read.
    """
    rows: list[dict[str, Any]] = []
    described: dict[str, dict[str, Traits]] = {}  # by task and input: runs of a task share their samples
    for strategy in runs.by_strategy():
        rows += _rows_of(strategy, described.setdefault(strategy.experiment.task.model_dump_json(), {}))
    return pd.DataFrame(rows)


def _rows_of(strategy: Strategy, traits: dict[str, Traits]) -> list[dict[str, Any]]:
    counted: Counted = defaultdict(lambda: Score(0, 0))
    only_numbers = True
    for run in strategy.runs:
        answered = _answers_of(run)
        _count_positions(counted, answered)
        _describe(run, answered.inputs, traits)
        _count_samples(counted, answered, traits)
        only_numbers &= _count_errors(counted, answered)
    labels = {
        "task": strategy.task,
        "learner": str(strategy.experiment.learner),
        "curriculum": str(strategy.experiment.curriculum),
        "strategy": strategy.name,
        "targets": "; ".join(_targets(strategy)),
        "runs": len(strategy.runs),
    }
    aspects = list(dict.fromkeys(aspect for aspect, _, _ in counted))
    return [
        {**labels, **_row(key, counted[key])}
        for key in sorted(counted, key=lambda key: (aspects.index(key[0]), RULES.index(key[2]), place(*key[:2])))
        if only_numbers or key[0] not in (SIGN, ERROR)
    ]


def _targets(strategy: Strategy) -> list[str]:
    counted = Counter(str(run.experiment.target) for run in strategy.runs)
    return [target if runs == 1 else f"{target}{SEVERAL}{runs}" for target, runs in counted.items()]


def _row(key: tuple[str, Value, str], score: Score) -> dict[str, Any]:
    aspect, value, rule = key
    low, high = score.interval
    return {
        "aspect": aspect,
        "value": value,
        "rule": rule,
        "n": score.n,
        "correct": score.correct,
        "accuracy": score.accuracy,
        "low": low,
        "high": high,
    }


def place(aspect: str, value: Value) -> tuple[int, int, str]:
    """Where a value stands among those of its aspect: numbers by size, then kinds in their order, others by name."""
    if isinstance(value, int):
        return 0, value, ""
    order = ORDERS.get(aspect, ())
    return 1, order.index(value) if value in order else len(order), value


def _answers_of(run: CompleteRun) -> _Answered:
    found, experiment = run.predictions, run.experiment
    lengths, nestings = (np.array([getattr(one, name) for one in found], np.int64) for name in ("length", "nesting"))
    asked = Samples([one.input for one in found], [one.target for one in found], lengths, nestings)
    answers = Samples([one.answer for one in found], [one.teacher_forced for one in found], lengths, nestings)
    if experiment.scramble is not None:
        view = Scrambling(experiment.scramble)
        asked, answers = view.unview(asked), view.unview(answers)
    return _Answered(asked.inputs, asked.targets, answers.inputs, answers.targets)


def _count_positions(counted: Counted, answered: _Answered) -> None:
    backwards = _Answered(*([text[::-1] for text in texts] for texts in answered))
    for aspect, seen in ((FRONT, answered), (END, backwards)):
        for rule, answers in ((Rule.TEACHER_FORCED, seen.forced), (Rule.CHARACTER, seen.free)):
            right, there = (cells.sum(axis=0).tolist() for cells in agreements(answers, seen.targets))
            for position, score in enumerate(map(Score, right, there), start=1):
                counted[aspect, position, rule.value] += score


def _describe(run: CompleteRun, inputs: Iterable[str], traits: dict[str, Traits]) -> None:
    """Add what the task says of the inputs to the traits."""
    try:
        task: Task = run.experiment.make_task()
        for text in inputs:
            if text not in traits:
                traits[text] = task.traits(text) if isinstance(task, Described) else {}
    except InputError as error:
        raise RunError(f"{run}: task {run.experiment.task} does not know an input of its own: {error}") from error
    except ValueError as error:
        raise RunError(f"{run}: {error}") from error


def _sign(target: str) -> str:
    return "negative" if target[0] == "-" else "zero" if target == "0." else "positive"


def _count_samples(counted: Counted, answered: _Answered, traits: Mapping[str, Traits]) -> None:
    right, there = (cells.sum(axis=1).tolist() for cells in agreements(answered.forced, answered.targets))
    sums: dict[tuple[str, Value], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for text, target, answer, *forced in zip(*answered[:3], right, there, strict=True):
        exact = answer == target
        for key in _values(target, traits[text]):
            sum_of = sums[key]
            sum_of[0] += exact
            sum_of[1] += 1
            sum_of[2] += forced[0]
            sum_of[3] += forced[1]
    for (aspect, value), (exactly, samples, characters_right, characters) in sums.items():
        counted[aspect, value, Rule.EXACT_MATCH.value] += Score(exactly, samples)
        counted[aspect, value, Rule.TEACHER_FORCED.value] += Score(characters_right, characters)


def _values(target: str, traits: Traits) -> Iterator[tuple[str, Value]]:
    """A sample's aspects and values; it may have several values of one aspect."""
    yield LENGTH, len(target) - 1
    if NUMBER.fullmatch(target):
        yield SIGN, _sign(target)
    for trait, values in traits.items():
        for value in values:
            yield trait, value


def _count_errors(counted: Counted, answered: _Answered) -> bool:
    """Count the answers by size of error; False, and nothing counted, where a target is no number."""
    if not all(map(NUMBER.fullmatch, answered.targets)):
        return False
    sizes = [error_size(answer, target) for answer, target in zip(answered.free, answered.targets, strict=True)]
    for size in ERROR_SIZES:
        counted[ERROR, size, SHARE] += Score(sizes.count(size), len(sizes))
    return True


def error_size(answer: str, target: str) -> str:
    """One of ERROR_SIZES: how far an answer is from its target, a number with its full stop.

    A percentage is of the target's absolute value, and a difference of 1 comes before it.

    >>> error_size("1003.", "1000."), error_size("-5.", "5."), error_size("12", "12.")
    ('less than 1 %', 'wrong sign', 'no number')
    """
    if answer == target:
        return "exact"
    if NUMBER.fullmatch(answer) is None:
        return "no number"
    written, right = int(answer[:-1]), int(target[:-1])
    error = abs(written - right)
    if error == 1:
        return "off by 1"
    if written * right < 0:
        return "wrong sign"
    sizes = (size for percent, size in PERCENTAGES.items() if 100 * error < percent * abs(right))
    return next(sizes, "100 % or more")
