"""Options that several commands share."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from l2e.option_values import parse
from l2e.registry import UnknownNameError, unknown

if TYPE_CHECKING:
    from l2e.analysis.run_set import RunSet

F = TypeVar("F", bound=Callable[..., Any])

RULES = ("teacher_forced_accuracy", "character_accuracy", "exact_match")
TIME_RULES = ("updates_to_target", "characters_to_target")
ALL_RULES = (*RULES, *TIME_RULES, "success_rate", "sample_efficiency")
SHOWN_RULES = ("teacher_forced_accuracy", "exact_match", "updates_to_target", "success_rate", "sample_efficiency")
SECTIONS = ("task", "learner", "curriculum", "recipe")
GREATEST = 10**6  # length or nesting; each task has its own limits below
SHOWN_SECTIONS = ("verdict", "accuracy", "learning", "text")


SAMPLES = click.IntRange(1, 10**8)
SEED = click.IntRange(0, 2**63 - 1)  # the range of all random generators


class FilledPath(click.Path):
    """A path that is not empty: an unset variable of a shell does not stand for the working directory."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path."""
        if value == "":
            self.fail("the path is empty", param, ctx)
        return super().convert(value, param, ctx)


class FiniteRange(click.FloatRange):
    """A finite number of a range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number."""
        if not math.isfinite(number := super().convert(value, param, ctx)):
            self.fail(f"{value} is not a finite number", param, ctx)
        return number


def difficulty(
    length: int | None, nesting: int | None, shown: tuple[bool | str, bool | str] = (True, True)
) -> Callable[[F], F]:
    """--length and --nesting with these defaults, or with these texts as defaults in help."""

    def decorate(function: F) -> F:
        function = click.option(
            "--nesting",
            type=click.IntRange(max=GREATEST),
            default=nesting,
            show_default=shown[1],
            help="Operations combined; 1 for other tasks.",
        )(function)
        return click.option(
            "--length",
            type=click.IntRange(max=GREATEST),
            default=length,
            show_default=shown[0],
            help="Most digits of a constant, or of the string.",
        )(function)

    return decorate


def seed_of(what: str) -> Callable[[F], F]:
    """--seed with this help."""
    return click.option("--seed", type=SEED, default=0, show_default=True, help=what)


def picture(name: str, help: str) -> Callable[[F], F]:
    """A picture to draw, checked before the work; the parameter is `picture`."""
    return click.option(
        name,
        "picture",
        type=FilledPath(dir_okay=False, path_type=Path),
        callback=_checked_picture,
        help=f"{help}: .png, .svg or .pdf.",
    )


def _checked_picture(_ctx: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    if path is None:
        return None
    from l2e.reporting.plots.style import FORMATS, check_picture

    if path.suffix.removeprefix(".") not in FORMATS:
        raise click.BadParameter(
            f"{path} does not end in a picture's format: {', '.join('.' + ending for ending in FORMATS)}"
        )
    check_picture(path)
    return path


def only_rules(rules: Sequence[str]) -> Callable[[F], F]:
    """--rule, which selects scoring rules; by default all."""
    return click.option("--rule", "rules", type=click.Choice(rules), multiple=True, help="Only this rule. Repeatable.")


def shown_rules(help: str) -> Callable[[F], F]:
    """--rule, by default the paper's, the strictest, and how soon the target is learnt."""
    return click.option(
        "--rule",
        "rules",
        type=click.Choice(ALL_RULES),
        multiple=True,
        default=SHOWN_RULES,
        show_default=True,
        help=help,
    )


runs = click.argument("runs", nargs=-1, required=True, type=FilledPath(path_type=Path))
format_ = click.option(
    "--format",
    "format_",
    type=click.Choice(["markdown", "csv", "latex", "html"]),
    help="By default drawn on a terminal, and Markdown in a file or a pipe.",
)
seed = seed_of("Which data set.")
device = click.option(
    "--device",
    default="cpu",
    show_default=True,
    help="Where to train: cpu, or cuda, on which nothing has been run yet.",
)


def keep_output_clean(ctx: click.Context, _option: click.Parameter | None = None, wanted: bool = True) -> bool:
    """Send to standard error what plug-ins print, so that standard output has nothing but what `write_text` writes."""
    if wanted:
        ctx.meta[OUTPUT] = sys.stdout
        ctx.with_resource(redirect_stdout(sys.stderr))
    return wanted


def write_line(content: Any) -> None:
    """Write a line of JSON to standard output."""
    write_text(json.dumps(content) + "\n")


def write_text(text: str) -> None:
    """Write to standard output, wherever `print` writes."""
    click.echo(text, nl=False, file=click.get_current_context().meta.get(OUTPUT))


OUTPUT = "l2e.output"
as_json = click.option(
    "--json", "as_json", is_flag=True, callback=keep_output_clean, help="Write JSON for a program to read."
)
settings = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="SECTION.OPTION=VALUE",
    help="An option of the task, learner, curriculum or recipe, as --set learner.cells=256. Repeatable.",
)


def given(ctx: click.Context, *names: str) -> list[str]:
    """Those of these parameters that were given on the command line, as their options."""
    return [
        option.opts[0]
        for option in ctx.command.params
        if option.name in names and ctx.get_parameter_source(option.name) is ParameterSource.COMMANDLINE
    ]


def parse_settings(settings: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Options by section, from texts like `learner.cells=256`; values are read as JSON, else taken as text."""
    parsed: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    for text in settings:
        place, equals, value = text.partition("=")
        section, dot, option = place.partition(".")
        if not equals or not dot or not option:
            raise click.BadParameter(f"{text!r} is not SECTION.OPTION=VALUE, as learner.cells=256", param_hint="--set")
        if section not in SECTIONS:
            raise click.BadParameter(unknown("section", section, SECTIONS), param_hint="--set")
        if option == "name":
            raise click.BadParameter(f"{place} is no option; the {section} is chosen by its name", param_hint="--set")
        parsed[section][option] = parse(value)
    return parsed


def make_task(name: str, options: Mapping[str, Any]) -> Any:
    """The task of this name.

    Raises:
        click.BadParameter: there is none, it has no such option, or it has no questions.
        OptionError: an option's value of the wrong type.
    """
    from generators.task import Task
    from l2e.registry import Group, create

    try:
        made = create(Group.TASK, name, options)
    except UnknownNameError as error:
        raise click.BadParameter(str(error), param_hint="TASK") from None
    if not isinstance(made, Task):
        raise click.BadParameter(f"{name} has no questions with answers; l2e train can model it", param_hint="TASK")
    return made


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


def read_runs(paths: Sequence[Path]) -> RunSet:
    """The complete runs at or below the paths; those that are not complete or damaged are named on standard error.

    Raises:
        RunError: there is none at or below one of the paths, or none is complete and sound.
    """
    from l2e.analysis.run_set import RunSet

    runs = RunSet.read(paths)
    say_left_out(runs.unfinished, runs.damaged)
    return runs


def say_left_out(unfinished: Iterable[Path | str], damaged: Iterable[str]) -> None:
    """Name runs that are not complete, and say of damaged ones why, on standard error."""
    for path in unfinished:
        click.echo(f"not complete, left out: {path}", err=True)
    for reason in damaged:
        click.echo(f"damaged, left out: {reason}", err=True)


def refuse_beside_json(ctx: click.Context, as_json: bool, *names: str) -> None:
    """Reject options of layout together with --json.

    Raises:
        click.UsageError: names them.
    """
    if as_json and (idle := given(ctx, *names)):
        raise click.UsageError(f"{', '.join(idle)}: not with --json, which writes flat rows and nothing else")
