"""Runs, found and read once, to be chosen from: by target, by strategy, by cell.

target      what runs are tested on: a task, seen scrambled or not, and a difficulty; such runs share their samples
setting     everything but the seed: runs that share it are repetitions of one another
cell        everything but seed and curriculum: runs that share it differ in how they were taught, or by chance
strategy    everything but seed, target and number of test samples
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from l2e.analysis.labels import paper_order, strategy_names, target_order, target_title, task_title
from l2e.experiments.experiment import Choice, Experiment
from l2e.experiments.predictions import Prediction, predictions_of
from l2e.experiments.run import RESULT, Run, RunError
from l2e.experiments.stopping import StoppingRule, stopping_rule_of
from l2e.experiments.suite import heading_of

K = TypeVar("K", bound=Hashable)
NAMED_AT_MOST = 5  # folders in a message


@dataclass(frozen=True)
class CompleteRun:
    """A run that has ended and been scored, with what its folder holds.

    Attributes:
        folder: where it lies.
        experiment: what was run.
        result: what came out, as `result.json` has it.
    """

    folder: Run
    experiment: Experiment
    result: dict[str, Any]

    @classmethod
    def at(cls, folder: Run) -> CompleteRun:
        """The complete run of a folder, with what every table wants of it.

        Raises:
            RunError: it cannot be read, or is damaged.
        """
        run = cls(folder, folder.experiment(), folder.result())
        if run.result.get("experiment", run.experiment.id) != run.experiment.id:
            raise RunError(f"{folder}: result.json is of another experiment than experiment.json; {RESULT.way_out}")
        run.checks, run.environment  # noqa: B018 - reads them
        return run

    def __str__(self) -> str:
        return str(self.folder)

    @cached_property
    def checks(self) -> list[dict[str, Any]]:
        """What each check of the training measured; empty where there was none."""
        return self.folder.metrics()

    @property
    def answered(self) -> bool:
        """Whether it keeps its answers to the test samples."""
        return self.folder.predictions_path.exists()

    @cached_property
    def predictions(self) -> list[Prediction]:
        """Its answers, in the order of the test samples.

        Raises:
            RunError: there are none, or they cannot be read.
        """
        return predictions_of(self.folder)

    @cached_property
    def environment(self) -> dict[str, Any]:
        """Versions, commit and machine; empty where they were not recorded."""
        return self.folder.environment()

    @cached_property
    def cell(self) -> str:
        """A hash of everything but seed and curriculum."""
        return self.experiment.model_copy(update={"seed": 0, "curriculum": Choice(name="baseline")}).id

    @property
    def target(self) -> str:
        """Task and difficulty as titles have them, as `program (4, 3)` or `copy (20, 1), scrambled with seed 7`."""
        return target_title(self.experiment)

    @property
    def seen_task(self) -> str:
        """The task alone, with its scrambling."""
        return task_title(self.experiment)


@dataclass(frozen=True)
class RunSet:
    """Complete runs, each once, and what is not complete or damaged beside them.

    Attributes:
        runs: in the order in which they were found.
        unfinished: folders of runs that are not complete.
        damaged: why runs that cannot be read are left out, each with its folder.
        title: of the suite that they are of; None where it is not known.
        stopping: the rules that chose the seeds, where a rule did.
    """

    runs: tuple[CompleteRun, ...]
    unfinished: tuple[Path, ...] = ()
    damaged: tuple[str, ...] = ()
    title: str | None = None
    stopping: tuple[StoppingRule, ...] = ()

    @classmethod
    def read(cls, paths: Sequence[Path]) -> RunSet:
        """The runs at or below the paths, at least one of them complete.

        Raises:
            RunError: there is none at or below one of the paths, none is complete and sound, or two folders hold the
                same experiment.
        """
        rules = tuple(rule for path in paths if (rule := stopping_rule_of(path)) is not None)
        return replace(cls.of(find_runs(paths)), title=heading_of(paths), stopping=rules)

    @classmethod
    def of(cls, folders: Iterable[Run]) -> RunSet:
        """These runs, at least one of them complete.

        Raises:
            RunError: as `read`.
        """
        once = list({folder.path.resolve(): folder for folder in folders}.values())
        unfinished = tuple(folder.path for folder in once if not folder.complete)
        runs: dict[str, CompleteRun] = {}
        damaged = []
        for folder in once:
            if folder.complete:
                try:
                    run = CompleteRun.at(folder)
                except RunError as error:
                    damaged.append(str(error))
                    continue
                if (other := runs.setdefault(run.experiment.id, run)) is not run:
                    raise RunError(f"{other} and {run} are of the same experiment; give one of them")
        if damaged and not runs:
            raise RunError("\n".join(damaged))
        if not runs:
            raise RunError(f"none of the {len(once)} runs is complete yet")
        return cls(tuple(runs.values()), unfinished, tuple(damaged))

    def __iter__(self) -> Iterator[CompleteRun]:
        return iter(self.runs)

    def __len__(self) -> int:
        return len(self.runs)

    def where(self, chosen: Callable[[CompleteRun], bool]) -> RunSet:
        """Those of the runs; there may be none."""
        return replace(self, runs=tuple(filter(chosen, self.runs)))

    def by(self, key: Callable[[CompleteRun], K]) -> dict[K, RunSet]:
        """The runs by a key, in the order in which the keys come up."""
        groups: dict[K, list[CompleteRun]] = {}
        for run in self.runs:
            groups.setdefault(key(run), []).append(run)
        return {value: replace(self, runs=tuple(runs)) for value, runs in groups.items()}

    def by_target(self) -> dict[str, RunSet]:
        """The runs by target, sorted by task, length and nesting; a target's runs in the paper's order."""
        ordered = sorted(self.runs, key=lambda run: (*target_order(run.experiment), paper_order(run.experiment)))
        return replace(self, runs=tuple(ordered)).by(lambda run: run.target)

    def by_cell(self) -> dict[str, RunSet]:
        """The runs by cell."""
        return self.by(lambda run: run.cell)

    def by_strategy(self) -> list[Strategy]:
        """The runs of each task by strategy, whatever their targets and seeds, sorted by task, in the paper's order."""
        found = []
        for task, runs in sorted(self.by(lambda run: run.seen_task).items()):
            strategies = runs.by(lambda run: run.experiment.model_copy(update=_WHATEVER))
            ordered = sorted(strategies, key=paper_order)
            for strategy, name in zip(ordered, strategy_names(ordered), strict=True):
                members = sorted(strategies[strategy], key=lambda run: (run.experiment.target, run.experiment.seed))
                found.append(Strategy(task, name, members))
        return found

    @property
    def names(self) -> list[str]:
        """A short name for each run, which tells it from the others."""
        return strategy_names([run.experiment for run in self.runs])

    @property
    def precisions(self) -> list[str]:
        """In which types the runs' products were computed, each once, sorted."""
        return sorted({run.experiment.recipe.precision for run in self.runs})

    @property
    def heading(self) -> str:
        """The title, or else the tasks."""
        return self.title or f"Learning to execute: {', '.join(sorted({str(r.experiment.task) for r in self.runs}))}"

    def require_complete(self) -> None:
        """Refuse a set that is not whole.

        Raises:
            RunError: some runs are damaged or not complete; names the first of them.
        """
        if self.damaged:
            raise RunError("\n".join(self.damaged[:NAMED_AT_MOST]))
        if self.unfinished:
            named = ", ".join(map(str, self.unfinished[:NAMED_AT_MOST]))
            more = f" and {len(self.unfinished) - NAMED_AT_MOST} more" if len(self.unfinished) > NAMED_AT_MOST else ""
            raise RunError(
                f"{len(self.unfinished)} of {len(self.runs) + len(self.unfinished)} runs are not complete: "
                f"{named}{more}. Results are of whole suites: give the same l2e bench again to go on, or name only "
                "complete runs"
            )


