"""Learning curves for a page."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET

import pytest

from l2e.curves import SVG, Curve, learning_curves
from l2e.figures import LINES, FigureError

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
