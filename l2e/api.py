"""What a script or a notebook needs: train one learner, and read many runs as a data frame.

`import l2e` re-exports it; README.md has an example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from l2e.experiments.experiment import Experiment
    from l2e.training.status import Moment

Named = str | dict[str, Any]  # a name, or {"name": …, option: …}


@dataclass(frozen=True, slots=True)
class Trained:
    """A complete run.

    Attributes:
        folder: its location; `l2e.load_runs` reads it.
        experiment: what was run.
        result: the content of `result.json`.
    """

    folder: Path
    experiment: Experiment
    result: dict[str, Any]

    @property
    def accuracy(self) -> dict[str, float]:
        """Accuracies on the test split at the target, in [0, 1], by rule."""
        return {row["rule"]: row["accuracy"] for row in self.result["rows"] if row["curriculum"] is not None}

    def predict(self, inputs: Sequence[str], max_characters: int = 50) -> list[str]:
        """Free-running answers, one per input.

        Raises:
            InputError: an input has a character outside the vocabulary.
            RunError: the run's checkpoint is gone.
        """
        from l2e.evaluation.checkpoint import trained_learner
        from l2e.experiments.run import Run

        return trained_learner(Run(self.folder)).predict(inputs, max_characters)


def train(
    task: Named = "program",
    length: int = 2,
    nesting: int = 1,
    *,
    curriculum: Named = "combined",
    learner: Named = "seq2seq",
    recipe: Named = "fast",
    seed: int = 0,
    budget: str | None = None,
    test_samples: int = 1000,
    out: Path | str | None = None,
    device: str = "cpu",
    report: Callable[[Moment], None] = lambda moment: None,
) -> Trained:
    """Train a learner under a curriculum and score it on the test split; a complete run is loaded, not trained again.

    Args:
        task: a name, `path/to/file.py:Name`, or a dict with name and options; likewise curriculum, learner and recipe.
        length: most digits of a constant at the target.
        nesting: operations combined at the target.
        curriculum: decides at which difficulty each training sample is drawn.
        learner: the network.
        recipe: how it is trained.
        seed: of the training data and the initial parameters.
        budget: as 90s, 10m, 50Mcharacters, 1500updates; by default the recipe's stopping rule.
        test_samples: number of test samples.
        out: the run's folder; by default a new one in `runs`.
        device: where to train.
        report: called regularly with the training status.

    Raises:
        ValueError: an unknown name or option, or an illegal difficulty.
        RunError: the folder is another run's.
        TrainingError: the loss is not finite.
    """
    import torch

    from l2e.experiments.experiment import Experiment
    from l2e.experiments.suite import choice_of, recipe_from
    from l2e.training.jobs import is_small
    from l2e.training.run_experiment import run_experiment, use_threads

    experiment = Experiment(
        task=choice_of(task),
        learner=choice_of(learner),
        curriculum=choice_of(curriculum),
        recipe=recipe_from(recipe, device),
        length=length,
        nesting=nesting,
        seed=seed,
        budget=budget,
        test_samples=test_samples,
    )
    experiment.check()
    folder = Path("runs") / experiment.name if out is None else Path(out)
    before = torch.get_num_threads()
    if is_small(experiment):  # about as fast on one thread, and not slowed down by other load
        use_threads(1)
    try:
        return Trained(folder, experiment, run_experiment(experiment, folder, report, device))
    finally:
        use_threads(before)


def load_runs(*folders: Path | str) -> pd.DataFrame:
    """The complete runs at or below the folders, a row a run and rule; reference predictors once a test set.

    Columns: task, learner (named by what varies among the runs), curriculum (None for reference predictors), setting
    and cell (hashes of all that repetitions, and all that a cell's curricula, share), length, nesting, seed, rule, n,
    accuracy, and low and high over what the rule counts; of trained runs the updates and characters trained on.

    Raises:
        RunError: there is no run at or below one of the folders, or none is complete.
    """
    from l2e.analysis.aggregate import accuracy_rows
    from l2e.analysis.run_set import RunSet

    runs = RunSet.read([Path(folder) for folder in folders])
    spent = _spent((run.experiment.setting, run.experiment.seed, run.result) for run in runs)
    rows = accuracy_rows(runs)
    return rows.merge(spent, on=["setting", "seed"], how="left")


def _spent(runs: Iterable[tuple[str, int, Mapping[str, Any]]]) -> pd.DataFrame:
    import pandas as pd

    rows = [(setting, seed, result.get("updates"), result.get("characters")) for setting, seed, result in runs]
    return pd.DataFrame(rows, columns=["setting", "seed", "updates", "characters"])
