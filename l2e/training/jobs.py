"""What workers do with the experiments of a suite: one at a time, or a population in lockstep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from l2e.experiments.experiment import Experiment
from l2e.experiments.run import Run
from l2e.experiments.suite import Suite

Failures = dict[Path, str]


@dataclass(frozen=True, slots=True)
class Job:
    """Experiments of one shape by folder, and with what to conduct them.

    Attributes:
        experiments: one, or those of a population.
        population: how many train in lockstep; None conducts a single run.
        device: where to train.
        threads: of the processor.
    """

    experiments: dict[Path, Experiment]
    population: int | None
    device: str
    threads: int

    def __str__(self) -> str:
        return ", ".join(path.name for path in self.experiments)


def plan(suite: Suite, folder: Path, jobs: int, cores: int, device: str, population: int | None) -> list[Job]:
    """The jobs of what is not complete yet: a job a run, or a job a shape where they train in lockstep.

    So many jobs share the cores; each has at least one thread.
    """
    threads = max(1, cores // jobs)
    todo = {
        folder / experiment.name: experiment
        for experiment in suite.experiments
        if not Run(folder / experiment.name).complete
    }
    if population is None:
        return [Job({path: experiment}, None, device, threads) for path, experiment in todo.items()]
    return [Job(shape, population, device, threads) for shape in by_shape(todo)]


def by_shape(experiments: dict[Path, Experiment]) -> Sequence[dict[Path, Experiment]]:
    """Experiments that can train in one population, together."""
    shapes: dict[tuple[str, str], dict[Path, Experiment]] = {}
    for path, experiment in experiments.items():
        shape = str(experiment.learner), experiment.recipe.model_dump_json()
        shapes.setdefault(shape, {})[path] = experiment
    return list(shapes.values())


def work(job: Job) -> Failures:
    """Conduct a job in this process; gives what went wrong in a population, and raises it for a single run."""
    from l2e.training.run_experiment import run_experiment, run_population, use_threads

    use_threads(job.threads)
    if job.population is not None:
        ended = run_population(job.experiments, job.population, job.device)
        return {path: error for path, error in ended if error is not None}
    for path, experiment in job.experiments.items():
        run_experiment(experiment, path, device=job.device)
    return {}
