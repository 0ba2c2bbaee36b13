"""The files that an option `path` names."""

from __future__ import annotations

from pathlib import Path


def files_at(path: str) -> list[Path]:
    """The file, or all files below a folder sorted by their paths, hidden ones apart; none where nothing is there."""
    at = Path(path)
    if not at.is_dir():
        return [at] if at.is_file() else []
    below = [(entry.relative_to(at), entry) for entry in at.rglob("*") if entry.is_file()]
    return [entry for place, entry in sorted(below) if not any(part.startswith(".") for part in place.parts)]
