"""What is claimed of the curricula, and whether runs bear it out, in words.

The claims are those of Zaremba & Sutskever 2014 on programs (section 6.1), made to be tested cell by cell: combined
beats every other strategy in every cell, and naive falls below the baseline in some. Runs of other tasks are compared
in the same way, and nothing is said to be claimed of them. Words are never stronger than
`l2e.analysis.comparison` allows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import pandas as pd

from l2e.analysis.comparison import ALPHA, comparisons
from l2e.analysis.significance import SWAPS
from l2e.experiments.run import Run, RunError
from l2e.metrics import Rule

PROGRAMS = "program"  # the task that the claims are of
READING = "The claims are those of Zaremba & Sutskever 2014, section 6.1."
VERBS = {1: "beats", -1: "falls below"}


class Claim(NamedTuple):
    """A curriculum differs from others in one direction.

    Attributes:
        curriculum: its name, without options.
        direction: 1 where it is said to beat the others, -1 where to fall below them.
        against: the names of the others.
        everywhere: in every cell; else in some.
        said: the claim in words.
    """

    curriculum: str
    direction: int
    against: tuple[str, ...]
    everywhere: bool
    said: str


CLAIMS = (
    Claim("combined", 1, ("baseline", "naive", "mix"), True, "it beats every other strategy in every program cell"),
    Claim("naive", -1, ("baseline",), False, "it falls below baseline in some program cell"),
)

# A cell's name is the first of these that tells all cells apart.
_NAMES: tuple[Callable[[Any], str], ...] = (
    lambda cell: f"{cell.task} ({cell.length}, {cell.nesting})",
    lambda cell: f"{_NAMES[0](cell)}, {_bare(cell.learner)}",
    lambda cell: f"{_NAMES[0](cell)}, {cell.learner}",
    lambda cell: f"{_NAMES[2](cell)}, setting {cell.setting}",
)


def words_of(runs: Sequence[Run], rules: Sequence[Rule]) -> dict[Rule, str]:
    """Whether the claims hold in these runs, a text a rule; empty where no claim's curricula can be paired.

    Runs that cannot be compared are said to be so in the words, so that tables of them can still be read.
    """
    programs = [run for run in runs if run.experiment().task.name == PROGRAMS]
    others = [run for run in runs if run.experiment().task.name != PROGRAMS]
    try:
        frames = [comparisons(kind, rules, is_claimed) for kind in (programs, others)]
    except RunError as error:
        return dict.fromkeys(rules, f"Not compared: {error}.")
    return {rule: claims_in_words(frames, rule) for rule in rules}


def is_claimed(curriculum: str, other: str) -> bool:
    """Whether anything is claimed of the one curriculum against the other, whatever the options of either.

    >>> is_claimed("combined", "mix[redraw=operand]"), is_claimed("naive", "mix")
    (True, False)
    """
    return any(_bare(curriculum) == claim.curriculum and _bare(other) in claim.against for claim in CLAIMS)


def claims_in_words(frames: Iterable[pd.DataFrame], rule: Rule) -> str:
    """Whether the claims hold by this rule: a paragraph a claim, then what chance means; empty without such cells.

    Args:
        frames: of `comparisons` that `is_claimed`: of programs, of other tasks, or both.
        rule: by which it was counted.
    """
    families = [
        (claim, family)
        for frame in frames
        for claim in CLAIMS
        for curriculum, family in frame[frame["rule"] == rule.value].groupby("curriculum", sort=False)
        if _bare(str(curriculum)) == claim.curriculum
    ]
    if not families:
        return ""
    said = [f"By {rule.spoken} {_claim_in_words(claim, family)}" for claim, family in families]
    return "\n".join([*said, f"{READING} {_about_chance(pd.concat([family for _, family in families]))}"])


def p_in_words(p: float) -> str:
    """P as a person reads it.

    >>> p_in_words(0.0304), p_in_words(0.0004)
    ('p = 0.03', 'p < 0.001')
    """
    return "p < 0.001" if p < 0.001 else f"p = {round(p, 3):.2g}"


def _claim_in_words(claim: Claim, rows: pd.DataFrame) -> str:
    """A paragraph on one curriculum's comparisons."""
    cells = rows.drop_duplicates("setting")
    names = dict(zip(cells["setting"], _names(cells), strict=True))
    rows = rows.assign(
        name=rows["setting"].map(names),
        as_claimed=rows["difference"] * claim.direction > 0,
        below=(rows["difference"] < 0) & rows["beyond_chance"],
    )
    of_programs = {_bare(task) for task in rows["task"]} == {PROGRAMS}
    counts = [_counted(str(against), of) for against, of in rows.groupby("against", sort=False)]
    found = f"{rows['curriculum'].iloc[0]} {VERBS[claim.direction]} {'; '.join(counts)}."
    said = [f"on {'programs' if of_programs else 'other tasks'}, {found}", *_below(rows)]
    said.append(f"The claim that {claim.said} {_verdict(claim, rows)}." if of_programs else "The claim is of programs.")
    return " ".join([*said, *_untested(claim, rows), *_unreached(rows)])


