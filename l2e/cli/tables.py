"""Tables drawn on a terminal; as Markdown in a file or a pipe, or in the format that was asked for."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from l2e.reporting.table import Table

WIDEST_WORD = 16  # that is not broken


def show_tables(tables: Sequence[Table], format_: str | None, heading: str | None = None) -> None:
    """Print tables with their titles and words, under a heading if there is one.

    Args:
        tables: one or more.
        format_: one of `l2e.reporting.table.FORMATS`; None for what suits standard output.
        heading: what they are of.
    """
    if format_ is None and sys.stdout.isatty():
        from rich.console import Console

        draw(Console(), tables, heading)
        return
    from l2e.reporting.table import render

    click.echo(render(tables, format_ or "markdown", heading), nl=False)


def draw(console: Console, tables: Sequence[Table], heading: str | None = None) -> None:
    """Draw tables as wide as the console; wrong characters of answers are in colour."""
    from rich import box
    from rich.table import Table as Grid
    from rich.text import Text

    from l2e.reporting.table import aligned

    if heading:
        console.print(Text(heading, style="bold underline"), end="\n\n")
    for table in tables:
        grid = Grid(box=box.SIMPLE_HEAD, title=Text(table.title, style="bold"), title_justify="left", pad_edge=False)
        columns = [aligned([str(cell) for cell in table.shown.iloc[:, at]]) for at in range(table.shown.shape[1])]
        for name, cells in zip(map(str, table.shown.columns), columns, strict=True):
            widest = max((len(word) for cell in (name, *cells) for word in cell.split()), default=0)
            grid.add_column(Text(name), overflow="fold", min_width=min(widest, WIDEST_WORD))
        for row in zip(*columns, strict=True):
            grid.add_row(*map(_styled, row))
        console.print(grid)
        for paragraph in table.paragraphs:
            console.print(Text(paragraph, style="dim"), end="\n\n")


def _styled(cell: str) -> Text:
    """A cell with styles for its marks."""
    from rich.text import Text

    from l2e.reporting.marking import BEGIN_BEST, BEGIN_CODE, BEGIN_WRONG, ENDS, LINE_END, MARKS

    style_of = {BEGIN_CODE: "cyan", BEGIN_WRONG: "bold red", BEGIN_BEST: "bold"}
    text, styles = Text(), [""]
    for piece in re.split(f"([{MARKS}])", cell):
        if piece in style_of:
            styles.append(style_of[piece])
        elif piece in ENDS:
            styles.pop()
        elif piece:
            text.append("\n" if piece == LINE_END else piece, style=styles[-1])
    return text
