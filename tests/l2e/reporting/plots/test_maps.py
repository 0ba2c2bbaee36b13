"""Maps of accuracy over length and nesting."""

from __future__ import annotations

import pandas as pd

from l2e.reporting.plots.maps import difference_maps, heat_maps
from tests.l2e.summaries import summary, texts_of

GAIN = {"baseline": 0.0, "naive": -0.125, "mix": 0.0625, "combined": 0.25}


def accuracy(curriculum: str, length: int, nesting: int) -> float:
    return 0.5 + GAIN[curriculum] - 0.01 * length - 0.001 * nesting


ROWS = summary(accuracy, nestings=(1, 2))


def test_a_heat_map_has_a_panel_a_curriculum_in_the_papers_order_and_every_figure() -> None:
    (drawing,) = heat_maps(ROWS.iloc[::-1], "The suite; small scale")
    texts = texts_of(drawing)
    assert drawing.name == "heat-exact_match"
    assert [text for text in texts if text in GAIN] == list(GAIN)
    for row in ROWS.itertuples():
        assert f"{100 * row.accuracy:.1f}" in texts  # type: ignore[operator]
    assert {"length (digits)", "nesting"} <= set(texts)
    assert drawing.figure.get_suptitle().splitlines() == [
        "Exact match of program by length and nesting, %",
        "The suite; small scale",
        "lstm[cells=8], single runs",
    ]


def test_the_easiest_is_in_the_lower_left_corner() -> None:
    (drawing,) = heat_maps(ROWS, None)
    panel = drawing.figure.axes[0]
    assert [text.get_text() for text in panel.get_xticklabels()] == ["2", "3", "4"]
    assert [text.get_text() for text in panel.get_yticklabels()] == ["1", "2"]
    bottom, top = panel.get_ylim()
    assert bottom < top
    lower_left = next(text for text in panel.texts if text.get_position() == (0, 0))
    assert lower_left.get_text() == f"{100 * accuracy('baseline', 2, 1):.1f}"


def test_differences_are_signed_and_what_is_worse_is_hatched() -> None:
    (drawing,) = difference_maps(ROWS, None)
    assert drawing.name == "difference-exact_match"
    panels = {panel.get_title(): panel for panel in drawing.figure.axes if panel.get_title()}
    assert list(panels) == ["naive", "mix", "combined"]
    figures = {name: {text.get_text() for text in panel.texts} for name, panel in panels.items()}
    assert figures == {"naive": {"-12.5"}, "mix": {"+6.2"}, "combined": {"+25.0"}}
    hatched = {name: sum(bool(patch.get_hatch()) for patch in panel.patches) for name, panel in panels.items()}
    assert hatched == {"naive": 6, "mix": 0, "combined": 0}


def test_a_cell_without_a_run_has_a_dash_in_every_difference_to_it() -> None:
    missing = (ROWS["curriculum"] == "baseline") & (ROWS["length"] == 3) & (ROWS["nesting"] == 2)
    (heat,), (difference,) = heat_maps(ROWS[~missing], None), difference_maps(ROWS[~missing], None)
    assert texts_of(heat).count("–") == 1
    assert texts_of(difference).count("–") == 3


def test_without_a_baseline_there_are_no_differences() -> None:
    assert difference_maps(ROWS[ROWS["curriculum"] != "baseline"], None) == []


def test_tasks_have_a_map_each_that_is_named_for_what_tells_them_apart() -> None:
    both = pd.concat([ROWS, ROWS.assign(task="control")])
    assert [drawing.name for drawing in heat_maps(both, None)] == [
        "heat-program-exact_match",
        "heat-control-exact_match",
    ]


def test_the_scale_spans_what_is_shown_and_says_so() -> None:
    (drawing,) = heat_maps(ROWS, None)
    *panels, scale = drawing.figure.axes
    shown = [float(text.get_text()) for panel in panels for text in panel.texts]
    low, high = scale.get_ylim()
    assert low <= min(shown) <= low + 10
    assert high - 10 <= max(shown) <= high
    assert scale.get_ylabel() == "%"
