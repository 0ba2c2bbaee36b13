"""`l2e figures`: draw runs."""

from __future__ import annotations

from pathlib import Path

import click

from l2e.cli import options


@click.command()
@options.runs
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write figures to."
)
@options.shown_rules("Draw accuracies by this rule. Repeatable.")
@click.option(
    "--curves",
    type=click.Choice(["all", "hardest"]),
    default="all",
    show_default=True,
    help="Learning curves of every target, or of each task's hardest alone.",
)
def command(runs: tuple[Path, ...], out: Path, rules: tuple[str, ...], curves: str) -> None:
    """Draw the complete runs at or below RUNS, each figure as SVG and as PNG.

    Where a task was learnt at several lengths and nestings: maps of accuracy, and of the difference to baseline. At
    several lengths: accuracy against the number of digits. Else a grid of learners and tasks. For each target: learning
    curves, with the curriculum's current difficulty under them.

    \b
    Example:
      l2e figures runs/quick --out figures
      l2e figures runs/paper-program --rule exact_match --curves hardest --out figures/programs
    """
    from l2e.experiments.run import write_durably
    from l2e.experiments.suite import heading_of
    from l2e.metrics import Rule
    from l2e.reporting.plots.drawing import files_of
    from l2e.reporting.plots.gallery import drawings_of
    from l2e.reporting.tables.accuracy import find_runs

    found = find_runs(runs)
    drawings = drawings_of(found, [Rule(rule) for rule in rules], curves, heading_of(runs))
    files = files_of(drawings)
    for run in found:
        if not run.complete:
            click.echo(f"not complete, left out: {run}", err=True)
    out.mkdir(parents=True, exist_ok=True)
    for name, (_, content) in files.items():
        write_durably(out / name, content)
    for drawing in drawings:
        click.echo(f"{out / drawing.name}: {drawing.caption}")
