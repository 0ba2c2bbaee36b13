"""Performance profiles: the share of runs above each accuracy, a line a curriculum (Agarwal et al. 2021, 4.2)."""

from __future__ import annotations

from collections.abc import Sequence

from l2e.analysis.overall import profiles
from l2e.analysis.run_set import RunSet
from l2e.metrics import Rule
from l2e.reporting.plots.drawing import Drawing, write_title
from l2e.reporting.plots.style import LINES, empty_figure

SIZE = (5.6, 4.2)  # inches
BAND = 0.12  # opacity


def profile_figures(runs: RunSet, rules: Sequence[Rule]) -> list[Drawing]:
    """A drawing a rule, of the cells that every curriculum has with two seeds or more; none of a single curriculum.

    Raises:
        FigureError: matplotlib is not installed.
    """
    drawings = []
    for rule in rules:
        found = profiles(runs, rule)
        if len(found) < 2:
            continue
        figure = empty_figure(*SIZE)
        axes = figure.subplots()
        for (name, profile), (colour, dash) in zip(found.items(), LINES * len(found), strict=False):
            percent = 100 * profile.thresholds
            axes.step(percent, 100 * profile.share, where="post", color=colour, linestyle=dash, label=name)
            axes.fill_between(
                percent, 100 * profile.low, 100 * profile.high, step="post", color=colour, alpha=BAND, linewidth=0
            )
        axes.set(xlabel=f"{rule.spoken}, %", ylabel="runs above it, %", xlim=(0, 100), ylim=(-3, 103))
        axes.grid(visible=True, alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
        for text in axes.legend(loc="lower left").get_texts():
            text.set_parse_math(False)
        said = f"Share of runs above each {rule.spoken}"
        write_title(figure, said, runs.title)
        caption = f"{said}: {', '.join(found)}; mean over cells, bands are pointwise 95 % intervals over seeds."
        drawings.append(Drawing(f"profile-{rule.value}", caption, figure))
    return drawings
