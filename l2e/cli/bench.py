"""`l2e bench`: run a suite of experiments."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from l2e.cli import FAILED, INTERRUPTED, options
from l2e.cli.options import SHOWN_SECTIONS

if TYPE_CHECKING:
    from l2e.experiments.suite import Suite


@click.command()
@click.argument("suite")
@click.option(
    "--scale",
    help="Of a suite that comes in several, as laptop, gpu, paper, or release, which is paper with lengths drawn at "
    "every operand; by default the first.",
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="The runs' folder; by default runs/SUITE."
)
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Runs at a time.")
@click.option(
    "--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True, help="Where runs work."
)
@options.device
@click.option(
    "--population",
    type=click.IntRange(min=1),
    help="Train so many runs of one shape in lockstep; meant for a GPU, and never run on one.",
)
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    suite: str,
    scale: str | None,
    out: Path | None,
    jobs: int,
    engine: str,
    device: str,
    population: int | None,
    as_json: bool,
) -> None:
    """Run every experiment of SUITE (a name, or a .toml file), then show the table.

    Complete runs are skipped and unfinished ones go on, so the same command can be given again at any time.

    \b
    Example:
      l2e bench quick --jobs 2
      l2e bench paper-program --scale paper --device cuda --population 36
    """
    from l2e.cli.display import bench_display, duration
    from l2e.experiments.origin import record_command
    from l2e.experiments.suite import read_suite
    from l2e.training.executors import ENGINES
    from l2e.training.jobs import plan, work
    from l2e.training.run_experiment import check_device
    from l2e.training.signals import interrupting

    read = read_suite(suite, scale, device)
    default = Path("runs") / read.name
    folder = out or default
    runs = [folder / experiment.name for experiment in read.experiments]
    todo = plan(read, folder, jobs, os.cpu_count() or 1, device, population)
    if todo:
        if engine == "local":  # elsewhere it is the cluster's machines that must have it
            check_device(device)
        read.check()
    read.label(folder)
    record_command(folder, _outcome_words(suite, scale, device, population), default)
    unfinished = sum(len(job.experiments) for job in todo)
    click.echo(f"{read.title}: {len(runs)} runs, {len(runs) - unfinished} of them complete, in {folder}", err=True)
    begun = time.monotonic()
    failures: dict[str, str] = {}
    try:
        with interrupting(), bench_display(runs) as show:
            for finished in ENGINES[engine](jobs).map_unordered(work, todo):
                show(finished)
                failed = finished.result or {}
                if finished.error is not None:
                    failed = dict.fromkeys(finished.job.experiments, finished.error)
                failures |= {str(path): why for path, why in failed.items()}
    except KeyboardInterrupt:
        click.echo(f"Interrupted; everything is saved in {folder}. The same command goes on.", err=True)
        ctx.exit(INTERRUPTED)
    click.echo(f"{unfinished - len(failures)} runs done in {duration(time.monotonic() - begun)}", err=True)
    _show_results(folder, runs, failures, read, as_json)
    ctx.exit(FAILED if failures else 0)


def _outcome_words(suite: str, scale: str | None, device: str, population: int | None) -> list[str]:
    """This command without what changes no outcome: how many runs at a time, and where they work."""
    said = {"--scale": scale, "--device": None if device == "cpu" else device, "--population": population}
    options = [word for option, value in said.items() if value is not None for word in (option, str(value))]
    return ["l2e", "bench", suite, *options]


def _show_results(folder: Path, runs: list[Path], failures: dict[str, str], suite: Suite, as_json: bool) -> None:
    from l2e.analysis.run_set import RunSet
    from l2e.experiments.run import Run
    from l2e.reporting.sections import SECTIONS
    from l2e.reporting.table import render

    complete = [run for run in map(Run, runs) if run.complete]
    if as_json:
        rows: list[dict[str, Any]] = [row for run in complete for row in run.result()["rows"]]
        click.echo(json.dumps({"folder": str(folder), "rows": rows, "failures": failures}))
    elif complete:
        sections = [*SHOWN_SECTIONS, *(["literature"] if suite.published else [])]
        found = RunSet.of(complete)
        tables = [table for name in sections for table in SECTIONS[name].tables(found, suite.rules)]
        click.echo(render(tables, "markdown", suite.title), nl=False)
    for run, why in failures.items():
        click.echo(f"failed: {run}: {why}", err=True)
