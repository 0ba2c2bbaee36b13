"""A folder of results: what complete runs add up to, as tables and figures, with a manifest that says what made it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from l2e.analysis.comparison import match
from l2e.analysis.paper_programs import asked_programs
from l2e.evaluation.generalization import saved_rows
from l2e.experiments.run import Run, RunError, write_durably
from l2e.experiments.suite import heading_of
from l2e.metrics import Rule
from l2e.reporting.plots.drawing import files_of, in_paper_order
from l2e.reporting.plots.gallery import drawings_of
from l2e.reporting.results.manifest import MANIFEST, Manifest, Spent, read_manifest
from l2e.reporting.table import Table, render
from l2e.reporting.tables.accuracy import collect, find_runs, paired_tables, paper_tables, precisions_of, summarize
from l2e.reporting.tables.error_analysis import anatomy
from l2e.reporting.tables.examples import example_tables, markdown_table
from l2e.reporting.tables.generalization import extrapolation_table
from l2e.reporting.tables.literature import published_tables

TABLES, ROWS = "table.md", "table.csv"
NAMED_AT_MOST = 5  # folders in a message


def _paired(runs: Sequence[Run], rules: Sequence[Rule]) -> list[Table]:
    return paired_tables(collect(runs), rules) if match(runs) else []


def _examples(runs: Sequence[Run], rules: Sequence[Rule]) -> list[Table]:
    return example_tables(runs) + [markdown_table(answers) for answers in asked_programs(runs)]


def _beyond(runs: Sequence[Run], rules: Sequence[Rule]) -> list[Table]:
    scored = [run for run in runs if saved_rows(run)]
    return extrapolation_table(scored, rules) if scored else []


# What stands in the file of tables, in this order; a section that does not apply to the runs has no tables.
SECTIONS: tuple[Callable[[Sequence[Run], Sequence[Rule]], list[Table]], ...] = (
    lambda runs, rules: paper_tables(collect(runs), rules),
    _paired,
    _examples,
    lambda runs, rules: anatomy(runs),
    _beyond,
    lambda runs, rules: published_tables(run.experiment() for run in runs),
)


def complete_runs(paths: Iterable[Path]) -> list[Run]:
    """The runs at or below the paths, each once.

    Raises:
        RunError: there is none at or below one of them, or some are not complete.
    """
    runs = find_runs(paths)
    unfinished = [str(run) for run in runs if not run.complete]
    if unfinished:
        more = f" and {len(unfinished) - NAMED_AT_MOST} more" if len(unfinished) > NAMED_AT_MOST else ""
        raise RunError(
            f"{len(unfinished)} of {len(runs)} runs are not complete: {', '.join(unfinished[:NAMED_AT_MOST])}{more}. "
            "Results are of whole suites: give the same l2e bench again to go on, or name only complete runs"
        )
    return runs


def gather_results(
    paths: Sequence[Path], rules: Sequence[Rule], commands: Sequence[str]
) -> tuple[Manifest, dict[str, bytes]]:
    """The manifest and the other files of a folder of results, by name; the same runs give the same bytes.

    Args:
        paths: folders of runs, or runs.
        rules: by which tables and figures count.
        commands: that make the runs and the folder.

    Raises:
        RunError: there are no runs, some are not complete, or one cannot be read.
        FigureError: runs of different settings would share a place in a figure; or matplotlib is not installed.
    """
    runs = complete_runs(paths)
    tasks = sorted({str(run.experiment().task) for run in runs})
    title = heading_of(paths) or f"Learning to execute: {', '.join(tasks)}"
    tables = [table for section in SECTIONS for table in section(runs, rules)]
    rows = Table("Mean over seeds, and its 95 % interval", summarize(collect(runs).rows))
    written = {
        TABLES: ("All tables.", render(tables, "markdown", title).encode()),
        ROWS: ("Every accuracy under every rule, a flat row each.", render([rows], "csv").encode()),
        **files_of(drawings_of(runs, rules, "hardest", title)),
    }
    pictures = [name for name in written if name.endswith(".png")]
    manifest = Manifest(
        title=title,
        about=_about(runs),
        commands=list(commands),
        files={name: caption for name, (caption, _) in written.items()},
        picture=next(iter(pictures), None),
        rules=list(rules),
        runs=len(runs),
        seeds=sorted({run.experiment().seed for run in runs}),
        spent=_spent(runs),
        precisions=precisions_of(runs),
        **_environments(runs),
    )
    return manifest, {name: content for name, (_, content) in written.items()}


def write_results(folder: Path, manifest: Manifest, files: dict[str, bytes]) -> None:
    """Make a folder hold these files and the manifest, and nothing else.

    What a former manifest lists and this one does not is removed. A crash leaves no file that the manifest does not
    list, so that the same command can be given again.

    Raises:
        RunError: the folder holds something that no former manifest lists; nothing is changed.
    """
    former = read_manifest(folder)
    known = {MANIFEST, *former.files} if former else set()
    there = {entry.name for entry in folder.iterdir()} if folder.exists() else set()
    if unknown := sorted(there - known):
        raise RunError(
            f"{folder} holds what no manifest lists: {', '.join(unknown)}. Move it away, or give another --out"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name in there - {MANIFEST, *files}:
        (folder / name).unlink()
    write_durably(folder / MANIFEST, manifest.written())
    for name, content in files.items():
        write_durably(folder / name, content)


def _about(runs: Sequence[Run]) -> str:
    """How many runs of what."""
    experiments = [run.experiment() for run in runs]
    facts = {
        ("task", "tasks"): [str(one.task) for one in experiments],
        ("target", "targets"): [
            f"({length}, {nesting})" for length, nesting in sorted({e.target for e in experiments})
        ],
        ("curriculum", "curricula"): in_paper_order(str(one.curriculum) for one in experiments),
        ("learner", "learners"): [str(one.learner) for one in experiments],
    }
    said = []
    for names, values in facts.items():
        different = list(dict.fromkeys(values))
        said.append(f"{names[len(different) > 1]} {', '.join(different)}")
    return f"{len(runs)} runs: {'; '.join(said)}."


def _spent(runs: Sequence[Run]) -> Spent | None:
    """None where a run recorded no check, as what it took is then not known."""
    checks = [run.metrics()[-1:] for run in runs]
    if not all(checks):
        return None
    seconds, results = [check[0]["seconds"] for check in checks], [run.result() for run in runs]
    return Spent(
        seconds=round(sum(seconds), 1),
        shortest=min(seconds),
        longest=max(seconds),
        updates=sum(result["updates"] for result in results),
        characters=sum(result["characters"] for result in results),
    )


def _environments(runs: Sequence[Run]) -> dict[str, Any]:
    """What the runs recorded of commits, versions and machines, each once, sorted."""
    recorded = [json.loads(path.read_text()) for run in runs if (path := run / "environment.json").exists()]
    packages = [{"python": one["python"], **one["packages"]} for one in recorded]
    names = dict.fromkeys(name for one in packages for name in one)
    return {
        "commits": sorted({one["commit"] for one in recorded} - {None}),
        "versions": {name: sorted({one[name] for one in packages if name in one}) for name in names},
        "machines": sorted({_machine(one["machine"]) for one in recorded}),
    }


def _machine(machine: dict[str, Any]) -> str:
    features = f" ({', '.join(machine['features'])})" if machine.get("features") else ""
    return f"{machine['processor']}{features}, {machine['cores']} cores, {machine['gpu'] or 'no GPU'}"
