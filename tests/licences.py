"""Writes docs/licences.md: the licence that each package of constraints.txt names in its metadata.

.venv/bin/python tests/licences.py
"""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
HEAD = """# Licences of what is installed

l2e is under the Apache License 2.0 and contains no code of others. `make setup` installs these packages beside it
(constraints.txt); the licences are those that their metadata name. Written by `tests/licences.py`.

| package | licence |
|:--------|:--------|
"""
LONGEST = 150


def packages() -> list[str]:
    """All that constraints.txt names."""
    return re.findall(r"^([\w.-]+)==", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)


def licence_of(package: str) -> str:
    """As an SPDX expression where there is one, else as the classifiers or the old field say."""
    try:
        about = metadata(package)
    except PackageNotFoundError:
        return "not installed here"
    classes = [text.rpartition(" :: ")[2] for text in about.get_all("Classifier", []) if text.startswith("License ::")]
    said = about.get("License-Expression") or ", ".join(classes) or (about.get("License") or "").strip()
    return said.splitlines()[0][:LONGEST] if said else "not named"


def main() -> None:
    """Write the list."""
    rows = [f"| {package} | {licence_of(package)} |\n" for package in sorted(packages(), key=str.lower)]
    (ROOT / "docs" / "licences.md").write_text(HEAD + "".join(rows), "utf-8")


if __name__ == "__main__":
    main()
