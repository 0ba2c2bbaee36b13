"""A learner's answers on its test samples, as saved in the run's folder."""

from __future__ import annotations

import json
from dataclasses import dataclass

from l2e.experiments.run import Run, RunError


@dataclass(frozen=True, slots=True)
class Prediction:
    """An answer and its target.

    Attributes:
        length: of the sample's difficulty.
        nesting: of the same.
        input: of the sample.
        target: of the sample.
        answer: free-running.
        teacher_forced: the character predicted at each position of the target, the correct earlier ones given.
    """

    length: int
    nesting: int
    input: str
    target: str
    answer: str
    teacher_forced: str


def predictions_of(run: Run) -> list[Prediction]:
    """A complete run's predictions, in the order of the test samples.

    Runs of one task and target are tested on the same samples in the same order, or on the first of them.

    Raises:
        RunError: the run has none, or they cannot be read.
    """
    try:
        lines = run.predictions_path.read_text().splitlines()
        return [Prediction(**json.loads(line)) for line in lines]
    except FileNotFoundError:
        if run.experiment().of_text:
            raise RunError(f"{run} was trained on a text, which has no questions with answers") from None
        raise RunError(
            f"{run} has no predictions.jsonl; delete its result.json and give the same l2e train or l2e bench again"
        ) from None
    except (ValueError, TypeError) as error:
        raise RunError(f"{run.predictions_path} cannot be read: {error}") from error
