"""The first screen of a folder of results: question, verdict, picture, a few rows, what it took, how to repeat it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from l2e.reporting.results.manifest import Manifest
from l2e.reporting.summary import Summary
from l2e.reporting.table import render

README = "README.md"
PICTURE_WIDTH = 600  # pixels


def readme_of(manifest: Manifest, summary: Summary) -> str:
    """As Markdown."""
    parts = [f"# {manifest.title}", manifest.about, *picture_of(manifest), *manifest.verdicts]
    if summary.table:
        parts.append(render([summary.table], "markdown").strip())
    parts += ["\n".join(f"- {fact}" for fact in facts(manifest)), commands_of(manifest)]
    return "\n\n".join(parts) + "\n"


def picture_of(manifest: Manifest, folder: str = "") -> list[str]:
    """The picture as an element, where there is one.

    Args:
        manifest: of the folder.
        folder: from where it is seen, with a slash at its end.
    """
    if not manifest.picture:
        return []
    alt = escape(manifest.files[manifest.picture])
    return [f'<img src="{folder}{manifest.picture}" width="{PICTURE_WIDTH}" alt="{alt}">']


def commands_of(manifest: Manifest) -> str:
    """What makes all of it, as a block."""
    return "\n".join(["```sh", *manifest.commands, "```"])


def facts(manifest: Manifest, folder: str = "") -> Iterator[str]:
    """What it took and where it was made, one a line; those that are not known are not said."""
    formats: dict[str, list[str]] = {}
    for file in manifest.files:
        if file != README:
            formats.setdefault(Path(file).stem, []).append(f"[{Path(file).suffix}]({folder}{file})")
    yield "Files: " + ", ".join(f"{stem} {' '.join(links)}" for stem, links in formats.items())
    if manifest.seeds:
        yield f"Seeds: {', '.join(map(str, manifest.seeds))}"
    if spent := manifest.spent:
        yield (
            f"Training: {_minutes(spent.seconds)} in all, "
            f"{_minutes(spent.shortest)} to {_minutes(spent.longest)} a run; "
            f"{spent.updates:,} updates, {spent.characters:,} characters"
        )
    if manifest.precisions:
        yield f"Products in {' and '.join(manifest.precisions)}"
    if manifest.machines:
        yield f"Machine: {'; '.join(manifest.machines)}"
    if manifest.versions:
        versions = [f"{package} {' and '.join(versions)}" for package, versions in manifest.versions.items()]
        yield f"Versions: {', '.join(versions)}"
    if manifest.commits:
        yield f"Commits of the runs: {', '.join(f'`{commit}`' for commit in manifest.commits)}"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:,.1f} min"
