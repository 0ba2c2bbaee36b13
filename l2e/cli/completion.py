"""What a shell completes on Tab: names of tasks, curricula, learners, recipes and suites; runs are files to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click

Complete = Callable[[click.Context, click.Parameter, str], list[str]]


def _registered(group: str) -> list[str]:
    from l2e.registry import Group, names

    return names(Group[group])


def _recipes() -> Iterable[str]:
    from l2e.experiments.recipes import RECIPES

    return RECIPES


def _suites() -> Iterable[str]:
    from l2e.experiments.suite import suite_names

    return suite_names()


def _beginning(listed: Callable[[], Iterable[str]]) -> Complete:
    return lambda _ctx, _parameter, incomplete: [name for name in listed() if name.startswith(incomplete)]


tasks = _beginning(lambda: _registered("TASK"))
curricula = _beginning(lambda: _registered("CURRICULUM"))
learners = _beginning(lambda: _registered("LEARNER"))
recipes = _beginning(_recipes)
suites = _beginning(_suites)
