"""Learners, and predictors named beside them, scored beyond their targets: at greater lengths, at deeper nestings.

Results are cached in the run's `extrapolation.json` for one checkpoint (`update`) and number of samples (`n`): flat
`rows`, and under `left_out` the difficulties that the task cannot serve, with reasons.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel

from generators.errors import DifficultyError
from generators.samples import Difficulty
from generators.splits import Split
from l2e.experiments.experiment import Experiment
from l2e.experiments.records import Kind, Row, read_record
from l2e.experiments.run import Run, RunError

FILE = "extrapolation.json"
STEPS = (1, 2)  # steps beyond the target, by default
SAMPLES = 1000

Saved = dict[str, Any]


class LeftOut(BaseModel):
    """A difficulty that the task cannot serve."""

    length: int
    nesting: int
    why: str


class Extrapolation(BaseModel):
    """What is saved."""

    update: int
    n: int
    rows: list[Row]
    left_out: list[LeftOut]


EXTRAPOLATION = Kind(Extrapolation, "delete it, and give l2e show generalization again")


def beyond(target: Difficulty, lengths: Sequence[int] = (), nestings: Sequence[int] = ()) -> list[Difficulty]:
    """Difficulties beyond a target: each length at its nesting, and each nesting at its length.

    Args:
        target: what a run was trained for.
        lengths: to test at; those that are not beyond the target are left out.
        nestings: the same.

    Returns:
        One and two steps beyond in either direction, where neither lengths nor nestings are given.

    >>> [str(one) for one in beyond(Difficulty(4, 3))]
    ['(5, 3)', '(6, 3)', '(4, 4)', '(4, 5)']
    >>> [str(one) for one in beyond(Difficulty(4, 3), lengths=[4, 9])]
    ['(9, 3)']
    """
    if not lengths and not nestings:
        lengths = [target.length + step for step in STEPS]
        nestings = [target.nesting + step for step in STEPS]
    longer = [Difficulty(length, target.nesting) for length in lengths if length > target.length]
    deeper = [Difficulty(target.length, nesting) for nesting in nestings if nesting > target.nesting]
    return list(dict.fromkeys([*longer, *deeper]))


def extrapolate(
    run: Run,
    lengths: Sequence[int] = (),
    nestings: Sequence[int] = (),
    n: int = SAMPLES,
    report: Callable[[str], None] = lambda line: None,
) -> list[dict[str, Any]]:
    """Score a complete run's learner beyond its target on test samples, under every rule, and save the result.

    Args:
        run: a complete one.
        lengths: as `beyond` takes them.
        nestings: the same.
        n: test samples at each difficulty, the same for every run of the task.
        report: called with each difficulty before it is scored, or why it is left out.

    Returns:
        The rows of `scoring.rows` for the requested difficulties, with task, split, learner, curriculum, seed,
        trained_length and trained_nesting; of a predictor that the experiment names curriculum and seed are None.

    Raises:
        RunError: the run is not complete, has no sound checkpoint, or is held by another process.
    """
    asked = beyond(run.experiment().target, lengths, nestings)
    saved = _fitting(run, n)
    missing = [difficulty for difficulty in asked if difficulty not in _known(saved)]
    if missing and os.access(run.path, os.W_OK):
        with run.locked():
            _score(run, missing, saved, report)
            run.write_json(FILE, saved)
    elif missing:
        report(f"{run} is read-only, so its scores are not saved")
        _score(run, missing, saved, report)
    for one in saved["left_out"]:
        if (difficulty := _difficulty(one)) in asked:
            report(f"{difficulty} is left out: {one['why']}")
    return [row for row in saved["rows"] if _difficulty(row) in asked]


def saved_rows(run: Run) -> list[dict[str, Any]]:
    """All saved rows; none if the run was not scored beyond its target.

    Raises:
        RunError: they cannot be read.
    """
    saved = _read(run)
    return [] if saved is None else list(saved["rows"])


def _fitting(run: Run, n: int) -> Saved:
    """What is saved for the newest checkpoint and n samples, or an empty record."""
    result = run.result()  # raises for a run that is not complete
    saved = _read(run)
    checkpoints = run.checkpoints()
    update = int(checkpoints[-1].stem) if checkpoints else result["updates"]
    if saved is not None and (saved["update"], saved["n"]) == (update, n):
        return saved
    return {"update": update, "n": n, "rows": [], "left_out": []}


def _read(run: Run) -> Saved | None:
    path = run / FILE
    return read_record(path, EXTRAPOLATION) if path.exists() else None


def _score(run: Run, difficulties: Sequence[Difficulty], saved: Saved, report: Callable[[str], None]) -> None:
    """Add the rows of these difficulties, or why there are none."""
    from l2e.evaluation.checkpoint import trained_learner
    from l2e.evaluation.held_out import held_out
    from l2e.evaluation.reference_predictors import named_predictors
    from l2e.evaluation.scoring import evaluate, rows

    experiment = run.experiment()
    try:
        experiment.check()
    except ValueError as error:  # the file of a task or learner has changed or is gone
        raise RunError(f"{run}: {error}") from error
    learner, predictors = trained_learner(run), named_predictors(experiment)
    labels = _labels(experiment)
    for difficulty in difficulties:
        try:
            samples = held_out(experiment, Split.TEST, saved["n"], *difficulty)
        except DifficultyError as error:
            saved["left_out"].append({**difficulty._asdict(), "why": str(error)})
            continue
        report(f"{run}: {difficulty}")
        saved["rows"] += rows(evaluate(learner, samples), samples, **labels)
        for name, predictor in predictors.items():
            of_predictor = {**labels, "learner": name, "curriculum": None, "seed": None}
            saved["rows"] += rows(evaluate(predictor, samples), samples, **of_predictor)


def _labels(experiment: Experiment) -> dict[str, Any]:
    return {
        "task": str(experiment.task),
        "split": "test",
        "learner": str(experiment.learner),
        "curriculum": str(experiment.curriculum),
        "seed": experiment.seed,
        "trained_length": experiment.length,
        "trained_nesting": experiment.nesting,
    }


def _known(saved: Saved) -> set[Difficulty]:
    return {_difficulty(one) for one in [*saved["rows"], *saved["left_out"]]}


def _difficulty(labelled: dict[str, Any]) -> Difficulty:
    return Difficulty(labelled["length"], labelled["nesting"])
