"""What is claimed of the curricula, and whether runs bear it out, in words.

The claims are those of Zaremba & Sutskever 2014 (abstract), made to be tested cell by cell: their combined curriculum
"improved our networks' performance in all experimental conditions", so it should beat the baseline in every cell;
conventional curriculum learning, our naive, "proved ineffective", at its strongest: it should fall below the baseline
in every cell. Words are never stronger than `l2e.comparison` allows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pandas as pd

from l2e.comparison import ALPHA, BASELINE, comparisons
from l2e.runs import Run, RunError
from l2e.scoring import Rule
from l2e.significance import SWAPS

READING = "Both claims are a strict reading of Zaremba & Sutskever 2014."
VERBS = {1: "beats", -1: "falls below", 0: "equals"}


class Claim(NamedTuple):
    """In every cell, a curriculum differs from the baseline in one direction.

    Attributes:
        curriculum: its name, without options.
        direction: 1 where it is said to beat the baseline, -1 where to fall below it.
    """

    curriculum: str
    direction: int


CLAIMS = (Claim("combined", 1), Claim("naive", -1))

# A cell's name is the first of these that tells all cells apart.
_NAMES: tuple[Callable[[Any], str], ...] = (
    lambda cell: f"{cell.task} ({cell.length}, {cell.nesting})",
    lambda cell: f"{_NAMES[0](cell)}, {cell.learner.split('[')[0]}",
    lambda cell: f"{_NAMES[0](cell)}, {cell.learner}",
    lambda cell: f"{_NAMES[2](cell)}, setting {cell.setting}",
)


def words_of(runs: Sequence[Run], rules: Sequence[Rule]) -> dict[Rule, str]:
    """Whether the claims hold in these runs, a text a rule; empty where no claim's curricula can be paired.

    Runs that cannot be compared are said to be so in the words, so that tables of them can still be read.
    """
    named = {BASELINE, *(claim.curriculum for claim in CLAIMS)}
    try:
        frame = comparisons([run for run in runs if str(run.experiment().curriculum) in named], rules)
    except RunError as error:
        return dict.fromkeys(rules, f"Not compared: {error}.")
    return {rule: claims_in_words(frame, rule) for rule in rules}


def claims_in_words(frame: pd.DataFrame, rule: Rule) -> str:
    """Whether the claims hold by this rule: a paragraph a claim, then what chance means; empty without such cells.

    Args:
        frame: of `comparisons`.
        rule: by which it was counted.
    """
    chosen = frame[frame["rule"] == rule.value]
    families = [(claim, chosen[chosen["curriculum"] == claim.curriculum]) for claim in CLAIMS]
    families = [(claim, cells) for claim, cells in families if len(cells)]
    if not families:
        return ""
    said = [f"By {rule.spoken}, {_claim_in_words(claim, cells)}" for claim, cells in families]
    return "\n".join([*said, f"{READING} {_about_chance(pd.concat([cells for _, cells in families]))}"])


def p_in_words(p: float) -> str:
    """P as a person reads it.

    >>> p_in_words(0.0304), p_in_words(0.0004)
    ('p = 0.03', 'p < 0.001')
    """
    return "p < 0.001" if p < 0.001 else f"p = {round(p, 3):.2g}"


def _claim_in_words(claim: Claim, cells: pd.DataFrame) -> str:
    cells = cells.assign(name=_names(cells), sign=(cells["difference"] > 0).astype(int) - (cells["difference"] < 0))
    clauses: list[str] = []
    subject = claim.curriculum
    for sign in (claim.direction, -claim.direction, 0):
        so = cells[cells["sign"] == sign]
        if len(so) or (sign == claim.direction and len(cells) > 1):
            against_claim = sign == -claim.direction
            place = _place(len(so), len(cells), first=not clauses)
            beyond = _beyond(so) if sign else ""
            clauses.append(f"{subject} {VERBS[sign]} {BASELINE} {place}{beyond}{_named(so, against_claim)}")
            subject = "it"
    claimed = f"The claim that it {VERBS[claim.direction]} {BASELINE} in every cell"
    return f"{'; '.join(clauses)}. {claimed} {_verdict(claim, cells)}.{_unreached(claim, cells)}"


def _unreached(claim: Claim, cells: pd.DataFrame) -> str:
    """Where a curriculum never came to what it is tested on, its accuracy is of what it had learnt on the way."""
    short = cells[cells["unreached"] > 0]
    if short.empty:
        return ""
    named = ", ".join(short["name"])
    cells_short = f"In {len(short)} of {len(cells)} cells"
    return f" {cells_short} the budget ended before {claim.curriculum} had reached its target: {named}."


def _place(count: int, cells: int, first: bool) -> str:
    if not first and count < cells:  # how many there are in all has been said
        return f"in {count}"
    if count == cells:
        return {1: "in the only cell", 2: "in both cells"}.get(cells, f"in all {cells} cells")
    return f"in {count or 'none'} of {cells} cells"


def _beyond(so: pd.DataFrame) -> str:
    count, beyond = len(so), int(so["beyond_chance"].sum())
    if count == 0:
        return ""
    if count == 1:
        return f", {'beyond' if beyond else 'within'} chance"
    share = {0: "none", count: "both" if count == 2 else "all"}.get(beyond, str(beyond))
    return f", in {share} of them beyond chance"


def _named(so: pd.DataFrame, against_claim: bool) -> str:
    """Which cells speak against the claim."""
    cells = so[so["beyond_chance"]]
    if not against_claim or cells.empty:
        return ""
    listed = [f"{c.name} {100 * c.difference:+.1f} points ({p_in_words(c.p_holm)})" for c in _each(cells)]
    return f": {', '.join(listed)}"


def _verdict(claim: Claim, cells: pd.DataFrame) -> str:
    as_claimed = cells["sign"] == claim.direction
    if as_claimed.all() and cells["beyond_chance"].all():
        return "holds here"
    if as_claimed.all():
        return "is borne out by the signs here, but chance is not ruled out in every cell"
    if cells.loc[~as_claimed, "beyond_chance"].any():
        return "does not hold here"
    return "does not hold here, though no cell speaks against it beyond chance"


def _about_chance(cells: pd.DataFrame) -> str:
    fewest, most = int(cells["seeds"].min()), int(cells["seeds"].max())
    said = [
        f"Chance: a paired randomisation test over the {_span(cells['n'])} test samples of a cell, p < {ALPHA} after "
        f"Holm's correction over a curriculum's cells; {SWAPS:,} swaps show no p below {1 / (SWAPS + 1):.4f} before it."
    ]
    if most == 1:
        said.append("One seed a cell: this tells two trained networks apart, not two curricula.")
    else:
        said.append(
            f"A difference is the mean over {_span(cells.loc[cells['seeds'] > 1, 'seeds'])} seeds, and beyond chance "
            "only if Student's 95 % interval over them (not corrected) leaves out 0 too."
        )
        if fewest == 1:
            said.append("Where a cell has one seed, two trained networks are told apart, not two curricula.")
    if cells["unpaired"].any():
        said.append("Runs without a partner of their seed are left out.")
    return " ".join(said)


def _span(numbers: pd.Series[int]) -> str:
    low, high = int(numbers.min()), int(numbers.max())
    return f"{low}" if low == high else f"{low} to {high}"


def _names(cells: pd.DataFrame) -> list[str]:
    named = ([name(cell) for cell in _each(cells)] for name in _NAMES)
    return next((names for names in named if len(set(names)) == len(cells)), [_NAMES[-1](c) for c in _each(cells)])


def _each(cells: pd.DataFrame) -> list[Any]:
    return list(cells.itertuples(index=False))
