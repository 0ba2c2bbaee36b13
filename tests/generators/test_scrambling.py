"""The scrambled view: a permutation of the characters, fixed by its seed, that can be undone."""

import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.program import Program
from generators.samples import Difficulties, Difficulty, Samples
from generators.scrambling import SCRAMBLED, Scrambling
from generators.splits import Split, draw_samples, split_of

SEEDS = st.integers(0, 2**63)
LANGUAGE = st.text(alphabet=SCRAMBLED + "\n.")


def samples(n: int = 100, split: Split | None = None) -> Samples:
    return draw_samples(Program(), split, n, lambda n, rng: Difficulties.constant(Difficulty(3, 3), n), (0,)).samples


@given(SEEDS, st.text() | LANGUAGE)
def test_unscramble_gives_any_text_back(seed: int, text: str) -> None:
    view = Scrambling(seed)
    assert view.unscramble(view.scramble(text)) == text
    assert view.scramble(view.unscramble(text)) == text


@given(SEEDS, LANGUAGE, LANGUAGE)
def test_replaces_character_by_character(seed: int, left: str, right: str) -> None:
    view = Scrambling(seed)
    assert view.scramble(left + right) == view.scramble(left) + view.scramble(right)
    assert len(view.scramble(left)) == len(left)


@given(SEEDS)
def test_line_ends_and_the_full_stop_stay(seed: int) -> None:
    assert Scrambling(seed).scramble("\n.") == "\n."


def test_every_character_that_a_program_needs_is_replaced_but_those_two() -> None:
    written = set("".join(samples(1000).inputs)) | set("".join(samples(1000).targets))
    assert written - set(SCRAMBLED) == {"\n", "."}
    assert set(SCRAMBLED) >= set(string.digits + string.ascii_lowercase)


def test_seeds_give_different_permutations() -> None:
    assert len({Scrambling(seed).scramble(SCRAMBLED) for seed in range(100)}) == 100


def test_a_seed_gives_this_permutation_for_ever() -> None:
    assert Scrambling(0).scramble("print(12+34)") == "hj+lqp1ebi2n"


def test_every_character_lands_everywhere() -> None:
    images = [Scrambling(seed).scramble("5") for seed in range(2000)]
    assert set(images) == set(SCRAMBLED)


def test_view_scrambles_inputs_and_targets_and_keeps_difficulties() -> None:
    plain, view = samples(), Scrambling(7)
    shown = view.view(plain)
    assert shown.inputs == [view.scramble(text) for text in plain.inputs]
    assert shown.targets == [view.scramble(text) for text in plain.targets]
    assert np.array_equal(shown.lengths, plain.lengths)
    assert np.array_equal(shown.nestings, plain.nestings)


@pytest.mark.parametrize("split", Split)
def test_a_sample_viewed_after_the_draw_stays_in_its_split(split: Split) -> None:
    view = Scrambling(3)
    shown = view.view(samples(50, split))
    assert {split_of(view.unscramble(text)) for text in shown.inputs} == {split}
