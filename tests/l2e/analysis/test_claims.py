"""Claims are counted cell by cell, and borne out by nothing less than they say."""

from typing import Any

import pandas as pd
import pytest

from l2e.analysis.claims import CLAIMS, claims_of, verdict_on
from l2e.analysis.comparison import COLUMNS

BEATS_MIX, FALLS = CLAIMS[2], CLAIMS[3]
BETTER, WORSE, SAME, NONE = "better", "worse", "no difference found", "no verdict"


def cells(curriculum: str, against: str, *found: tuple[float, str], **changes: Any) -> pd.DataFrame:
    """Rows of `comparisons`: a difference and a verdict a cell."""
    alike = {"task": "program", "rule": "exact_match", "curriculum": curriculum, "against": against, **changes}
    return pd.DataFrame([{**alike, "difference": difference, "verdict": verdict} for difference, verdict in found])


def test_claims_are_those_of_the_paper() -> None:
    assert list(map(str, CLAIMS)) == [
        "combined better than baseline in every cell",
        "combined better than naive in every cell",
        "combined better than mix in every cell",
        "naive worse than baseline in some cell",
    ]


def test_a_line_counts_signs_and_verdicts_of_its_cells() -> None:
    rows = [
        cells("naive", "baseline", (-0.3, WORSE), (0.2, BETTER), (0.1, SAME), (0.0, SAME)),
        cells("naive", "mix", (0.3, BETTER)),
        cells("combined", "mix", (0.3, BETTER), (0.1, SAME)),
    ]
    found = claims_of(pd.concat(rows, ignore_index=True))
    assert found.values.tolist() == [
        ["combined better than mix in every cell", "exact match", "programs", 2, 2, 1, 0, 0, "not settled"],
        ["naive worse than baseline in some cell", "exact match", "programs", 4, 2, 1, 1, 1, "holds here"],
    ]


def test_options_and_scrambling_make_no_other_claim_and_other_tasks_and_rules_have_lines_of_their_own() -> None:
    rows = [
        cells("combined[redraw=operand]", "mix[redraw=operand]", (0.1, BETTER), task="program[operations=pair]"),
        cells("combined", "mix", (0.1, BETTER), task="program, scrambled with seed 7"),
        cells("combined", "mix", (-0.1, WORSE), task="copy[scheme=both]"),
        cells("combined", "mix", (-0.1, WORSE), rule="character_accuracy"),
    ]
    found = claims_of(pd.concat(rows, ignore_index=True))
    assert found[["rule", "tasks", "cells", "verdict"]].values.tolist() == [
        ["exact match", "programs", 2, "holds here"],
        ["exact match", "others", 1, "does not hold here"],
        ["character accuracy", "programs", 1, "does not hold here"],
    ]


@pytest.mark.parametrize(
    ("verdicts", "every", "some"),
    [
        ([BETTER, BETTER], "holds here", "does not hold here"),
        ([BETTER, SAME], "not settled", "not settled"),
        ([BETTER, NONE], "not settled", "not settled"),
        ([SAME, SAME], "not settled", "not settled"),
        ([BETTER, WORSE], "does not hold here", "holds here"),
        ([SAME, WORSE], "does not hold here", "holds here"),
        ([NONE, NONE], "no verdict", "no verdict"),
    ],
)
def test_every_cell_must_bear_out_a_claim_of_every_cell_and_one_a_claim_of_some(
    verdicts: list[str], every: str, some: str
) -> None:
    rows = pd.DataFrame({"verdict": verdicts})
    assert (verdict_on(BEATS_MIX, rows), verdict_on(FALLS, rows)) == (every, some)


def test_without_comparisons_there_is_nothing_to_count() -> None:
    assert claims_of(pd.DataFrame(columns=list(COLUMNS))).empty
