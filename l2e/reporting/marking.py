"""Marks in cells, as around wrong characters of answers, in every format that tables are written in.

Marks are characters of Unicode's private use area; `l2e.reporting.table.render` replaces them with the format's markup
after escaping.
"""

from __future__ import annotations

from itertools import groupby, zip_longest

BEGIN_CODE, LINE_END, END_CODE, BEGIN_WRONG, END_WRONG, BEGIN_BEST, END_BEST = MARKS = (
    "\ue000\ue001\ue002\ue003\ue004\ue005\ue006"
)
ENDS = (END_CODE, END_WRONG, END_BEST)
MISSING, WRITTEN_LINE_END, WRITTEN_SPACE = "·", "⏎", "␣"
UNKNOWN = "\ufffd"  # what Unicode has for a character that cannot be shown
NOT_ASKED = "not asked"

# Markdown's ** does not mark a full stop, a sign or a · in the middle of a word; HTML's b does, and Markdown allows it.
MARKUP: dict[str, dict[str, str]] = {
    "markdown": dict(zip(MARKS, ("<code>", "<br>", "</code>", "<b>", "</b>", "**", "**"), strict=True)),
    "html": dict(zip(MARKS, ("<code>", "<br>", "</code>", "<mark>", "</mark>", "<strong>", "</strong>"), strict=True)),
    "csv": dict.fromkeys(MARKS, ""),
    "latex": {
        BEGIN_CODE: r"{\ttfamily\begin{tabular}[t]{@{}l@{}}",
        LINE_END: r" \\ ",
        END_CODE: r"\end{tabular}}",
        BEGIN_WRONG: r"\underline{",
        END_WRONG: "}",
        BEGIN_BEST: r"\textbf{",
        END_BEST: "}",
        MISSING: r"\textperiodcentered{}",
        WRITTEN_LINE_END: r"$\hookleftarrow$",
        WRITTEN_SPACE: r"\textvisiblespace{}",
    },
}
_SPECIAL_IN_MARKDOWN = {ord(character): "\\" + character for character in r"\`*_{}[]<>#|~$&"}
_SEEN = {ord("\n"): WRITTEN_LINE_END, ord(" "): WRITTEN_SPACE} | {ord(mark): UNKNOWN for mark in MARKS}
_SPECIAL = {0: "□", 1: "▷"}  # padding, and the end of input


def visible(text: str) -> str:
    r"""A text with a character for each line end, space and special symbol.

    >>> visible("a b\n")
    'a␣b⏎'
    """
    return text.translate(_SEEN | _SPECIAL)


def wrong_positions(answer: str, target: str) -> list[int]:
    """Positions, from 0, where the answer differs from the target, including missing characters.

    >>> wrong_positions("520", "5259.")
    [2, 3, 4]
    >>> wrong_positions("12.3", "12.")
    [3]
    """
    return [place for place, (a, t) in enumerate(zip_longest(answer, target)) if a != t]


def marked_answer(answer: str | None, target: str) -> str:
    """An answer with marks around its wrong characters, and a `·` for each missing one; None was not asked.

    Line ends and spaces become visible characters.
    """
    if answer is None:
        return NOT_ASKED
    wrong = set(wrong_positions(answer, target))
    shown = answer.translate(_SEEN).ljust(len(target), MISSING)
    parts = []
    for is_wrong, places in groupby(range(len(shown)), wrong.__contains__):
        text = "".join(shown[place] for place in places)
        parts.append(f"{BEGIN_WRONG}{text}{END_WRONG}" if is_wrong else text)
    return "".join(parts)


def marked_input(text: str) -> str:
    """An input as code, its lines under one another."""
    clean = text.translate({ord(mark): UNKNOWN for mark in MARKS})
    return BEGIN_CODE + clean.replace("\n", LINE_END) + END_CODE


def best(text: str) -> str:
    """The text marked as the best of its column."""
    return f"{BEGIN_BEST}{text}{END_BEST}"


def is_marked(text: str) -> bool:
    """Whether there are marks in a text."""
    return not set(MARKS).isdisjoint(text)


def unmark(text: str, format: str) -> str:
    """The text, escaped for the format before, with the format's markup for its marks."""
    return text.translate({ord(mark): markup for mark, markup in MARKUP[format].items()})


def markdown_cell(text: str) -> str:
    r"""A finished cell of a Markdown table: what Markdown would take for its own is escaped, and marks are markup.

    >>> print(markdown_cell("a|b*c"))
    a\|b\*c
    """
    return unmark(text.translate(_SPECIAL_IN_MARKDOWN), "markdown")
