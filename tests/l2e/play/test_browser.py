"""The page in a browser: Debian's Chromium, driven by Playwright, at a server in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from generators.samples import Difficulty
from l2e.experiments.experiment import Choice
from l2e.play.app import make_app
from l2e.play.playground import Network, Playground, open_playgrounds
from l2e.play.serving import listen, serving
from tests.l2e.play.conftest import Scripted, saved_run, script
from tests.toys import experiment

pytestmark = pytest.mark.slow
HOSTILE = "</textarea><script>document.title='taken'</script><img src=x onerror=document.title='taken'>{{7*7}}"
SUM = "print(12+34)"
SMALL, GREAT = ("addition (2, 1)", Difficulty(2)), ("addition (5, 1)", Difficulty(5))
ANSWERS = {"exact": ("46.", *SMALL), "close": ("41.", *SMALL), "short": ("4.", *SMALL), "long": ("4600.", *GREAT)}
Open = Callable[..., Any]


def playground(task: str, answers: dict[str, tuple[str, str, Difficulty]]) -> Playground:
    networks = [
        Network(strategy, title, target, Scripted(script(answer)), None)
        for strategy, (answer, title, target) in answers.items()
    ]
    return Playground(Choice(name=task), experiment(task=task).make_task(), networks)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where four networks of addition, one of reverse and one of copy answer; one strategy's name is hostile."""
    playgrounds = {
        "addition": playground("addition", ANSWERS),
        "reverse": open_playgrounds([saved_run(tmp_path_factory.mktemp("runs"), task="reverse", length=3)])[0][
            "reverse"
        ],
        "copy": playground("copy", {HOSTILE: ("1.", "copy (3, 1)", Difficulty(3))}),
    }
    with listen(0) as listening, serving(make_app(playgrounds), listening) as url:
        yield url


@pytest.fixture
def open_page(browser: Any, address: str) -> Iterator[Open]:
    """Opens the page with its first sample answered; fails at the end if it complained or asked another server."""
    complaints: list[str] = []
    with ExitStack() as contexts:

        def open_(**settings: Any) -> Any:
            context = browser.new_context(**{"reduced_motion": "reduce", **settings})
            contexts.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(15000)
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("request", lambda asked: None if asked.url.startswith(address) else complaints.append(asked.url))
            page.goto(address)
            page.get_by_role("status").filter(has_text="right answer").wait_for()
            return page

        yield open_
    assert [text for text in complaints if text != "data:,"] == []


@pytest.fixture
def page(open_page: Open) -> Any:
    return open_page()


def ask(page: Any, text: str, says: str = "right answer") -> str:
    """Type a text, ask, and wait for what the status says."""
    page.get_by_label("Input", exact=True).fill(text)
    page.get_by_role("status").evaluate("status => { status.textContent = ''; }")
    page.get_by_role("button", name="Ask the networks").click()
    page.get_by_role("status").filter(has_text=says).wait_for()
    said: str = page.get_by_role("status").inner_text()
    return said


def card(page: Any, strategy: str) -> Any:
    return page.locator(".network", has=page.locator("h4", has_text=strategy))


def bars(page: Any, strategy: str) -> list[str]:
    items = card(page, strategy).locator(".bars li").all_inner_texts()
    return [" ".join(item.split()) for item in items]


def test_a_typed_program_is_answered_beside_the_right_answer(page: Any) -> None:
    assert ask(page, SUM) == "The right answer is 46. 1 of 4 networks wrote it."
    assert page.locator("#target").inner_text() == "46."
    written = {name: card(page, name).locator("button").all_inner_texts() for name in ANSWERS}
    assert written == {name: list(answer) for name, (answer, _, _) in ANSWERS.items()}
    verdicts = {name: card(page, name).locator(".verdict").inner_text() for name in ANSWERS}
    assert verdicts == {"exact": "✓ right", "close": "✗ wrong", "short": "✗ wrong", "long": "✗ wrong"}
    assert page.locator("h3").all_inner_texts() == ["Trained for addition (2, 1)", "Trained for addition (5, 1)"]


