"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import click

from l2e.registry import UnknownNameError, unknown

F = TypeVar("F", bound=Callable[..., Any])

SECTIONS = ("task", "learner", "curriculum", "recipe")


def difficulty(length: int | None, nesting: int | None) -> Callable[[F], F]:
    """--length and --nesting with these defaults."""

    def decorate(function: F) -> F:
        show = length is not None
        function = click.option(
            "--nesting", type=int, default=nesting, show_default=show, help="Operations combined; 1 for other tasks."
        )(function)
        return click.option(
            "--length", type=int, default=length, show_default=show, help="Most digits of a constant, or of the string."
        )(function)

    return decorate


seed = click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Which data set.")
as_json = click.option("--json", "as_json", is_flag=True, help="Write JSON for a program to read.")
settings = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="SECTION.OPTION=VALUE",
    help="An option of the task, learner, curriculum or recipe, as --set learner.cells=256. Repeatable.",
)


def parse_settings(settings: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Options by section, from texts like `learner.cells=256`; values are read as JSON, else taken as text."""
    import json

    parsed: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    for text in settings:
        place, equals, value = text.partition("=")
        section, dot, option = place.partition(".")
        if not equals or not dot or not option:
            raise click.BadParameter(f"{text!r} is not SECTION.OPTION=VALUE, as learner.cells=256", param_hint="--set")
        if section not in SECTIONS:
            raise click.BadParameter(unknown("section", section, SECTIONS), param_hint="--set")
        try:
            parsed[section][option] = json.loads(value)
        except json.JSONDecodeError:
            parsed[section][option] = value
    return parsed


def make_task(name: str, options: Mapping[str, Any]) -> Any:
    """The task of this name.

    Raises:
        click.BadParameter: there is none, or it has no such option.
    """
    from l2e.registry import Group, create

    try:
        return create(Group.TASK, name, options)
    except UnknownNameError as error:
        raise click.BadParameter(str(error), param_hint="TASK") from None


def task_settings(settings: Iterable[str]) -> dict[str, Any]:
    """Options of the task alone.

    Raises:
        click.BadParameter: an option of anything else.
    """
    parsed = parse_settings(settings)
    others = [section for section in SECTIONS[1:] if parsed[section]]
    if others:
        raise click.BadParameter(
            f"options of the {others[0]} do not apply here; only those of the task do", param_hint="--set"
        )
    return parsed["task"]
