"""How answers are scored; every figure says its rule.

    teacher_forced_accuracy   characters predicted rightly, the correct earlier ones given (the paper's rule)
    character_accuracy        free-running, aligned by position; a missing or surplus character is wrong
    exact_match               free-running; the whole answer, sign and full stop included

An unparsable or empty answer is wrong, never dropped. Intervals are Wilson's at 95 %; for the two rules over
characters they take characters as independent, which those of one answer are not quite.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from generators.samples import Samples

if TYPE_CHECKING:
    from l2e.learner import Predictor

Z_95 = 1.959963984540054
SURPLUS = 5  # characters beyond the longest target that a predictor may still write, and that count as wrong


class Rule(StrEnum):
    """What a figure counts."""

    TEACHER_FORCED = "teacher_forced_accuracy"
    CHARACTER = "character_accuracy"
    EXACT_MATCH = "exact_match"

    @property
    def spoken(self) -> str:
        """As it stands in a sentence.

        >>> Rule.TEACHER_FORCED.spoken
        'teacher-forced accuracy'
        """
        return self.value.replace("_", " ").replace("teacher forced", "teacher-forced")


@dataclass(frozen=True, slots=True)
class Score:
    """So many of n were right."""

    correct: int
    n: int

    @property
    def accuracy(self) -> float:
        """The fraction that was right; NaN of none."""
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


@dataclass(frozen=True, slots=True)
class Scored:
    """A predictor's answers and their scores.

    Attributes:
        answers: free-running, one a sample.
        teacher_forced_answers: what it predicted at each position of each target.
        scores: [samples], one score a sample under each rule.
    """

    answers: list[str]
    teacher_forced_answers: list[str]
    scores: Mapping[Rule, Sequence[Score]]

    def total(self, rule: Rule, of: Sequence[int] | None = None) -> Score:
        """The score over all samples, or over those at the given positions."""
        scores = self.scores[rule]
        return sum((scores[i] for i in (range(len(scores)) if of is None else of)), Score(0, 0))


def score(predictor: Predictor, samples: Samples) -> Scored:
    """Score a predictor on samples under every rule."""
    most = max(map(len, samples.targets), default=0) + SURPLUS
    answers = predictor.predict(samples.inputs, most)
    forced = predictor.predict_teacher_forced(samples)
    scores = {
        Rule.TEACHER_FORCED: [agreement(a, t) for a, t in zip(forced, samples.targets, strict=True)],
        Rule.CHARACTER: [agreement(a, t) for a, t in zip(answers, samples.targets, strict=True)],
        Rule.EXACT_MATCH: [Score(int(a == t), 1) for a, t in zip(answers, samples.targets, strict=True)],
    }
    return Scored(answers, forced, scores)


def teacher_forced(predictor: Predictor, samples: Samples) -> Score:
    """The teacher-forced score alone, for checks during training."""
    answers = predictor.predict_teacher_forced(samples)
    return sum((agreement(a, t) for a, t in zip(answers, samples.targets, strict=True)), Score(0, 0))


def agreement(answer: str, target: str) -> Score:
    """Characters that agree by position, out of the longer of the two texts.

    >>> agreement("1234.", "124.")
    Score(correct=2, n=5)
    """
    return Score(sum(map(str.__eq__, answer, target)), max(len(answer), len(target)))


def rows(scored: Scored, samples: Samples, **labels: Any) -> list[dict[str, Any]]:
    """Flat rows, one a rule and difficulty: the labels, length, nesting, rule, n, accuracy, low, high."""
    difficulties = list(zip(samples.lengths.tolist(), samples.nestings.tolist(), strict=True))
    found = []
    for length, nesting in sorted(set(difficulties)):
        of = [i for i, difficulty in enumerate(difficulties) if difficulty == (length, nesting)]
        for rule in Rule:
            total = scored.total(rule, of)
            low, high = total.interval
            found.append(
                {
                    **labels,
                    "length": length,
                    "nesting": nesting,
                    "rule": rule.value,
                    "n": total.n,
                    "accuracy": total.accuracy,
                    "low": low,
                    "high": high,
                }
            )
    return found
