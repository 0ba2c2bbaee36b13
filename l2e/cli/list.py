"""`l2e list`: available objects by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import click

from l2e.cli import options
from l2e.option_values import typed

CELLS = (64, 128, 256, 400, 512, 1024)
LAYERS = (1, 2, 3, 4)


@click.command()
@click.argument(
    "kind", type=click.Choice(["tasks", "curricula", "learners", "predictors", "recipes", "suites", "sizes"])
)
@options.as_json
def command(kind: str, as_json: bool) -> None:
    """List the objects of a KIND with options and their defaults; for sizes, the parameters of every learner.

    \b
    Example:
      l2e list curricula
    """
    found = _LISTS[kind]() if kind in _LISTS else _registered(kind)
    if as_json:
        options.write_line(found)
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
        f"{name}={typed(parameter.default)}"
        for name, parameter in inspect.signature(make).parameters.items()
        if parameter.default is not inspect.Parameter.empty and name != "name"
    ]
    return f"{summary} [{', '.join(options)}]" if options else summary


def _recipes() -> dict[str, str]:
    from l2e.experiments.recipes import RECIPES

    return {
        name: ", ".join(f"{field}={typed(value)}" for field, value in recipe.model_dump().items() if field != "name")
        for name, recipe in RECIPES.items()
    }


def _suites() -> dict[str, str]:
    from l2e.experiments.suite import read_suite, suite_names

    found = {}
    for name in suite_names():
        suite = read_suite(name)
        scales = f"; also --scale {' or '.join(suite.scales[1:])}" if suite.scales else ""
        found[name] = f"{suite.title} ({len(suite.experiments)} runs{scales})"
    return found


def _sizes() -> dict[str, str]:
    import torch

    from l2e.registry import Group, catalogue, option_names
    from l2e.vocabulary import SYMBOLS

    sizes: dict[str, str] = {}
    sized = {
        name: make for name, make in catalogue(Group.LEARNER).items() if {"cells", "layers"} <= {*option_names(make)}
    }
    for name, make in sized.items():
        for cells in CELLS:
            with torch.device("meta"):  # counted on the meta device
                learners = [make(SYMBOLS, cells=cells, layers=layers) for layers in LAYERS]
            counts = [sum(parameter.numel() for parameter in learner.parameters()) for learner in learners]
            shown = ", ".join(f"{n} layer{'s' * (n > 1)} {count:,}" for n, count in zip(LAYERS, counts, strict=True))
            sizes[f"{name} cells={cells}"] = shown
    return sizes


_LISTS: dict[str, Callable[[], dict[str, str]]] = {"recipes": _recipes, "suites": _suites, "sizes": _sizes}
