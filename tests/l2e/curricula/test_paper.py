"""The paper's words for each of its four curricula."""

from collections import Counter
from math import sqrt

import numpy as np
import pytest

from generators.samples import Difficulty
from l2e.curricula import OPERANDS_PER_OPERATION, Baseline, Combined, Mix, Naive
from l2e.progress import Check, Progress
from l2e.registry import Group, create
from tests.l2e.curricula.progress import pairs

PAPERS_FOUR = ("baseline", "naive", "mix", "combined")


@pytest.mark.parametrize("name", PAPERS_FOUR)
def test_nothing_rises_while_progress_goes_on(name: str) -> None:
    curriculum = create(Group.CURRICULUM, name, {}, Difficulty(4, 3))
    assert not any(curriculum.update(Progress(Check(0.99, 0.99), stalled=False)) for _ in range(20))


def test_baseline_draws_every_sample_at_the_target() -> None:
    assert set(pairs(Baseline(Difficulty(5, 2)).draw(100, np.random.default_rng(0)))) == {(5, 2)}


def test_naive_goes_through_all_lengths_of_a_nesting_then_starts_the_next_at_length_1() -> None:
    curriculum = Naive(Difficulty(3, 2))
    path = [curriculum.current]
    while curriculum.update(Progress(Check(1.0, 1.0), stalled=True)):
        path.append(curriculum.current)
    assert path == [(1, 1), (2, 1), (3, 1), (1, 2), (2, 2), (3, 2)]


def test_naive_draws_every_sample_at_the_current_difficulty() -> None:
    curriculum = Naive(Difficulty(3, 2))
    for _ in range(3):
        curriculum.update(Progress(Check(0.5, 0.5), stalled=True))
    assert set(pairs(curriculum.draw(100, np.random.default_rng(0)))) == {(1, 2)}


def test_mix_draws_every_pair_of_length_and_nesting_equally_often() -> None:
    n = 24_000
    counts = Counter(pairs(Mix(Difficulty(4, 3)).draw(n, np.random.default_rng(0))))
    assert set(counts) == {(length, nesting) for length in range(1, 5) for nesting in range(1, 4)}
    # Uniform and independent together: each of the 12 cells has its share, within five standard deviations.
    assert max(abs(count - n / 12) for count in counts.values()) < 5 * sqrt(n / 12)


@pytest.mark.parametrize("fraction", [0.0, 0.2, 1.0])
def test_combined_takes_this_fraction_of_the_samples_from_mix(fraction: float) -> None:
    n, target = 20_000, Difficulty(10, 10)
    difficulties = pairs(Combined(target, mix_fraction=fraction).draw(n, np.random.default_rng(0)))
    # Mix gives (1, 1), where naive stands, once in a hundred.
    expected = n * fraction * 0.99
    assert abs(sum(pair != (1, 1) for pair in difficulties) - expected) <= 5 * sqrt(n * fraction * (1 - fraction) + 400)
    assert (fraction > 0) == any(pair != (1, 1) for pair in difficulties)


def test_combined_takes_length_and_nesting_of_a_sample_from_the_same_one_of_the_two() -> None:
    curriculum = Combined(Difficulty(10**9, 10**9), mix_fraction=0.5)  # mix almost never gives 1
    for length, nesting in pairs(curriculum.draw(2000, np.random.default_rng(0))):
        assert (length == 1) == (nesting == 1)


def test_combined_takes_its_naive_part_at_the_current_difficulty() -> None:
    curriculum = Combined(Difficulty(3, 2), mix_fraction=0.0)
    curriculum.update(Progress(Check(1.0, 1.0), stalled=True))
    assert set(pairs(curriculum.draw(50, np.random.default_rng(0)))) == {(2, 1)}


def test_combined_is_mixed_as_the_release_is_by_default() -> None:
    assert Combined(Difficulty(3, 2)).mix_fraction == 0.2


@pytest.mark.parametrize("name", ["mix", "combined"])
def test_redraw_operand_gives_every_operand_a_length_of_its_own(name: str) -> None:
    curriculum = create(Group.CURRICULUM, name, {"redraw": "operand"}, Difficulty(6, 3))
    difficulties = curriculum.draw(200, np.random.default_rng(0))
    assert difficulties.lengths.shape == (200, 3 * OPERANDS_PER_OPERATION)
    assert difficulties.nestings.shape == (200,)
    assert any(len(set(row)) > 1 for row in difficulties.lengths.tolist())
    assert difficulties.lengths.max() == 6


def test_redraw_operand_chooses_between_naive_and_mix_at_every_operand() -> None:
    curriculum = Combined(Difficulty(10**9, 10), mix_fraction=0.5, redraw="operand")
    lengths = curriculum.draw(50, np.random.default_rng(0)).lengths
    assert all(0 < (row == 1).sum() < len(row) for row in lengths)


@pytest.mark.parametrize("made_of", [Naive, Combined])
def test_naive_may_begin_every_nesting_with_a_longer_length(made_of: type[Naive]) -> None:
    curriculum = made_of(Difficulty(4, 2), shortest=3)
    steps = [curriculum.current]
    while curriculum.update(Progress(Check(0.5, 0.5), stalled=True)):
        steps.append(curriculum.current)
    assert steps == [(3, 1), (4, 1), (3, 2), (4, 2)]


@pytest.mark.parametrize("name", ["baseline", "mix"])
def test_a_shortest_level_changes_no_draw_of_a_curriculum_that_draws_at_no_level(name: str) -> None:
    plain, later = (create(Group.CURRICULUM, name, {"shortest": n}, Difficulty(4, 2)) for n in (1, 3))
    drawn = [pairs(curriculum.draw(50, np.random.default_rng(0))) for curriculum in (plain, later)]
    assert drawn[0] == drawn[1]
