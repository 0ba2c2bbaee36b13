"""Names, captions and files of drawings."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l2e.reporting.plots.drawing import Drawing, files_of, names_of, over_seeds, plain_name, write_title
from l2e.reporting.plots.style import FigureError, empty_figure, encoded


def drawing(name: str) -> Drawing:
    return Drawing(name, f"About {name}.", empty_figure(2, 1))


def test_a_drawing_is_written_as_svg_and_as_png_with_its_caption() -> None:
    files = files_of([drawing("heat")])
    assert list(files) == ["heat.svg", "heat.png"]
    assert {caption for caption, _ in files.values()} == {"About heat."}
    assert files["heat.svg"][1].startswith(b"<?xml")
    assert files["heat.png"][1].startswith(b"\x89PNG")


def test_the_same_drawing_is_the_same_bytes() -> None:
    assert files_of([drawing("heat")]) == files_of([drawing("heat")])


def test_two_drawings_of_one_name_are_refused() -> None:
    with pytest.raises(FigureError, match=r"two drawings would both be heat\.svg"):
        files_of([drawing("heat"), drawing("heat")])


def test_a_name_has_only_what_tells_drawings_apart() -> None:
    assert names_of("heat", [("program", "lstm")], "exact_match") == ["heat-exact_match"]
    assert names_of("heat", [("program", "lstm"), ("program", "gru[cells=9]")], "r") == [
        "heat-lstm-r",
        "heat-gru_cells_9-r",
    ]


@given(st.text(min_size=1))
def test_a_plain_name_is_one_folders_entry(text: str) -> None:
    assert not re.search(r"[/\\\s\[\]=]", plain_name(text))


@pytest.mark.parametrize(
    ("seeds", "said"), [([1, 1], "single runs"), ([3, 3], "means over 3 seeds"), ([1, 3], "means over 1 to 3 seeds")]
)
def test_a_caption_says_how_many_seeds_there_are(seeds: list[int], said: str) -> None:
    assert over_seeds(pd.DataFrame({"seeds": seeds})) == said


def test_a_title_is_wrapped_to_the_width_and_leaves_out_what_is_none() -> None:
    figure = empty_figure(2, 2)
    write_title(figure, "a word and another word and a third", None, "x_$y$")
    lines = figure.get_suptitle().split("\n")
    assert " ".join(lines[:-1]) == "a word and another word and a third"
    assert lines[-1] == "x_$y$"
    assert max(map(len, lines)) <= 2 * 13.5
    assert b"x_$y$" in encoded(figure, "svg")