def test_differing_missing_and_surplus_characters_are_marked(page: Any) -> None:
    ask(page, SUM)
    marks = {name: card(page, name).locator("mark:not(.gap)").all_inner_texts() for name in ANSWERS}
    assert marks == {"exact": [], "close": ["1"], "short": ["."], "long": ["0", "0", "."]}
    assert card(page, "short").locator(".gap").get_attribute("title") == "missing: ."
    labels = [one.get_attribute("aria-label") for one in card(page, "long").locator("button").all()]
    assert [label.partition(", ")[2].partition(" %, ")[2] for label in labels] == [
        *("", "", ". is right", "surplus", "surplus"),
    ]


def test_at_first_the_first_mistake_is_taken_apart(page: Any) -> None:
    ask(page, SUM)
    assert "Character 2 of 3" in card(page, "close").inner_text()
    first, *_, last = bars(page, "close")
    assert (first, last) == ("1 3.0 % written", "6 1.0 % right")
    assert len(bars(page, "close")) == 6
    assert bars(page, "exact")[0] == "4 3.0 % ✓ right"


def test_pointing_at_a_character_shows_its_probabilities(page: Any) -> None:
    ask(page, SUM)
    card(page, "close").locator("button").nth(2).hover()
    assert "Character 3 of 3" in card(page, "close").inner_text()
    assert bars(page, "close")[0] == ". 3.0 % ✓ right"
    width = card(page, "close").locator(".track span").first.evaluate("bar => bar.style.width")
    assert float(width.removesuffix("%")) == pytest.approx(3.0)


def test_characters_are_reached_by_keyboard_alone(page: Any) -> None:
    ask(page, SUM)
    page.get_by_role("button", name="Ask the networks").focus()
    page.keyboard.press("Tab")
    places = []
    for key in (None, "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "Home", "End"):
        if key:
            page.keyboard.press(key)
        places.append(card(page, "exact").locator(".distribution p").inner_text())
    assert places == [f"Character {n} of 3" for n in (1, 2, 3, 3, 2, 1, 3)]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Look inside"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article').querySelector('h4').textContent").startswith(
        "close"
    )


def test_a_look_inside_is_a_table_of_shades_a_layer_and_kind_and_explains_what_cannot_be_told(page: Any) -> None:
    ask(page, SUM)
    assert card(page, "exact").locator(".shades").count() == 0
    card(page, "exact").get_by_text("Look inside").press("Enter")
    page.get_by_text("Scripted does not tell its states or attention").wait_for()
    page.get_by_label("Task").select_option("reverse")
    page.get_by_role("status").filter(has_text="right answer").wait_for()
    ask(page, "12")
    page.get_by_text("Look inside").click()
    table = page.get_by_role("table", name="decoder layer 1, forget gate")
    table.wait_for()
    assert table.locator("thead th").all_inner_texts()[0] == "▷"
    assert table.locator("tbody tr").count() == 8
    assert 0 < float(table.locator("tbody td").first.text_content()) < 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_ctrl_and_enter_asks(page: Any) -> None:
    page.get_by_label("Input", exact=True).fill("print(40+6)")
    page.get_by_label("Input", exact=True).press("Control+Enter")
    page.locator("#target", has_text="46.").wait_for()


def test_a_mistake_is_explained_below_the_text_with_a_caret(page: Any) -> None:
    said = ask(page, "print(12+)")
    assert said.startswith("This text has no right answer")
    assert page.locator("#message").inner_text().startswith("Line 1, column 10: expected")
    assert page.locator("#excerpt").inner_text() == "print(12+)\n         ^"
    assert page.get_by_label("Input", exact=True).get_attribute("aria-invalid") == "true"
    assert page.locator("#target-line").is_hidden()
    assert card(page, "exact").locator("button").all_inner_texts() == ["4", "6", "."]
    assert card(page, "exact").locator(".verdict").inner_text() == ""
    ask(page, SUM)
    assert page.locator("#error").is_hidden()
    assert page.get_by_label("Input", exact=True).get_attribute("aria-invalid") == "false"


