"""Curricula that move by accuracy or by the budget: look back and forward, thresholds, schedule, traits."""

from collections import Counter
from math import nan, sqrt

import numpy as np
import pytest

from generators.addition import Addition
from generators.errors import DifficultyError
from generators.memorization import Copy
from generators.samples import Difficulty
from generators.splits import Split, draw_samples
from l2e.curricula import Curriculum, FadingTrait, LookBackAndForward, Schedule, Thresholds
from l2e.progress import Check, Progress
from tests.l2e.curricula.progress import pairs, validated


def at(fraction: float) -> Progress:
    return Progress(Check(0.5, 0.5), stalled=False, fraction=fraction)


def test_look_back_and_forward_draws_a_fifth_of_all_levels_alike() -> None:
    n = 20_000
    curriculum = LookBackAndForward(Difficulty(2, 2))
    curriculum.current = Difficulty(2, 1)
    counts = Counter(pairs(curriculum.draw(n, np.random.default_rng(0))))
    expected = {(1, 1): 0.05, (2, 1): 0.85, (1, 2): 0.05, (2, 2): 0.05}
    for level, share in expected.items():
        assert abs(counts[level] - n * share) < 5 * sqrt(n * share * (1 - share))


@pytest.mark.parametrize(
    ("curriculum", "accuracies", "path"),
    [
        (LookBackAndForward(Difficulty(2, 2)), [0.94, 0.95, 0.1, 1.0, 1.0, 1.0], "11 21 21 12 22 22"),
        (Thresholds(Difficulty(2, 2)), [0.69, 0.7, 0.31, 0.3, 0.0, 0.9, 0.9, 0.9, 0.9], "11 21 21 11 11 21 12 22 22"),
    ],
    ids=["look back and forward", "thresholds"],
)
def test_the_level_follows_accuracy(curriculum: Curriculum, accuracies: list[float], path: str) -> None:
    levels = []
    for accuracy in accuracies:
        curriculum.update(validated(accuracy))
        levels.append("{}{}".format(*curriculum.current))
    assert " ".join(levels) == path


def test_a_schedule_gives_every_level_as_long_and_then_the_target() -> None:
    curriculum = Schedule(Difficulty(5), until=0.5)
    levels = [curriculum.current]
    for update in range(1, 64):
        curriculum.update(at(update / 64))
        levels.append(curriculum.current)
    assert [levels.count(level) for level in curriculum.ladder.levels] == [8, 8, 8, 8, 32]


def test_a_schedule_passes_over_levels_whose_turn_is_over() -> None:
    curriculum = Schedule(Difficulty(5), until=0.5)
    assert curriculum.update(at(0.3))
    assert curriculum.current == (3, 1)
    assert set(pairs(curriculum.draw(9, np.random.default_rng(0)))) == {(3, 1)}


@pytest.mark.parametrize("curriculum", [Schedule(Difficulty(5)), FadingTrait(Difficulty(5))])
def test_a_plan_without_a_budget_is_refused(curriculum: Curriculum) -> None:
    with pytest.raises(ValueError, match="follows the budget needs one"):
        curriculum.update(at(nan))


def test_a_trait_fades_with_the_budget() -> None:
    curriculum = FadingTrait(Difficulty(4), share=0.8, until=0.5)
    shares = [0.8]
    for fraction in (0.125, 0.25, 0.5, 0.9):
        assert not curriculum.update(at(fraction))
        shares.append(curriculum.share)
    assert shares == pytest.approx([0.8, 0.6, 0.4, 0.0, 0.0])


@pytest.mark.parametrize("share", [0.0, 0.8, 1.0])
def test_training_samples_have_the_trait_as_often_as_is_asked(share: float) -> None:
    task, n = Addition(), 4000
    samples, _ = draw_samples(task, Split.TRAIN, n, FadingTrait(Difficulty(5), share=share).draw, (0,))
    many = np.mean([task.traits(text)["carries"][0] >= 3 for text in samples.inputs])  # type: ignore[operator]
    by_chance = 0.49
    assert many == pytest.approx(share + (1 - share) * by_chance, abs=0.05)


def test_a_task_that_does_not_know_the_trait_says_which_it_knows() -> None:
    wrong = FadingTrait(Difficulty(5), trait="few_carries")
    with pytest.raises(DifficultyError, match=r"'addition' cannot write .* 'few_carries'; it can with: many_carries"):
        draw_samples(Addition(), None, 50, wrong.draw, (0,))
    with pytest.raises(DifficultyError, match=r"'copy' cannot write .* 'many_carries'; it can with: none"):
        draw_samples(Copy(), None, 50, FadingTrait(Difficulty(5)).draw, (0,))
