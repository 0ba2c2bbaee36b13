"""Tables on a terminal."""

import io

import pandas as pd
import pytest
from rich.console import Console

from l2e.cli.tables import draw, show_tables
from l2e.reporting.marking import marked_answer, marked_input
from l2e.reporting.table import Table

RED = "\x1b[1;31m"


def drawn(table: Table, width: int = 80, heading: str | None = None) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system="standard")
    draw(console, [table], heading)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_wrong_characters_are_in_colour_and_nothing_of_the_marks_is_left() -> None:
    frame = pd.DataFrame({"input": [marked_input("a=1\nprint([a])")], "answer": [marked_answer("13.", "12.")]})
    text = drawn(Table("Examples", frame))
    assert f"1{RED}3\x1b[0m." in text
    assert "print([a])" in text  # not taken for markup
    assert not any("\ue000" <= character <= "\ue004" for character in text)


def test_numbers_end_below_one_another_and_what_is_missing_is_a_dash() -> None:
    text = drawn(Table("T", pd.DataFrame({"n": ["5.0", "100.0 (99.0–100.0)"], "m": [1.5, None]})), heading="All")
    lines = text.splitlines()
    assert "All" in lines[0]
    (five,) = (line for line in lines if "5.0" in line)
    (hundred,) = (line for line in lines if "100.0 (" in line)
    assert five.index("5.0") + 3 == hundred.index("100.0") + 5
    assert "–" in hundred
    assert "nan" not in text.lower()


@pytest.mark.parametrize("width", [80, 200])
def test_no_line_is_wider_than_the_terminal_and_words_stay_whole(width: int) -> None:
    frame = pd.DataFrame({f"column {n}": ["some words in a cell", "-42.9 (-51.4 to -35.3)*"] for n in range(5)})
    text = drawn(Table("T", frame, "Words. " * 40), width)
    plain = "".join(part.partition("m")[2] if number else part for number, part in enumerate(text.split("\x1b[")))
    assert max(map(len, plain.splitlines())) <= width
    assert plain.count("(-51.4") == plain.count("column") == 5


def test_in_a_pipe_they_are_markdown_unless_asked_otherwise(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("T", pd.DataFrame({"a": ["b"]}))
    show_tables([table], None)
    assert capsys.readouterr().out.startswith("**T**\n\n| a ")
    show_tables([table], "csv")
    assert capsys.readouterr().out == "a\nb\n"
