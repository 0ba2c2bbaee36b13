"""A table with its title and words, written as Markdown, CSV, LaTeX or HTML; all its texts are escaped.

Cells may carry the marks of `l2e.reporting.marking`, which become the format's own markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from l2e.reporting.marking import BEGIN_BEST, END_BEST, is_marked, markdown_cell, unmark

FORMATS = ("markdown", "csv", "latex", "html")


@dataclass(frozen=True, slots=True)
class Table:
    """A pivot under a title.

    Attributes:
        title: what it shows.
        frame: its cells, as they are written.
        words: sentences that stand under it, a paragraph a line; plain text, whatever the format.
    """

    title: str
    frame: pd.DataFrame
    words: str = ""

    @property
    def shown(self) -> pd.DataFrame:
        """The cells for people, who see a dash where there is no value."""
        return self.frame.astype(object).where(self.frame.notna(), "–")

    @property
    def paragraphs(self) -> list[str]:
        """The words' paragraphs."""
        return [line for line in self.words.splitlines() if line.strip()]


def render(tables: Sequence[Table], format: str, heading: str | None = None) -> str:
    """Tables with their titles and words in one of the FORMATS; under a heading if there is one.

    In CSV titles, words and heading are lines that begin with #; one table alone has none, so that it can be read as
    it is.
    """
    write, write_heading = _RENDERERS[format]
    if format == "csv" and len(tables) == 1:
        return _bare_csv(tables[0]) + "\n"
    above = [] if heading is None else [write_heading(heading)]
    return "\n\n".join([*above, *map(write, tables)]) + "\n"


def _markdown(table: Table) -> str:
    pivot = (
        table.shown.map(_markdown_cell).rename(columns=_markdown_cell).to_markdown(index=False, disable_numparse=True)
    )
    return "\n\n".join([f"**{table.title}**", pivot, *map(_escape_markdown, table.paragraphs)])


# Code, emphasis, elements, entities, links and what starts a block.
_MARKDOWN = re.compile(r"[\\`*]|(?<!\w)_|_(?!\w)|~(?=~)|<(?=[A-Za-z/!?])|&(?=#?\w+;)|(?<=\])[(:]|^[#>+=|-]")


def _escape_markdown(text: str) -> str:
    return _MARKDOWN.sub(lambda found: "\\" + found[0], text.strip())


def _markdown_cell(cell: Any) -> Any:
    """Escape what ends a cell, except in marked cells, which are finished."""
    if not isinstance(cell, str):
        return cell
    return markdown_cell(cell) if is_marked(cell) else cell.replace("|", "\\|")


def _bare_csv(table: Table) -> str:
    return table.frame.map(_csv_cell).rename(columns=_csv_cell).to_csv(index=False).rstrip("\n")


# What a spreadsheet would compute: a cell that begins like a formula, unless it is a signed number with its interval.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d\s.,;%()±–/+-]*$)")


def _csv_cell(cell: Any) -> Any:
    """Without marks, and so that no spreadsheet computes it."""
    if not isinstance(cell, str):
        return cell
    text = unmark(cell, "csv")
    return f"'{text}" if _FORMULA.match(text) else text


def _csv(table: Table) -> str:
    return "\n".join([f"# {table.title}", _bare_csv(table), *(f"# {line}" for line in table.paragraphs)])


def _latex(table: Table) -> str:
    escaped = table.shown.map(_escape_latex).rename(columns=_escape_latex)
    label = "tab:" + "-".join(re.findall(r"\w+", table.title.lower()))
    pivot = escaped.to_latex(index=False, caption=_escape_latex(table.title), label=label, escape=False).rstrip("\n")
    return "\n\n".join([pivot, *map(_escape_latex, table.paragraphs)])


_LATEX = {character: "\\" + character for character in "&%_#${}"} | {
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    "<": "\\textless{}",
    ">": "\\textgreater{}",
    "±": "$\\pm$",
    "–": "--",
}


def _escape_latex(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    return unmark("".join(_LATEX.get(character, character) for character in text), "latex")


_NUMBER = re.compile(rf"({BEGIN_BEST}?[-+]?\d[\d,]*(?:\.\d+)?{END_BEST}?|–)((?:[ †*].*)?)", re.DOTALL)


def leading_numbers(cells: Sequence[str]) -> list[tuple[str, str]] | None:
    """Each cell's leading number, or dash, and the rest; None where a cell begins with neither."""
    found = [_NUMBER.fullmatch(cell) for cell in cells]
    return [(match[1], match[2]) for match in found if match] if all(found) else None


def aligned(cells: Sequence[str]) -> list[str]:
    """The cells of a column; where all begin with numbers, these end below one another.

    >>> aligned(["5.0", "100.0 (99.0–100.0)"])
    ['  5.0', '100.0 (99.0–100.0)']
    """
    numbers = leading_numbers(cells)
    if numbers is None:
        return list(cells)
    widths = [len(unmark(number, "csv")) for number, _ in numbers]
    return [" " * (max(widths) - width) + "".join(cell) for width, cell in zip(widths, numbers, strict=True)]


def html_cell(cell: Any) -> str:
    """A cell as HTML, with markup for its marks alone."""
    return unmark(escape(str(cell)), "html")


def _html(table: Table) -> str:
    words = [f"<p>{escape(line)}</p>" for line in table.paragraphs]
    frame = table.shown.map(html_cell).rename(columns=html_cell)
    with pd.option_context("display.max_colwidth", None):  # else pandas would cut long cells short
        pivot = frame.to_html(index=False, border=0, escape=False)
    return "\n".join([f"<h2>{escape(table.title)}</h2>", pivot, *words])


_RENDERERS: dict[str, tuple[Callable[[Table], str], Callable[[str], str]]] = {
    "markdown": (_markdown, lambda heading: f"### {heading}"),
    "csv": (_csv, lambda heading: f"# {heading}"),
    "latex": (_latex, lambda heading: f"% {heading}"),
    "html": (_html, lambda heading: f"<h1>{escape(heading)}</h1>"),
}
