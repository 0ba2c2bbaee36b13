"""The curricula: what holds for every registered one, and the paper's words for each of its four."""

import copy
import json
from collections import Counter
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.samples import Difficulties, Difficulty
from l2e.curricula import OPERANDS_PER_OPERATION, Baseline, Combined, Curriculum, Ladder, Mix, Naive
from l2e.progress import Check, Progress
from l2e.registry import Group, create, names
from tests.toys import Alternating

CURRICULA = names(Group.CURRICULUM)
every_curriculum = pytest.mark.parametrize("name", CURRICULA)
targets = st.builds(Difficulty, st.integers(1, 6), st.integers(1, 4))
stalls = st.lists(st.booleans(), max_size=30)


def made(name: str, target: Difficulty, stalled: list[bool]) -> Curriculum:
    """The curriculum after checks that stalled or did not."""
    curriculum: Curriculum = create(Group.CURRICULUM, name, {}, target)
    for one in stalled:
        curriculum.update(Progress(Check(0.5, 0.5), one))
    return curriculum


def drawn(curriculum: Curriculum, n: int = 50, seed: int = 0) -> list[Any]:
    difficulties = curriculum.draw(n, np.random.default_rng(seed))
    return [difficulties.lengths.tolist(), difficulties.nestings.tolist()]


def pairs(difficulties: Difficulties) -> list[tuple[int, int]]:
    return list(zip(difficulties.lengths.tolist(), difficulties.nestings.tolist(), strict=True))


@every_curriculum
@given(target=targets, stalled=stalls, n=st.integers(0, 40))
def test_every_draw_is_within_the_target(name: str, target: Difficulty, stalled: list[bool], n: int) -> None:
    difficulties = made(name, target, stalled).draw(n, np.random.default_rng(0))
    assert len(difficulties) == n
    assert all(1 <= length <= target.length for length in difficulties.lengths.flat)
    assert all(1 <= nesting <= target.nesting for nesting in difficulties.nestings)


@every_curriculum
@given(target=targets, stalled=stalls)
def test_the_current_difficulty_is_within_the_target(name: str, target: Difficulty, stalled: list[bool]) -> None:
    current = made(name, target, stalled).current
    assert 1 <= current.length <= target.length
    assert 1 <= current.nesting <= target.nesting


@every_curriculum
@given(target=targets, stalled=stalls, seed=st.integers(0, 5))
def test_draws_depend_on_state_and_rng_alone(name: str, target: Difficulty, stalled: list[bool], seed: int) -> None:
    assert drawn(made(name, target, stalled), seed=seed) == drawn(made(name, target, stalled), seed=seed)


@every_curriculum
@given(target=targets, stalled=stalls)
def test_drawing_changes_no_state(name: str, target: Difficulty, stalled: list[bool]) -> None:
    curriculum = made(name, target, stalled)
    before, first = copy.deepcopy(curriculum.state_dict()), drawn(curriculum)
    assert curriculum.state_dict() == before
    assert drawn(curriculum) == first


@every_curriculum
@given(target=targets, stalled=stalls, later=stalls)
def test_a_restored_curriculum_draws_and_rises_as_the_first(
    name: str, target: Difficulty, stalled: list[bool], later: list[bool]
) -> None:
    first, second = made(name, target, stalled), made(name, target, [])
    state = json.loads(json.dumps(first.state_dict()))
    second.load_state_dict(state)
    assert second.state_dict() == state == first.state_dict()
    assert second.current == first.current
    assert drawn(second) == drawn(first)
    for one in later:
        progress = Progress(Check(0.5, 0.5), one)
        assert first.update(progress) == second.update(progress)
    assert drawn(second) == drawn(first)


@every_curriculum
@given(target=targets)
def test_update_says_whether_the_current_difficulty_rose(name: str, target: Difficulty) -> None:
    curriculum = made(name, target, [])
    for _ in range(30):
        before = curriculum.current
        assert curriculum.update(Progress(Check(1.0, 1.0), stalled=True)) == (curriculum.current != before)


@every_curriculum
def test_nothing_rises_while_progress_goes_on(name: str) -> None:
    curriculum = made(name, Difficulty(4, 3), [])
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
    curriculum = made("naive", Difficulty(3, 2), [True] * 3)
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


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("mix", {"redraw": "operation"}, "redraw is 'operation'; legal: sample, operand"),
        ("combined", {"redraw": "operation"}, "redraw is 'operation'; legal: sample, operand"),
        ("combined", {"mix_fraction": 1.1}, "mix_fraction is 1.1; it is a probability"),
        ("combined", {"mix_fraction": -0.1}, "mix_fraction is -0.1; it is a probability"),
    ],
)
def test_an_option_with_a_wrong_value_is_refused_with_what_is_legal(
    name: str, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        create(Group.CURRICULUM, name, options, Difficulty(3, 2))


def test_a_users_curriculum_needs_two_methods() -> None:
    curriculum = Alternating(Difficulty(4, 2))
    assert pairs(curriculum.draw(3, np.random.default_rng(0))) == [(1, 2), (4, 2), (1, 2)]
    assert curriculum.current == (4, 2)
    assert json.loads(json.dumps(curriculum.state_dict())) == {"current": [4, 2]}


def test_a_users_curriculum_is_found_in_its_file(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "from generators import Difficulties, Difficulty\n"
        "from l2e.curricula import Curriculum\n"
        "class Halfway(Curriculum):\n"
        "    def draw(self, n, rng):\n"
        "        return Difficulties.constant(Difficulty(self.target.length // 2, 1), n)\n"
        "    def update(self, progress):\n"
        "        return False\n"
    )
    curriculum = create(Group.CURRICULUM, f"{tmp_path / 'mine.py'}:Halfway", {}, Difficulty(6, 1))
    assert set(pairs(curriculum.draw(5, np.random.default_rng(0)))) == {(3, 1)}


@pytest.mark.parametrize("made_of", [Naive, Combined])
def test_naive_may_begin_every_nesting_with_a_longer_length(made_of: type[Naive]) -> None:
    curriculum = made_of(Difficulty(4, 2), shortest=3)
    steps = [curriculum.current]
    while curriculum.update(Progress(Check(0.5, 0.5), stalled=True)):
        steps.append(curriculum.current)
    assert steps == [(3, 1), (4, 1), (3, 2), (4, 2)]


@every_curriculum
@pytest.mark.parametrize("shortest", [0, 5])
def test_a_shortest_length_beyond_the_target_is_refused(name: str, shortest: int) -> None:
    with pytest.raises(ValueError, match="a length from 1 to the target's 4"):
        create(Group.CURRICULUM, name, {"shortest": shortest}, Difficulty(4, 1))


@pytest.mark.parametrize("name", ["baseline", "mix"])
def test_a_shortest_level_changes_no_draw_of_a_curriculum_that_draws_at_no_level(name: str) -> None:
    plain, later = (create(Group.CURRICULUM, name, {"shortest": n}, Difficulty(4, 2)) for n in (1, 3))
    assert drawn(later) == drawn(plain)


@given(target=targets, data=st.data())
def test_a_ladder_goes_from_its_bottom_to_its_target_once_through_every_level(
    target: Difficulty, data: st.DataObject
) -> None:
    shortest = data.draw(st.integers(1, target.length))
    ladder = Ladder(target, shortest)
    levels = [ladder.bottom]
    while ladder.above(levels[-1]) != levels[-1]:
        levels.append(ladder.above(levels[-1]))
    assert levels == [
        (length, nesting) for nesting in range(1, target.nesting + 1) for length in range(shortest, target.length + 1)
    ]
