"""`l2e examples`: test samples beside what each strategy answered."""

from __future__ import annotations

from pathlib import Path

import click

from l2e.cli import options


@click.command()
@options.runs
@click.option(
    "-n", "most", type=click.IntRange(min=1), default=2, show_default=True, help="Examples of each difficulty."
)
@click.option("--forced", is_flag=True, help="Teacher-forced answers of the test samples, not free-running ones.")
@options.format_
def command(runs: tuple[Path, ...], most: int, forced: bool, format_: str) -> None:
    """Show what the complete runs at or below RUNS answered, wrong characters marked.

    For each task and difficulty the first different test inputs, which are drawn at random: the input, its target and
    each strategy's answer. Where there are runs of the task program, then the four programs of length 4 whose answers
    Zaremba & Sutskever published, beside what the trained networks answer to them.

    \b
    Example:
      l2e examples runs/quick
      l2e examples runs/quick -n 5 --forced --format csv > examples.csv
    """
    from l2e.analysis.examples import first_examples
    from l2e.analysis.paper_programs import asked_programs
    from l2e.experiments.suite import heading_of
    from l2e.reporting.tables.accuracy import collect, find_runs
    from l2e.reporting.tables.examples import render_examples

    found = find_runs(runs)
    unfinished = collect(found).unfinished
    for path in unfinished:
        click.echo(f"not complete, left out: {path}", err=True)
    complete = [run for run in found if run.path not in unfinished]
    answers = first_examples(complete, most, forced) + asked_programs(complete)
    click.echo(render_examples(answers, format_, heading_of(runs)), nl=False)
