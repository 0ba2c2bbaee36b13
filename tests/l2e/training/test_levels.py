"""What follows from a check: as in the 2014 release, and for curricula and recipes of one's own."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count
from random import Random
from statistics import mean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.samples import Difficulties, Difficulty
from l2e.curricula import PAPER_ORDER, Curriculum
from l2e.experiments.recipes import FAST, ZAREMBA_2014, Recipe
from l2e.progress import Check, Progress
from l2e.registry import Group, create
from l2e.training.levels import LevelControl
from l2e.training.optimizer import rate_at
from tests.release_2014 import Release2014
from tests.toys import Alternating

Measured = tuple[float, float]  # validation and training accuracy of a check

every_strategy = pytest.mark.parametrize("strategy", PAPER_ORDER)
accuracies = st.sampled_from([0.0, 0.1, 0.2, 0.5, 0.95, 0.951, 1.0]) | st.floats(0, 1)
measurements = st.lists(st.tuples(accuracies, accuracies), max_size=80)
targets = st.builds(Difficulty, st.integers(1, 6), st.integers(1, 4))

SMALL_PLATEAU = FAST.model_copy(update={"patience": 1, "decay": 0.5})


class Halving(Curriculum):
    """A user's curriculum that begins below its target and goes its own way: half the target's length, then all."""

    def __init__(self, target: Difficulty) -> None:
        super().__init__(target)
        self.current = Difficulty(target.length // 2, target.nesting)

    def draw(self, n: int, rng: np.random.Generator) -> Difficulties:
        return Difficulties.constant(self.current, n)

    def update(self, progress: Progress) -> bool:
        rises = progress.check.validation_accuracy > 0.5 and self.current != self.target
        self.current = self.target if rises else self.current
        return rises


def climb_of(strategy: str, target: Difficulty, recipe: Recipe = ZAREMBA_2014) -> LevelControl:
    return LevelControl(recipe, create(Group.CURRICULUM, strategy, {}, target))


def seen(validation: float, training: float) -> Progress:
    """A check's progress before the rule has said whether it stopped."""
    return Progress(Check(validation, training), stalled=False)


def noise(seed: int) -> Iterator[Measured]:
    """Checks of a network that learns nothing."""
    random = Random(seed)
    for _ in count():
        yield random.uniform(0, 0.9), random.random()


def drawn(curriculum: Curriculum) -> Counter[tuple[int, int]]:
    difficulties = curriculum.draw(200, np.random.default_rng(0))
    return Counter(zip(difficulties.lengths.tolist(), difficulties.nestings.tolist(), strict=True))


def stepped_together(
    strategy: str, target: Difficulty, measured: Iterable[Measured]
) -> tuple[LevelControl, Release2014]:
    """Ours and the release after the same checks; every level, decay and reload and the stop were the same."""
    climb, release, loads = climb_of(strategy, target), Release2014(*target), 0
    for validation, training in measured:
        assert climb.level == release.level
        before = release.level
        decision = climb.check(seen(validation, training))
        release.check(validation, training)
        rate = rate_at(ZAREMBA_2014, 0.0, 0, climb.decays)
        assert (climb.level, climb.decays) == (release.level, release.decays)
        assert rate == pytest.approx(release.rate)
        assert (rate < ZAREMBA_2014.minimum_rate) == release.stopped
        if release.stopped:
            break
        loads += decision.reload
        assert loads == release.loads
        assert decision.rose == (release.level != before)
    return climb, release


@every_strategy
@given(target=targets, measured=measurements)
def test_every_level_decay_and_reload_is_the_releases(
    strategy: str, target: Difficulty, measured: list[Measured]
) -> None:
    climb, release = stepped_together(strategy, target, measured)
    found = drawn(climb.curriculum)
    if strategy == "baseline":
        assert set(found) == {target}
    elif strategy == "naive":
        assert set(found) == {release.level}
    elif strategy == "mix":
        assert found == drawn(create(Group.CURRICULUM, "mix", {}, target))
    else:
        assert found[release.level] > 100


@every_strategy
@pytest.mark.parametrize("target", [(1, 1), (4, 1), (1, 3), (6, 3)])
def test_on_noise_alone_training_goes_and_stops_as_in_the_release(strategy: str, target: tuple[int, int]) -> None:
    for seed in range(10):
        climb, release = stepped_together(strategy, Difficulty(*target), noise(seed))
        assert release.stopped
        assert climb.level == target
        assert climb.decays == 28


def checks_on_noise(strategy: str, recipe: Recipe, seed: int) -> tuple[int, int, int]:
    """Rises before the first decay, the check of that decay, and the check that ends training, at (6, 3)."""
    climb, rises, first = climb_of(strategy, Difficulty(6, 3), recipe), 0, 0
    for number, measured in enumerate(noise(seed), start=1):
        decision = climb.check(seen(*measured))
        rises += decision.rose and not first
        first = first or number * decision.decayed
        if rate_at(recipe, 0.0, 0, climb.decays) < recipe.minimum_rate:
            return rises, first, number
    raise AssertionError("noise does not end")


