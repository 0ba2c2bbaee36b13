"""Loads a trained learner from its run's newest checkpoint."""

from __future__ import annotations

from l2e.experiments.run import Run, RunError
from l2e.experiments.texts import kept_vocabulary
from l2e.learner import Learner

PREFIX = "learner."


def trained_learner(run: Run) -> Learner:
    """The learner of a run's newest checkpoint.

    Raises:
        RunError: no run, no checkpoint yet, or none that is sound and fits.
    """
    experiment = run.experiment()
    learner: Learner = experiment.make_learner(kept_vocabulary(run).size if experiment.of_text else None)
    checkpoint = run.load_checkpoint()
    if checkpoint is None:
        raise RunError(f"the run at {run} has no checkpoint yet; give its l2e train again to go on")
    tensors = {name.removeprefix(PREFIX): t for name, t in checkpoint.tensors.items() if name.startswith(PREFIX)}
    try:
        learner.load_state_dict(tensors)
    except RuntimeError as error:  # parameters that are missing, too many, or of other shapes
        raise RunError(f"the checkpoint of {run} does not fit its learner: {error}") from error
    return learner.eval()
