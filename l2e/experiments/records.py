"""What the files of a run hold, and the one reader of them: what it returns is valid, or it raises RunError.

Every JSON record is written with its `format` and a `digest` of the rest, so that no changed bit is believed. Records
of format 1, which had neither, are read as they are; those of a later format are refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, Field

from l2e.errors import ExplainedError, reasons
from l2e.metrics import Rule

FORMAT = 2


class RunError(ExplainedError, RuntimeError):
    """A run that cannot be made, read or continued; the message says why and what to do."""


class Kind(NamedTuple):
    """A kind of record.

    Attributes:
        model: what a record, or a line of one, holds at least.
        way_out: what to do with a damaged one, as the end of a sentence; empty where the caller says it.
    """

    model: type[BaseModel]
    way_out: str


class Row(BaseModel):
    """An accuracy in a result."""

    task: str
    learner: str
    curriculum: str | None
    seed: int | None
    length: int
    nesting: int
    rule: Rule
    n: int
    accuracy: float = Field(ge=0, le=1)
    low: float
    high: float


class Result(BaseModel):
    """What came out of a run: `result.json`."""

    experiment: str | None = Field(default=None, description="the experiment's id")
    reached: tuple[int, int] = Field(description="the curriculum's last difficulty")
    reached_at: float | None = Field(description="part of all updates after which that was the target")
    updates: int
    characters: int
    parameters: int | None = None
    bits_per_character: dict[str, float] | None = None
    text: dict[str, int] | None = Field(default=None, description="of a text: its size in characters, words and units")
    rows: list[Row]
    files: dict[str, str] = Field(default={}, description="digests of the files that the result goes with")


class Check(BaseModel):
    """A line of `metrics.jsonl`."""

    update: int
    characters: int = 0
    seconds: float
    fraction: float
    length: int
    nesting: int
    validation_accuracy: float
    training_accuracy: float
    target_accuracy: float = 0.0


class Machine(BaseModel):
    """Where a run was trained."""

    processor: str
    features: list[str] = []
    cores: int | None
    system: str
    gpu: str | None


class Environment(BaseModel):
    """`environment.json`."""

    python: str
    packages: dict[str, str]
    commit: str | None
    machine: Machine
    threads: int | None = None


class CheckpointState(BaseModel):
    """A checkpoint's JSON."""

    sha256: str = Field(description="of the tensors' file")
    counters: dict[str, int | float | None]
    climb: dict[str, Any]
    drawn_under: dict[str, Any]
    last_check: dict[str, float] | None
    tallies: dict[str, Any] | None = None
    metrics: str | None = Field(default=None, description="all of metrics.jsonl so far")


def read_record(path: Path, kind: Kind) -> dict[str, Any]:
    """The content of a JSON record.

    Raises:
        RunError: it is missing, cannot be read, is not what was written, or is of a later version.
    """
    text = read_text(path, kind.way_out)
    try:
        content = _unsealed(json.loads(text))
        kind.model.model_validate_json(json.dumps(content), strict=True)
    except (ValueError, RecursionError) as error:
        raise _cannot_be_read(str(path), reasons(error), kind.way_out) from None
    return content


def read_lines(path: Path, text: str, kind: Kind) -> list[dict[str, Any]]:
    """The content of JSON lines.

    Args:
        path: where they are from, for messages.
        text: of the lines.
        kind: of each.

    Raises:
        RunError: one cannot be read.
    """
    found = []
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else (), 1):
        try:
            kind.model.model_validate_json(line, strict=True)
            found.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            raise _cannot_be_read(f"line {number} of {path}", reasons(error), kind.way_out) from None
    return found


def read_text(path: Path, way_out: str) -> str:
    """The text of a file.

    Raises:
        RunError: it is missing, cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else f"it is not UTF-8 at byte {error.start}"
        raise _cannot_be_read(str(path), str(why), way_out) from None


def _cannot_be_read(what: str, why: str, way_out: str) -> RunError:
    return RunError("; ".join(filter(None, [f"{what} cannot be read: {why}", way_out])))


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """A record with its format and digest."""
    written = json.loads(json.dumps(content))  # with keys and lists as they will be read
    return {"format": FORMAT, "digest": _digest_of(written), **written}


def _unsealed(content: Any) -> dict[str, Any]:
    """A record without format and digest, which are checked."""
    if not isinstance(content, dict):
        raise ValueError("it is not an object")
    version, digest = content.pop("format", 1), content.pop("digest", None)
    if isinstance(version, int) and version > FORMAT:
        raise ValueError(f"it is of a later version of l2e (its format is {version}, not {FORMAT}), which is needed")
    if (version, digest) != (1, None) and (version, digest) != (FORMAT, _digest_of(content)):
        raise ValueError("it is not what was written, as its digest differs")
    return content


def _digest_of(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def digest_of_file(path: Path) -> str | None:
    """The SHA-256 of a file; None where there is none.

    Raises:
        RunError: it cannot be read.
    """
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RunError(f"{path} cannot be read: {error.strerror}") from None