def _counted(against: str, rows: pd.DataFrame) -> str:
    so = rows[rows["as_claimed"]]
    cells = f"{len(so)} of {len(rows)} cell{'s' * (len(rows) > 1)}"
    return f"{against} in {cells}, {so['beyond_chance'].sum()} beyond chance"


def _below(rows: pd.DataFrame) -> list[str]:
    """Where the curriculum falls below another: with this naive's claim stands, and combined's falls."""
    listed = [
        f"{one.against} at {one.name}, {100 * one.difference:+.1f} points ({p_in_words(one.p_holm)})"
        for one in _each(rows[rows["below"]])
    ]
    return [f"Beyond chance it falls below {'; '.join(listed)}."] if listed else []


def _verdict(claim: Claim, rows: pd.DataFrame) -> str:
    sure = rows["as_claimed"] & rows["beyond_chance"]
    if not claim.everywhere:
        if sure.any():
            return "holds here"
        if rows["as_claimed"].any():
            return "is borne out by signs here, but by none beyond chance"
        return "does not hold here"
    if sure.all():
        return "holds here as far as it is tested" if _untested(claim, rows) else "holds here"
    if rows["as_claimed"].all():
        return "is borne out by the signs here, but not everywhere beyond chance"
    if rows.loc[~rows["as_claimed"], "beyond_chance"].any():
        return "does not hold here"
    return "does not hold here, though nothing speaks against it beyond chance"


def _untested(claim: Claim, rows: pd.DataFrame) -> list[str]:
    """The strategies that the curriculum is not compared with in every one of its cells."""
    met = [set(map(_bare, of["against"])) for _, of in rows.groupby("setting")]
    missing = [name for name in claim.against if not all(name in names for names in met)]
    return [f"Not compared in every cell: {', '.join(missing)}."] if missing else []


def _unreached(rows: pd.DataFrame) -> list[str]:
    """Where a curriculum never came to what it is tested on, its accuracy is of what it had learnt on the way."""
    short = rows.loc[rows["unreached"] > 0, "name"].unique()
    if not len(short):
        return []
    share = f"{len(short)} of {rows['name'].nunique()} cells"
    return [f"In {share} the budget ended before it had reached its target: {', '.join(short)}."]


def _about_chance(rows: pd.DataFrame) -> str:
    fewest, most = int(rows["seeds"].min()), int(rows["seeds"].max())
    said = [
        f"Chance: a paired randomisation test over the {_span(rows['n'])} test samples of a cell, p < {ALPHA} after "
        f"Holm's correction over all comparisons of a paragraph; {SWAPS:,} swaps show no p below {1 / (SWAPS + 1):.4f} "
        "before it."
    ]
    if most == 1:
        said.append("One seed a cell: this tells two trained networks apart, not two curricula.")
    else:
        said.append(
            f"A difference is the mean over {_span(rows.loc[rows['seeds'] > 1, 'seeds'])} seeds, and beyond chance "
            "only if Student's 95 % interval over them (not corrected) leaves out 0 too."
        )
        if fewest == 1:
            said.append("Where a cell has one seed, two trained networks are told apart, not two curricula.")
    if rows["unpaired"].any():
        said.append("Runs without a partner of their seed are left out.")
    return " ".join(said)


def _span(numbers: pd.Series[int]) -> str:
    low, high = int(numbers.min()), int(numbers.max())
    return f"{low}" if low == high else f"{low} to {high}"


def _names(cells: pd.DataFrame) -> list[str]:
    named = ([name(cell) for cell in _each(cells)] for name in _NAMES)
    return next((names for names in named if len(set(names)) == len(cells)), [_NAMES[-1](c) for c in _each(cells)])


def _bare(name: str) -> str:
    """A task's, learner's or curriculum's name without its options."""
    return name.split("[")[0]


def _each(cells: pd.DataFrame) -> list[Any]:
    return list(cells.itertuples(index=False))
