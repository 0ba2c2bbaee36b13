"""A folder of results: tables and figures of complete runs, with a manifest of how it was made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from l2e.analysis.aggregate import accuracy_rows, summarize
from l2e.analysis.run_set import RunSet
from l2e.experiments.run import RunError, write_durably
from l2e.metrics import AnyRule
from l2e.reporting.plots.drawing import files_of
from l2e.reporting.results.manifest import MANIFEST, Manifest, Spent, read_manifest
from l2e.reporting.results.readme import README, readme_of
from l2e.reporting.sections import SECTIONS
from l2e.reporting.summary import summary_of
from l2e.reporting.table import Table, render

ROWS = "accuracy.csv"
MOST_LINES = 150


def gather_results(
    paths: Sequence[Path], rules: Sequence[AnyRule], commands: Sequence[str]
) -> tuple[Manifest, dict[str, bytes]]:
    """The manifest and the other files of a folder of results, by name; the same runs give the same bytes.

    A section has a file of its own for its tables, and its figures each in every format that is written.

    Args:
        paths: folders of runs, or runs.
        rules: scoring rules of tables and figures.
        commands: that make the runs and the folder.

    Raises:
        RunError: there are no runs, some are not complete, or one cannot be read.
        FigureError: matplotlib is not installed.
    """
    runs = RunSet.read(paths)
    runs.require_complete()
    written: dict[str, tuple[str, bytes]] = {}
    figures: dict[str, tuple[str, bytes]] = {}
    for section in SECTIONS.values():
        for number, tables in enumerate(pages_of(section.tables(runs, rules)), 1):
            text = render(tables, "markdown", f"{section.title}: {runs.heading}")
            name = f"{section.id}.md" if number == 1 else f"{section.id}-{number}.md"
            written[name] = f"{section.title}.", text.encode()
        figures |= files_of(section.figures(runs, rules))
    rows = Table("Mean over seeds, and its 95 % interval", summarize(accuracy_rows(runs)))
    written[ROWS] = "Every accuracy under every rule, a flat row each.", render([rows], "csv").encode()
    written |= figures
    summary = summary_of(runs)
    files = {README: "The first screen.", **{name: caption for name, (caption, _) in written.items()}}
    manifest = Manifest(
        title=runs.heading,
        about=summary.asked,
        verdicts=summary.verdicts,
        commands=list(commands),
        files=files,
        picture=_picture(list(figures)),
        rules=list(rules),
        runs=len(runs),
        seeds=sorted({run.experiment.seed for run in runs}),
        spent=_spent(runs),
        precisions=runs.precisions,
        **_environments(runs),
    )
    contents = {name: content for name, (_, content) in written.items()}
    return manifest, {README: readme_of(manifest, summary).encode(), **contents}


def pages_of(tables: Sequence[Table]) -> list[list[Table]]:
    """The tables in their order, as many to a page as come to MOST_LINES in Markdown, and at least one."""
    pages: list[list[Table]] = []
    lines = MOST_LINES
    for table in tables:
        added = len(table.frame) + 2 * len(table.paragraphs) + 5  # title, heading and what is empty
        if lines + added > MOST_LINES:
            pages.append([])
            lines = 2  # the page's own heading
        pages[-1].append(table)
        lines += added
    return pages


def write_results(folder: Path, manifest: Manifest, files: dict[str, bytes]) -> None:
    """Make a folder hold these files and the manifest, and nothing else.

    Files that only an earlier manifest lists are removed. After a crash the same command can be repeated.

    Raises:
        RunError: the folder holds something that no earlier manifest lists; nothing is changed.
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


def _picture(figures: Sequence[str]) -> str | None:
    """The figure that tells most: time to target, or else the first."""
    pictures = [name for name in figures if name.endswith(".png")]
    return next((name for name in pictures if name.startswith("time-to-target")), next(iter(pictures), None))


def _spent(runs: RunSet) -> Spent | None:
    """None where a run recorded no check."""
    if not all(run.checks for run in runs):
        return None
    seconds = [run.checks[-1]["seconds"] for run in runs]
    return Spent(
        seconds=round(sum(seconds), 1),
        shortest=min(seconds),
        longest=max(seconds),
        updates=sum(run.result["updates"] for run in runs),
        characters=sum(run.result["characters"] for run in runs),
    )


def _environments(runs: RunSet) -> dict[str, Any]:
    """What the runs recorded of commits, versions and machines, each once, sorted."""
    recorded = [run.environment for run in runs if run.environment]
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
