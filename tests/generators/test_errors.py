"""How an InputError shows its place."""

import pickle

import pytest

from generators.errors import InputError


def shown(text: str, line: int, column: int) -> list[str]:
    return str(InputError("wrong", text, line, column)).split("\n")


def test_shows_the_line_and_a_caret_below_the_column() -> None:
    assert shown("a=1\nprint(b)\n", 2, 7) == ["line 2, column 7: wrong", "print(b)", "      ^"]


def test_a_place_after_the_end_has_its_caret_after_the_end() -> None:
    assert shown("a=1", 1, 4) == ["line 1, column 4: wrong", "a=1", "   ^"]
    assert shown("", 1, 1) == ["line 1, column 1: wrong", "", "^"]


@pytest.mark.parametrize("column", [1, 40, 41, 42, 80, 81, 250, 460, 499, 500, 501])
def test_a_long_line_is_shown_by_a_window_around_the_column(column: int) -> None:
    line = "".join(f"{i:04d}," for i in range(100))
    _, excerpt, caret = shown(f"a=1\n{line}\nb=2", 2, column)
    assert len(excerpt) == 80
    assert excerpt in line
    under = len(caret) - 1
    assert 0 <= under <= 80
    assert caret == " " * under + "^"
    assert line.startswith(excerpt[under:], column - 1)
    assert line.index(excerpt) == column - 1 - under


def test_what_cannot_be_printed_is_a_space_and_keeps_the_caret_in_place() -> None:
    assert shown("a\t\x1b[2J\ud800\r\nb", 1, 7) == ["line 1, column 7: wrong", "a  [2J", "      ^"]


def test_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(InputError("wrong", "a\nb", 2, 1)))
    assert (error.message, error.text, error.line, error.column) == ("wrong", "a\nb", 2, 1)
    assert str(error) == "line 2, column 1: wrong\nb\n^"
