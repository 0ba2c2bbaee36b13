"""A network in action, as text: bars in place of colours, so that it can be read on any terminal and in any file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from l2e.evaluation.observation import Observation
from l2e.reporting.marking import visible
from l2e.reporting.table import Table

BARS = " ▁▂▃▄▅▆▇█"
ACROSS = 80  # columns of a block


class Block(NamedTuple):
    """A heat map of bars.

    Attributes:
        title: what it shows.
        characters: of its columns.
        names: of its rows.
        shares: [rows, columns], 0 to 1.
    """

    title: str
    characters: str
    names: list[str]
    shares: npt.NDArray[np.float64]


def bar_maps(observation: Observation, units: int) -> str:
    """A map of bars for each kind of unit of each layer, and for each head.

    Args:
        observation: what to show.
        units: of each layer, those that change most.
    """
    return "\n".join(line for block in _blocks(observation, units) for line in _lines(block))


def likeliest_table(observation: Observation) -> Table:
    """A row a character after which the network predicts one: the next, and the likeliest with their probabilities."""
    following = [*observation.following, ""]  # of a text the last has none; an answer's last is not read
    columns = zip(observation.characters, following, observation.likeliest(), strict=False)
    rows = [
        {"read": visible(read), "next": visible(following)}
        | {f"likeliest {n}": f"{visible(c)} {100 * p:.1f} %" for n, (c, p) in enumerate(likeliest, 1)}
        for read, following, likeliest in columns
        if likeliest
    ]
    return Table("The likeliest next characters", pd.DataFrame(rows))


def _blocks(observation: Observation, units: int) -> Iterator[Block]:
    seen = visible(observation.characters)
    for one in observation.liveliest(units):
        low, high = one.span
        title = f"{one.part}, {one.kind}: units that change most, {low:.3g} to {high:.3g}"
        columns = seen[one.first : one.first + one.values.shape[1]]
        yield Block(title, columns, list(map(str, one.units)), (one.values - low) / (high - low))
    for look in observation.looks:
        weights = look.weights.double().cpu().numpy()
        rows, columns = weights.shape
        names = list(seen[look.first : look.first + rows])
        yield Block(f"{look.part}, head {look.head}: weights", seen[look.at : look.at + columns], names, weights)


def _lines(block: Block) -> Iterator[str]:
    """Its lines; a wide one goes on below."""
    levels = np.rint(block.shares * (len(BARS) - 1)).astype(int)
    wide = max(map(len, block.names))
    for start in range(0, len(block.characters), ACROSS):
        part = slice(start, start + ACROSS)
        yield block.title
        yield f"{'':{wide}} {block.characters[part]}"
        for name, row in zip(block.names, levels, strict=True):
            yield f"{name:>{wide}} {_bars(row[part])}".rstrip()
        yield ""


def _bars(levels: Iterable[int]) -> str:
    return "".join(BARS[level] for level in levels)
