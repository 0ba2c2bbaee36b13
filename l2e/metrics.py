"""Scoring rules.

    teacher_forced_accuracy   characters predicted correctly, given the correct earlier ones (the paper's rule)
    character_accuracy        free-running, aligned by position; a missing or surplus character is wrong
    exact_match               free-running; the whole answer, sign and full stop included

Rules over the validation curve of a run at its target, teacher-forced (l2e.analysis.learning):

    updates_to_target, characters_to_target   of training until it first stays above 50, 90 and 99 %
    success_rate                              share of runs that come to 99 %
    sample_efficiency                         area under the curve over updates

An unparsable or empty answer is wrong, never dropped. Intervals are Wilson's at 95 %; the two rules over characters
treat characters as independent, which is approximate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import BeforeValidator

from generators.samples import BoolArray, IntArray

Z_95 = 1.959963984540054


class Rule(StrEnum):
    """A scoring rule."""

    TEACHER_FORCED = "teacher_forced_accuracy"
    CHARACTER = "character_accuracy"
    EXACT_MATCH = "exact_match"

    @property
    def spoken(self) -> str:
        """The rule's name in a sentence.

        >>> Rule.TEACHER_FORCED.spoken
        'teacher-forced accuracy'
        """
        return self.value.replace("_", " ").replace("teacher forced", "teacher-forced")

    @property
    def free_running(self) -> bool:
        """Whether it scores free-running answers."""
        return self is not Rule.TEACHER_FORCED


class LearningRule(StrEnum):
    """A rule over validation curves at the target."""

    UPDATES = "updates_to_target"
    CHARACTERS = "characters_to_target"
    SUCCESS = "success_rate"
    EFFICIENCY = "sample_efficiency"


AnyRule = Rule | LearningRule
SHOWN_RULES: tuple[AnyRule, ...] = (
    *(Rule.TEACHER_FORCED, Rule.EXACT_MATCH),
    *(LearningRule.UPDATES, LearningRule.SUCCESS, LearningRule.EFFICIENCY),
)
"""Those that tables show unless others are chosen: the paper's, the strictest, and how soon it is learnt."""


def rule_named(name: str) -> AnyRule:
    """The rule of this name, of either kind.

    Raises:
        ValueError: there is none.

    >>> rule_named("success_rate")
    <LearningRule.SUCCESS: 'success_rate'>
    """
    legal: dict[str, AnyRule] = {rule.value: rule for kind in (Rule, LearningRule) for rule in kind}
    if name not in legal:
        raise ValueError(f"{name!r} is no rule; legal: {', '.join(legal)}")
    return legal[name]


NamedRule = Annotated[AnyRule, BeforeValidator(rule_named)]
"""As a field of a model: a rule by its name, with one sentence where there is none."""


@dataclass(frozen=True, slots=True)
class Score:
    """The number correct out of n."""

    correct: int
    n: int

    @property
    def accuracy(self) -> float:
        """The fraction correct; NaN if n is 0."""
        return self.correct / self.n if self.n else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval."""
        return wilson(self.correct, self.n)

    def __add__(self, other: Score) -> Score:
        return Score(self.correct + other.correct, self.n + other.n)


def wilson(correct: int, n: int, z: float = Z_95) -> tuple[float, float]:
    """Wilson's score interval for a proportion; (0, 1) where nothing was counted.

    >>> wilson(81, 263)  # doctest: +ELLIPSIS
    (0.255..., 0.366...)
    """
    if n == 0:
        return 0.0, 1.0
    p, z2 = correct / n, z * z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    # At 0 and at n the bound is exact; rounding must not put the accuracy outside its interval.
    return (0.0 if correct == 0 else middle - half), (1.0 if correct == n else middle + half)


def score(answers: Sequence[str], targets: Sequence[str], rule: Rule) -> tuple[IntArray, IntArray]:
    """Correct and total counts of each answer: of characters, or of the answer as a whole.

    Args:
        answers: [samples], free-running or teacher-forced, as the rule has it.
        targets: [samples].
        rule: what to count.

    Returns:
        Right and counted, int64 [samples] each.

    >>> score(["1234.", "7."], ["124.", "7."], Rule.CHARACTER)
    (array([2, 2]), array([5, 2]))
    """
    if rule is Rule.EXACT_MATCH:
        whole = np.array([answer == target for answer, target in zip(answers, targets, strict=True)], np.int64)
        return whole, np.ones_like(whole)
    right, counted = agreements(answers, targets)
    return right.sum(axis=1), counted.sum(axis=1)


def agreements(answers: Sequence[str], targets: Sequence[str]) -> tuple[BoolArray, BoolArray]:
    """Masks of positions that agree, and of positions in the longer text, both [texts, positions]."""
    lengths = np.array([[*map(len, answers)], [*map(len, targets)]], np.int64)
    width = max(int(lengths.max(initial=0)), 1)
    written, right = (_characters(texts, width) for texts in (answers, targets))
    positions = np.arange(width)
    both, either = (positions < ends[:, None] for ends in (lengths.min(axis=0), lengths.max(axis=0)))
    return (written == right) & both, either


def _characters(texts: Sequence[str], width: int) -> npt.NDArray[np.uint32]:
    return np.array(texts, dtype=f"U{width}").view(np.uint32).reshape(len(texts), width)
