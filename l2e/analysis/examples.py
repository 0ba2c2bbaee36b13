"""Test samples beside what each strategy's network answered, as in the appendix of Zaremba & Sutskever 2014.

Runs of one task and difficulty are tested on the same samples; their answers are joined by the input's text, so that a
run with fewer samples has no answer to the others. An input that was drawn twice is shown once. Nothing is picked: the
first inputs are shown, in the order of the test samples, which are drawn at random.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from l2e.analysis.run_set import CompleteRun, RunSet
from l2e.experiments.run import RunError

MOST = 2  # examples of a difficulty, unless another number is asked for


@dataclass(frozen=True, slots=True)
class Example:
    """An input, what is right, and what each run answered, in the order of the runs.

    Attributes:
        input: the text.
        target: the right answer.
        free: [runs], free-running answers; None where a run was not asked.
        forced: [runs], teacher-forced answers.
    """

    input: str
    target: str
    free: list[str | None]
    forced: list[str | None]


@dataclass(frozen=True, slots=True)
class Answered:
    """An input, what is right, and an answer a strategy.

    Attributes:
        input: the text.
        target: the right answer.
        answers: [strategies]; None where one was not asked.
    """

    input: str
    target: str
    answers: list[str | None]


@dataclass(frozen=True, slots=True)
class Answers:
    """What strategies answered, under a title.

    Attributes:
        title: task and difficulty, and how the answers were written.
        strategies: their names.
        examples: what they were asked.
        words: what to know when reading them.
    """

    title: str
    strategies: list[str]
    examples: list[Answered] = field(repr=False)
    words: str = ""


def joined(runs: Sequence[CompleteRun]) -> list[Example]:
    """The different inputs of runs of one task and difficulty, each with every run's answers.

    Args:
        runs: complete ones; one without recorded answers was not asked.
    """
    found: dict[str, Example] = {}
    for column, run in enumerate(runs):
        for one in run.predictions if run.answered else ():
            if one.input not in found:
                none: list[None] = [None] * len(runs)
                found[one.input] = Example(one.input, one.target, [*none], [*none])
            example = found[one.input]
            example.free[column], example.forced[column] = one.answer, one.teacher_forced
    return list(found.values())


def first_examples(runs: RunSet, most: int = MOST, forced: bool = False) -> list[Answers]:
    """The first examples of each task and difficulty.

    Args:
        runs: of several seeds the first is shown.
        most: examples of a task and difficulty.
        forced: teacher-forced answers instead of free-running ones.

    Raises:
        RunError: none of the runs has recorded its answers.
    """
    mode = "teacher-forced" if forced else "free-running"
    found = []
    for title, members in one_seed_each(runs).by_target().items():
        examples = [
            Answered(one.input, one.target, one.forced if forced else one.free) for one in joined(members.runs)[:most]
        ]
        if examples:
            found.append(Answers(f"{title}: {mode} answers", members.names, examples))
    if not found:
        raise RunError(
            f"none of the {len(runs)} runs has a predictions.jsonl; delete their result.json and give the same "
            "l2e train or l2e bench again"
        )
    return [*found[:-1], replace(found[-1], words=_words(most, forced))]


def one_seed_each(runs: RunSet) -> RunSet:
    """Of repetitions with several seeds the one of the smallest."""
    seeds: dict[str, int] = {}
    for run in runs:
        setting = run.experiment.setting
        seeds[setting] = min(run.experiment.seed, seeds.get(setting, run.experiment.seed))
    return runs.where(lambda run: run.experiment.seed == seeds[run.experiment.setting])


def _words(most: int, forced: bool) -> str:
    chosen = "the first" if most == 1 else f"the first {most}"
    how = (
        "Teacher-forced: each character is predicted after the target's earlier ones."
        if forced
        else "Free-running: a network reads its own answer as it writes."
    )
    return (
        f"For each difficulty {chosen} of its different test inputs, in the order in which they were drawn. {how} "
        "Characters that differ from the target's at their place are marked; a missing one is shown as ·."
    )
