"""The command line: one file per command, imported when called."""

from __future__ import annotations

import importlib
import io
import os
import sys
import warnings
from typing import Any

import click

from l2e.errors import BAD_USAGE, FAILED, ExplainedError, Said

COMMANDS = (
    "generate",
    "answer",
    "train",
    "evaluate",
    "predict",
    "sample",
    "score-text",
    "gradients",
    "bench",
    "table",
    "compare",
    "show",
    "report",
    "results",
    "play",
    "demo",
    "list",
    "perf",
)
INTERRUPTED = 130


class LazyGroup(click.Group):
    """Commands that are imported when needed, so that help is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import one command."""
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"l2e.cli.{name.replace('-', '_')}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the nearest one."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            from l2e.registry import unknown

            ctx.fail(unknown("command", args[0], COMMANDS))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, SUMMARIES[name]) for name in COMMANDS])


SUMMARIES = {
    "generate": "Write samples of a task.",
    "answer": "Compute exact targets: JSON lines in, JSON lines out.",
    "train": "Train one learner under one curriculum, and score it.",
    "evaluate": "Score a trained run at any difficulty.",
    "predict": "Ask a trained run for an answer.",
    "sample": "Sample programs or text from a language model.",
    "score-text": "Show how likely a text is to a network trained on one.",
    "gradients": "Show gradient norms by distance.",
    "bench": "Run or resume a suite of experiments.",
    "table": "Add runs up to tables.",
    "compare": "Show whether verdicts replicate in other runs.",
    "show": "Show figures, examples, errors or generalization of runs, or a network in action.",
    "report": "Write a report of runs as one HTML file.",
    "results": "Write a folder of results: tables, figures, manifest; and the index of such folders.",
    "play": "Serve a page on which trained runs answer inputs.",
    "demo": "Watch a small network learn.",
    "list": "List tasks, curricula, learners, predictors, recipes or suites.",
    "perf": "Measure speed relative to plain implementations.",
}


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="l2e")
def cli() -> None:
    """Networks that read small Python programs and write what they print.

    \b
    Example:
      l2e bench quick --jobs 2
      l2e table runs/quick
    """


def main() -> None:
    """Run the command line and exit: 0 done, 1 failed, 2 bad usage, 130 interrupted."""
    if sys.stdin is None:  # it was closed: there is nothing to read
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # it may be closed
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _say
            warnings.simplefilter("always", Said)
            sys.exit(cli.main(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        print("interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(FAILED)
    except OSError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(FAILED)
    except Exception as error:
        code = _exit_code(error)
        if code is None:
            from l2e.registry import blamed

            if (theirs := blamed(error)) is None:
                raise
            code, error = theirs.exit_code, theirs
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(code)


def _say(message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: Any, **__: Any) -> None:
    """Show a warning on standard error, without the place in the code where it is meant for the user."""
    text = f"Warning: {message}" if category is Said else warnings.formatwarning(message, category, filename, lineno)
    print(text.rstrip(), file=sys.stderr)


def _exit_code(error: Exception) -> int | None:
    """The exit code of an error with a message for the user; None of any other, which keeps its traceback."""
    if isinstance(error, ExplainedError):
        return error.exit_code
    from pydantic import ValidationError

    from generators.errors import DifficultyError, InputError, TextError

    codes = {DifficultyError: BAD_USAGE, TextError: BAD_USAGE, ValidationError: BAD_USAGE, InputError: FAILED}
    return next((code for kind, code in codes.items() if isinstance(error, kind)), None)
