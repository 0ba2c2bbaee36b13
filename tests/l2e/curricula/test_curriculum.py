"""What holds for every registered curriculum, for the ladder of levels, and for a curriculum of a user's."""

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.samples import Difficulty
from l2e.curricula import Curriculum, Ladder
from l2e.registry import Group, create
from l2e.training.run_experiment import run_experiment
from tests.l2e.curricula.progress import pairs, path_of, registered, some_progress
from tests.toys import Alternating, experiment

CURRICULA = registered()
every_curriculum = pytest.mark.parametrize("name", CURRICULA)
targets = st.builds(Difficulty, st.integers(1, 6), st.integers(1, 4))
stalls = st.lists(st.booleans(), max_size=12)
few_examples = settings(max_examples=25)


def made(name: str, target: Difficulty, stalled: list[bool]) -> Curriculum:
    """The curriculum after checks that stalled or did not."""
    curriculum = CURRICULA[name](target)
    for number, one in enumerate(stalled):
        curriculum.update(some_progress(number, one, target))
    return curriculum


def drawn(curriculum: Curriculum, n: int = 50, seed: int = 0) -> list[Any]:
    difficulties = curriculum.draw(n, np.random.default_rng(seed))
    traits = None if difficulties.traits is None else difficulties.traits.tolist()
    return [difficulties.lengths.tolist(), difficulties.nestings.tolist(), traits]


@every_curriculum
@few_examples
@given(target=targets, stalled=stalls, n=st.integers(0, 40))
def test_draws_and_the_current_difficulty_are_within_the_target(
    name: str, target: Difficulty, stalled: list[bool], n: int
) -> None:
    curriculum = made(name, target, stalled)
    difficulties = curriculum.draw(n, np.random.default_rng(0))
    assert len(difficulties) == len(difficulties.lengths) == n
    for length, nesting in [*pairs(difficulties), curriculum.current]:
        assert 1 <= length <= target.length
        assert 1 <= nesting <= target.nesting


@every_curriculum
@few_examples
@given(target=targets, stalled=stalls)
def test_draws_depend_on_state_and_rng_alone_and_change_no_state(
    name: str, target: Difficulty, stalled: list[bool]
) -> None:
    curriculum = made(name, target, stalled)
    before, first = copy.deepcopy(curriculum.state_dict()), drawn(curriculum)
    assert curriculum.state_dict() == before
    assert drawn(curriculum) == first == drawn(made(name, target, stalled))


@every_curriculum
@few_examples
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
    for number, one in enumerate(later, start=len(stalled)):
        rose = [one_of_both.update(some_progress(number, one, target)) for one_of_both in (first, second)]
        assert rose[0] == rose[1]
    assert second.state_dict() == first.state_dict()
    assert drawn(second) == drawn(first)


@every_curriculum
@few_examples
@given(target=targets, stalled=stalls)
def test_update_says_whether_the_current_difficulty_rose(name: str, target: Difficulty, stalled: list[bool]) -> None:
    curriculum = made(name, target, [])
    for number, one in enumerate(stalled):
        (length, nesting) = curriculum.current
        rose = curriculum.update(some_progress(number, one, target))
        assert rose == ((curriculum.current.nesting, curriculum.current.length) > (nesting, length))


@every_curriculum
@pytest.mark.parametrize("shortest", [0, 5])
def test_a_shortest_length_beyond_the_target_is_refused(name: str, shortest: int) -> None:
    with pytest.raises(ValueError, match="a length from 1 to the target's 4"):
        CURRICULA[name](Difficulty(4, 1), shortest=shortest)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("mix", {"redraw": "operation"}, "redraw is 'operation'; legal: sample, operand"),
        ("combined", {"redraw": "operation"}, "redraw is 'operation'; legal: sample, operand"),
        ("combined", {"mix_fraction": 1.1}, "mix_fraction is 1.1; it is a probability"),
        ("combined", {"mix_fraction": -0.1}, "mix_fraction is -0.1; it is a probability"),
        ("tscl_online", {"alpha": 2.0}, "alpha is 2.0; it is a fraction"),
        ("tscl_online", {"temperature": 0.0}, "temperature is 0.0; it is greater than 0"),
        ("tscl_window", {"window": 1}, "window is 1; a slope takes at least 2"),
        ("exp3s", {"epsilon": -1.0}, "epsilon is -1.0; it is a fraction"),
        ("thresholds", {"up": 0.2}, "down is 0.3 and up 0.2"),
        ("look_back_and_forward", {"mastered": 2.0}, "mastered is 2.0"),
        ("schedule", {"until": 1.5}, "until is 1.5"),
        ("traits", {"share": 1.5}, "share is 1.5"),
    ],
)
def test_an_option_with_a_wrong_value_is_refused_with_what_is_legal(
    name: str, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        create(Group.CURRICULUM, path_of(CURRICULA[name]), options, Difficulty(3, 2))


@every_curriculum
def test_every_curriculum_trains_a_run_to_its_end(name: str, tmp_path: Path) -> None:
    trained = experiment(curriculum=path_of(CURRICULA[name]), length=2, budget="30updates", test_samples=20)
    recipe = trained.recipe.model_copy(update={"check_every": 5})
    result = run_experiment(trained.model_copy(update={"recipe": recipe}), tmp_path / "run")
    assert result["updates"] == 30


@given(target=targets, data=st.data())
def test_a_ladder_goes_once_through_every_level_and_back(target: Difficulty, data: st.DataObject) -> None:
    shortest = data.draw(st.integers(1, target.length))
    ladder = Ladder(target, shortest)
    levels = [ladder.bottom]
    while ladder.above(levels[-1]) != levels[-1]:
        levels.append(ladder.above(levels[-1]))
    assert levels == ladder.levels
    assert levels == [
        (length, nesting) for nesting in range(1, target.nesting + 1) for length in range(shortest, target.length + 1)
    ]
    assert [ladder.below(level) for level in levels] == [levels[0], *levels[:-1]]


def test_a_users_curriculum_needs_two_methods() -> None:
    curriculum = Alternating(Difficulty(4, 2))
    assert pairs(curriculum.draw(3, np.random.default_rng(0))) == [(1, 2), (4, 2), (1, 2)]
    assert curriculum.current == (4, 2)
    assert json.loads(json.dumps(curriculum.state_dict())) == {"current": [4, 2]}
