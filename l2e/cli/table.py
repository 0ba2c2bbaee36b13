"""`l2e table`: add runs up to tables."""

from __future__ import annotations

import json
from pathlib import Path

import click

from l2e.cli import options
from l2e.cli.options import RULES


@click.command()
@options.runs
@click.option(
    "--style",
    type=click.Choice(["paper", "paired", "long"]),
    default="paper",
    show_default=True,
    help="Pivots; pivots of paired differences from baseline, each with its p; or flat rows.",
)
@options.format_
@options.only_rules(RULES)
@click.option("--published", is_flag=True, help="End with others' figures on these tasks; only in the style paper.")
@options.picture("--picture", "Draw the table of accuracies under the first rule")
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    runs: tuple[Path, ...],
    style: str,
    format_: str,
    rules: tuple[str, ...],
    published: bool,
    picture: Path | None,
    as_json: bool,
) -> None:
    """Add up the complete runs at or below RUNS.

    Curricula × difficulties, floors and ceiling; mean ± half the 95 % interval over seeds.

    \b
    Example:
      l2e table runs/quick
      l2e table runs/quick --style paired --rule exact_match
      l2e table runs/quick --style long --format csv > quick.csv
      l2e table runs/learners-quick --rule exact_match --published --picture learners.png
    """
    if as_json and (idle := options.given(ctx, "style", "format_", "published")):
        raise click.UsageError(f"{', '.join(idle)}: not with --json, which writes flat rows and nothing else")
    if published and style != "paper":
        raise click.UsageError(f"--published: not with --style {style}; others' figures come after the pivots of paper")
    from l2e.experiments.suite import heading_of
    from l2e.metrics import Rule
    from l2e.reporting.plots.style import draw_grid
    from l2e.reporting.table import Table, render
    from l2e.reporting.tables.accuracy import collect, find_runs, paired_tables, paper_tables, short_learners, summarize
    from l2e.reporting.tables.literature import published_tables

    results = collect(find_runs(runs))
    chosen = [Rule(rule) for rule in rules or RULES]
    for path in results.unfinished:
        click.echo(f"not complete, left out: {path}", err=True)
    summary = summarize(results.rows)
    summary = summary[summary["rule"].isin([rule.value for rule in chosen])]
    if as_json:
        click.echo(json.dumps(json.loads(summary.to_json(orient="records"))))
    elif style == "long":
        click.echo(render([Table("Mean over seeds, and its 95 % interval", summary)], format_), nl=False)
    elif style == "paired":
        click.echo(render(paired_tables(results, chosen), format_, heading_of(runs)), nl=False)
    else:
        others = published_tables(run.experiment() for run in results.runs) if published else []
        if published and not others:
            raise click.UsageError("--published: others have published nothing on the tasks of these runs")
        click.echo(render(paper_tables(results, chosen) + others, format_, heading_of(runs)), nl=False)
    if picture:
        cells = summary[summary["rule"] == chosen[0].value]
        draw_grid(picture, cells.assign(learner=short_learners(cells)), chosen[0])
