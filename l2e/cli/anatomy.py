"""`l2e anatomy`: take the errors of runs apart."""

from __future__ import annotations

import json
from pathlib import Path

import click

from l2e.cli import options
from l2e.cli.options import RULES


@click.command()
@options.runs
@click.option(
    "--style", type=click.Choice(["paper", "long"]), default="paper", show_default=True, help="Pivots, or flat rows."
)
@options.format_
@click.option("--aspect", "aspects", multiple=True, help="Only this aspect, as sign or operation. Repeatable.")
@options.only_rules((*RULES, "share_of_answers"))
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    runs: tuple[Path, ...],
    style: str,
    format_: str,
    aspects: tuple[str, ...],
    rules: tuple[str, ...],
    as_json: bool,
) -> None:
    """Take the errors of the complete runs at or below RUNS apart.

    For each task and strategy, over its targets and seeds: accuracy by the position of the character, the length and
    sign of the answer and what the input is made of, and how far wrong answers are off.

    \b
    Example:
      l2e anatomy runs/quick
      l2e anatomy runs/quick --aspect operation --rule exact_match --format latex
      l2e anatomy runs/quick --style long --format csv > anatomy.csv
    """
    if as_json and (idle := options.given(ctx, "style", "format_")):
        raise click.UsageError(f"{', '.join(idle)}: not with --json, which writes flat rows and nothing else")
    from l2e.analysis.error_analysis import anatomy_rows
    from l2e.experiments.suite import heading_of
    from l2e.registry import unknown
    from l2e.reporting.table import Table, render
    from l2e.reporting.tables.accuracy import find_runs
    from l2e.reporting.tables.error_analysis import anatomy_tables

    found = find_runs(runs)
    rows = anatomy_rows(found)
    for run in found:
        if not run.complete:
            click.echo(f"not complete, left out: {run}", err=True)
    known = list(dict.fromkeys(rows["aspect"]))
    for aspect in aspects:
        if aspect not in known:
            raise click.BadParameter(unknown("aspect", aspect, known), param_hint="--aspect")
    rows = rows[rows["aspect"].isin(aspects or known) & rows["rule"].isin(rules or [*rows["rule"]])]
    if rows.empty:
        raise click.UsageError(f"no {', '.join(aspects)} is counted by {', '.join(rules)}; give another --rule")
    if as_json:
        click.echo(json.dumps(json.loads(rows.to_json(orient="records"))))
    elif style == "long":
        title = "Errors taken apart, a row a strategy, aspect, value and rule, with Wilson's 95 % interval"
        click.echo(render([Table(title, rows)], format_), nl=False)
    elif tables := anatomy_tables(rows):
        click.echo(render(tables, format_, heading_of(runs)), nl=False)
    else:
        alike = ", ".join(dict.fromkeys(rows["aspect"]))
        click.echo(f"no table: all samples have the same {alike}; --style long has the rows", err=True)
