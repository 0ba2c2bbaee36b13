"""`l2e bench`: run a suite of experiments."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from l2e.cli import INTERRUPTED, completion, options
from l2e.cli.options import SHOWN_SECTIONS
from l2e.cli.tables import show_tables
from l2e.errors import FAILED

if TYPE_CHECKING:
    from l2e.experiments.stopping import StoppingRule
    from l2e.experiments.suite import Suite
    from l2e.metrics import Rule
    from l2e.training.jobs import Unfinished


@click.command()
@click.argument("suite", shell_complete=completion.suites)
@click.option(
    "--scale",
    help="Of a suite that comes in several, as laptop, gpu, paper, or release, which is paper with lengths drawn at "
    "every operand; by default the first.",
)
@click.option("--only", multiple=True, metavar="KEY=VALUE,...", help="A part: task=addition,length=3. Repeatable.")
@click.option("--budget", help="Instead of the suite's, as 90s, 10m, 50Mcharacters or 1500updates.")
@click.option("--seeds", metavar="N|FIRST-LAST", help="Instead of the suite's: 10 are 0 to 9; also 10-19.")
@click.option("--add-seeds", type=click.IntRange(min=1), help="Run this many more seeds than the folder has.")
@click.option(
    "--until-width",
    type=options.FiniteRange(min=0, max=100, min_open=True),
    help="Add 5 seeds at a time until the 95 % interval over seeds of every cell, by the suite's first rule, is "
    "narrower than this many points; with --most-seeds.",
)
@click.option("--most-seeds", type=click.IntRange(min=2), help="Greatest number of seeds for --until-width.")
@click.option(
    "--out", type=options.FilledPath(file_okay=False, path_type=Path), help="The runs' folder; by default runs/SUITE."
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Runs at a time, with one thread each; a run alone has all cores, unless its network is small.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="Where runs work; ray is the cluster at RAY_ADDRESS, or this machine without one.",
)
@options.device
@click.option(
    "--population",
    type=click.IntRange(min=1),
    help="Train this many runs of one shape in parallel; meant for a GPU, and never run on one.",
)
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    suite: str,
    scale: str | None,
    only: tuple[str, ...],
    budget: str | None,
    seeds: str | None,
    add_seeds: int | None,
    until_width: float | None,
    most_seeds: int | None,
    out: Path | None,
    jobs: int,
    engine: str,
    device: str,
    population: int | None,
    as_json: bool,
) -> None:
    """Run every experiment of SUITE (a name, or a .toml file), then show the table.

    Complete runs are skipped and unfinished ones resumed, so the same command can be repeated at any time, also
    concurrently: runs that another process works on are skipped.

    \b
    Example:
      l2e bench quick --jobs 2
      l2e bench quick --only task=addition --seeds 10
      l2e bench quick --until-width 2 --most-seeds 50
      l2e bench paper-program --scale paper --device cuda --population 36
    """
    from l2e.experiments.origin import record_command, recorded_command
    from l2e.experiments.seeds import typed_seeds
    from l2e.experiments.stopping import StoppingRule

    wanted = _wanted(only, seeds, add_seeds, until_width, most_seeds)
    whole = _whole(suite, scale, device, budget)
    default = Path("runs") / whole.name
    folder = out or default
    chosen = _chosen(whole, folder, wanted, seeds, add_seeds)
    rule = None
    if until_width and most_seeds:
        rule = StoppingRule(rule=_first_accuracy(chosen), width=until_width, most=most_seeds)
    rounds = _rounds(chosen, rule)
    _check(rounds[-1], folder, engine, device)
    _fix_seeds(rule, folder)
    chosen.label(folder)
    words = _words(
        scale=[scale],
        only=only,
        budget=[budget],
        # More seeds than there are would be more again, so those that are meant are recorded.
        seeds=[typed_seeds({one.seed for one in chosen.experiments}) if add_seeds else seeds],
        until_width=[until_width and f"{until_width:g}"],
        most_seeds=[most_seeds],
        device=[None if device == "cpu" else device],
        population=[population],
    )
    record_command(folder, ["l2e", "bench", suite, *words], default)
    try:
        part, unfinished = _run_rounds(rounds, rule, folder, jobs, engine, device, population)
        _score_beyond(folder, part)
    except KeyboardInterrupt:
        again = f"{recorded_command(folder)}" if add_seeds else "The same command"
        click.echo(f"Interrupted; everything is saved in {folder}. {again} goes on.", err=True)
        ctx.exit(INTERRUPTED)
    _show_results(folder, part, rule, unfinished, as_json)
    ctx.exit(FAILED if unfinished.failed else 0)


def _whole(suite: str, scale: str | None, device: str, budget: str | None) -> Suite:
    """The suite at its scale, with the budget if one is given."""
    from l2e.experiments.selection import with_budget
    from l2e.experiments.suite import read_suite

    read = read_suite(suite, scale, device)
    return with_budget(read, budget) if budget else read


def _chosen(
    whole: Suite, folder: Path, wanted: dict[str, list[str]], seeds: str | None, add_seeds: int | None
) -> Suite:
    """The part of the suite that is wanted, with the seeds that are."""
    from l2e.experiments.seeds import more_seeds, parse_seeds, with_seeds
    from l2e.experiments.selection import choose

    chosen = choose(whole, {key: values for key, values in wanted.items() if key != "seed"})
    if add_seeds:
        chosen = with_seeds(chosen, more_seeds(chosen, folder, add_seeds))
    if seeds:
        chosen = with_seeds(chosen, parse_seeds(seeds))
    return choose(chosen, {"seed": wanted["seed"]} if "seed" in wanted else {})


def _rounds(chosen: Suite, rule: StoppingRule | None) -> list[Suite]:
    """What is run before each look of the rule; all at once without one."""
    from l2e.experiments.seeds import with_seeds

    return [chosen] if rule is None else [with_seeds(chosen, range(count)) for count in rule.looks()]


def _fix_seeds(rule: StoppingRule | None, folder: Path) -> None:
    """Fix the rule before it looks, or find that no rule chooses the seeds of the folder."""
    from l2e.experiments.stopping import check_seeds_are_free

    if rule is None:
        check_seeds_are_free(folder)
    else:
        rule.fix(folder)


def _words(**said: Sequence[object]) -> list[str]:
    """Options and their values as one types them; those without a value are left out."""
    return [
        word
        for option, values in said.items()
        for value in values
        if value
        for word in (f"--{option.replace('_', '-')}", f"{value}")
    ]


def _run_rounds(
    rounds: Sequence[Suite],
    rule: StoppingRule | None,
    folder: Path,
    jobs: int,
    engine: str,
    device: str,
    population: int | None,
) -> tuple[Suite, Unfinished]:
    """Run one round after another until the rule is met; the last one that was run, and what of it is unfinished.

    Raises:
        KeyboardInterrupt: on SIGINT, SIGTERM or SIGHUP, with every run saved.
    """
    from l2e.analysis.aggregate import widest_interval
    from l2e.analysis.run_set import RunSet
    from l2e.experiments.run import Run

    for part in rounds:
        unfinished = _run(part, folder, jobs, engine, device, population)
        if rule is None or unfinished.failed or unfinished.taken:
            break
        runs = RunSet.of(Run(folder / experiment.name) for experiment in part.experiments)
        runs.require_complete()
        if 100 * widest_interval(runs, rule.rule) < rule.width:
            click.echo(f"Every interval is narrower than {rule.width:g} points.", err=True)
            break
    return part, unfinished


def _wanted(
    only: Sequence[str], seeds: str | None, add_seeds: int | None, until_width: float | None, most_seeds: int | None
) -> dict[str, list[str]]:
    """What --only selects, once it is known that no two options contradict one another."""
    from l2e.experiments.selection import parse_wanted

    wanted = parse_wanted(only)
    said = {"--seeds": seeds, "--add-seeds": add_seeds, "--until-width": until_width}
    given = [option for option, value in said.items() if value]
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)} contradict one another; give one of them")
    if bool(until_width) != bool(most_seeds):
        raise click.UsageError("--until-width and --most-seeds go together")
    if "seed" in wanted and (add_seeds or until_width):
        raise click.UsageError(f"{given[0]} chooses the seeds, so --only cannot")
    return wanted


def _check(suite: Suite, folder: Path, engine: str, device: str) -> None:
    """Check all experiments before anything is written, unless all are complete."""
    from l2e.experiments.run import Run
    from l2e.training.run_experiment import check_device

    if not all(Run(folder / experiment.name).complete for experiment in suite.experiments):
        if engine == "local":  # elsewhere the cluster's machines must have it
            check_device(device)
        suite.check()


def _run(suite: Suite, folder: Path, jobs: int, engine: str, device: str, population: int | None) -> Unfinished:
    """Run what is not complete; return the runs that failed or were taken.

    Raises:
        KeyboardInterrupt: on SIGINT, SIGTERM or SIGHUP, with every run saved.
    """
    from l2e.analysis.labels import run_names
    from l2e.cli.bench_display import bench_display
    from l2e.cli.display import duration
    from l2e.training.executors import ENGINES
    from l2e.training.jobs import Unfinished, plan, work
    from l2e.training.signals import interrupting

    runs = [folder / experiment.name for experiment in suite.experiments]
    todo = plan(suite, folder, jobs, os.cpu_count() or 1, device, population)
    waiting = sum(len(job.experiments) for job in todo)
    click.echo(f"{suite.title}: {len(runs)} runs, {len(runs) - waiting} of them complete, in {folder}", err=True)
    begun = time.monotonic()
    unfinished = Unfinished()
    names = dict(zip(runs, run_names(suite.experiments), strict=True))
    shown = {path: names[path] for job in todo for path in job.experiments}
    with interrupting(), bench_display(shown, len(runs)) as show:
        for finished in ENGINES[engine](jobs).map_unordered(work, todo):
            show(finished)
            if finished.error is not None:
                unfinished |= Unfinished(failed=dict.fromkeys(finished.job.experiments, finished.error))
            else:
                unfinished |= finished.result
    done = waiting - len(unfinished.failed) - len(unfinished.taken)
    click.echo(f"{done} runs done in {duration(time.monotonic() - begun)}", err=True)
    return unfinished


def _first_accuracy(suite: Suite) -> Rule:
    """The rule whose intervals decide whether seeds are added.

    Raises:
        click.UsageError: the suite's rules have none of accuracy.
    """
    from l2e.metrics import Rule

    accuracies = [rule for rule in suite.rules if isinstance(rule, Rule)]
    if not accuracies:
        raise click.UsageError(f"--until-width: none of the rules of {suite.name} is of accuracy; add exact_match")
    return accuracies[0]


def _score_beyond(folder: Path, suite: Suite) -> None:
    """Score complete runs at the suite's lengths beyond their targets, where they were not scored yet."""
    if not suite.beyond:
        return
    from l2e.evaluation.generalization import extrapolate
    from l2e.experiments.run import Run

    for experiment in suite.experiments:
        if (run := Run(folder / experiment.name)).complete:
            extrapolate(run, suite.beyond, n=experiment.test_samples)


