"""The page in a browser: Debian's Chromium, driven by Playwright, from disk and without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from l2e.experiments.experiment import Choice
from l2e.reporting.html import Content, gather, render
from tests.l2e.reporting.html.conftest import SUMS, told_run

pytestmark = pytest.mark.slow
HOSTILE = "</script><script>document.title='taken'</script><img src=x onerror=document.title='taken'>{{7*7}}"
Open = Callable[..., Any]


def written_up(runs: Path) -> Path:
    """The report of runs, beside them."""
    path = runs.with_suffix(".html")
    path.write_text(render(gather([runs])))
    return path


@pytest.fixture(scope="module")
def of_two_runs(kept_two_runs: Path, content_of_two_runs: Content) -> Path:
    path = kept_two_runs.with_suffix(".html")
    path.write_text(render(content_of_two_runs))
    return path


@pytest.fixture
def open_report(browser: Any) -> Iterator[Open]:
    """Opens a report; fails at the end if the page complained or asked for anything but itself."""
    contexts, complaints = [], []

    def open_(path: Path, **settings: Any) -> Any:
        contexts.append(browser.new_context(**settings))
        page = contexts[-1].new_page()
        page.set_default_timeout(60_000)  # a busy machine is slow; what is not there is not there then either
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if request.url != path.as_uri() else None)
        page.goto(path.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert [text for text in complaints if text != "data:,"] == []


def unfolded(page: Any) -> Any:
    """The page with all that is folded open."""
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    return page


@pytest.fixture
def page(open_report: Open, of_two_runs: Path) -> Any:
    """The report of two runs."""
    return open_report(of_two_runs)


def inputs(page: Any) -> list[str]:
    found: list[str] = page.locator(".example pre").all_text_contents()
    return found


def column(table: Any, number: int) -> list[str]:
    found: list[str] = table.locator(f"tbody tr td:nth-child({number})").all_text_contents()
    return found


def control(page: Any, label: str) -> Any:
    return page.locator("#browser").get_by_label(label, exact=True)


def answer(page: Any, example: int, strategy: str) -> Any:
    return page.locator(".example").nth(example).locator(".answer", has=page.locator("dt", has_text=strategy))


def test_a_heading_sorts_by_its_leading_numbers_up_and_down(page: Any) -> None:
    table = unfolded(page).locator("#accuracy table").first
    heading = table.locator("th", has_text="addition (2, 1)")
    assert heading.get_attribute("aria-sort") == "none"
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    assert column(table, 3) == ["10.0", "50.0", "75.0"]
    assert column(table, 2) == ["uniform", "baseline", "naive"]
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "descending"
    assert column(table, 2) == ["naive", "baseline", "uniform"]


def test_a_heading_sorts_by_keyboard_and_texts_by_alphabet(page: Any) -> None:
    table = unfolded(page).locator("#accuracy table").first
    table.locator("th button").nth(1).focus()
    page.keyboard.press("Enter")
    assert column(table, 2) == ["baseline", "naive", "uniform"]
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert [th.get_attribute("aria-sort") for th in table.locator("th").all()] == ["none", "none", "ascending"]


def test_numbers_sort_as_numbers_and_what_has_none_stays_last(open_report: Open, tmp_path: Path) -> None:
    for learner, accuracy in (("elman", 0.09), ("lstm", 1.0), ("gru", 0.5)):
        told_run(tmp_path / "runs", SUMS["naive"], accuracy, learner=learner)
    told_run(tmp_path / "runs", SUMS["naive"], learner="jordan", length=2)
    table = unfolded(open_report(written_up(tmp_path / "runs"))).locator("#accuracy table").first
    trained = table.locator("th", has_text="addition (1, 1)")
    for leading in (["9.0", "10.0", "50.0", "100.0", "–"], ["100.0", "50.0", "10.0", "9.0", "–"]):
        trained.get_by_role("button").click()
        number = table.locator("th").all_text_contents().index("addition (1, 1)") + 1
        assert [cell.split()[0] for cell in column(table, number)] == leading


def test_differing_missing_and_surplus_characters_are_marked(page: Any) -> None:
    assert answer(page, 0, "baseline").locator("mark").count() == 0
    assert "right" in answer(page, 0, "baseline").inner_text()
    wrong = answer(page, 1, "baseline")
    assert wrong.locator("mark").all_text_contents() == ["8"]
    assert wrong.locator("mark").get_attribute("title") == "7 is right"
    assert "wrong: 1 of 3 characters differ" in wrong.inner_text()
    assert "underline" in wrong.locator("mark").evaluate("mark => getComputedStyle(mark).textDecorationLine")
    missing = answer(page, 2, "baseline").locator("mark")
    assert [mark.get_attribute("title") for mark in missing.all()] == ["0 is right", "missing: ."]
    surplus = answer(page, 2, "naive").locator("mark")
    assert [mark.get_attribute("title") for mark in surplus.all()] == [". is right", "surplus"]


def test_teacher_forced_answers_take_the_place_of_free_running_ones(page: Any) -> None:
    control(page, "teacher-forced").check()
    assert answer(page, 1, "baseline").locator("mark").count() == 0
    assert answer(page, 0, "naive").locator("mark").all_text_contents() == ["4"]


def test_only_what_a_chosen_strategy_gets_wrong(page: Any) -> None:
    control(page, "what a chosen strategy gets wrong").check()
    assert inputs(page) == ["print(8+9)", "print(5+5)"]
    control(page, "baseline").uncheck()
    assert inputs(page) == ["print(5+5)"]
    control(page, "teacher-forced").check()
    assert inputs(page) == ["print(1+2)"]
    assert page.locator(".answer", has_text="baseline").count() == 0
    control(page, "naive").uncheck()
    assert inputs(page) == []
    assert "Showing 0 of 0" in page.get_by_role("status").inner_text()


def test_a_search_finds_inputs_targets_and_the_answers_that_are_shown(page: Any) -> None:
    search = control(page, "Search inputs, targets and answers")
    for text, found in (("8+", ["print(8+9)"]), ("17.", ["print(8+9)"]), ("100", ["print(5+5)"]), ("+++", [])):
        search.fill(text)
        assert inputs(page) == found
    search.fill("100")
    control(page, "naive").uncheck()
    assert inputs(page) == []


def test_the_examples_are_chosen_by_keyboard_alone(page: Any) -> None:
    page.locator("#group").focus()
    for key in ("Tab", *"PRINT(8", "Tab", "ArrowRight", "Tab", "Space", "Tab", "Space"):
        page.keyboard.press(key)
    assert control(page, "teacher-forced").is_checked()
    assert control(page, "what a chosen strategy gets wrong").is_checked()
    assert not control(page, "baseline").is_checked()
    page.keyboard.press("Enter")
    assert page.get_by_role("status").inner_text().startswith("Showing 0 of 0")


def test_another_difficulty_shows_its_own_examples_and_keeps_the_choice(open_report: Open, tmp_path: Path) -> None:
    for length, answers in ((1, SUMS["naive"]), (3, [("print(100+1)", "101.", "111.", "101.")])):
        for curriculum in ("naive", "mix"):
            told_run(tmp_path / "runs", answers, length=length, curriculum=curriculum)
    page = open_report(written_up(tmp_path / "runs"))
    control(page, "mix").uncheck()
    page.locator("#group").select_option("addition (3, 1)")
    assert inputs(page) == ["print(100+1)"]
    assert not control(page, "mix").is_checked()
    assert page.locator(".answer dt").count() == 2


def test_more_examples_come_on_demand_and_the_focus_goes_to_them(open_report: Open, tmp_path: Path) -> None:
    told_run(tmp_path / "runs", [(f"print({i})", f"{i}.", f"{i}.", f"{i}.") for i in range(60)])
    page = open_report(written_up(tmp_path / "runs"))
    assert len(inputs(page)) == 25
    page.get_by_role("button", name="Show more").press("Enter")
    assert len(inputs(page)) == 50
    assert page.evaluate("document.activeElement.querySelector('pre').textContent") == "print(25)"
    page.get_by_role("button", name="Show more").click()
    assert len(inputs(page)) == 60
    assert page.get_by_role("button", name="Show more").is_hidden()


def test_a_hostile_text_is_shown_as_it_is_and_runs_nowhere(open_report: Open, tmp_path: Path) -> None:
    choice = Choice(name=f"{HOSTILE}.py:Mine", options={"note": HOSTILE})
    for curriculum in (choice, "mix"):
        told_run(tmp_path / "runs", [(HOSTILE, HOSTILE, f"{HOSTILE}!", "1.")], task="copy", curriculum=curriculum)
    page = open_report(written_up(tmp_path / "runs"))
    name = page.locator("#strategies label").last.inner_text().strip()
    assert HOSTILE in name
    first = page.locator("#examples table").first
    assert first.locator("td code").all_text_contents() == [HOSTILE]
    assert first.locator("mark").all_text_contents() == ["!", "!"]
    assert first.locator("th").all_text_contents() == ["input", "target", "mix", name]
    page.locator("#errors summary").first.press("Enter")
    assert name in page.locator("#errors th").all_text_contents()
    control(page, "Search inputs, targets and answers").fill("<IMG")
    assert inputs(page) == [HOSTILE]
    assert answer(page, 0, "mix").locator("mark").all_text_contents() == ["!"]
    assert page.locator("img, #list script").count() == 0
    assert page.locator("script").count() == 2
    assert page.title() == "Learning to execute: copy"


def test_the_contents_lead_to_a_section_by_keyboard(page: Any) -> None:
    link = page.get_by_role("navigation", name="Contents").get_by_role("link", name="Errors taken apart")
    link.press("Enter")
    assert page.evaluate("location.hash") == "#errors"
    top = page.locator("#errors").evaluate("section => section.getBoundingClientRect().top")
    assert abs(top) < 50


def test_every_table_sorts_also_those_that_are_folded(page: Any) -> None:
    assert page.locator("table").count() == page.locator("table.sortable").count()
    folded = page.locator("#errors details").first
    assert folded.locator("table").is_hidden()
    folded.locator("summary").press("Enter")
    places = column(folded.locator("table"), 1)
    for ordered in (places, places[::-1]):
        folded.get_by_role("button").first.press("Enter")
        assert column(folded.locator("table"), 1) == ordered
    first = page.locator("#examples table").first
    first.get_by_role("button", name="target").click()
    assert column(first, 2) == ["3.", "17."]
    first.get_by_role("button", name="target").click()
    assert column(first, 2) == ["17.", "3."]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_is_wider_than_the_screen(
    open_report: Open, two_runs: Path, tmp_path: Path, scheme: str
) -> None:
    long = "print(" + "1" * 300 + ")"
    told_run(two_runs, [(long, "1" * 80 + ".", "2" * 90 + ".", "1.")], curriculum="mix", length=2)
    page = open_report(written_up(two_runs), viewport={"width": 360, "height": 640}, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.evaluate("document.querySelectorAll('#errors details').forEach(details => { details.open = false; })")
    colours = page.evaluate("(s => [s.color, s.backgroundColor])(getComputedStyle(document.body))")
    ink, paper = (sum(map(int, colour.strip("rgb()").split(","))) for colour in colours)
    assert (ink < paper) == (scheme == "light")
    assert page.screenshot(path=tmp_path / "phone.png", full_page=True)


def test_printed_the_controls_are_gone_and_what_is_folded_is_open(page: Any) -> None:
    page.emulate_media(media="print")
    assert page.locator("#browser").is_hidden()
    assert page.locator("nav").is_hidden()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("pre.command").first.is_visible()
    assert page.locator("#errors table").last.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("pre.command").first.is_hidden()


def test_numbers_of_a_column_end_below_one_another(open_report: Open, tmp_path: Path) -> None:
    for learner, accuracy in (("elman", 0.09), ("lstm", 1.0), ("gru", 0.5)):
        told_run(tmp_path / "runs", SUMS["naive"], accuracy, learner=learner)
    page = unfolded(open_report(written_up(tmp_path / "runs")))
    numbers = page.locator("#accuracy table").first.locator("td .number")
    right = {
        number.evaluate(
            "range => (r => (r.selectNodeContents(range), r.getBoundingClientRect().right))(document.createRange())"
        )
        for number in numbers.all()
    }
    assert numbers.count() == 4
    assert max(right) - min(right) < 0.5


@pytest.mark.parametrize("width", [1280, 1920])
def test_a_wide_screen_is_used_and_no_table_has_to_be_scrolled(open_report: Open, two_runs: Path, width: int) -> None:
    page = open_report(written_up(two_runs), viewport={"width": width, "height": 900})
    assert page.evaluate("document.querySelector('main').getBoundingClientRect().width") > 0.9 * width
    unfolded(page)
    beyond = "Array.from(document.querySelectorAll('.wide')).filter(e => e.scrollWidth > e.clientWidth).length"
    assert page.evaluate(beyond) == 0


def test_without_scripts_there_are_tables_figures_and_commands(open_report: Open, of_two_runs: Path) -> None:
    page = open_report(of_two_runs, java_script_enabled=False)
    assert page.locator("table").first.is_visible()
    assert page.locator("#examples mark").first.is_visible()
    assert page.locator("svg").first.is_visible()
    assert page.locator("#browser").is_hidden()
    assert page.get_by_text("scripts are switched off").is_visible()
