"""The four formats: what they would obey is escaped, and what is written reads back."""

import io
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pytest

from l2e.reporting.table import FORMATS, Table, render

# A frame with everything that one of the formats must escape.
AWKWARD = pd.DataFrame({"a<b": ["x & y <i>", "50 % of_it"], "c_d": ["{1} ~ 2^3 \\ $ #", '1,5 ± 0.5; „q"–']})


def rendered(format: str) -> str:
    return render([Table("Title & 5 %", AWKWARD)], format)


def test_markdown_has_a_title_and_a_line_a_row() -> None:
    lines = rendered("markdown").splitlines()
    assert lines[0] == "**Title & 5 %**"
    assert [cell.strip() for cell in lines[4].strip("|").split("|")] == AWKWARD.iloc[0].tolist()
    assert len(lines) == 2 + 2 + len(AWKWARD)


def test_csv_parses_back() -> None:
    pd.testing.assert_frame_equal(pd.read_csv(io.StringIO(rendered("csv"))), AWKWARD)


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(1)", "\t=1", "+cmd|' /C calc'!A0", "-1+cmd|' /C calc'!A0"])
def test_csv_has_no_cell_that_a_spreadsheet_would_compute(cell: str) -> None:
    text = render([Table("T", pd.DataFrame({cell: [cell]}))], "csv")
    assert pd.read_csv(io.StringIO(text)).to_dict("list") == {"'" + cell: ["'" + cell]}


@pytest.mark.parametrize("cell", ["-12.", "+0.3 (0.1–0.5)", "-3 / +2.5", "a=1"])
def test_csv_leaves_numbers_and_what_is_no_formula(cell: str) -> None:
    assert render([Table("T", pd.DataFrame({"a": [cell]}))], "csv") == f"a\n{cell}\n"


def test_latex_escapes_what_it_would_obey() -> None:
    text = rendered("latex")
    assert r"\caption{Title \& 5 \%}" in text
    assert (
        r"x \& y \textless{}i\textgreater{} & \{1\} \textasciitilde{} 2\textasciicircum{}3 \textbackslash{} \$ \# \\"
        in text
    )
    assert r"50 \% of\_it & 1,5 $\pm$ 0.5; „q" in text
    assert r"a\textless{}b & c\_d \\" in text


class Cells(HTMLParser):
    """Collects the texts of an HTML table."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.texts += [data] if data.strip() else []


def test_html_escapes_what_it_would_obey_and_reads_back() -> None:
    parser = Cells()
    parser.feed(rendered("html"))
    assert parser.tags <= {"h2", "table", "thead", "tbody", "tr", "th", "td"}
    assert parser.texts == ["Title & 5 %", "a<b", "c_d", *AWKWARD.values.ravel()]


def test_csv_of_several_tables_has_their_titles_as_comments() -> None:
    two = [Table("First", AWKWARD), Table("Second", AWKWARD)]
    lines = render(two, "csv", "Mine; small scale").splitlines()
    assert [line for line in lines if line.startswith("#")] == ["# Mine; small scale", "# First", "# Second"]


@pytest.mark.parametrize("format", FORMATS)
def test_a_heading_stands_once_above_all_tables(format: str) -> None:
    written = render([Table("First", AWKWARD), Table("Second", AWKWARD)], format, "Mine; small scale")
    assert written.count("Mine; small scale") == 1
    assert "Mine; small scale" in written.splitlines()[0]


WORDS = "Of a_b, p < 0.05 & *so*; [1](x) <b>.\n- 50 % ± 1"


def test_markdown_words_are_paragraphs_that_say_what_they_said() -> None:
    lines = render([Table("T", AWKWARD, WORDS)], "markdown").splitlines()
    assert lines[-4:] == ["", r"Of a_b, p < 0.05 & \*so\*; [1]\(x) \<b>.", "", r"\- 50 % ± 1"]


def test_csv_words_are_comments_under_their_table() -> None:
    plain = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    above, below = render([Table("First", plain, WORDS), Table("Second", plain)], "csv").split("# Second")
    assert above.strip().splitlines()[-2:] == [f"# {line}" for line in WORDS.splitlines()]
    for part in (above, below):
        pd.testing.assert_frame_equal(pd.read_csv(io.StringIO(part), comment="#"), plain)


def test_csv_of_one_table_is_bare_so_that_it_can_be_read_as_it_is() -> None:
    assert render([Table("T", AWKWARD, WORDS)], "csv") == rendered("csv")


def test_latex_words_stand_below_the_float_escaped() -> None:
    lines = render([Table("T", AWKWARD, WORDS)], "latex").splitlines()
    end = lines.index(r"\end{tabular}")
    assert r"\label{tab:t}" in lines
    assert lines[end + 1 :] == [
        r"\end{table}",
        "",
        r"Of a\_b, p \textless{} 0.05 \& *so*; [1](x) \textless{}b\textgreater{}.",
        "",
        r"- 50 \% $\pm$ 1",
    ]


def test_html_words_are_paragraphs_that_say_what_they_said() -> None:
    parser = Cells()
    parser.feed(render([Table("T", AWKWARD, WORDS)], "html"))
    assert "b" not in parser.tags
    assert parser.texts[-2:] == WORDS.splitlines()


@pytest.mark.parametrize("format", FORMATS)
def test_words_add_lines_and_change_none(format: str) -> None:
    bare, told = (render([Table("T", AWKWARD, words)] * 2, format).splitlines() for words in ("", "Told."))
    assert [line for line in told if line and "Told." not in line] == [line for line in bare if line]
    assert sum("Told." in line for line in told) == 2


@pytest.mark.parametrize("format", FORMATS)
def test_long_cells_are_whole_in_every_format(format: str) -> None:
    long = "1" * 200
    assert long in render([Table("T", pd.DataFrame({"cell": [long]}))], format)
