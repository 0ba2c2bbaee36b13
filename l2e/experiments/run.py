"""A run: an experiment's folder on disk, safe against crashes.

    experiment.json     what is run; written first
    environment.json    versions, commit, machine, threads, of the latest session
    metrics.jsonl       one line a check
    checkpoints/        NUMBER.safetensors and NUMBER.json, the newest two
    predictions.jsonl   what the learner answered on the test samples
    result.json         the accuracies; written last: it makes the run complete
    extrapolation.json  scores beyond the target, by `l2e show generalization`
    lock                locked by the process that works on the run
    holder              that process's id

Every file is written to a temporary name, flushed to disk and renamed, so none is ever seen half written. How they are
read is in `records`. No pickle is read or written.
"""

from __future__ import annotations

import hashlib
import json
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from filelock import FileLock, Timeout

from l2e.errors import Said
from l2e.experiments.experiment import Experiment
from l2e.experiments.recipes import Recipe
from l2e.experiments.records import (
    Check,
    CheckpointState,
    Environment,
    Kind,
    Result,
    digest_of_file,
    read_lines,
    read_record,
    read_text,
    sealed,
)
from l2e.experiments.records import RunError as RunError

if TYPE_CHECKING:
    from torch import Tensor

KEPT_CHECKPOINTS = 2
AGAIN = "give the same l2e train or l2e bench again"

EXPERIMENT = Kind(Experiment, "train it again, in another folder")
ENVIRONMENT = Kind(Environment, "delete it to go on without")
RESULT = Kind(Result, f"delete it and {AGAIN}, which scores the run again")
METRICS = Kind(Check, "delete the line to go on without that check")
STATE = Kind(CheckpointState, "")


class RunTakenError(RunError):
    """A run that another process is working on."""


class Checkpoint(NamedTuple):
    """All that is needed to resume a training run: tensors by name, and JSON."""

    tensors: dict[str, Tensor]
    state: dict[str, Any]


