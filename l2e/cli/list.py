"""`l2e list`: what there is, by name."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable

import click

from l2e.cli import options


@click.command()
@click.argument("kind", type=click.Choice(["tasks", "curricula", "learners", "predictors", "recipes", "suites"]))
@options.as_json
def command(kind: str, as_json: bool) -> None:
    """List what there is of a KIND, with options and their defaults.

    \b
    Example:
      l2e list curricula
    """
    found = _LISTS[kind]() if kind in _LISTS else _registered(kind)
    if as_json:
        click.echo(json.dumps(found))
        return
    formatter = click.HelpFormatter(width=110)
    formatter.write_dl(list(found.items()))
    click.echo(formatter.getvalue(), nl=False)


def _registered(kind: str) -> dict[str, str]:
    from l2e.registry import Group, catalogue

    group = {
        "tasks": Group.TASK,
        "curricula": Group.CURRICULUM,
        "learners": Group.LEARNER,
        "predictors": Group.PREDICTOR,
    }
    return {name: _describe(make) for name, make in catalogue(group[kind]).items()}


def _describe(make: Callable[..., object]) -> str:
    summary = (inspect.getdoc(make) or "").partition("\n")[0]
    options = [
        f"{name}={parameter.default!r}"
        for name, parameter in inspect.signature(make).parameters.items()
        if parameter.default is not inspect.Parameter.empty and name != "name"
    ]
    return f"{summary} [{', '.join(options)}]" if options else summary


def _recipes() -> dict[str, str]:
    from l2e.recipes import RECIPES

    return {
        name: ", ".join(f"{field}={value!r}" for field, value in recipe.model_dump().items() if field != "name")
        for name, recipe in RECIPES.items()
    }


def _suites() -> dict[str, str]:
    from l2e.suite import read_suite, suite_names

    suites = [read_suite(name) for name in suite_names()]
    return {suite.name: f"{suite.title} ({len(suite.experiments)} runs)" for suite in suites}


_LISTS: dict[str, Callable[[], dict[str, str]]] = {"recipes": _recipes, "suites": _suites}
