"""Samples and difficulties: columns that behave like a sequence."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.samples import Difficulties, Difficulty, Sample, Samples


def numbered(start: int, stop: int) -> Samples:
    """Samples that differ in every column."""
    numbers = range(start, stop)
    return Samples(
        [f"print({i})" for i in numbers],
        [f"{i}." for i in numbers],
        np.arange(start, stop),
        np.arange(start, stop) + 100,
    )


def rows(samples: Samples) -> list[tuple[str, str, int, int]]:
    columns = (samples.inputs, samples.targets, samples.lengths.tolist(), samples.nestings.tolist())
    return list(zip(*columns, strict=True))


@pytest.mark.parametrize("index", [0, 3, -1])
def test_a_sample_is_its_input_and_target(index: int) -> None:
    assert numbered(0, 5)[index] == Sample(f"print({index % 5})", f"{index % 5}.")


def test_iteration_gives_every_sample_in_order() -> None:
    samples = numbered(0, 4)
    assert list(samples) == [samples[i] for i in range(len(samples))] == [(f"print({i})", f"{i}.") for i in range(4)]


@given(st.integers(0, 8), st.slices(8))
def test_a_slice_cuts_all_columns_alike(n: int, cut: slice) -> None:
    assert rows(numbered(0, n)[cut]) == rows(numbered(0, n))[cut]


@pytest.mark.parametrize("kind", [list, np.array])
def test_take_gives_the_samples_at_these_positions_in_this_order(kind: type) -> None:
    assert rows(numbered(0, 5).take(kind([4, 0, 0]))) == [rows(numbered(0, 5))[i] for i in (4, 0, 0)]


def test_concatenate_keeps_the_order() -> None:
    parts = [numbered(0, 2), numbered(2, 2), numbered(2, 5)]
    assert rows(Samples.concatenate(parts)) == rows(numbered(0, 5))


def test_samples_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        numbered(0, 1).inputs = []  # type: ignore[misc]


def test_a_difficulty_is_shown_as_length_and_nesting_which_is_1_by_default() -> None:
    assert (str(Difficulty(4, 3)), str(Difficulty(30))) == ("(4, 3)", "(30, 1)")


def test_constant_difficulties_are_the_same_everywhere() -> None:
    difficulties = Difficulties.constant(Difficulty(4, 3), 5)
    assert len(difficulties) == 5
    assert (difficulties.lengths.tolist(), difficulties.nestings.tolist()) == ([4] * 5, [3] * 5)
