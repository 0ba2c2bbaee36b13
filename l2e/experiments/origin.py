"""The command that made the runs of a folder, recorded there by `l2e bench` in `suite.json`."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel

from l2e.experiments.records import Kind, read_record
from l2e.experiments.run import write_record

RECORD = "suite.json"


class Origin(BaseModel):
    """The command, word by word, and its default output folder."""

    command: list[str]
    folder: str


ORIGIN = Kind(Origin, "give the same l2e bench again, which writes it")


def record_command(folder: Path, command: Sequence[str], default: Path) -> None:
    """Record the command in the folder of its runs.

    Args:
        folder: of the runs; created if missing.
        command: its words, without the output folder.
        default: the command's default output folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_record(folder / RECORD, {"command": list(command), "folder": default.as_posix()})


def recorded_command(folder: Path) -> str | None:
    """The command for a shell that makes the runs of this folder, or of the folder that it is in; None if unrecorded.

    Raises:
        RunError: the record cannot be read.
    """
    for place in (folder, folder.parent):
        if (place / RECORD).exists():
            content = read_record(place / RECORD, ORIGIN)
            words = content["command"]
            return shlex.join(words if place == Path(content["folder"]) else [*words, "--out", place.as_posix()])
    return None
