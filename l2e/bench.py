"""What a worker does with one experiment of a suite."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from l2e.experiment import Experiment


@dataclass(frozen=True, slots=True)
class Job:
    """An experiment, and where and with what to conduct it."""

    experiment: Experiment
    folder: Path
    device: str
    threads: int

    def __str__(self) -> str:
        return self.experiment.name


def threads_for(jobs: int, cores: int) -> int:
    """The processor threads of each of so many jobs: the cores divided between them, at least one."""
    return max(1, cores // jobs)


def work(job: Job) -> dict[str, Any]:
    """Conduct a job in this process."""
    from l2e.conduct import conduct, use_threads

    use_threads(job.threads)
    return conduct(job.experiment, job.folder, device=job.device)