class Run:
    """A run's folder.

    Args:
        path: the folder; it need not exist yet.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    def __str__(self) -> str:
        return str(self.path)

    @property
    def metrics_path(self) -> Path:
        """Where the checks are written."""
        return self.path / "metrics.jsonl"

    @property
    def predictions_path(self) -> Path:
        """Where the answers to the test samples are written."""
        return self.path / "predictions.jsonl"

    @property
    def complete(self) -> bool:
        """Whether the run has ended and been scored."""
        return (self.path / "result.json").exists()

    def begin(self, experiment: Experiment) -> None:
        """Create the experiment's folder, or check that it is already.

        Raises:
            RunError: it belongs to another experiment, or holds other things.
        """
        if (self.path / "experiment.json").exists():
            if (found := self.experiment()) != experiment:
                old, new = found.model_dump(mode="json"), experiment.model_dump(mode="json")
                differing = [f"{key} ({old[key]} there, {new[key]} asked for)" for key in new if old[key] != new[key]]
                raise RunError(f"{self} holds another experiment: {'; '.join(differing)}. Give another --out.")
            if not self.complete and not self.checkpoints():
                self.metrics_path.unlink(missing_ok=True)  # after a crash: training starts again
            return
        # A crash may have left the lock and a first file that is not complete.
        ours = ("lock", "holder", ".experiment.json.")
        if self.path.exists() and not all(entry.name.startswith(ours) for entry in self.path.iterdir()):
            raise RunError(f"{self} is not empty and holds no run. Give another --out.")
        self.path.mkdir(parents=True, exist_ok=True)
        self.write_json("experiment.json", experiment.model_dump(mode="json"))

    def experiment(self) -> Experiment:
        """The run's experiment.

        Raises:
            RunError: there is no run here, or its experiment cannot be read.
        """
        path = self / "experiment.json"
        if not path.exists():
            raise RunError(f"there is no run at {self}: experiment.json is missing")
        content = read_record(path, EXPERIMENT)
        self._refuse_what_was_not_noted(content)
        return Experiment.model_validate(content)

    def environment(self) -> dict[str, Any]:
        """Versions, commit and machine; empty where they were not recorded.

        Raises:
            RunError: they cannot be read.
        """
        path = self / "environment.json"
        return read_record(path, ENVIRONMENT) if path.exists() else {}

    def _refuse_what_was_not_noted(self, content: Mapping[str, Any]) -> None:
        """Reject records of earlier versions, whose missing fields would get today's defaults."""
        recipe = content["recipe"]
        missing = [field for field in Recipe.model_fields if field not in recipe]
        if missing or recipe["precision"] == "auto":
            raise RunError(
                f"{self / 'experiment.json'} is of an earlier version of l2e, which did not note "
                f"{', '.join(missing) or 'the precision'} of its recipe; train it again, in another folder"
            )

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    def result(self) -> dict[str, Any]:
        """The accuracies and other results.

        Raises:
            RunError: the run is not complete; or the result cannot be read, or goes with other files than are there.
        """
        if not self.complete:
            raise RunError(f"the run at {self} is not complete; {AGAIN} to go on")
        result = read_record(self / "result.json", RESULT)
        for name, digest in result.pop("files", {}).items():
            if digest_of_file(self / name) != digest:
                raise RunError(
                    f"{self / name} is not what was written with result.json; delete the latter and {AGAIN}, which "
                    "writes both anew"
                )
        return result

    def write_result(self, result: Mapping[str, Any]) -> None:
        """Write the result, with digests of the files that it goes with; it makes the run complete."""
        files = {path.name: digest_of_file(path) for path in (self.metrics_path, self.predictions_path)}
        self.write_json("result.json", {**result, "files": {name: files[name] for name in files if files[name]}})

    def write_json(self, name: str, content: Mapping[str, Any]) -> None:
        """Write one of the JSON files."""
        write_record(self.path / name, content)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Lock the run against other processes, until this process ends at the latest.

        Raises:
            RunTakenError: another process holds it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        holder = self.path / "holder"  # a file of its own, as Windows lets nobody read a locked one
        lock = FileLock(self.path / "lock", timeout=0, fallback_to_soft=False)
        try:
            lock.acquire()
        except Timeout:
            process = holder.read_text("utf-8", "replace") if holder.exists() else "unknown"
            raise RunTakenError(f"process {process} is working on {self}; wait for it, or give another --out") from None
        try:
            holder.write_text(str(os.getpid()), "utf-8")
            yield
        finally:
            lock.release()

    def append_metrics(self, line: Mapping[str, Any]) -> None:
        """Add one check's line."""
        with self.metrics_path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def metrics(self) -> list[dict[str, Any]]:
        """All checks so far; a last line that a crash cut short is left out.

        Raises:
            RunError: a line cannot be read.
        """
        return read_lines(self.metrics_path, self._metrics_text(), METRICS)

    def _metrics_text(self) -> str:
        """The complete lines."""
        text = read_text(self.metrics_path, "") if self.metrics_path.exists() else ""
        return text[: text.rfind("\n") + 1]

    def rewind(self, checkpoint: Checkpoint) -> None:
        """Drop what came after a checkpoint: checks that a resumed run will make again, and damaged checkpoints."""
        update, metrics = checkpoint.state["counters"]["updates"], checkpoint.state.get("metrics")
        for path in self.checkpoints():
            if int(path.stem) > update:
                path.unlink()
        if metrics is None:  # format 1
            metrics = "".join(json.dumps(line) + "\n" for line in self.metrics() if line["update"] <= update)
        write_durably(self.metrics_path, metrics.encode())

    def write_predictions(self, rows: Iterable[dict[str, Any]]) -> None:
        """Write the learner's answers."""
        write_durably(self.predictions_path, "".join(json.dumps(row) + "\n" for row in rows).encode())

    def checkpoints(self) -> list[Path]:
        """The complete checkpoints' JSON files, the oldest first."""
        found = (self.path / "checkpoints").glob("*.json")
        return sorted((path for path in found if path.stem.isdecimal()), key=lambda path: int(path.stem))

    def save_checkpoint(self, update: int, checkpoint: Checkpoint) -> None:
        """Write a checkpoint and drop all but the newest two; its JSON, written last, makes it complete."""
        from safetensors.torch import save

        folder = self.path / "checkpoints"
        folder.mkdir(exist_ok=True)
        tensors = save({name: tensor.detach().cpu().contiguous() for name, tensor in checkpoint.tensors.items()})
        write_durably(folder / f"{update}.safetensors", tensors)
        digest = hashlib.sha256(tensors).hexdigest()
        write_record(folder / f"{update}.json", {"sha256": digest, "metrics": self._metrics_text(), **checkpoint.state})
        kept = {path.stem for path in self.checkpoints()[-KEPT_CHECKPOINTS:]}
        for entry in folder.iterdir():  # also remove partly written files of a killed process
            if entry.stem not in kept:
                entry.unlink()

    def load_checkpoint(self) -> Checkpoint | None:
        """The newest sound checkpoint, or None if there is none yet; warns of corrupt ones that are newer.

        Raises:
            RunError: all are corrupt; or the last one of a complete run, whose result no earlier one had.
        """
        paths = self.checkpoints()
        for path in reversed(paths):
            try:
                return _checkpoint_at(path)
            except RunError as error:
                if self.complete:
                    raise RunError(f"{error}; delete {self / 'result.json'} and {AGAIN} to make it anew") from error
                if path == paths[0]:
                    raise RunError(f"{error}; delete {self.path} to begin again") from error
                warnings.warn(f"{error}; the one before it is used", Said, stacklevel=2)
        return None


def _checkpoint_at(path: Path) -> Checkpoint:
    """The checkpoint of this JSON file.

    Raises:
        RunError: it is corrupt.
    """
    from safetensors.torch import load

    try:
        state = read_record(path, STATE)
        content = path.with_suffix(".safetensors").read_bytes()
        if hashlib.sha256(content).hexdigest() != state["sha256"]:
            raise ValueError("the tensors are not those that were written")
        return Checkpoint(load(content), state)
    except (OSError, ValueError, RunError) as error:
        raise RunError(f"checkpoint {path.with_suffix('')} is corrupt ({error})") from error


def write_record(path: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON record, with its format and digest."""
    write_durably(path, (json.dumps(sealed(content), indent=1) + "\n").encode())


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """A file to write, which takes its name when all of it is on disk; if something fails, nothing is left of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename == str(temporary):
            error.filename = str(path)
        raise
    if os.name != "nt":  # Windows opens no folder, and needs no flush of one
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def write_durably(path: Path, content: bytes) -> None:
    """Write a file atomically: a crash leaves the old content or the new."""
    with written_whole(path) as file:
        file.write(content)
