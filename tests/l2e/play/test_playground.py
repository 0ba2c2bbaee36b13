"""Networks of a task: opened from runs, asked, and given samples."""

from __future__ import annotations

from pathlib import Path

import pytest

from generators.errors import DifficultyError
from generators.samples import Difficulty
from generators.splits import Split, split_of
from l2e.analysis.run_set import find_runs
from l2e.evaluation.scoring import SURPLUS
from l2e.experiments.experiment import Choice
from l2e.experiments.run import Run, RunError
from l2e.play.playground import MOST_CHARACTERS, WITHOUT_TARGET, Playground, new_seed, open_playgrounds
from tests.l2e.play.conftest import saved_run
from tests.toys import experiment


@pytest.fixture
def addition(tmp_path: Path) -> Playground:
    """Networks of addition: two for one digit, one for two."""
    for changes in ({"curriculum": "mix"}, {}, {"length": 2}):
        saved_run(tmp_path, **changes)
    return open_playgrounds(find_runs([tmp_path]))[0]["addition"]


def test_runs_are_told_apart_by_strategy_and_target_in_the_papers_order(addition: Playground) -> None:
    told = [(one.title, one.strategy, one.target) for one in addition.networks]
    assert told == [
        ("addition (1, 1)", "baseline", (1, 1)),
        ("addition (1, 1)", "mix", (1, 1)),
        ("addition (2, 1)", "baseline", (2, 1)),
    ]
    assert addition.targets == {"addition (1, 1)": Difficulty(1), "addition (2, 1)": Difficulty(2)}


def test_each_task_with_its_options_has_its_own_networks(tmp_path: Path) -> None:
    reversed_copy = Choice(name="copy", options={"scheme": "reversed"})
    for task in ("copy", reversed_copy, "addition"):
        saved_run(tmp_path, task=task)
    playgrounds, _ = open_playgrounds(find_runs([tmp_path]))
    assert {name: len(one.networks) for name, one in playgrounds.items()} == {
        "addition": 1,
        "copy": 1,
        "copy[scheme=reversed]": 1,
    }
    assert playgrounds["copy[scheme=reversed]"].ask("12").target == "21."


def test_a_run_that_is_given_twice_plays_once(tmp_path: Path) -> None:
    run = saved_run(tmp_path)
    assert len(open_playgrounds(find_runs([tmp_path, run.path]))[0]["addition"].networks) == 1


def test_runs_without_a_checkpoint_are_left_out_and_named(tmp_path: Path) -> None:
    saved_run(tmp_path)
    Run(tmp_path / "begun").begin(experiment(curriculum="naive"))
    playgrounds, left_out = open_playgrounds(find_runs([tmp_path]))
    assert [one.strategy for one in playgrounds["addition"].networks] == ["baseline"]
    assert left_out == [tmp_path / "begun"]


def test_without_any_checkpoint_there_is_nothing_to_play_with(tmp_path: Path) -> None:
    Run(tmp_path / "begun").begin(experiment())
    with pytest.raises(RunError, match="none of the 1 runs has a checkpoint yet"):
        open_playgrounds(find_runs([tmp_path]))


def test_every_network_answers_beside_the_right_answer(addition: Playground) -> None:
    asked = addition.ask("print(12+34)")
    assert (asked.target, asked.error) == ("46.", None)
    assert [reply.network for reply in asked.replies] == addition.networks
    for reply in asked.replies:
        assert [reply.answer] == reply.network.learner.predict(["print(12+34)"], len("46.") + SURPLUS)


def test_the_networks_of_one_title_are_asked_alone(addition: Playground) -> None:
    assert [reply.network.target for reply in addition.ask("print(1+2)", "addition (2, 1)").replies] == [(2, 1)]


def test_a_text_outside_the_language_is_explained_and_answered_all_the_same(addition: Playground) -> None:
    asked = addition.ask("print(1+")
    assert asked.target is None
    assert asked.error is not None
    assert (asked.error.line, asked.error.column) == (1, 9)
    assert [reply.answer for reply in asked.replies] == [
        network.learner.predict(["print(1+"], WITHOUT_TARGET)[0] for network in addition.networks
    ]


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("print(1)\nprint(é)", "'é' is not in the vocabulary (printable ASCII and line ends)", (2, 7)),
        ("\ud800", "'\\ud800' is not in the vocabulary (printable ASCII and line ends)", (1, 1)),
        (
            "1" * (MOST_CHARACTERS + 1),
            f"the text is longer than {MOST_CHARACTERS} characters",
            (1, MOST_CHARACTERS + 1),
        ),
    ],
    ids=["letter", "surrogate", "length"],
)
def test_what_no_network_can_read_is_explained_and_not_answered(
    addition: Playground, text: str, message: str, place: tuple[int, int]
) -> None:
    asked = addition.ask(text)
    assert asked.error is not None
    assert (asked.error.message, (asked.error.line, asked.error.column)) == (message, place)
    assert (asked.target, asked.replies) == (None, [])


def test_the_longest_text_is_read(addition: Playground) -> None:
    assert len(addition.ask("1" * MOST_CHARACTERS, "addition (2, 1)").replies) == 1


def test_a_network_of_a_scrambled_view_answers_plain_questions(tmp_path: Path) -> None:
    saved_run(tmp_path, scramble=3)
    playground = open_playgrounds(find_runs([tmp_path]))[0]["addition"]
    [network] = playground.networks
    assert network.title == "addition (1, 1), scrambled with seed 3"
    assert network.view is not None
    [reply] = playground.ask("print(1+2)").replies
    [written] = network.learner.predict([network.view.scramble("print(1+2)")], len("3.") + SURPLUS)
    assert reply.answer == network.view.unscramble(written)


def test_samples_are_of_the_test_split_at_any_difficulty_and_come_again(addition: Playground) -> None:
    for length in (1, 2, 30):
        drawn = addition.sample(Difficulty(length), 5)
        assert split_of(drawn.input) is Split.TEST
        assert addition.task.answer(drawn.input)
        assert addition.sample(Difficulty(length), 5) == drawn
    assert max(map(len, drawn.input[len("print(") : -1].split("+"))) > 20
    assert addition.sample(Difficulty(30), 6).input != drawn.input


def test_a_difficulty_that_the_task_cannot_serve_is_refused(addition: Playground) -> None:
    with pytest.raises(DifficultyError, match="nesting 2"):
        addition.sample(Difficulty(1, 2), 0)


def test_new_seeds_differ_and_fit_a_command() -> None:
    seeds = {new_seed() for _ in range(20)}
    assert len(seeds) > 1
    assert all(0 <= seed < 2**63 for seed in seeds)
