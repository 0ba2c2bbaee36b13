"""The command that made the runs of a folder, recorded there by `l2e bench` in `suite.json`."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from pathlib import Path

from l2e.experiments.run import RunError, write_durably

RECORD = "suite.json"


def record_command(folder: Path, command: Sequence[str], default: Path) -> None:
    """Record the command in the folder of its runs.

    Args:
        folder: of the runs; created if missing.
        command: its words, without the output folder.
        default: the command's default output folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content = {"command": list(command), "folder": default.as_posix()}
    write_durably(folder / RECORD, (json.dumps(content, indent=1) + "\n").encode())


def recorded_command(folder: Path) -> str | None:
    """The command for a shell that makes the runs of this folder, or of the folder that it is in; None if unrecorded.

    Raises:
        RunError: the record cannot be read.
    """
    for place in (folder, folder.parent):
        if (place / RECORD).exists():
            try:
                content = json.loads((place / RECORD).read_text())
                words, default = [str(word) for word in content["command"]], Path(content["folder"])
            except (ValueError, KeyError, TypeError) as error:
                raise RunError(
                    f"{place / RECORD} cannot be read ({error!r}); give the same l2e bench again, which writes it"
                ) from error
            return shlex.join(words if place == default else [*words, "--out", place.as_posix()])
    return None
