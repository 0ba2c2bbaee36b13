"""Pictures: written in each format, the same bits twice, and what is refused before the work."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from l2e.reporting.plots.style import (
    FORMATS,
    LINES,
    FigureError,
    check_picture,
    draw_attention,
    draw_grid,
    draw_lines,
    empty_figure,
    encoded,
)

BEGINNINGS = {"png": b"\x89PNG\r\n", "svg": b"<?xml", "pdf": b"%PDF-"}
INPUT, ANSWER = "print((1+a))\n $", "-23."


def lines(path: Path) -> None:
    draw_lines(path, {"elman": [1.0, 0.1, 0.01], "lstm": [1.0, 0.9]}, "characters", "norms", "How far it reaches")


def attention(path: Path) -> None:
    weights = np.random.default_rng(0).dirichlet(np.ones(len(INPUT)), len(ANSWER))
    draw_attention(path, INPUT, ANSWER, weights)


every_picture = pytest.mark.parametrize("draw", [lines, attention])


@every_picture
@pytest.mark.parametrize("ending", FORMATS)
def test_a_picture_is_written_in_the_format_of_its_ending(
    draw: Callable[[Path], None], ending: str, tmp_path: Path
) -> None:
    path = tmp_path / "new folder" / f"picture.{ending}"
    draw(path)
    assert path.read_bytes().startswith(BEGINNINGS[ending])
    assert path.stat().st_size > 2000


@every_picture
@pytest.mark.parametrize("ending", ["png", "svg"])
def test_the_same_picture_is_the_same_file(draw: Callable[[Path], None], ending: str, tmp_path: Path) -> None:
    first, second = tmp_path / f"first.{ending}", tmp_path / f"second.{ending}"
    draw(first)
    draw(second)
    assert first.read_bytes() == second.read_bytes()


def texts_in(path: Path) -> list[str]:
    """The texts of a picture: matplotlib draws them as outlines, and says before each what it is."""
    return re.findall(r"<!-- (.*?) -->", path.read_text(), re.DOTALL)


def test_lines_have_their_axes_title_and_names(tmp_path: Path) -> None:
    lines(tmp_path / "picture.svg")
    assert {"characters", "norms", "How far it reaches", "elman", "lstm"} <= set(texts_in(tmp_path / "picture.svg"))


def test_more_lines_than_colours_are_all_drawn(tmp_path: Path) -> None:
    names = [f"network {i}" for i in range(len(LINES) + 2)]
    draw_lines(tmp_path / "picture.svg", {name: [1.0, 0.5] for name in names}, "x", "y", "many")
    assert set(names) <= set(texts_in(tmp_path / "picture.svg"))


def test_lines_differ_in_colour_and_in_dash() -> None:
    assert len({colour for colour, _ in LINES}) == len({dash for _, dash in LINES}) == len(LINES)


def test_a_norm_of_nothing_leaves_a_gap_in_a_line(tmp_path: Path) -> None:
    pictures = [tmp_path / f"{last}.svg" for last in (0.0, 0.01)]
    for path, last in zip(pictures, (0.0, 0.01), strict=True):
        draw_lines(path, {"vanished": [1.0, 0.1, last, 0.001, 0.0001]}, "x", "y", "gap")
    broken, whole = (path.read_text().count("\nM ") for path in pictures)
    assert broken == whole + 1


CELLS = pd.DataFrame(
    [
        ("program", "lstm", "mix", 2, 1, 0.5),
        ("program", "lstm", "naive", 2, 1, 0.625),
        ("copy", "lstm", "mix", 5, 1, 0.875),
        ("program", "uniform", None, 2, 1, 0.125),
    ],
    columns=["task", "learner", "curriculum", "length", "nesting", "accuracy"],
)


def test_a_grid_has_every_figure_its_rows_and_columns(tmp_path: Path) -> None:
    draw_grid(tmp_path / "grid.svg", CELLS, "exact_match")
    found = texts_in(tmp_path / "grid.svg")
    assert {"50.0", "62.5", "87.5", "12.5", "lstm · mix", "lstm · naive", "uniform", "exact match, %"} <= set(found)
    assert found.count("–") == 2  # of naive and of uniform on copy


def test_one_curriculum_needs_no_name_in_a_grid(tmp_path: Path) -> None:
    draw_grid(tmp_path / "grid.svg", CELLS[CELLS["curriculum"] != "naive"], "exact_match")
    assert "lstm" in texts_in(tmp_path / "grid.svg")


def test_an_empty_grid_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FigureError, match="nothing to draw"):
        draw_grid(tmp_path / "grid.svg", CELLS[:0], "exact_match")


def test_attention_shows_what_was_read_below_and_what_was_written_beside(tmp_path: Path) -> None:
    attention(tmp_path / "picture.svg")
    shown = [*"print((1+a))", "⏎", "␣", "$"]
    assert texts_in(tmp_path / "picture.svg") == [*shown, "read", *ANSWER, "written"]


@pytest.mark.parametrize("name", ["picture.gif", "picture", "picture.", "svg", "picture.svg.txt"])
def test_another_ending_is_refused_with_the_legal_ones(name: str) -> None:
    with pytest.raises(FigureError, match=rf"{name} does not end in a picture's format: \.png, \.svg, \.pdf"):
        check_picture(Path(name))


@pytest.mark.parametrize("ending", FORMATS)
def test_a_check_writes_nothing(ending: str, tmp_path: Path) -> None:
    check_picture(tmp_path / "new" / f"picture.{ending}")
    assert not list(tmp_path.iterdir())


def test_without_matplotlib_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(FigureError, match=re.escape("pictures need matplotlib: pip install 'l2e[figures]'")):
        check_picture(tmp_path / "picture.svg")
    with pytest.raises(FigureError, match="matplotlib"):
        lines(tmp_path / "picture.svg")


def test_an_ending_is_refused_without_matplotlib_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(FigureError, match="does not end"):
        check_picture(Path("picture.gif"))


def test_ids_of_an_svg_are_numbered_and_still_lead_somewhere() -> None:
    figure = empty_figure(3, 2)
    figure.subplots().plot([1, 3, 2], marker="o")
    text = encoded(figure, "svg").decode()
    ids, led_to = set(re.findall(r'id="([^"]+)"', text)), set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', text))
    assert {name for pair in led_to for name in pair if name} <= ids
    assert not any(re.search(r"[0-9a-f]{10}$", name) for name in ids)
