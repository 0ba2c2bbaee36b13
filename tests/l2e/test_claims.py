"""Words are right for one cell, all cells and none, and never stronger than the figures."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from l2e.claims import claims_in_words, p_in_words, words_of
from l2e.scoring import Rule
from tests.l2e.report.conftest import SUMS, told_run
from tests.toys import experiment, finished_run, row

ONE_SEED = "One seed a cell: this tells two trained networks apart, not two curricula."
SURE, UNSURE = True, False


def cells(curriculum: str, *found: tuple[float, bool], **changes: Any) -> list[dict[str, Any]]:
    """Rows of `comparisons`: a difference and whether it is beyond chance, at length 1, 2, …"""
    return [
        {
            "task": "addition",
            "learner": "lstm",
            "setting": "0123",
            "length": length,
            "nesting": 1,
            "rule": "exact_match",
            "curriculum": curriculum,
            "seeds": 1,
            "n": 500,
            "difference": difference,
            "p_holm": 0.01 if beyond_chance else 0.4,
            "beyond_chance": beyond_chance,
            "unpaired": 0,
            "unreached": 0,
            **changes,
        }
        for length, (difference, beyond_chance) in enumerate(found, 1)
    ]


def words(rows: Sequence[dict[str, Any]]) -> list[str]:
    """The paragraphs."""
    return claims_in_words(pd.DataFrame(rows), Rule.EXACT_MATCH).splitlines()


def test_words_of_mixed_cells() -> None:
    rows = cells("combined", (0.1, SURE), (0.2, SURE), (0.01, UNSURE), (-0.011, SURE), (-0.02, UNSURE), (0.0, UNSURE))
    assert words(rows)[0] == (
        "By exact match, combined beats baseline in 3 of 6 cells, in 2 of them beyond chance; it falls below baseline "
        "in 2, in 1 of them beyond chance: addition (4, 1) -1.1 points (p = 0.01); it equals baseline in 1. The "
        "claim that it beats baseline in every cell does not hold here."
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            [(0.1, SURE)],
            "beats baseline in the only cell, beyond chance. The claim that it beats baseline in every cell holds "
            "here.",
        ),
        (
            [(0.1, UNSURE)],
            "beats baseline in the only cell, within chance. The claim that it beats baseline in every cell is borne "
            "out by the signs here, but chance is not ruled out in every cell.",
        ),
        (
            [(-0.1, SURE)],
            "falls below baseline in the only cell, beyond chance: addition (1, 1) -10.0 points (p = 0.01). The claim "
            "that it beats baseline in every cell does not hold here.",
        ),
        (
            [(0.0, UNSURE)],
            "equals baseline in the only cell. The claim that it beats baseline in every cell does not "
            "hold here, though no cell speaks against it beyond chance.",
        ),
        (
            [(0.1, SURE), (0.1, SURE)],
            "beats baseline in both cells, in both of them beyond chance. The claim that it beats baseline in every "
            "cell holds here.",
        ),
        (
            [(-0.1, UNSURE)] * 3,
            "beats baseline in none of 3 cells; it falls below baseline in all 3 cells, in none of them beyond chance. "
            "The claim that it beats baseline in every cell does not hold here, though no cell speaks against it "
            "beyond chance.",
        ),
    ],
)
def test_words_of_one_all_and_no_cells(found: list[tuple[float, bool]], said: str) -> None:
    assert words(cells("combined", *found))[0] == f"By exact match, combined {said}"


def test_of_naive_the_contrary_is_claimed() -> None:
    assert words(cells("naive", (-0.1, SURE), (0.2, SURE)))[0] == (
        "By exact match, naive falls below baseline in 1 of 2 cells, beyond chance; it beats baseline in 1, beyond "
        "chance: addition (2, 1) +20.0 points (p = 0.01). The claim that it falls below baseline in every cell does "
        "not hold here."
    )


def test_a_paragraph_a_claim_and_then_what_chance_means() -> None:
    combined, naive, chance = words([*cells("naive", (-0.1, SURE)), *cells("combined", (0.1, SURE))])
    assert "combined beats" in combined
    assert "naive falls below" in naive
    assert chance == (
        "Both claims are a strict reading of Zaremba & Sutskever 2014. Chance: a paired randomisation test over the "
        "500 test samples of a cell, p < 0.05 after Holm's correction over a curriculum's cells; 10,000 swaps show no "
        f"p below 0.0001 before it. {ONE_SEED}"
    )


def test_several_seeds_are_said_to_be_so() -> None:
    chance = words(cells("combined", (0.1, SURE), seeds=3))[-1]
    assert ONE_SEED not in chance
    assert "A difference is the mean over 3 seeds, and beyond chance only if Student's 95 % interval" in chance


def test_cells_of_one_seed_among_several_are_qualified() -> None:
    rows = cells("combined", (0.1, SURE)) + cells("naive", (0.1, SURE), seeds=2, unpaired=1, n=100)
    chance = words(rows)[-1]
    assert "over the 100 to 500 test samples" in chance
    assert "the mean over 2 seeds" in chance
    assert "Where a cell has one seed, two trained networks are told apart, not two curricula." in chance
    assert chance.endswith("Runs without a partner of their seed are left out.")


def test_where_a_curriculum_never_reached_its_target_it_is_said_so() -> None:
    rows = cells("naive", (-0.1, SURE)) + cells("naive", (-0.2, SURE), length=9, unreached=1)
    assert words(rows)[0].endswith(
        " In 1 of 2 cells the budget ended before naive had reached its target: addition (9, 1)."
    )


def test_cells_are_named_by_what_tells_them_apart() -> None:
    one, other = "lstm[cells=1]", "lstm[cells=2]"
    rows = cells("combined", (-0.1, SURE), learner=one) + cells("combined", (-0.2, SURE), learner=other)
    assert f"addition (1, 1), lstm, {one} -10.0 points" not in words(rows)[0]
    assert f"addition (1, 1), {one} -10.0 points (p = 0.01), addition (1, 1), {other} -20.0" in words(rows)[0]
    rows = cells("combined", (-0.1, SURE), setting="aa") + cells("combined", (-0.2, SURE), setting="bb")
    assert "addition (1, 1), lstm, setting aa -10.0 points" in words(rows)[0]


def test_without_a_claims_curriculum_there_are_no_words() -> None:
    assert words(cells("mix", (0.1, SURE))) == []
    assert claims_in_words(pd.DataFrame(cells("combined", (0.1, SURE))), Rule.CHARACTER) == ""


def test_words_of_runs(tmp_path: Path) -> None:
    runs = [told_run(tmp_path, SUMS[name], curriculum=name) for name in SUMS]
    said = words_of(runs, [Rule.EXACT_MATCH, Rule.TEACHER_FORCED])
    assert said[Rule.EXACT_MATCH].startswith("By exact match, naive beats baseline in the only cell, within chance.")
    assert said[Rule.TEACHER_FORCED].startswith("By teacher-forced accuracy, naive falls below baseline")


def test_runs_that_cannot_be_compared_are_said_to_be_so(tmp_path: Path) -> None:
    named = ("baseline", "naive")
    runs = [finished_run(tmp_path / c, experiment(curriculum=c), [row("lstm", c, 0, 0.5)]) for c in named]
    assert words_of(runs, [Rule.EXACT_MATCH])[Rule.EXACT_MATCH].startswith(
        f"Not compared: {tmp_path / 'naive'} has no predictions.jsonl;"
    )


def test_runs_without_a_baseline_have_no_words(tmp_path: Path) -> None:
    run = finished_run(tmp_path / "run", experiment(curriculum="naive"), [row("lstm", "naive", 0, 0.5)])
    assert words_of([run], [Rule.EXACT_MATCH]) == {Rule.EXACT_MATCH: ""}


def test_p_has_at_most_three_decimals() -> None:
    assert [p_in_words(p) for p in (1.0, 0.0499, 0.00123, 0.001, 0.0002)] == [
        "p = 1",
        "p = 0.05",
        "p = 0.001",
        "p = 0.001",
        "p < 0.001",
    ]
