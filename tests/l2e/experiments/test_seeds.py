"""Which seeds a suite runs."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l2e.experiments.seeds import more_seeds, parse_seeds, typed_seeds, with_seeds
from l2e.experiments.suite import Suite, SuiteError
from l2e.metrics import Rule
from tests import toys
from tests.toys import experiment


def suite(*seeds: int) -> Suite:
    made = [experiment(curriculum=curriculum, seed=seed) for curriculum in ("naive", "mix") for seed in seeds]
    return Suite("mine", "Mine", [Rule.EXACT_MATCH], False, made, [])


def test_seeds_take_the_place_of_the_suites_own_in_every_cell() -> None:
    assert with_seeds(suite(7, 8), range(3)).experiments == suite(0, 1, 2).experiments


@given(st.sets(st.integers(0, 40) | st.integers(2**63 - 9, 2**63 - 1), min_size=1))
def test_seeds_are_read_as_they_are_typed(seeds: set[int]) -> None:
    assert parse_seeds(typed_seeds(seeds)) == sorted(seeds)


@pytest.mark.parametrize("text", ["", "0", "-1", "a", "3-1", "1-2,", "1,2", "0-9999999", f"{2**63}-{2**63}", "9" * 30])
def test_other_seeds_are_refused(text: str) -> None:
    with pytest.raises(SuiteError, match="neither a number, as 10, nor ranges, as 10-19"):
        parse_seeds(text)


def test_more_seeds_follow_those_of_the_suites_runs_in_the_folder(tmp_path: Path) -> None:
    assert more_seeds(suite(3), tmp_path, 2) == [0, 1]
    for made in (*suite(1, 2).experiments, experiment(task="copy", seed=9)):
        toys.finished_run(tmp_path / made.name, made, [])
    assert more_seeds(suite(3), tmp_path, 2) == [1, 2, 3, 4]
