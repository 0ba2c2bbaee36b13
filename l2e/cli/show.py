"""`l2e show`: figures, examples, error analysis and generalization of runs, and one network in action."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from l2e.cli import options
from l2e.cli.options import RULES
from l2e.cli.show_states import states
from l2e.cli.tables import show_tables

if TYPE_CHECKING:
    from l2e.analysis.run_set import RunSet


@click.group()
def command() -> None:
    """Show figures, examples, error analysis or generalization of complete runs, or one network in action.

    \b
    Example:
      l2e show examples runs/quick
      l2e show states runs/sums 'print(123+456)'
      l2e show errors runs/quick --aspect carries
    """


command.add_command(states)


@command.command()
@options.runs
@click.option(
    "--out",
    type=options.FilledPath(file_okay=False, path_type=Path),
    required=True,
    help="The folder to write figures to.",
)
@options.shown_rules("Draw accuracies by this rule. Repeatable.")
def figures(runs: tuple[Path, ...], out: Path, rules: tuple[str, ...]) -> None:
    """Draw figures of runs, each as SVG and PNG.

    For tasks at several lengths and nestings: maps of accuracy, and of the difference to baseline. At
    several lengths: accuracy against the number of digits. Else a grid of learners and tasks. For each target: learning
    curves, with the difficulty of training under them.

    \b
    Example:
      l2e show figures runs/quick --out figures
    """
    from l2e.experiments.run import write_durably
    from l2e.metrics import rule_named
    from l2e.reporting.plots.drawing import files_of
    from l2e.reporting.sections import SECTIONS

    found = options.read_runs(runs)
    chosen = [rule_named(rule) for rule in rules]
    drawings = [drawing for section in SECTIONS.values() for drawing in section.figures(found, chosen)]
    files = files_of(drawings)
    out.mkdir(parents=True, exist_ok=True)
    for name, (_, content) in files.items():
        write_durably(out / name, content)
    for drawing in drawings:
        click.echo(f"{out / drawing.name}: {drawing.caption}")


@command.command()
@options.runs
@click.option(
    "-n", "most", type=click.IntRange(min=1), default=2, show_default=True, help="Examples of each difficulty."
)
@click.option("--forced", is_flag=True, help="Teacher-forced answers to the test samples, not free-running ones.")
@options.format_
def examples(runs: tuple[Path, ...], most: int, forced: bool, format_: str) -> None:
    """Show answers of runs, wrong characters marked; of several seeds the first.

    For each task and difficulty: random test inputs, their targets and each strategy's answers. For the task program
    also the four programs of length 4 with answers published by Zaremba & Sutskever, and the networks' answers.

    \b
    Example:
      l2e show examples runs/quick
      l2e show examples runs/quick -n 5 --forced --format csv > examples.csv
    """
    from l2e.analysis.examples import first_examples
    from l2e.analysis.paper_programs import asked_programs
    from l2e.reporting.tables.examples import flat_table, marked_table

    found = options.read_runs(runs)
    answers = first_examples(found, most, forced) + asked_programs(found)
    tables = [flat_table(answers)] if format_ == "csv" else [marked_table(one) for one in answers]
    show_tables(tables, format_, found.title)


@command.command()
@options.runs
@click.option(
    "--style", type=click.Choice(["paper", "long"]), default="paper", show_default=True, help="Pivots, or flat rows."
)
@options.format_
@click.option("--aspect", "aspects", multiple=True, help="Only this aspect, as sign or operation. Repeatable.")
@options.only_rules((*RULES, "share_of_answers"))
@options.as_json
@click.pass_context
def errors(
    ctx: click.Context,
    runs: tuple[Path, ...],
    style: str,
    format_: str | None,
    aspects: tuple[str, ...],
    rules: tuple[str, ...],
    as_json: bool,
) -> None:
    """Analyse the errors of runs.

    For each task and strategy, over its targets and seeds: accuracy by the position of the character, the length and
    sign of the answer and traits of the input, and the numerical error of wrong answers.

    \b
    Example:
      l2e show errors runs/quick
      l2e show errors runs/quick --aspect carries --rule exact_match --format latex
      l2e show errors runs/quick --style long --format csv > errors.csv
    """
    options.refuse_beside_json(ctx, as_json, "style", "format_")
    from l2e.analysis.error_analysis import error_rows
    from l2e.registry import unknown
    from l2e.reporting.table import Table
    from l2e.reporting.tables.error_analysis import tables_of

    found = options.read_runs(runs)
    rows = error_rows(found)
    known = list(dict.fromkeys(rows["aspect"]))
    for aspect in aspects:
        if aspect not in known:
            raise click.BadParameter(unknown("aspect", aspect, known), param_hint="--aspect")
    rows = rows[rows["aspect"].isin(aspects or known) & rows["rule"].isin(rules or [*rows["rule"]])]
    if rows.empty:
        raise click.UsageError(f"no {', '.join(aspects)} is counted by {', '.join(rules)}; give another --rule")
    if as_json:
        options.write_line(json.loads(rows.to_json(orient="records")))
    elif style == "long":
        title = "Errors taken apart, a row a strategy, aspect, value and rule, with Wilson's 95 % interval"
        show_tables([Table(title, rows)], format_)
    elif tables := tables_of(rows):
        show_tables(tables, format_, found.title)
    else:
        alike = ", ".join(dict.fromkeys(rows["aspect"]))
        click.echo(f"no table: all samples have the same {alike}; --style long has the rows", err=True)


@command.command()
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
@click.option("-n", "--number", type=options.SAMPLES, default=1000, show_default=True, help="How many samples.")
@options.only_rules(RULES)
@options.format_
@options.as_json
@click.pass_context
def generalization(
    ctx: click.Context,
    runs: tuple[Path, ...],
    lengths: tuple[int, ...],
    nestings: tuple[int, ...],
    number: int,
    rules: tuple[str, ...],
    format_: str | None,
    as_json: bool,
) -> None:
    """Score runs at greater lengths and deeper nestings than they were trained for.

    Without --length and --nesting: one and two more of each than a run's target. Those not beyond a run's target are
    skipped. Results are cached in each run's folder, as extrapolation.json; the tables show all of them.

    \b
    Example:
      l2e show generalization runs/quick
      l2e show generalization runs/sums --length 6 --length 8 -n 500 --rule exact_match
    """
    options.refuse_beside_json(ctx, as_json, "format_")
    from l2e.evaluation.generalization import beyond, extrapolate
    from l2e.experiments.run import RunError
    from l2e.metrics import Rule
    from l2e.reporting.tables.generalization import generalization_tables

    found = options.read_runs(runs)
    if not any(beyond(run.experiment.target, lengths, nestings) for run in found):
        targets = ", ".join(map(str, sorted({run.experiment.target for run in found})))
        raise click.UsageError(f"no --length or --nesting is beyond the target of a run: {targets}")
    chosen = [Rule(rule) for rule in rules or RULES]
    say = _once()
    scored = {run.folder.path: extrapolate(run.folder, lengths, nestings, number, say) for run in _by_task(found)}
    if as_json:
        options.write_line([row for rows in scored.values() for row in rows if row["rule"] in chosen])
    elif tables := generalization_tables(found, chosen, scored):
        show_tables(tables, format_, found.title)
    else:
        raise RunError("no run could be scored beyond its target, as its task cannot serve such difficulties")


def _by_task(runs: RunSet) -> list[Any]:
    return [run for strategy in runs.by_strategy() for run in strategy.runs]


def _once() -> Callable[[str], None]:
    """A printer that skips lines already printed."""
    said: set[str] = set()

    def say(line: str) -> None:
        if line not in said:
            said.add(line)
            click.echo(line, err=True)

    return say
