"""Bits kept of strings, and strings copied, by the number of digits: a line a predictor."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from l2e.reporting.plots.style import LINES, MARKERS, empty_figure, encoded

PANELS = {"kept_bits": "bits kept of a string", "copied": "strings copied without a mistake, %"}


def draw_kept_bits(path: Path, rows: pd.DataFrame) -> None:
    """Write a picture with a panel each; all bits of a string are a thin grey line.

    Args:
        path: of the picture; its ending says the format.
        rows: predictor, digits, all_bits, kept_bits, copied.

    Raises:
        FigureError: matplotlib is not installed.
    """
    figure = empty_figure(9, 4)
    bits, copied = figure.subplots(1, 2)
    every = rows.drop_duplicates("digits")
    bits.plot(every["digits"], every["all_bits"], color="#777777", linewidth=0.8)
    for number, (name, group) in enumerate(rows.groupby("predictor", sort=False)):
        colour, dash = LINES[number % len(LINES)]
        for axes, values in ((bits, group["kept_bits"]), (copied, 100 * group["copied"])):
            marker = MARKERS[number % len(MARKERS)]
            axes.plot(group["digits"], values, color=colour, linestyle=dash, marker=marker, label=str(name))
    for axes, shown in zip((bits, copied), PANELS.values(), strict=True):
        axes.set(xlabel="digits", ylabel=shown)
        axes.set_xticks(sorted(set(rows["digits"])))
        axes.grid(visible=True, alpha=0.3)
    figure.legend(*bits.get_legend_handles_labels(), loc="outside lower center", ncols=5)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded(figure, path.suffix.removeprefix(".")))
