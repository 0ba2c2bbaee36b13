"""A text on the command line: `train --text`, `sample` with a prompt, `score-text`."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from l2e.analysis.run_set import RunSet
from l2e.experiments.run import Run
from l2e.metrics import Rule
from l2e.reporting.tables.text import text_tables
from tests import toys
from tests.l2e.cli.conftest import CommandLine

SMALL = (
    *(
        "--learner",
        "gru",
        "--set",
        "learner.cells=16",
        "--set",
        "recipe.batch_size=8",
        "--set",
        "recipe.window=20",
        "--budget",
        "60updates",
    ),
    *("--set", "recipe.lane_characters=401", "--set", "recipe.check_every=30", "--set", "recipe.precision=float32"),
)


@pytest.fixture(scope="session")
def prose(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run that was trained on a text, which is gone."""
    folder = tmp_path_factory.mktemp("prose")
    (folder / "goats.txt").write_text(toys.written_text())
    done = CommandLine(folder)("train", "--text", "goats.txt", *SMALL, "--out", "run")
    assert done.code == 0, done.errors
    assert "of 523 held-out characters; 0 of 523 units are unknown" in done.output
    (folder / "goats.txt").unlink()
    return folder


def test_a_run_says_what_it_was_trained_on_and_is_better_than_chance(prose: Path) -> None:
    run = Run(prose / "run")
    of, result = run.experiment(), run.result()
    assert (of.task.name, of.curriculum.name, of.target, of.writes_texts) == ("text", "baseline", (1, 1), True)
    bits = result["bits_per_character"]
    assert list(bits) == [str(of.learner), "kneser_ney", "uniform"]
    assert bits["kneser_ney"] < bits[str(of.learner)] < 0.8 * bits["uniform"]
    assert [row["rule"] for row in result["rows"]] == ["teacher_forced_accuracy"]
    assert run.metrics()[-1]["target_accuracy"] > 0.2


def test_texts_go_on_from_the_prompt_and_say_how_likely_each_character_was(prose: Path) -> None:
    asked = ("sample", "run", "-n", 2, "--max-characters", 12, "--seed", 5, "--temperature", 0.5)
    l2e = CommandLine(prose)
    texts = json.loads(l2e(*asked, "--prompt", "The ferry\\n", "--json").output)["texts"]
    assert [len(text["text"]) for text in texts] == [12, 12]
    for text in texts:
        assert text["prompt"] == "The ferry\n"
        assert "".join(place["unit"] for place in text["places"]) == text["text"]
        for place in text["places"]:
            assert list(place["likeliest"].values()) == sorted(place["likeliest"].values(), reverse=True)
            assert place["likeliest"].get(place["unit"], 0) in (0, place["probability"])
    assert json.loads(l2e(*asked, "--prompt", "The goats", "--json").output)["texts"] != texts
    shown = l2e(*asked, "--prompt", "The ferry\\n").output
    assert shown.split("\n---\n")[0] == "The ferry\n" + texts[0]["text"]


def test_the_first_character_written_is_as_likely_as_score_text_says(prose: Path) -> None:
    l2e = CommandLine(prose)
    asked = ("sample", "run", "-n", 1, "--max-characters", 1, "--temperature", 0, "--prompt", "The fer")
    [place] = json.loads(l2e(*asked, "--json").output)["texts"][0]["places"]
    scored = json.loads(l2e("score-text", "run", "-", "--json", input="The fer" + place["unit"]).output)
    assert scored["units"][-1]["unit"] == place["unit"]
    # Sampling leaves out what is never written, whose share is small.
    assert 2 ** -scored["units"][-1]["bits"] == pytest.approx(place["probability"], rel=0.05)
    line = l2e(*asked, "--probabilities").output.splitlines()[-1]
    assert f"{place['unit']!r} {place['probability']:6.1%}" in line


