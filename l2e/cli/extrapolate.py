"""`l2e extrapolate`: score runs beyond the difficulty they were trained for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click

from l2e.cli import options
from l2e.cli.options import RULES


@click.command()
@options.runs
@click.option(
    "--length",
    "lengths",
    type=click.IntRange(min=1),
    multiple=True,
    help="Test at this length and the run's own nesting. Repeatable.",
)
@click.option(
    "--nesting",
    "nestings",
    type=click.IntRange(min=1),
    multiple=True,
    help="Test at this nesting and the run's own length. Repeatable.",
)
@click.option("-n", "--number", type=click.IntRange(min=1), default=1000, show_default=True, help="How many samples.")
@options.only_rules(RULES)
@options.format_
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    runs: tuple[Path, ...],
    lengths: tuple[int, ...],
    nestings: tuple[int, ...],
    number: int,
    rules: tuple[str, ...],
    format_: str,
    as_json: bool,
) -> None:
    """Score the complete runs at or below RUNS at greater lengths and deeper nestings than they were trained for.

    Without --length and --nesting: one and two more of each than a run's target. A length or nesting that is not beyond
    a run's target is not tested with that run. What is found is kept in each run's folder, as extrapolation.json, and
    not computed again; the tables show all that is kept.

    \b
    Example:
      l2e extrapolate runs/quick
      l2e extrapolate runs/sums --length 6 --length 8 -n 500 --rule exact_match
    """
    if as_json and (idle := options.given(ctx, "format_")):
        raise click.UsageError(f"{', '.join(idle)}: not with --json, which writes flat rows and nothing else")
    from l2e.analysis.pooling import pools
    from l2e.evaluation.generalization import beyond, extrapolate
    from l2e.experiments.suite import heading_of
    from l2e.metrics import Rule
    from l2e.reporting.table import render
    from l2e.reporting.tables.accuracy import find_runs
    from l2e.reporting.tables.generalization import extrapolation_table

    found = find_runs(runs)
    complete = {run: experiment.target for pool in pools(found) for run, experiment in pool.runs}
    for run in found:
        if not run.complete:
            click.echo(f"not complete, left out: {run}", err=True)
    if not any(beyond(target, lengths, nestings) for target in complete.values()):
        targets = ", ".join(map(str, sorted(set(complete.values()))))
        raise click.UsageError(f"no --length or --nesting is beyond the target of a run: {targets}")
    chosen = [Rule(rule) for rule in rules or RULES]
    say = _once()
    rows = [
        row for run in complete for row in extrapolate(run, lengths, nestings, number, say) if row["rule"] in chosen
    ]
    if as_json:
        click.echo(json.dumps(rows))
    else:
        click.echo(render(extrapolation_table(complete, chosen), format_, heading_of(runs)), nl=False)


def _once() -> Callable[[str], None]:
    """Says each line once, as what a task cannot serve is the same for all its runs."""
    said: set[str] = set()

    def say(line: str) -> None:
        if line not in said:
            said.add(line)
            click.echo(line, err=True)

    return say
