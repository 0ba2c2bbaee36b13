"""`l2e results`: write a folder of results, or the index of such folders."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

import click

from l2e.cli import options
from l2e.cli.options import SHOWN_RULES


@click.command()
@click.argument("runs", nargs=-1, type=options.FilledPath(path_type=Path))
@click.option("--out", type=options.FilledPath(file_okay=False, path_type=Path), help="The folder to write results to.")
@options.shown_rules("Scoring rule of tables and figures. Repeatable.")
@click.option(
    "--command",
    "made_by",
    multiple=True,
    metavar="COMMAND",
    help="The command that made the runs, instead of the one that l2e bench recorded. Repeatable.",
)
@click.option(
    "--index",
    type=options.FilledPath(file_okay=False, path_type=Path),
    help="Write the README.md of this folder of results from the manifests in it, and do nothing else.",
)
@click.pass_context
def command(
    ctx: click.Context,
    runs: tuple[Path, ...],
    out: Path | None,
    rules: tuple[str, ...],
    made_by: tuple[str, ...],
    index: Path | None,
) -> None:
    """Write tables and figures of RUNS, all complete, and a manifest of how they were made.

    The folder then has tables for each section, accuracy.csv, figures as SVG and PNG and manifest.json; files of an
    earlier manifest are removed, and any others are an error. The same runs give the same bytes. The manifest keeps
    paths as given, so give them relative to where the commands are to be repeated.

    \b
    Example:
      l2e results runs/quick --out results/quick
      l2e results runs/mine --out results/mine --command "l2e train --length 3 --out runs/mine"
      l2e results --index results
    """
    if index is not None:
        if idle := [*options.given(ctx, "out", "rules", "made_by"), *map(str, runs)]:
            raise click.UsageError(f"{', '.join(idle)}: not with --index, which reads manifests and nothing else")
        _write_index(index)
        return
    if not runs or out is None:
        raise click.UsageError("give RUNS and --out, as l2e results runs/quick --out results/quick; or --index alone")
    from l2e.metrics import rule_named
    from l2e.reporting.results.folder import gather_results, write_results

    commands = [*(made_by or _recorded(runs)), _own_command(runs, out, rules)]
    manifest, files = gather_results(runs, [rule_named(rule) for rule in rules], commands)
    write_results(out, manifest, files)
    click.echo(f"{manifest.title}: {manifest.runs} runs, {len(files)} files and their manifest in {out}")


def _recorded(runs: Sequence[Path]) -> list[str]:
    """The commands that made the runs, each once.

    Raises:
        click.UsageError: one is not recorded.
    """
    from l2e.experiments.origin import RECORD, recorded_command

    found: dict[str, None] = {}
    for folder in runs:
        command = recorded_command(folder)
        if command is None:
            raise click.UsageError(
                f"{folder} has no {RECORD} that says which command made its runs; give --command 'l2e bench …', or the "
                "same l2e bench again, which skips complete runs and writes it"
            )
        found[command] = None
    return list(found)


def _own_command(runs: Sequence[Path], out: Path, rules: Sequence[str]) -> str:
    """This command for a shell, without what made the runs."""
    words = ["l2e", "results", *(path.as_posix() for path in runs), "--out", out.as_posix()]
    if tuple(rules) != SHOWN_RULES:
        words += [word for rule in rules for word in ("--rule", rule)]
    return shlex.join(words)


def _write_index(folder: Path) -> None:
    from l2e.experiments.run import write_durably
    from l2e.reporting.results.index import INDEX, index_of

    write_durably(folder / INDEX, index_of(folder).encode())
    click.echo(f"The index is in {folder / INDEX}")
