"""The paper's four example programs: its networks' published answers beside those of trained runs.

A program is put to the networks that were trained for it: to the runs of the smallest target, length before nesting,
whose length and nesting are both at least the program's. Where there is no such target it is put to the runs of the
greatest target there is. The title of each table names the target, so that it is seen which it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from l2e.analysis.examples import Answered, Answers, one_seed_each
from l2e.analysis.literature import PROGRAMS, ZAREMBA, PublishedAnswers
from l2e.analysis.run_set import RunSet
from l2e.evaluation.scoring import SURPLUS
from l2e.experiments.experiment import Experiment
from l2e.experiments.run import Run
from l2e.registry import Group, create

if TYPE_CHECKING:
    from l2e.learner import Predictor

TASK = "program"


def asked_programs(runs: RunSet, load: Callable[[Run], Predictor] | None = None) -> list[Answers]:
    """What the networks of these runs answer to the paper's programs, a table a target; empty without a run to ask.

    Only complete runs of the whole task `program`, unscrambled, are asked. One that has no checkpoint left is in the
    table as not asked.

    Args:
        runs: of several seeds the first is asked.
        load: gives a run's network; by default that of its newest checkpoint.

    Raises:
        RunError: a checkpoint is corrupt.
    """
    able = one_seed_each(runs.where(lambda run: _is_able(run.experiment)))
    if not len(able):
        return []
    if load is None:
        from l2e.evaluation.checkpoint import trained_learner  # imports torch

        load = trained_learner
    titles = {members.runs[0].experiment.target: (title, members) for title, members in able.by_target().items()}
    put_to: dict[tuple[int, int], list[PublishedAnswers]] = {}
    for program in PROGRAMS:
        put_to.setdefault(chosen_target(program, list(titles)), []).append(program)
    return [
        _table(title, members, put_to[target], load) for target, (title, members) in titles.items() if target in put_to
    ]


def _is_able(experiment: Experiment) -> bool:
    return str(experiment.task) == TASK and experiment.scramble is None


def chosen_target(program: PublishedAnswers, targets: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Which target's networks a program is put to.

    Args:
        program: of a length and a nesting.
        targets: (length, nesting) pairs, at least one.

    >>> chosen_target(PROGRAMS[2], [(4, 1), (4, 2), (4, 3), (5, 2)])
    (4, 2)
    >>> chosen_target(PROGRAMS[2], [(2, 3), (4, 1)])
    (4, 1)
    """
    fitting = [target for target in targets if target[0] >= program.length and target[1] >= program.nesting]
    return min(fitting) if fitting else max(targets)


def _table(title: str, runs: RunSet, programs: Sequence[PublishedAnswers], load: Callable[[Run], Predictor]) -> Answers:
    task = create(Group.TASK, TASK, {})
    inputs = [program.input for program in programs]
    targets = [task.answer(text) for text in inputs]
    most = max(map(len, targets)) + SURPLUS
    folders = [run.folder for run in runs]
    ours = [load(folder).predict(inputs, most) if folder.checkpoints() else [None] * len(inputs) for folder in folders]
    published = list(programs[0].answers)
    examples = [
        Answered(program.input, target, [*map(program.answers.__getitem__, published), *answers])
        for program, target, *answers in zip(programs, targets, *ours, strict=True)
    ]
    unasked = [str(folder) for folder in folders if not folder.checkpoints()]
    return Answers(
        f"Programs of {ZAREMBA}, asked of networks trained at {title}",
        [*(f"paper: {name}" for name in published), *runs.names],
        examples,
        _words(unasked),
    )


def _words(unasked: Sequence[str]) -> str:
    words = (
        "Columns that begin with “paper” are answers of the paper's networks, trained at length 4, as lecture notes "
        "quote them; the notes do not say whether these are free-running. The others are free-running answers of the "
        "networks that the title names. A program is put to the smallest target that reaches its length and nesting, "
        "or else to the greatest there is."
    )
    return f"{words} Not asked, as no checkpoint is left: {', '.join(unasked)}." if unasked else words