@every_strategy
def test_on_noise_alone_17_rises_and_some_116_checks_come_before_the_first_decay(strategy: str) -> None:
    rises, first, last = zip(*[checks_on_noise(strategy, ZAREMBA_2014, seed) for seed in range(100)], strict=True)
    assert set(rises) == {6 * 3 - 1}
    assert min(first) >= 6 + 5 * 17  # the rule looks five checks back
    assert mean(first) == pytest.approx(116, abs=2)
    assert mean(last) == pytest.approx(288, abs=2)


def test_a_baseline_that_does_not_climb_decays_after_some_7_checks() -> None:
    recipe = ZAREMBA_2014.model_copy(update={"every_strategy_climbs": False})
    rises, first, last = zip(*[checks_on_noise("baseline", recipe, seed) for seed in range(100)], strict=True)
    assert set(rises) == {0}
    assert mean(first) == pytest.approx(7, abs=0.5)
    assert mean(last) == pytest.approx(179, abs=2)


@pytest.mark.parametrize("strategy", ["baseline", "mix"])
def test_under_fast_baseline_and_mix_validate_at_the_target_at_once(strategy: str) -> None:
    climb = climb_of(strategy, Difficulty(4, 2), FAST)
    for measured in [(1.0, 1.0), (0.0, 0.0)] * 10:
        assert climb.level == (4, 2)
        assert not climb.check(seen(*measured)).rose


@pytest.mark.parametrize("recipe", [SMALL_PLATEAU, ZAREMBA_2014], ids=["plateau", "release"])
@pytest.mark.parametrize("strategy", ["naive", "combined"])
def test_the_level_of_a_climber_is_its_current_difficulty(strategy: str, recipe: Recipe) -> None:
    climb = climb_of(strategy, Difficulty(3, 2), recipe)
    for number, measured in enumerate(noise(0)):
        assert climb.level == climb.curriculum.current
        decision = climb.check(seen(*measured))
        assert decision.reload == (decision.rose or decision.decayed)
        if number > 200:
            break
    assert climb.level == (3, 2)


@pytest.mark.parametrize("strategy", PAPER_ORDER)
def test_levels_begin_with_the_shortest_length_that_a_curriculum_is_given(strategy: str) -> None:
    climb = LevelControl(ZAREMBA_2014, create(Group.CURRICULUM, strategy, {"shortest": 3}, Difficulty(4, 2)))
    levels = [climb.level]
    while climb.check(seen(1.0, 1.0)).rose:
        levels.append(climb.level)
    assert levels == [(3, 1), (4, 1), (3, 2), (4, 2)]


def test_a_users_curriculum_that_begins_at_its_target_climbs_beside_its_draws() -> None:
    climb = LevelControl(ZAREMBA_2014, Alternating(Difficulty(2, 2)))
    levels = [climb.level]
    while climb.check(seen(1.0, 1.0)).rose:
        levels.append(climb.level)
    assert levels == [(1, 1), (2, 1), (1, 2), (2, 2)]
    assert climb.curriculum.current == (2, 2)
    assert climb.decays == 1
    assert LevelControl(FAST, Alternating(Difficulty(2, 2))).level == (2, 2)


@pytest.mark.parametrize("recipe", [FAST, ZAREMBA_2014], ids=["fast", "release"])
def test_a_users_curriculum_that_begins_below_its_target_validates_where_it_says(recipe: Recipe) -> None:
    climb = LevelControl(recipe, Halving(Difficulty(6, 2)))
    assert climb.level == (3, 2)
    assert climb.check(seen(0.4, 0.4)) == (False, False, False)
    assert climb.level == (3, 2)
    assert climb.check(seen(0.6, 0.6)) == (True, False, True)  # it rose, though progress had not stopped
    assert climb.level == (6, 2)


@every_strategy
@pytest.mark.parametrize("recipe", [SMALL_PLATEAU, ZAREMBA_2014], ids=["plateau", "release"])
@given(before=measurements, after=measurements)
def test_a_restored_climb_goes_on_as_the_first(
    strategy: str, recipe: Recipe, before: list[Measured], after: list[Measured]
) -> None:
    first, second = (climb_of(strategy, Difficulty(3, 2), recipe) for _ in range(2))
    for measured in before:
        first.check(seen(*measured))
    state = json.loads(json.dumps(first.state_dict()))
    second.load_state_dict(state)
    assert second.state_dict() == state == first.state_dict()
    for measured in after:
        assert first.check(seen(*measured)) == second.check(seen(*measured))
        assert (first.level, first.decays) == (second.level, second.decays)
