"""Learning curves, for a page and as figures of their own."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from l2e.reporting.plots.learning_curves import Curve, curves_figure, curves_of, learning_curves
from l2e.reporting.plots.style import LINES, FigureError, encoded
from l2e.reporting.plots.svg import INK, SVG
from tests.l2e.reporting.html.conftest import told_run

UPDATES = [50, 100, 150]


def curve(name: str, nestings: tuple[int, ...] = (1, 1, 1)) -> Curve:
    return Curve(name, UPDATES, [0.2, 0.5, 0.4], [1, 2, 2], nestings)


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()).strip() for element in ET.fromstring(svg).iter(f"{{{SVG}}}text")]


def test_difficulty_is_drawn_under_the_accuracy_and_nesting_only_where_there_is_some() -> None:
    flat = texts(learning_curves([curve("naive")], "t", "a-"))
    assert {"validation accuracy, %", "length", "updates", "naive"} <= set(flat)
    assert "nesting" not in flat
    assert "nesting" in texts(learning_curves([curve("naive", (1, 1, 2))], "t", "a-"))


def test_two_pictures_of_a_page_share_no_id_and_refer_to_their_own() -> None:
    first, second = (learning_curves([curve("naive")], "t", prefix) for prefix in ("a-", "b-"))
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in (first, second)]
    assert ids[0]
    assert not ids[0] & ids[1]
    assert set(re.findall(r'(?:url\(|href=")#([^")]+)', first)) <= ids[0]


def test_it_takes_its_ink_from_the_page_and_styles_nothing_else() -> None:
    svg = learning_curves([curve(f"network {i}") for i in range(len(LINES))], "t", "a-")
    assert "currentColor" in svg
    assert "#000000" not in svg
    assert "<style" not in svg


def test_names_and_titles_are_texts_whatever_they_hold() -> None:
    hostile = "$x</svg><script>alert(1)</script>"
    svg = learning_curves([curve(hostile)], f'"{hostile}', "a-")
    assert "<script" not in svg
    assert hostile in texts(svg)
    assert ET.fromstring(svg).get("aria-label") == f'"{hostile}'


def test_more_lines_than_styles_are_told_apart_by_markers() -> None:
    few, many = (learning_curves([curve(f"n{i}") for i in range(n)], "t", "a-") for n in (1, len(LINES) + 1))
    assert many.count("<use ") > few.count("<use ")


def test_the_same_curves_are_the_same_picture() -> None:
    assert learning_curves([curve("naive")], "t", "a-") == learning_curves([curve("naive")], "t", "a-")


def test_without_matplotlib_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(FigureError, match="pip install"):
        learning_curves([curve("naive")], "t", "a-")


def test_seeds_of_a_setting_share_a_name_and_runs_without_checks_have_no_curve(tmp_path: Path) -> None:
    runs = [
        told_run(tmp_path, [], curriculum=curriculum, seed=seed)
        for curriculum, seed in (("baseline", 0), ("baseline", 1), ("naive", 0))
    ]
    runs[2].metrics_path.unlink()
    found = curves_of(runs)
    assert [one.name for one in found] == ["baseline", "baseline"]
    assert (found[0].updates, found[0].accuracies) == ([100, 200], [0.25, 0.5])


def test_a_figure_of_its_own_has_the_lines_of_the_page_in_black_on_white() -> None:
    figure = curves_figure([curve("naive", (1, 1, 2)), curve("mix", (2, 2, 2))])
    accuracy, length, nesting = figure.axes
    assert [list(line.get_ydata()) for line in accuracy.lines] == [[20, 50, 40]] * 2
    levels = length.lines[0]  # of the updates before each check
    assert (list(levels.get_xdata()), list(levels.get_ydata())) == ([0, *UPDATES], [1, 1, 2, 2])
    assert levels.get_drawstyle() == "steps-pre"
    assert list(nesting.lines[1].get_ydata()) == [2, 2, 2, 2]
    assert INK.encode() not in encoded(figure, "svg")


def test_a_legend_of_many_names_takes_nothing_from_the_lines() -> None:
    few, many = (curves_figure([curve(f"network {i}") for i in range(n)]) for n in (2, 24))
    for figure in (few, many):
        figure.canvas.draw()
    heights = [figure.axes[0].get_window_extent().height for figure in (few, many)]
    assert heights[1] > 0.9 * heights[0]