def test_a_text_costs_what_its_characters_cost_and_an_unknown_one_is_told(prose: Path) -> None:
    l2e = CommandLine(prose)
    found = json.loads(l2e("score-text", "run", "-", "--json", input="The ferry é\n").output)
    assert "".join(place["unit"] for place in found["units"]) == "The ferry é\n"
    assert found["bits"] == pytest.approx(math.fsum(place["bits"] for place in found["units"]))
    assert (found["characters"], found["words"], found["unknown"]) == (12, 3, 1)
    shown = l2e("score-text", "run", "-", input="The ferry é\n").output
    assert shown.endswith(
        f"{found['bits']:.1f} bits: {found['bits_per_character']:.3f} a character over 12 characters, "
        f"{found['bits'] / 3:.2f} a word over 3 words; 1 of 12 characters are unknown\n"
    )
    assert shown.startswith(f"'T' {found['units'][0]['bits']:.2f}  'h'")


def test_a_likely_text_costs_less_than_its_letters_in_disorder(prose: Path) -> None:
    likely, unlikely = (
        json.loads(CommandLine(prose)("score-text", "run", "-", "--json", input=text).output)["bits"]
        for text in ("the ferry came in the", "hte reyrf caem ni eht")
    )
    assert likely < unlikely


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["train", "--text", "no.txt"], "there is no file at no.txt; give a text file in UTF-8"),
        (["train", "--text", "--task", "copy"], "--task: not with --text"),
        (["train", "--text", "--test-samples", "5"], "--test-samples: not with --text"),
        (["train", "--text", "--learner", "attention"], "reads the whole input before it writes"),
        (["train", "--text", "--curriculum", "naive"], "curriculum is baseline there, not naive"),
        (["generate", "text"], "text has no questions with answers; l2e train can model it"),
    ],
)
def test_what_cannot_be_is_bad_usage(error_of: Callable[..., str], arguments: list[str], says: str) -> None:
    assert says in " ".join(error_of(2, *arguments).split())


def test_empty_or_foreign_input_is_told(prose: Path) -> None:
    l2e = CommandLine(prose)
    assert "there is no text in standard input" in l2e("score-text", "run", "-").errors
    assert "standard input is not UTF-8: byte 0xff at position 0" in l2e("score-text", "run", "-", input=b"\xff").errors
    assert "there is no file at no.txt" in l2e("score-text", "run", "no.txt").errors


def test_commands_about_answers_say_that_a_text_has_none(prose: Path) -> None:
    l2e = CommandLine(prose)
    for arguments in (("predict", "run", "1"), ("evaluate", "run")):
        done = l2e(*arguments)
        assert (done.code, done.output) == (1, "")
        assert "is a text, which has no questions with answers" in done.errors


def test_a_prompt_is_of_networks_of_a_text(error_of: Callable[..., str], tmp_path: Path) -> None:
    Run(tmp_path / "run").begin(toys.experiment())
    errors = error_of(2, "sample", "run", "--prompt", "12", "--probabilities")
    assert "--prompt, --probabilities: only with networks that were trained on a text" in errors


def test_the_table_has_networks_n_grams_and_chance_the_best_first(prose: Path) -> None:
    [table] = text_tables(RunSet.read([prose]), list(Rule))
    assert table.frame["model"].tolist() == ["n-grams (Kneser–Ney)", "gru", "all equally likely"]
    run = RunSet.read([prose]).runs[0]
    bits = run.result["bits_per_character"]["uniform"]
    counts = run.result["text"]
    last = table.frame.iloc[-1]
    assert last["bits per character"] == f"{bits:.3f}"
    assert last["perplexity per word"] == f"{2 ** (bits * counts['characters'] / counts['words']):,.0f}"


def test_states_are_those_over_a_text_that_is_read(l2e: CommandLine, prose: Path, error_of: Callable[..., str]) -> None:
    content = json.loads(l2e("show", "states", prose / "run", "the sea", "--json").output)
    assert ("".join(content["characters"]), content["answer"]) == ("the sea", "")
    assert all(len(likeliest) == 4 for likeliest in content["likeliest"])
    last = l2e("show", "states", prose / "run", "the sea").output.splitlines()[10]
    assert [cell.strip() for cell in last.split("|")[1:3]] == ["a", ""]
    assert "--answer: not of a network of texts" in error_of(2, "show", "states", prose / "run", "sea", "--answer", "s")
