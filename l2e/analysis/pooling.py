"""Complete runs of one task by strategy, whatever their targets and seeds: what is counted together across targets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from l2e.analysis.strategies import paper_order, strategy_names
from l2e.experiments.experiment import Experiment
from l2e.experiments.run import Run, RunError

# What repetitions and other targets of one strategy differ in, set to one value.
_WHATEVER = {"seed": 0, "length": 1, "nesting": 1, "test_samples": 1}


@dataclass(frozen=True, slots=True)
class Pool:
    """The runs of one strategy on one task.

    Attributes:
        task: as it is written in titles, with its scrambling.
        strategy: its name among those of the task.
        runs: with their experiments, sorted by target and seed.
    """

    task: str
    strategy: str
    runs: list[tuple[Run, Experiment]]

    @property
    def experiment(self) -> Experiment:
        """The first run's, which the others share but for target, seed and number of test samples."""
        return self.runs[0][1]


def pools(runs: Iterable[Run]) -> list[Pool]:
    """The complete runs, each once, sorted by task and then in the paper's order.

    Raises:
        RunError: no run is complete, or an experiment cannot be read.
    """
    once = list({run.path.resolve(): run for run in runs}.values())
    tasks: dict[str, dict[Experiment, list[tuple[Run, Experiment]]]] = {}
    for run in once:
        if run.complete:
            of = run.experiment()
            strategies = tasks.setdefault(_titled(of), {})
            strategies.setdefault(of.model_copy(update=_WHATEVER), []).append((run, of))
    if not tasks:
        raise RunError(f"none of the {len(once)} runs is complete yet")
    found = []
    for task, strategies in sorted(tasks.items()):
        ordered = sorted(strategies, key=paper_order)
        for strategy, name in zip(ordered, strategy_names(ordered), strict=True):
            members = sorted(strategies[strategy], key=lambda member: (member[1].target, member[1].seed))
            found.append(Pool(task, name, members))
    return found


def _titled(experiment: Experiment) -> str:
    scrambled = "" if experiment.scramble is None else f", scrambled with seed {experiment.scramble}"
    return f"{experiment.task}{scrambled}"
