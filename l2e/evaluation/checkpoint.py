"""Loads a trained learner from its run's newest checkpoint."""

from __future__ import annotations

from l2e.experiments.run import Run, RunError
from l2e.experiments.texts import kept_vocabulary
from l2e.learner import Learner

PREFIX = "learner."


def trained_learner(run: Run) -> Learner:
    """The learner of a run's newest checkpoint.

    Raises:
        RunError: no run, no checkpoint yet, or a corrupt one.
    """
    experiment = run.experiment()
    learner: Learner = experiment.make_learner(kept_vocabulary(run).size if experiment.of_text else None)
    checkpoint = run.load_checkpoint()
    if checkpoint is None:
        raise RunError(f"the run at {run} has no checkpoint yet; give its l2e train again to go on")
    tensors = {name.removeprefix(PREFIX): t for name, t in checkpoint.tensors.items() if name.startswith(PREFIX)}
    learner.load_state_dict(tensors)
    return learner.eval()
