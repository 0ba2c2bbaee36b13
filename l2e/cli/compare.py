"""`l2e compare`: whether verdicts replicate in other runs."""

from __future__ import annotations

import json
from pathlib import Path

import click

from l2e.cli import options
from l2e.cli.options import RULES, TIME_RULES
from l2e.cli.tables import show_tables


@click.command()
@click.argument("first", type=options.FilledPath(path_type=Path))
@click.argument("second", type=options.FilledPath(path_type=Path))
@options.only_rules((*RULES, *TIME_RULES))
@options.format_
@options.as_json
@click.pass_context
def command(
    ctx: click.Context, first: Path, second: Path, rules: tuple[str, ...], format_: str | None, as_json: bool
) -> None:
    """Compare the verdicts of the runs at or below FIRST with those at or below SECOND.

    The second may be of other seeds, another precision or another machine. One row per cell, curriculum and measure:
    the verdicts against baseline over seeds, and whether they agree.

    \b
    Example:
      l2e bench quick --seeds 5-9 --out runs/quick-again
      l2e compare runs/quick runs/quick-again
    """
    options.refuse_beside_json(ctx, as_json, "format_")
    from l2e.analysis.replication import replication
    from l2e.experiments.run import RunError
    from l2e.metrics import rule_named
    from l2e.reporting.tables.replication import replication_table

    chosen = [rule_named(rule) for rule in rules or (*RULES, "updates_to_target")]
    rows = replication(options.read_runs([first]), options.read_runs([second]), chosen)
    if rows.empty:
        raise RunError(
            f"{first} and {second} share no cell with a verdict: give runs of the same tasks, learners and curricula, "
            "of two seeds or more each"
        )
    if as_json:
        options.write_line(json.loads(rows.to_json(orient="records")))
    else:
        show_tables([replication_table(rows, str(first), str(second))], format_)
