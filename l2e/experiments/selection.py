"""A suite with another budget, or with a selection of its experiments."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from l2e.experiments.budgets import parse_budget
from l2e.experiments.experiment import Choice, Experiment
from l2e.experiments.suite import Suite, SuiteError
from l2e.registry import unknown

KEYS: dict[str, Callable[[Experiment], object]] = {
    "task": lambda experiment: experiment.task,
    "learner": lambda experiment: experiment.learner,
    "curriculum": lambda experiment: experiment.curriculum,
    "length": lambda experiment: experiment.length,
    "nesting": lambda experiment: experiment.nesting,
    "seed": lambda experiment: experiment.seed,
}


def with_budget(suite: Suite, budget: str) -> Suite:
    """The suite with this budget in place of its own.

    Raises:
        SuiteError: an illegal budget.
    """
    try:
        parse_budget(budget)
    except ValueError as error:
        raise SuiteError(str(error)) from None
    changed = [experiment.model_copy(update={"budget": budget}) for experiment in suite.experiments]
    return replace(suite, experiments=list({experiment.id: experiment for experiment in changed}.values()))


def choose(suite: Suite, wanted: Mapping[str, Collection[str]]) -> Suite:
    """The experiments that have one of the wanted values of every key.

    Args:
        suite: to choose from.
        wanted: values as one types them, by key; a task, learner or curriculum without options stands for all of its
            name, and with empty ones, as copy[], for that without any.

    Raises:
        SuiteError: an unknown key, a value that no experiment has, or values that none has together.
    """
    chosen = suite.experiments
    for key, values in wanted.items():
        if key not in KEYS:
            raise SuiteError(unknown("key", key, list(KEYS)))
        names = {experiment: _names(KEYS[key](experiment)) for experiment in suite.experiments}
        for value in values:
            if not any(value in known for known in names.values()):
                legal = dict.fromkeys(str(KEYS[key](experiment)) for experiment in suite.experiments)
                raise SuiteError(f"suite {suite.name}: {unknown(key, value, list(legal))}")
        chosen = [experiment for experiment in chosen if names[experiment].intersection(values)]
    if not chosen:
        said = ", ".join(f"{key}={value}" for key, values in wanted.items() for value in values)
        raise SuiteError(f"suite {suite.name}: no experiment has {said} together")
    return replace(suite, experiments=chosen)


def _names(value: object) -> set[str]:
    """The names by which a value is selected."""
    if not isinstance(value, Choice):
        return {str(value)}
    return {str(value) if value.options else f"{value}[]", value.name, str(value).partition("[")[0]}


def parse_wanted(texts: Iterable[str]) -> dict[str, list[str]]:
    """Values by key, from texts of KEY=VALUE with commas between them.

    >>> parse_wanted(["task=copy,length=3", "task=mix[a=1,b=2]"])
    {'task': ['copy', 'mix[a=1,b=2]'], 'length': ['3']}

    Raises:
        SuiteError: a text of another form.
    """
    wanted: dict[str, list[str]] = {}
    for part in (part for text in texts for part in re.split(r",(?![^\[]*\])", text)):
        key, _, value = part.partition("=")
        if not key or not value:
            raise SuiteError(f"{part!r} is not KEY=VALUE, as task=addition or length=3")
        wanted.setdefault(key, []).append(value)
    return wanted
