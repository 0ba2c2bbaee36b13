"""Answers with their wrong characters marked."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l2e.metrics import Rule, score
from l2e.reporting.marking import (
    BEGIN_WRONG,
    END_WRONG,
    MARKS,
    MARKUP,
    NOT_ASKED,
    UNKNOWN,
    markdown_cell,
    marked_answer,
    marked_input,
    unmark,
    wrong_positions,
)

TEXT = st.text(st.sampled_from("0123456789-."), max_size=12)


def shown(answer: str, target: str) -> str:
    """The marked answer with brackets for marks."""
    return marked_answer(answer, target).replace(BEGIN_WRONG, "[").replace(END_WRONG, "]")


@pytest.mark.parametrize(
    ("answer", "target", "marked"),
    [
        ("5259.", "5259.", "5259."),
        ("5101.", "5259.", "5[101]."),
        ("5229.", "5259.", "52[2]9."),
        ("1.", "10.", "1[.·]"),
        ("100.", "10.", "10[0.]"),
        ("", "10.", "[···]"),
        ("1 \n", "10.", "1[␣⏎]"),
        ("", "", ""),
    ],
    ids=["right", "a run", "one", "too short", "too long", "nothing", "space and line end", "empty"],
)
def test_wrong_characters_are_marked_by_position_and_missing_ones_shown(answer: str, target: str, marked: str) -> None:
    assert shown(answer, target) == marked


@given(TEXT, TEXT)
def test_as_many_are_marked_as_the_rule_counts_wrong(answer: str, target: str) -> None:
    (right,), (counted,) = score([answer], [target], Rule.CHARACTER)
    marked = "".join(re.findall(r"\[(.*?)\]", shown(answer, target)))
    assert len(marked) == len(wrong_positions(answer, target)) == counted - right


@given(TEXT, TEXT)
def test_without_marks_the_answer_is_as_it_was(answer: str, target: str) -> None:
    assert re.sub(r"[\[\]·]", "", shown(answer, target)) == answer


def test_one_that_was_not_asked_is_said_so_and_not_marked() -> None:
    assert marked_answer(None, "1.") == NOT_ASKED


@pytest.mark.parametrize("format", list(MARKUP))
def test_every_format_has_markup_for_every_mark(format: str) -> None:
    assert set(MARKS) <= set(MARKUP[format])


def test_markdown_shows_special_characters_as_they_are_and_lines_under_one_another() -> None:
    assert markdown_cell(marked_input("a=1|2\nprint(a*b_c<3)")) == r"<code>a=1\|2<br>print(a\*b\_c\<3)</code>"
    assert markdown_cell(marked_answer("5101.", "5259.")) == "5<b>101</b>."


def test_latex_underlines_and_stacks_lines() -> None:
    assert unmark(marked_answer("1.", "10."), "latex") == r"1\underline{.\textperiodcentered{}}"
    assert unmark(marked_input("a\nb"), "latex") == r"{\ttfamily\begin{tabular}[t]{@{}l@{}}a \\ b\end{tabular}}"


def test_a_text_cannot_bring_marks_of_its_own() -> None:
    assert marked_answer(MARKS, MARKS) == UNKNOWN * len(MARKS)
    assert marked_input(MARKS)[1:-1] == UNKNOWN * len(MARKS)
