"""Scores a predictor on samples, under every rule of `l2e.metrics`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from generators.samples import IntArray, Samples
from l2e.learner import Predictor
from l2e.metrics import Rule, Score, score

SURPLUS = 5  # characters that an answer may be longer than the longest target; they count as wrong


@dataclass(frozen=True, slots=True)
class Scored:
    """A predictor's answers and their scores.

    Attributes:
        answers: free-running, one a sample.
        teacher_forced_answers: predicted at each position of each target.
        scores: correct and total counts under each rule, int64 [samples] each.
    """

    answers: list[str]
    teacher_forced_answers: list[str]
    scores: Mapping[Rule, tuple[IntArray, IntArray]]

    def total(self, rule: Rule, chosen: Any = slice(None)) -> Score:
        """The score over all samples, or over those selected by an array index."""
        right, counted = self.scores[rule]
        return Score(int(right[chosen].sum()), int(counted[chosen].sum()))


def evaluate(predictor: Predictor, samples: Samples) -> Scored:
    """Score a predictor's answers under every rule."""
    most = max(map(len, samples.targets), default=0) + SURPLUS
    free = predictor.predict(samples.inputs, most)
    forced = predictor.predict_teacher_forced(samples)
    scores = {rule: score(free if rule.free_running else forced, samples.targets, rule) for rule in Rule}
    return Scored(free, forced, scores)


def teacher_forced(predictor: Predictor, samples: Samples) -> Score:
    """The teacher-forced score only, for checks during training."""
    right, counted = score(predictor.predict_teacher_forced(samples), samples.targets, Rule.TEACHER_FORCED)
    return Score(int(right.sum()), int(counted.sum()))


def rows(scored: Scored, samples: Samples, **labels: Any) -> list[dict[str, Any]]:
    """Flat rows, one a rule and difficulty: the labels, length, nesting, rule, n, accuracy, low, high."""
    difficulties = sorted({(int(a), int(b)) for a, b in zip(samples.lengths, samples.nestings, strict=True)})
    found = []
    for length, nesting in difficulties:
        chosen = np.asarray((samples.lengths == length) & (samples.nestings == nesting))
        for rule in Rule:
            total = scored.total(rule, chosen)
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
