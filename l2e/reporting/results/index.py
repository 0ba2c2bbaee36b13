"""The index of a folder of folders of results, written from their manifests alone."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from l2e.experiments.run import RunError
from l2e.reporting.results.manifest import MANIFEST, Manifest, read_manifest

INDEX = "README.md"
LOG = "LOG.md"
FIRST = ("paper-program", "paper-addition", "paper-memorization")  # the others follow by name
PICTURE_WIDTH = 600  # pixels


def index_of(folder: Path) -> str:
    """The index as Markdown.

    Args:
        folder: holds folders; those with a manifest are in the index.

    Raises:
        RunError: none has a manifest, or one cannot be read.
    """
    manifests = {
        path.name: manifest
        for path in sorted(folder.iterdir() if folder.is_dir() else [])
        if path.is_dir() and (manifest := read_manifest(path))
    }
    if not manifests:
        raise RunError(f"no folder in {folder} has a {MANIFEST}; l2e results RUNS --out {folder}/NAME writes one")
    names = [name for name in FIRST if name in manifests] + [name for name in manifests if name not in FIRST]
    parts = ["# Results", "Written by `l2e results --index` from the manifests of the folders."]
    for name in names:
        parts += _section(name, manifests[name])
    if (folder / LOG).exists():
        parts.append(f"[{LOG}]({LOG}) is the log of experiments.")
    return "\n\n".join(parts) + "\n"


def _section(name: str, manifest: Manifest) -> Iterator[str]:
    yield f"## [{name}]({name}): {manifest.title}"
    if manifest.picture:
        alt = escape(manifest.files[manifest.picture])
        yield f'<img src="{name}/{manifest.picture}" width="{PICTURE_WIDTH}" alt="{alt}">'
    yield manifest.about
    yield "\n".join(["```sh", *manifest.commands, "```"])
    yield "\n".join(f"- {fact}" for fact in _facts(name, manifest))


def _facts(name: str, manifest: Manifest) -> Iterator[str]:
    """One a line; those that are not known are not said."""
    formats: dict[str, list[str]] = {}
    for file in manifest.files:
        formats.setdefault(Path(file).stem, []).append(f"[{Path(file).suffix}]({name}/{file})")
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
