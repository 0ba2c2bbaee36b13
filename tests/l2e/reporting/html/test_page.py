"""The page as text: what a browser would read, and that no text of a run becomes markup."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from l2e.experiments.experiment import Choice
from l2e.reporting.html import Content, gather, render
from l2e.reporting.html.content import Shown
from l2e.reporting.html.page import cells_of, json_for_script
from l2e.reporting.table import Table
from tests.l2e.reporting.html.conftest import told_run
from tests.toys import experiment, finished_run, row

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{7*7}}{% raw %}",
    "<!--<script>",
    "]]>\u2028\u2029&amp;\"'",
)


class Page(HTMLParser):
    """Elements with their attributes, and the texts in elements of each name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.open = "none"
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.open = tag
        self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        self.open = "none"

    def handle_data(self, data: str) -> None:
        if self.open in self.texts:
            self.texts[self.open][-1] += data

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)


def page_of(*folders: Path) -> Page:
    return Page(render(gather(folders)))


def test_a_page_has_all_its_parts(content_of_two_runs: Content) -> None:
    page = Page(render(content_of_two_runs))
    assert page.texts["title"] == ["Learning to execute: addition"]
    assert page.texts["h2"] == [
        *(
            "Summary",
            "Which curriculum is better",
            "Accuracy",
            "How fast it is learnt",
            "Examples",
            "Errors taken apart",
        ),
        *("Published by others", "How to make it again"),
    ]
    assert page.count("svg") == 3
    assert any(text.startswith("l2e train --task addition") for text in page.texts["code"])


def test_the_contents_lead_to_every_section(content_of_two_runs: Content) -> None:
    page = Page(render(content_of_two_runs))
    links = [attributes["href"] for tag, attributes in page.elements if tag == "a"]
    sections = [f"#{attributes['id']}" for tag, attributes in page.elements if tag == "section"]
    assert links == sections
    assert page.texts["a"] == page.texts["h2"]


def test_sections_that_have_nothing_to_say_are_left_out(tmp_path: Path) -> None:
    finished_run(tmp_path, experiment(task="parity"), [row("seq2seq[cells=64]", "baseline", 0, 0.5, task="parity")])
    titles = page_of(tmp_path).texts["h2"]
    assert titles == ["Summary", "Accuracy", "How fast it is learnt", "How to make it again"]


def test_the_first_examples_are_marked_without_a_script(content_of_two_runs: Content) -> None:
    text = render(content_of_two_runs)
    assert "<td><code>print(8+9)</code></td><td>17.</td><td>1<mark>8</mark>.</td><td>17.</td>" in text


def test_words_stand_under_their_table_and_what_is_missing_in_its_section(content_of_two_runs: Content) -> None:
    table = Table("T", pd.DataFrame({"a": ["b"]}), "First <b>sentence</b>.\nSecond.")
    shown = Shown("accuracy", "Accuracy", [table], [], "no <i>pictures</i>")
    page = Page(render(replace(content_of_two_runs, sections=[shown])))
    missing = "Something is missing here: no <i>pictures</i>"
    assert {"First <b>sentence</b>.", "Second.", missing} <= set(page.texts["p"])


def test_numbers_of_a_column_are_as_wide_as_its_longest() -> None:
    frame = pd.DataFrame({"n": ["5.0", "100.0 (99.0–100.0)", "–", "+7.5†"], "text": ["3.", "17.", "5", "x<y"]})
    rows = cells_of(frame)
    spans = [re.fullmatch(r'<span class="number" style="min-width: 5ch">(.*)</span>(.*)', row[0]) for row in rows]
    assert [span and span.groups() for span in spans] == [
        ("5.0", ""),
        ("100.0", " (99.0–100.0)"),
        ("–", ""),
        ("+7.5", "†"),
    ]
    assert [row[1] for row in rows] == ["3.", "17.", "5", "x&lt;y"]


def test_nothing_is_fetched(content_of_two_runs: Content) -> None:
    for tag, attributes in Page(render(content_of_two_runs)).elements:
        addresses = [attributes.get(key) or "" for key in ("src", "href", "xlink:href", "action", "srcset", "data")]
        assert all(not address or address[0] == "#" or address == "data:," for address in addresses), (tag, attributes)


def test_the_browser_is_told_to_run_the_pages_own_script_alone(content_of_two_runs: Content) -> None:
    page = Page(render(content_of_two_runs))
    policy = next(a["content"] for t, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    digest = base64.b64encode(hashlib.sha256(page.texts["script"][1].encode()).digest()).decode()
    assert policy
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_a_text_wherever_it_comes_from(tmp_path: Path, text: str) -> None:
    plain, same = tmp_path / "plain", "a" * len(text)  # as long, so that there are as many positions
    told_run(plain, [(same, same, same, same)], task="copy", learner=Choice(name="lstm"), curriculum="mix")
    hostile = tmp_path / "hostile"
    choice = Choice(name=f"{text}.py:Mine", options={"note": text})
    told_run(hostile, [(text, text, text, text)], task="copy", learner=choice, curriculum=choice)
    expected, page = page_of(plain), page_of(hostile)
    shapes = [
        [(tag, sorted(attributes)) for tag, attributes in one.elements if tag != "use"] for one in (expected, page)
    ]
    bare = [[shape for shape in one if shape[0] not in {"path", "g", "text", "defs", "tspan"}] for one in shapes]
    assert bare[0] == bare[1]
    (group,) = json.loads(page.texts["script"][0])
    assert group["examples"] == [{"input": text, "target": text, "free": [text], "forced": [text]}]
    assert f"{text}.py:Mine[note={text}]" in page.texts["td"]


@pytest.mark.parametrize("text", HOSTILE)
def test_json_in_a_script_comes_back_and_holds_nothing_of_html(text: str) -> None:
    written = json_for_script({text: [text]})
    assert json.loads(written) == {text: [text]}
    assert not set("<>&\u2028\u2029") & set(written)


def test_the_same_runs_are_the_same_page(kept_two_runs: Path, content_of_two_runs: Content) -> None:
    assert render(gather([kept_two_runs])) == render(content_of_two_runs)
