"""`l2e table`: tables of runs."""

from __future__ import annotations

import json
from pathlib import Path

import click

from l2e.cli import options
from l2e.cli.options import ALL_RULES, RULES, SHOWN_RULES, SHOWN_SECTIONS
from l2e.cli.tables import show_tables


@click.command()
@options.runs
@click.option(
    "--style",
    type=click.Choice(["paper", "long"]),
    default="paper",
    show_default=True,
    help="Pivots, or flat rows.",
)
@options.format_
@options.only_rules(ALL_RULES)
@click.option(
    "--section",
    "sections",
    type=click.Choice([*SHOWN_SECTIONS, "language", "literature"]),
    multiple=True,
    default=SHOWN_SECTIONS,
    show_default=True,
    help="What to show. Repeatable.",
)
@options.picture("--picture", "Draw the table of accuracies under the first rule")
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    runs: tuple[Path, ...],
    style: str,
    format_: str | None,
    rules: tuple[str, ...],
    sections: tuple[str, ...],
    picture: Path | None,
    as_json: bool,
) -> None:
    """Tabulate the complete runs at or below RUNS.

    Comparisons of curricula over seeds; accuracies with reference predictors; updates until the target is learnt.

    \b
    Example:
      l2e table runs/quick
      l2e table runs/quick --section verdict --rule exact_match
      l2e table runs/quick --section literature
      l2e table runs/quick --style long --format csv > quick.csv
      l2e table runs/learners-quick --rule exact_match --picture learners.png
    """
    options.refuse_beside_json(ctx, as_json, "style", "format_", "sections")
    if style == "long" and (idle := options.given(ctx, "sections")):
        raise click.UsageError(f"{', '.join(idle)}: not with --style long, which writes flat rows of accuracies alone")
    import pandas as pd

    from l2e.analysis.aggregate import accuracy_rows, summarize
    from l2e.analysis.learning import flat_rows
    from l2e.metrics import LearningRule, Rule, rule_named
    from l2e.reporting.plots.style import draw_grid
    from l2e.reporting.sections import SECTIONS
    from l2e.reporting.table import Table

    found = options.read_runs(runs)
    chosen = [rule_named(rule) for rule in rules or dict.fromkeys((*RULES, *SHOWN_RULES))]
    summary = summarize(accuracy_rows(found))
    summary = summary[summary["rule"].isin([rule.value for rule in chosen])]
    if as_json or style == "long":
        learning = flat_rows(found, [rule for rule in chosen if isinstance(rule, LearningRule)])
        rows = pd.concat([summary.rename(columns={"accuracy": "value"}), learning])
        if as_json:
            options.write_line(json.loads(rows.to_json(orient="records")))
        else:
            show_tables([Table("Over seeds, with 95 % intervals", rows)], format_)
    else:
        tables = [table for name in sections for table in SECTIONS[name].tables(found, chosen)]
        if not tables:
            raise click.UsageError(f"of these runs there are no tables of {', '.join(sections)} by these rules")
        show_tables(tables, format_, found.title)
    if picture:
        first = next((rule for rule in chosen if isinstance(rule, Rule)), None)
        if first is None:
            raise click.UsageError("--picture draws accuracies: add a rule of accuracy, as --rule exact_match")
        draw_grid(picture, summary[summary["rule"] == first.value], first)