def _show_results(folder: Path, suite: Suite, rule: StoppingRule | None, unfinished: Unfinished, as_json: bool) -> None:
    from l2e.analysis.run_set import RunSet
    from l2e.experiments.run import Run
    from l2e.reporting.sections import SECTIONS

    runs = [Run(folder / experiment.name) for experiment in suite.experiments]
    complete = [run for run in runs if run.complete]
    if as_json:
        rows: list[dict[str, Any]] = [row for run in complete for row in run.result()["rows"]]
        failed, taken = (
            {str(path): why for path, why in runs.items()} for runs in (unfinished.failed, unfinished.taken)
        )
        options.write_line({"folder": str(folder), "rows": rows, "failures": failed, "taken": taken})
    elif complete:
        also = {"generalization": bool(suite.beyond), "literature": suite.published}
        sections = [*SHOWN_SECTIONS, *(section for section, shown in also.items() if shown)]
        found = replace(RunSet.of(complete), stopping=() if rule is None else (rule,))
        options.say_left_out((), found.damaged)
        tables = [table for name in sections for table in SECTIONS[name].tables(found, suite.rules)]
        show_tables(tables, None, suite.title)
    for path, text in unfinished.failed.items():
        click.echo(f"failed: {path}: {text}", err=True)
    for path, text in unfinished.taken.items():
        click.echo(f"taken, skipped: {path}: {text}", err=True)
