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

Every file is written to a temporary name, flushed to disk and renamed, so none is ever seen half written. No pickle is
read or written.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from filelock import FileLock, Timeout

from l2e.errors import ExplainedError
from l2e.experiments.experiment import Experiment
from l2e.experiments.recipes import Recipe

if TYPE_CHECKING:
    from torch import Tensor

KEPT_CHECKPOINTS = 2


class RunError(ExplainedError, RuntimeError):
    """A run that cannot be made, read or continued; the message says why and what to do."""


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
        try:
            content = json.loads((self.path / "experiment.json").read_text())
            self._refuse_what_was_not_noted(content)
            return Experiment.model_validate(content)
        except FileNotFoundError:
            raise RunError(f"there is no run at {self}: experiment.json is missing") from None
        except ValueError as error:  # not JSON, or not an experiment's
            raise RunError(f"{self / 'experiment.json'} cannot be read: {error}") from None

    def _refuse_what_was_not_noted(self, content: object) -> None:
        """Reject records of earlier versions, whose missing fields would get today's defaults."""
        recipe = content.get("recipe") if isinstance(content, dict) else None
        if not isinstance(recipe, dict):
            return
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
            RunError: the run is not complete.
        """
        if not self.complete:
            raise RunError(f"the run at {self} is not complete; give the same l2e train or l2e bench again to go on")
        result: dict[str, Any] = json.loads((self.path / "result.json").read_text())
        return result

    def write_json(self, name: str, content: dict[str, Any]) -> None:
        """Write one of the JSON files."""
        write_durably(self.path / name, (json.dumps(content, indent=1) + "\n").encode())

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
            process = holder.read_text() if holder.exists() else "unknown"
            raise RunTakenError(f"process {process} is working on {self}; wait for it, or give another --out") from None
        try:
            holder.write_text(str(os.getpid()))
            yield
        finally:
            lock.release()

    def append_metrics(self, line: dict[str, Any]) -> None:
        """Add one check's line."""
        with self.metrics_path.open("a") as file:
            file.write(json.dumps(line) + "\n")

    def metrics(self) -> list[dict[str, Any]]:
        """All checks so far; a last line that a crash cut short is left out."""
        if not self.metrics_path.exists():
            return []
        text = self.metrics_path.read_text()
        return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]

    def forget_metrics_after(self, update: int) -> None:
        """Drop the checks that a resumed run will make again."""
        kept = [json.dumps(line) + "\n" for line in self.metrics() if line["update"] <= update]
        write_durably(self.metrics_path, "".join(kept).encode())

    def write_predictions(self, rows: Iterable[dict[str, Any]]) -> None:
        """Write the learner's answers."""
        write_durably(self.predictions_path, "".join(json.dumps(row) + "\n" for row in rows).encode())

    def checkpoints(self) -> list[Path]:
        """The complete checkpoints' JSON files, the oldest first."""
        return sorted((self.path / "checkpoints").glob("*.json"), key=lambda path: int(path.stem))

    def save_checkpoint(self, update: int, checkpoint: Checkpoint) -> None:
        """Write a checkpoint and drop all but the newest two; its JSON, written last, makes it complete."""
        from safetensors.torch import save

        folder = self.path / "checkpoints"
        folder.mkdir(exist_ok=True)
        tensors = save({name: tensor.detach().cpu().contiguous() for name, tensor in checkpoint.tensors.items()})
        write_durably(folder / f"{update}.safetensors", tensors)
        state = {"sha256": hashlib.sha256(tensors).hexdigest(), **checkpoint.state}
        write_durably(folder / f"{update}.json", json.dumps(state).encode())
        kept = {path.stem for path in self.checkpoints()[-KEPT_CHECKPOINTS:]}
        for entry in folder.iterdir():  # also remove partly written files of a killed process
            if entry.stem not in kept:
                entry.unlink()

    def load_checkpoint(self) -> Checkpoint | None:
        """The newest checkpoint, or None if there is none yet.

        Raises:
            RunError: it is corrupt; names the older one, if any.
        """
        from safetensors.torch import load

        paths = self.checkpoints()
        if not paths:
            return None
        newest = paths[-1]
        tensors_path = newest.with_suffix(".safetensors")
        try:
            state = json.loads(newest.read_text())
            content = tensors_path.read_bytes()
            if hashlib.sha256(content).hexdigest() != state["sha256"]:
                raise ValueError("the tensors are not those that were written")
            return Checkpoint(load(content), state)
        except (OSError, ValueError, KeyError, TypeError) as error:
            way_out = (
                f"delete {newest} and {tensors_path.name} to go on from update {paths[-2].stem}"
                if len(paths) > 1
                else "l2e table still reads the run's result"
                if self.complete
                else f"delete {self.path} to begin again"
            )
            raise RunError(f"checkpoint {newest.with_suffix('')} is corrupt ({error}); {way_out}") from error


def write_durably(path: Path, content: bytes) -> None:
    """Write a file atomically: a crash leaves the old content or the new."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    if os.name != "nt":  # Windows opens no folder, and needs no flush of one
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
