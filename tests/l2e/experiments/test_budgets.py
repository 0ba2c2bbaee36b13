"""Budgets: which texts are legal, and how much of one is spent."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l2e.experiments.budgets import UNLIMITED, Budget, Spent, Unit, parse_budget


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("90s", Budget(Unit.SECONDS, 90)),
        ("10m", Budget(Unit.SECONDS, 600)),
        ("2h", Budget(Unit.SECONDS, 7200)),
        ("1.5h", Budget(Unit.SECONDS, 5400)),
        ("0.5s", Budget(Unit.SECONDS, 0.5)),
        ("50Mcharacters", Budget(Unit.CHARACTERS, 50_000_000)),
        ("1.5kcharacters", Budget(Unit.CHARACTERS, 1500)),
        ("7characters", Budget(Unit.CHARACTERS, 7)),
        ("2Gcharacters", Budget(Unit.CHARACTERS, 2_000_000_000)),
        ("1500updates", Budget(Unit.UPDATES, 1500)),
        ("2Kupdates", Budget(Unit.UPDATES, 2000)),
    ],
)
def test_reads_a_number_with_a_unit(text: str, budget: Budget) -> None:
    assert parse_budget(text) == budget


@pytest.mark.parametrize(
    "text",
    [
        *("", "10", "s", "0s", "0.0h", "-5s", "10 m", "10m\n", "10mcharacters", "1e3updates", "10M", "infs", "nanh"),
        *("10steps", "0updates", "0.2updates", "1.5updates", "1.0001kcharacters", "9" * 400 + "s"),
    ],
)
def test_refuses_what_is_not_a_positive_number_with_a_unit_and_shows_examples(text: str) -> None:
    with pytest.raises(ValueError, match="90s, 10m, 2h, 50Mcharacters, 1500updates"):
        parse_budget(text)


@given(st.text(max_size=12))
def test_any_text_is_a_positive_budget_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert parse_budget(text).amount > 0


@pytest.mark.parametrize("unit", Unit)
def test_the_fraction_counts_the_budgets_own_unit_alone(unit: Unit) -> None:
    spent = {Unit.SECONDS: 0.0, Unit.CHARACTERS: 0, Unit.UPDATES: 0, unit: 30}
    fraction = Budget(unit, 120).fraction(
        Spent(spent[Unit.SECONDS], int(spent[Unit.CHARACTERS]), int(spent[Unit.UPDATES]))
    )
    assert fraction == 0.25


def test_nothing_uses_up_an_unlimited_budget() -> None:
    assert UNLIMITED.fraction(Spent(1e9, 10**12, 10**9)) == 0
