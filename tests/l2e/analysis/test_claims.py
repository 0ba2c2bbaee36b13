"""Words are right for one cell, all cells and none, and never stronger than the figures."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from l2e.analysis.claims import claims_in_words, p_in_words, words_of
from l2e.experiments.run import Run
from l2e.metrics import Rule
from tests.l2e.reporting.html.conftest import SUMS, told_run
from tests.toys import experiment, finished_run, row

ONE_SEED = "One seed a cell: this tells two trained networks apart, not two curricula."
SURE, UNSURE = True, False
OTHERS = ("baseline", "naive", "mix")
COMBINED_CLAIM = "The claim that it beats every other strategy in every program cell"
NAIVE_CLAIM = "The claim that it falls below baseline in some program cell"


def cells(curriculum: str, against: str, *found: tuple[float, bool], **changes: Any) -> list[dict[str, Any]]:
    """Rows of `comparisons`: a difference and whether it is beyond chance, at length 1, 2, …"""
    return [
        {
            "task": "program",
            "learner": "lstm",
            "setting": f"0123, {length}",
            "length": length,
            "nesting": 1,
            "rule": "exact_match",
            "curriculum": curriculum,
            "against": against,
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


def combined(*found: tuple[float, bool], **changes: Any) -> list[dict[str, Any]]:
    """The same differences from each of the others."""
    return [row for against in OTHERS for row in cells("combined", against, *found, **changes)]


def words(*frames: Sequence[dict[str, Any]]) -> list[str]:
    """The paragraphs."""
    return claims_in_words([pd.DataFrame(rows) for rows in frames], Rule.EXACT_MATCH).splitlines()


def test_combined_is_counted_against_each_other_strategy() -> None:
    rows = cells("combined", "baseline", (0.1, SURE), (0.2, SURE), (0.01, UNSURE))
    rows += cells("combined", "naive", (0.1, SURE), (-0.011, SURE), (0.0, UNSURE))
    rows += cells("combined", "mix", (-0.1, UNSURE), (-0.2, SURE), (-0.01, UNSURE))
    assert words(rows)[0] == (
        "By exact match on programs, combined beats baseline in 3 of 3 cells, 2 beyond chance; naive in 1 of 3 cells, "
        "1 beyond chance; mix in 0 of 3 cells, 0 beyond chance. Beyond chance it falls below naive at program (2, 1), "
        f"-1.1 points (p = 0.01); mix at program (2, 1), -20.0 points (p = 0.01). {COMBINED_CLAIM} does not hold here."
    )


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ([(0.1, SURE), (0.1, SURE)], "holds here"),
        ([(0.1, SURE), (0.1, UNSURE)], "is borne out by the signs here, but not everywhere beyond chance"),
        ([(0.1, SURE), (-0.1, SURE)], "does not hold here"),
        ([(0.1, SURE), (-0.1, UNSURE)], "does not hold here, though nothing speaks against it beyond chance"),
        ([(0.0, UNSURE)], "does not hold here, though nothing speaks against it beyond chance"),
    ],
)
def test_combined_must_beat_all_others_everywhere(found: list[tuple[float, bool]], verdict: str) -> None:
    assert words(combined(*found))[0].endswith(f" {COMBINED_CLAIM} {verdict}.")


@pytest.mark.parametrize("strategy", OTHERS)
def test_one_strategy_that_combined_does_not_beat_is_enough_against_the_claim(strategy: str) -> None:
    rows = [row for one in OTHERS for row in cells("combined", one, (-0.1 if one == strategy else 0.1, SURE))]
    assert words(rows)[0].endswith(f"{COMBINED_CLAIM} does not hold here.")


def test_what_combined_is_not_compared_with_is_said() -> None:
    rows = cells("combined", "baseline", (0.1, SURE), (0.1, SURE)) + cells("combined", "mix", (0.1, SURE))
    assert words(rows)[0].endswith(
        f"{COMBINED_CLAIM} holds here as far as it is tested. Not compared in every cell: naive, mix."
    )


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ([(-0.1, SURE), (0.2, SURE), (0.1, SURE)], "holds here"),
        ([(-0.1, UNSURE), (0.2, SURE)], "is borne out by signs here, but by none beyond chance"),
        ([(0.1, SURE), (0.0, UNSURE)], "does not hold here"),
    ],
)
def test_naive_need_fall_below_baseline_in_one_cell_alone(found: list[tuple[float, bool]], verdict: str) -> None:
    assert words(cells("naive", "baseline", *found))[0].endswith(f" {NAIVE_CLAIM} {verdict}.")


def test_the_cells_where_naive_falls_below_baseline_are_named() -> None:
    assert words(cells("naive", "baseline", (-0.1, SURE), (0.2, SURE), (-0.3, UNSURE)))[0] == (
        "By exact match on programs, naive falls below baseline in 2 of 3 cells, 1 beyond chance. Beyond chance it "
        f"falls below baseline at program (1, 1), -10.0 points (p = 0.01). {NAIVE_CLAIM} holds here."
    )


def test_of_other_tasks_nothing_is_claimed() -> None:
    assert words(cells("naive", "baseline", (0.1, SURE), task="addition"))[0] == (
        "By exact match on other tasks, naive falls below baseline in 0 of 1 cell, 0 beyond chance. The claim is of "
        "programs."
    )


def test_programs_and_other_tasks_have_paragraphs_of_their_own() -> None:
    of_programs, of_others = combined((0.1, SURE)), combined((-0.1, SURE), task="copy[scheme=both]")
    first, second, _ = words(of_programs, of_others)
    assert first.endswith(f"{COMBINED_CLAIM} holds here.")
    assert second.startswith("By exact match on other tasks, combined beats baseline in 0 of 1 cell")


def test_options_make_a_strategy_no_other() -> None:
    rows = cells("combined[redraw=operand]", "mix[redraw=operand]", (0.1, SURE))
    rows += cells("combined[redraw=operand]", "baseline", (0.1, SURE))
    rows += cells("combined[redraw=operand]", "naive", (0.1, SURE))
    assert words(rows)[0].startswith("By exact match on programs, combined[redraw=operand] beats mix[redraw=operand] ")
    assert words(rows)[0].endswith(f"{COMBINED_CLAIM} holds here.")


def test_a_paragraph_a_claim_and_then_what_chance_means() -> None:
    first, second, chance = words([*cells("naive", "baseline", (-0.1, SURE)), *combined((0.1, SURE))])
    assert "combined beats" in first
    assert "naive falls below" in second
    assert chance == (
        "The claims are those of Zaremba & Sutskever 2014, section 6.1. Chance: a paired randomisation test over the "
        "500 test samples of a cell, p < 0.05 after Holm's correction over all comparisons of a paragraph; 10,000 "
        f"swaps show no p below 0.0001 before it. {ONE_SEED}"
    )


def test_several_seeds_are_said_to_be_so() -> None:
    chance = words(combined((0.1, SURE), seeds=3))[-1]
    assert ONE_SEED not in chance
    assert "A difference is the mean over 3 seeds, and beyond chance only if Student's 95 % interval" in chance


def test_cells_of_one_seed_among_several_are_qualified() -> None:
    rows = combined((0.1, SURE)) + cells("naive", "baseline", (0.1, SURE), seeds=2, unpaired=1, n=100)
    chance = words(rows)[-1]
    assert "over the 100 to 500 test samples" in chance
    assert "the mean over 2 seeds" in chance
    assert "Where a cell has one seed, two trained networks are told apart, not two curricula." in chance
    assert chance.endswith("Runs without a partner of their seed are left out.")


def test_where_a_curriculum_never_reached_its_target_it_is_said_so_once() -> None:
    rows = combined((-0.1, SURE)) + combined((-0.2, SURE), setting="9", length=9, unreached=1)
    assert words(rows)[0].endswith(
        " In 1 of 2 cells the budget ended before it had reached its target: program (9, 1)."
    )


def test_cells_are_named_by_what_tells_them_apart() -> None:
    one, other = "lstm[cells=1]", "lstm[cells=2]"

    def of_two(first: dict[str, str], second: dict[str, str]) -> str:
        rows = cells("naive", "baseline", (-0.1, SURE), **{"setting": "aa", **first})
        return words(rows + cells("naive", "baseline", (-0.2, SURE), **{"setting": "bb", **second}))[0]

    assert (
        f"at program (1, 1), {one}, -10.0 points (p = 0.01); baseline at program (1, 1), {other}, -20.0 points"
        in of_two({"learner": one}, {"learner": other})
    )
    assert "at program (1, 1), lstm, setting aa, -10.0 points" in of_two({}, {})


def test_without_a_claims_curriculum_there_are_no_words() -> None:
    assert words(cells("mix", "baseline", (0.1, SURE))) == []
    assert claims_in_words([pd.DataFrame(combined((0.1, SURE)))], Rule.CHARACTER) == ""


def told_runs(folder: Path, task: str, *curricula: str) -> list[Run]:
    """Runs that answered three sums; all but naive answered as the baseline did."""
    return [
        told_run(folder, SUMS["naive" if one == "naive" else "baseline"], curriculum=one, task=task)
        for one in curricula
    ]


def test_words_of_runs(tmp_path: Path) -> None:
    said = words_of(told_runs(tmp_path, "program", "baseline", "naive"), [Rule.EXACT_MATCH, Rule.TEACHER_FORCED])
    assert said[Rule.EXACT_MATCH].startswith(
        "By exact match on programs, naive falls below baseline in 0 of 1 cell, 0 beyond chance."
    )
    assert said[Rule.TEACHER_FORCED].startswith(
        "By teacher-forced accuracy on programs, naive falls below baseline in 1 of 1 cell, 0 beyond chance."
    )


def told_sums(folder: Path, curriculum: str, right: int, **changes: Any) -> Run:
    """A run that answered so many of 40 sums rightly."""
    answers = [(f"print({n}+0)", f"{n}.", f"{n}." if n < right else "no", "..") for n in range(40)]
    return told_run(folder, answers, curriculum=curriculum, **changes)


def test_cells_of_other_tasks_do_not_raise_the_p_of_programs(tmp_path: Path) -> None:
    curricula = {"baseline": 16, "naive": 10}  # six samples differ: p is about 2 / 2^6
    programs = [told_sums(tmp_path, *one, task="program") for one in curricula.items()]
    sums = [told_sums(tmp_path, *one, length=length) for one in curricula.items() for length in (1, 2)]
    alone, beside = (words_of(runs, [Rule.EXACT_MATCH])[Rule.EXACT_MATCH] for runs in (programs, programs + sums))
    assert f"{NAIVE_CLAIM} holds here." in alone
    assert alone.splitlines()[0] == beside.splitlines()[0]
    assert "on other tasks, naive falls below baseline in 2 of 2 cells, 0 beyond chance." in beside


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
