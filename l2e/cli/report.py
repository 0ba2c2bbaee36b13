"""`l2e report`: runs as one HTML file."""

from __future__ import annotations

from pathlib import Path

import click

from l2e.cli import options


@click.command()
@options.runs
@click.option(
    "-o",
    "--out",
    type=options.FilledPath(file_okay=False, path_type=Path),
    default=Path("report"),
    show_default=True,
    help="The folder to write index.html to.",
)
def command(runs: tuple[Path, ...], out: Path) -> None:
    """Write a report of the complete runs at or below RUNS: one HTML file that opens without a network.

    Verdicts, tables, maps and learning curves, examples, error analysis, generalization beyond the target, commands to
    reproduce each run, and the test samples with every strategy's answers.

    \b
    Example:
      l2e report runs/quick
      l2e report runs/quick runs/sums -o reports/two
    """
    from l2e.experiments.run import write_durably
    from l2e.reporting.html import gather, render

    content = gather(runs)
    options.say_left_out(content.unfinished, content.damaged)
    for section in content.sections:
        if section.missing:
            click.echo(f"{section.title}: something is missing: {section.missing}", err=True)
    out.mkdir(parents=True, exist_ok=True)
    write_durably(out / "index.html", render(content).encode(errors="backslashreplace"))
    click.echo(f"The report is in {out / 'index.html'}")
