"""Jobs that train the experiments of a suite: one each, or a population in parallel."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from l2e.experiments.experiment import Experiment
from l2e.experiments.run import Run, RunTakenError
from l2e.experiments.suite import Suite

if TYPE_CHECKING:
    from l2e.learner import Learner

SMALL = 1_000_000  # parameters up to which one thread is about as fast as several


@dataclass(frozen=True, slots=True)
class Job:
    """Experiments of one shape by folder, and how to train them.

    Attributes:
        experiments: one, or those of a population.
        population: how many train in parallel; None trains a single run.
        device: where to train.
        threads: of the processor, at most.
    """

    experiments: dict[Path, Experiment]
    population: int | None
    device: str
    threads: int

    def __str__(self) -> str:
        return ", ".join(path.name for path in self.experiments)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Runs of a job that were not completed, and why.

    Attributes:
        failed: those with an error.
        taken: those that other processes are working on.
    """

    failed: dict[Path, str] = field(default_factory=dict)
    taken: dict[Path, str] = field(default_factory=dict)

    def __or__(self, other: Unfinished) -> Unfinished:
        return Unfinished(self.failed | other.failed, self.taken | other.taken)


def plan(suite: Suite, folder: Path, jobs: int, cores: int, device: str, population: int | None) -> list[Job]:
    """Jobs for the runs that are not complete: one per run, or one per shape with a population.

    A single job may use all cores; several use one each.
    """
    threads = cores if jobs == 1 else 1
    todo = {
        folder / experiment.name: experiment
        for experiment in suite.experiments
        if not Run(folder / experiment.name).complete
    }
    if population is None:
        return [Job({path: experiment}, None, device, threads) for path, experiment in todo.items()]
    return [Job(shape, population, device, threads) for shape in by_shape(todo)]


def by_shape(experiments: dict[Path, Experiment]) -> list[dict[Path, Experiment]]:
    """Experiments that can train in one population, together."""
    shapes: dict[tuple[str, str, str], dict[Path, Experiment]] = {}
    for path, experiment in experiments.items():
        vocabulary = str(experiment.task) if experiment.of_text else ""
        shape = str(experiment.learner), experiment.recipe.model_dump_json(), vocabulary
        shapes.setdefault(shape, {})[path] = experiment
    return list(shapes.values())


def work(job: Job) -> Unfinished:
    """Train a job's runs in this process; a single run's errors are raised, unless another process holds it."""
    from l2e.training.run_experiment import run_experiment, run_population, use_threads

    unfinished = Unfinished()
    if job.population is not None:
        use_threads(job.threads)
        for path, error in run_population(job.experiments, job.population, job.device):
            if error is not None:
                (unfinished.taken if isinstance(error, RunTakenError) else unfinished.failed)[path] = str(error)
        return unfinished
    for path, experiment in job.experiments.items():
        use_threads(1 if is_small(experiment) else job.threads)
        try:
            run_experiment(experiment, path, device=job.device)
        except RunTakenError as error:
            unfinished.taken[path] = str(error)
    return unfinished


def is_small(experiment: Experiment) -> bool:
    """Whether the learner has at most SMALL parameters."""
    learner: Learner = experiment.make_learner()
    return sum(parameter.numel() for parameter in learner.parameters()) <= SMALL