@dataclass(frozen=True)
class Strategy:
    """The runs of one strategy on one task.

    Attributes:
        task: as it is written in titles, with its scrambling.
        name: what tells the strategy from the others of the task.
        runs: sorted by target and seed.
    """

    task: str
    name: str
    runs: list[CompleteRun]

    @property
    def experiment(self) -> Experiment:
        """The first run's, which the others share but for target, seed and number of test samples."""
        return self.runs[0].experiment


# What repetitions and other targets of one strategy differ in, set to one value.
_WHATEVER = {"seed": 0, "length": 1, "nesting": 1, "test_samples": 1}


def find_runs(paths: Iterable[Path]) -> list[Run]:
    """The runs at or below the paths, complete or not, each once.

    Raises:
        RunError: there is none at or below one of them.
    """
    runs: list[Run] = []
    for path in paths:
        found = sorted((file.parent for file in path.rglob("experiment.json")), key=_by_numbers)
        if not found:
            raise RunError(f"there is no run at or below {path}")
        runs += map(Run, found)
    return list({run.path.resolve(): run for run in runs}.values())


def _by_numbers(path: Path) -> list[tuple[int, str]]:
    """Sorts copy-5x1 before copy-10x1."""
    return [(int(part) if part.isdecimal() else -1, part) for part in re.split(r"(\d+)", str(path))]
