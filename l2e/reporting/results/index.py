"""The index of a folder of folders of results, written from their manifests alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from l2e.experiments.run import RunError
from l2e.reporting.results.manifest import MANIFEST, Manifest, read_manifest
from l2e.reporting.results.readme import README, commands_of, facts, picture_of

INDEX = "README.md"
LOG = "LOG.md"
FIRST = ("paper-program", "paper-addition", "paper-memorization")  # the others follow by name


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
    """In short, where the folder has a first screen of its own; else all there is."""
    whole = README not in manifest.files
    yield f"## [{name}]({name}{'' if whole else '/' + README}): {manifest.title}"
    yield from picture_of(manifest, f"{name}/")
    yield from manifest.verdicts or [manifest.about]
    yield commands_of(manifest)
    if whole:
        yield "\n".join(f"- {fact}" for fact in facts(manifest, f"{name}/"))
