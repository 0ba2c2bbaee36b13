"""Drawings of a folder: each a figure with a name and a caption, written as SVG and as PNG."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from l2e.reporting.plots.style import FigureError, encoded

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WRITTEN = ("svg", "png")  # one that scales, and one that is shown everywhere
CHARACTERS_PER_INCH = 13.5  # of a title


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure of a folder of figures.

    Attributes:
        name: of its files, without the ending.
        caption: what it shows, as a sentence.
        figure: what is drawn.
    """

    name: str
    caption: str
    figure: Figure = field(repr=False)


def write_title(figure: Figure, *lines: str | None) -> None:
    """Lines above a figure, wrapped to its width; those that are None are left out."""
    most = int(CHARACTERS_PER_INCH * figure.get_figwidth())
    wrapped = [part for line in lines if line for part in textwrap.wrap(line, most)]
    figure.suptitle("\n".join(wrapped), fontsize=10).set_parse_math(False)


def names_of(kind: str, parts: Sequence[Sequence[str]], rule: str) -> list[str]:
    """Files' names for drawings of one kind and rule, as short as tells them apart.

    >>> names_of("heat", [("program", "lstm"), ("control", "lstm")], "exact_match")
    ['heat-program-exact_match', 'heat-control-exact_match']
    """
    varies = [len(set(values)) > 1 for values in zip(*parts, strict=True)]
    return [
        "-".join([kind, *(plain_name(part) for part, shown in zip(names, varies, strict=True) if shown), rule])
        for names in parts
    ]


def plain_name(text: str) -> str:
    """A text as part of a file's name.

    >>> plain_name("copy[scheme=both]")
    'copy_scheme_both'
    """
    return "".join(c if c.isalnum() or c in "._" else "_" for c in text).strip("_")


def files_of(drawings: Iterable[Drawing]) -> dict[str, tuple[str, bytes]]:
    """Captions and contents by files' names, each drawing in every format that is written; the same bytes every time.

    Raises:
        FigureError: two drawings have one name.
    """
    files: dict[str, tuple[str, bytes]] = {}
    for drawing in drawings:
        for ending in WRITTEN:
            name = f"{drawing.name}.{ending}"
            if name in files:
                raise FigureError(f"two drawings would both be {name}; give the runs of one suite alone")
            files[name] = drawing.caption, encoded(drawing.figure, ending)
    return files


def over_seeds(rows: pd.DataFrame) -> str:
    """The number of runs of a mean, for the end of a caption: a range where it differs."""
    fewest, most = int(rows["seeds"].min()), int(rows["seeds"].max())
    if most == 1:
        return "single runs"
    return f"means over {most} seeds" if fewest == most else f"means over {fewest} to {most} seeds"