def test_a_character_that_no_network_reads_is_explained(page: Any) -> None:
    assert ask(page, "print(é)", "cannot read") == "The networks cannot read this text."
    assert "Line 1, column 7: 'é' is not in the vocabulary" in page.locator("#message").inner_text()
    assert page.locator(".network").count() == 0


def test_a_random_sample_is_drawn_asked_and_told_with_its_command(page: Any) -> None:
    page.get_by_label("length").fill("7")
    before = page.get_by_label("Input", exact=True).input_value()
    page.get_by_role("button", name="Draw one").click()
    page.locator("#origin code", has_text="--length 7 --nesting 1").wait_for()
    drawn = page.get_by_label("Input", exact=True).input_value()
    assert drawn != before
    assert drawn.startswith("print(")
    page.get_by_label("Input", exact=True).fill(SUM)
    assert page.locator("#origin").is_hidden()


def test_a_difficulty_that_the_task_cannot_serve_is_said(page: Any) -> None:
    page.get_by_label("nesting").fill("2")
    page.get_by_role("button", name="Draw one").click()
    page.get_by_role("status").filter(has_text="nesting 2 is outside what task 'addition' can do").wait_for()


def test_networks_of_one_target_are_asked_alone_and_set_the_difficulty(page: Any) -> None:
    ask(page, SUM)
    assert page.get_by_label("length").input_value() == "5"
    page.get_by_label("Networks trained for").select_option("addition (2, 1)")
    page.get_by_role("status").filter(has_text="of 3 networks").wait_for()
    assert page.get_by_label("length").input_value() == "2"
    assert card(page, "long").count() == 0


def test_hostile_texts_are_shown_as_they_are_and_run_nowhere(page: Any) -> None:
    page.get_by_label("Task").select_option("copy")
    page.locator("h4", has_text="{{7*7}}").wait_for()
    ask(page, HOSTILE, "no right answer")
    assert page.locator("h4").evaluate("heading => heading.firstChild.textContent") == HOSTILE
    assert page.locator("#excerpt").inner_text().splitlines()[0].startswith("</textarea><script>")
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 1
    assert page.title() == "Play: networks that read programs"


def test_characters_appear_one_by_one_and_again_on_replay(open_page: Open) -> None:
    page = open_page(reduced_motion="no-preference")
    replay = page.get_by_role("button", name="Replay")
    ask(page, SUM)
    page.evaluate("""() => {
      window.seen = new Set();
      const look = () => seen.add(document.querySelectorAll('.character.unwritten').length);
      new MutationObserver(look).observe(document.getElementById('answers'), {subtree: true, attributes: true});
    }""")
    replay.click()
    page.get_by_role("status").filter(has_text="networks are writing").wait_for()
    page.get_by_role("status").filter(has_text="right answer").wait_for()
    assert len(page.evaluate("[...seen]")) > 3
    assert page.locator(".unwritten").count() == 0


def test_who_wants_no_motion_sees_whole_answers_and_no_replay(page: Any) -> None:
    ask(page, SUM)
    assert page.locator(".unwritten").count() == 0
    assert page.get_by_role("button", name="Replay").is_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_is_wider_than_the_screen(open_page: Open, tmp_path: Path, scheme: str) -> None:
    page = open_page(viewport={"width": 360, "height": 640}, color_scheme=scheme)
    ask(page, f"print({'1' * 300}+{'2' * 80}*)")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    colours = page.evaluate("(s => [s.color, s.backgroundColor])(getComputedStyle(document.body))")
    ink, paper = (sum(map(int, colour.strip("rgb()").split(","))) for colour in colours)
    assert (ink < paper) == (scheme == "light")
    assert page.screenshot(path=tmp_path / "phone.png", full_page=True)


def test_when_the_server_is_gone_the_page_says_so(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.get_by_role("status").filter(has_text="right answer").wait_for()
    page.route("**/answers", lambda route: route.abort())
    page.get_by_role("button", name="Ask the networks").click()
    page.get_by_role("status").filter(has_text="is it still running?").wait_for()
    page.close()
