"""A learner's answers on its test samples, as saved in the run's folder."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from l2e.experiments.records import Kind, read_lines, read_text
from l2e.experiments.run import AGAIN, Run, RunError


class Prediction(BaseModel):
    """An answer and its target.

    Attributes:
        length: of the sample's difficulty.
        nesting: of the same.
        input: of the sample.
        target: of the sample.
        answer: free-running.
        teacher_forced: the character predicted at each position of the target, the correct earlier ones given.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    length: int
    nesting: int
    input: str
    target: str
    answer: str
    teacher_forced: str


PREDICTIONS = Kind(Prediction, f"delete its result.json and {AGAIN}")


def predictions_of(run: Run) -> list[Prediction]:
    """A complete run's predictions, in the order of the test samples.

    Runs of one task and target are tested on the same samples in the same order, or on the first of them.

    Raises:
        RunError: the run has none, or they cannot be read.
    """
    path = run.predictions_path
    if not path.exists() and run.experiment().of_text:
        raise RunError(f"{run} was trained on a text, which has no questions with answers")
    if not path.exists():
        raise RunError(f"{run} has no predictions.jsonl; {PREDICTIONS.way_out}")
    return [Prediction(**line) for line in read_lines(path, read_text(path, PREDICTIONS.way_out), PREDICTIONS)]
