"""`l2e answer`: exact targets for inputs."""

from __future__ import annotations

import json
from typing import IO, Any

import click

from l2e.cli import completion, options
from l2e.errors import FAILED


@click.command()
@click.argument("task", shell_complete=completion.tasks)
@click.argument("file", type=click.File("r", encoding="utf-8", errors="surrogateescape"), default="-")
@options.settings
@click.pass_context
def command(ctx: click.Context, task: str, file: IO[str], settings: tuple[str, ...]) -> None:
    """Compute the exact targets of TASK's inputs.

    Reads lines {"input": …} from FILE or standard input and writes each back with its "target". An illegal
    input gets "error" instead, and the exit code is 1.

    \b
    Example:
      echo '{"input": "print((12+34))"}' | l2e answer program
    """
    options.keep_output_clean(ctx)
    made = options.make_task(task, options.task_settings(settings))
    failed = False
    for number, line in enumerate(file, 1):
        if line.strip():
            row = answer_line(made, line, number)
            failed |= "error" in row
            options.write_line(row)
    ctx.exit(FAILED if failed else 0)


def answer_line(task: Any, line: str, number: int) -> dict[str, Any]:
    """The line's object with its target, or with an error."""
    from generators.errors import InputError

    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"line": number, "error": f"line {number} is not JSON: {error}"}
    if not isinstance(row, dict) or not isinstance(row.get("input"), str):
        return {"line": number, "error": f'line {number} is not an object with a text under "input"'}
    row.pop("target", None)
    try:
        return {**row, "target": task.answer(row["input"])}
    except InputError as error:
        return {**row, "error": str(error)}
    except Exception as error:  # a user's task may raise anything; continue with the other lines
        return {**row, "error": f"task {task.name!r} failed: {type(error).__name__}: {error}"}
