"""Test samples beside each strategy's answers."""

import csv
import io
from html.parser import HTMLParser
from pathlib import Path

import pytest

from l2e.analysis.examples import Answered, Answers, first_examples, joined
from l2e.experiments.run import Run, RunError
from l2e.reporting.table import render
from l2e.reporting.tables.examples import example_tables, render_examples
from tests.l2e.reporting.html.conftest import SUMS, make_two_runs, told_run
from tests.toys import experiment, finished_run, row

LONG = "d=5446\nfor x in range(8):d+=(2678 if 4803<2829 else 9848)\nprint((d if 5935<4845 else 3043))"
ONE = Answers("sums (1, 1)", ["baseline"], [Answered(LONG, "3043.", ["343."])], "Some words.")


@pytest.fixture
def runs(tmp_path: Path) -> list[Run]:
    """Baseline and naive, with three answers each."""
    return sorted(map(Run, make_two_runs(tmp_path / "runs").iterdir()), key=str)


def test_the_first_inputs_are_shown_with_every_strategys_answer(runs: list[Run]) -> None:
    (answers,) = first_examples(runs, 2)
    assert (answers.title, answers.strategies) == ("addition (2, 1): free-running answers", ["baseline", "naive"])
    assert answers.examples == [
        Answered("print(1+2)", "3.", ["3.", "3."]),
        Answered("print(8+9)", "17.", ["18.", "17."]),
    ]


def test_teacher_forced_answers_take_their_place_on_demand(runs: list[Run]) -> None:
    (answers,) = first_examples(runs, 2, forced=True)
    assert answers.title.endswith("teacher-forced answers")
    assert [one.answers for one in answers.examples] == [["3.", "4."], ["17.", "17."]]
    assert "Teacher-forced" in answers.words


def test_fewer_samples_than_asked_for_are_all_shown(runs: list[Run]) -> None:
    assert len(first_examples(runs, 100)[0].examples) == 3


def test_an_input_is_shown_once_and_one_that_a_run_was_not_asked_has_no_answer(tmp_path: Path) -> None:
    first = told_run(tmp_path, [SUMS["baseline"][0], *SUMS["baseline"]], curriculum="baseline")
    second = told_run(tmp_path, SUMS["naive"][1:], curriculum="naive")
    found = joined([first, second])
    assert [one.input for one in found] == ["print(1+2)", "print(8+9)", "print(5+5)"]
    assert found[0].free == ["3.", None]


def test_a_difficulty_has_a_table_and_the_last_one_the_words(tmp_path: Path) -> None:
    runs = [told_run(tmp_path, SUMS["naive"], length=length) for length in (10, 2)]
    found = first_examples(runs)
    assert [one.title.partition(":")[0] for one in found] == ["addition (2, 1)", "addition (10, 1)"]
    assert [bool(one.words) for one in found] == [False, True]


def test_a_run_without_answers_was_not_asked_and_without_any_there_are_no_examples(tmp_path: Path) -> None:
    silent = finished_run(tmp_path / "silent", experiment(), [row("seq2seq[cells=64]", "baseline", 0, 0.5)])
    told = told_run(tmp_path, SUMS["naive"], curriculum="naive")
    (answers,) = first_examples([silent, told], 1)
    assert answers.examples[0].answers == [None, "3."]
    with pytest.raises(RunError, match=r"none of the 1 runs has a predictions\.jsonl; delete"):
        first_examples([silent])


def test_the_same_runs_in_another_order_are_the_same_examples(runs: list[Run]) -> None:
    assert first_examples(runs) == first_examples(runs[::-1])


def test_finished_tables_are_what_markdown_shows(runs: list[Run]) -> None:
    written = render(example_tables(runs), "markdown")
    assert written == render_examples(first_examples(runs), "markdown")
    assert "| <code>print(8+9)</code> | 17.      | 1<b>8</b>. | 17.     |" in written


def test_csv_is_a_row_an_answer_unmarked_and_reads_back() -> None:
    several = [ONE, Answers("others", ["a", "b"], [Answered("x", "1.", ["1.", None])])]
    rows = list(csv.DictReader(io.StringIO(render_examples(several, "csv", "Heading"))))
    assert [(one["title"], one["strategy"], one["answer"], one["right"]) for one in rows] == [
        ("sums (1, 1)", "baseline", "343.", "False"),
        ("others", "a", "1.", "True"),
    ]
    assert rows[0]["input"] == LONG


class Cells(HTMLParser):
    """The texts of an HTML table's cells, with brackets for marks and all other elements by name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.elements: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        if tag == "td":
            self.cells.append("")
        elif self.cells:
            self.cells[-1] += {"br": "\n", "mark": "["}.get(tag, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self.cells[-1] += "]"

    def handle_data(self, data: str) -> None:
        if self.cells and data.strip():
            self.cells[-1] += data


def test_html_shows_a_long_program_whole_and_marks_what_is_wrong() -> None:
    assert Cells(render_examples([ONE], "html")).cells[:3] == [LONG, "3043.", "3[43.·]Some words."]


def test_a_hostile_text_stays_a_text_in_html() -> None:
    hostile = "<img src=x onerror=alert(1)></td><script>&amp;\ue003"
    answers = Answers(hostile, [hostile], [Answered(hostile, hostile, [hostile])])
    page = Cells(render_examples([answers], "html"))
    assert not {"img", "script"} & page.elements
    assert page.cells[0] == hostile.replace("\ue003", "\ufffd")


def test_latex_escapes_texts_and_keeps_its_own_markup() -> None:
    written = render_examples([Answers("50 %", ["a_b"], [Answered("x%2\ny_z", "1.", ["2."])])], "latex")
    assert r"{\ttfamily\begin{tabular}[t]{@{}l@{}}x\%2 \\ y\_z\end{tabular}} & 1. & \underline{2}. \\" in written
    assert r"a\_b" in written
    assert r"\caption{50 \%}" in written


def test_words_stand_under_the_table_and_a_heading_above() -> None:
    written = render_examples([ONE], "markdown", "Heading")
    assert written.startswith("### Heading\n")
    assert written.endswith("\n\nSome words.\n")
