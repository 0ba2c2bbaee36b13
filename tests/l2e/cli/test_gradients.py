"""`l2e gradients`: networks by name and by run, as a table, as JSON and as a picture."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from l2e.experiments.run import Run
from tests import toys
from tests.l2e.cli.conftest import CommandLine, Trained

SMALL = ("--length", 6, "--cells", 8, "-n", 4)


def test_json_holds_a_norm_for_each_character_of_each_network(l2e: CommandLine) -> None:
    found = json.loads(l2e("gradients", *SMALL, "--json").output)
    assert list(found) == ["elman", "gru", "lstm"]
    assert all(len(flow["norms"]) == 6 and min(flow["norms"]) > 0 for flow in found.values())
    assert all(flow["total"] > 0 for flow in found.values())


def test_a_table_shows_chosen_distances_and_the_half_life_and_a_picture_is_drawn(l2e: CommandLine) -> None:
    done = l2e("gradients", "elman", "gru", *SMALL, "--out", "drawn/picture.svg")
    head, _, *rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.output.splitlines()]
    assert head == ["network", "1", "2", "5", "‖∂loss/∂parameters‖", "by distance"]
    assert [row[0] for row in rows] == ["elman", "gru"]
    assert all(float(row[1]) > float(row[3]) > 0 for row in rows)
    assert all(re.fullmatch(r"halves every \d+\.\d characters", row[5]) for row in rows)
    assert "<!-- elman -->" in (l2e.folder / "drawn" / "picture.svg").read_text()


@pytest.fixture
def elman_run(tmp_path: Path) -> Path:
    """A run of addition at length 3 in which no loss reaches any state."""
    of = toys.experiment(learner=toys.Choice(name="elman", options={"cells": 8}), length=3)
    learner = of.make_learner()
    learner.output.weight.detach().zero_()
    run = Run(tmp_path / "run")
    run.begin(of)
    run.save_checkpoint(1, toys.untrained(learner))
    return run.path


@pytest.mark.usefixtures("elman_run")
def test_a_run_is_read_by_its_own_task_and_parameters(l2e: CommandLine) -> None:
    [(name, flow)] = json.loads(l2e("gradients", "run", "-n", 4, "--json").output).items()
    assert (name, set(flow["norms"])) == ("run", {0.0})
    assert len(flow["norms"]) == len("print(123+456)")


@pytest.mark.usefixtures("elman_run")
def test_a_run_is_read_at_another_difficulty_beside_a_learner_of_another_task(l2e: CommandLine) -> None:
    done = l2e("gradients", "run", "gru", "--length", 5, "--task", "reverse", "--cells", 8, "-n", 4, "--json")
    found = json.loads(done.output)
    lengths = {name: len(flow["norms"]) for name, flow in found.items()}
    assert lengths == {"run": len("print(12345+67890)"), "gru": 5}


def test_scaled_recurrent_weights_and_clipping_have_lines_of_their_own(l2e: CommandLine) -> None:
    asked = ("gradients", "elman", "--length", 40, "-n", 4, "--recurrent-scale", 1, "--recurrent-scale", 3)
    found = json.loads(l2e(*asked, "--clip", 5, "--json").output)
    assert list(found) == ["elman", "elman, recurrent × 3", "elman, recurrent × 3, clipped"]
    plain, scaled, clipped = found.values()
    assert scaled["norms"][-1] > 1e6 * plain["norms"][-1]
    assert clipped["total"] == pytest.approx(5)
    factor = 5 / scaled["total"]
    assert clipped["norms"] == pytest.approx([factor * norm for norm in scaled["norms"]])
    assert "doubles every" in l2e(*asked).output.splitlines()[-1]


def test_an_lstm_has_two_paths_beside_the_whole(l2e: CommandLine) -> None:
    found = json.loads(l2e("gradients", "elman", "lstm", *SMALL, "--paths", "--json").output)
    assert list(found) == ["elman", "lstm", "lstm, hidden path", "lstm, cell path"]


@pytest.mark.usefixtures("elman_run")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--length", "0"], "run: length 0 is outside what task 'addition' can do"),
        (["--nesting", "2"], "run: nesting 2 is outside what task 'addition' can do"),
        (["--task", "copy"], "--task: not of runs, which have their own; give a learner by name too"),
        (["--seed", "0", "--cells", "64"], "--cells, --seed: not of runs, which have their own"),
    ],
)
def test_what_a_run_cannot_be_asked_is_bad_usage(
    error_of: Callable[..., str], arguments: list[str], message: str
) -> None:
    assert message in error_of(2, "gradients", "run", *arguments)


def test_one_norm_has_no_half_life(l2e: CommandLine) -> None:
    last = l2e("gradients", "elman", "--length", 1, "--cells", 8, "-n", 4).output.splitlines()[-1]
    assert last.split("|")[-2].strip() == "–"


def test_a_run_of_pairs_is_bad_usage(error_of: Callable[..., str], trained: Trained) -> None:
    errors = error_of(2, "gradients", trained.path)
    assert f"{trained.path}: gradients over distance want a learner of running text, such as lstm" in errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ltsm"], "unknown learner 'ltsm'; did you mean 'lstm'?"),
        (["lstm", "--nesting", "2"], "nesting 2 is outside what task 'copy' can do: 1 to 1"),
        (["memory", "--cells", "6"], "memory: cells must be divisible by heads, but 6 cells have 4 heads"),
        (
            ["memory", "--recurrent-scale", "2", "--cells", "8"],
            "memory: Memory has no recurrent weights",
        ),
        (["elman", "--recurrent-scale", "0"], "0.0 is not in the range x>0"),
        (["elman", "gru", "--paths"], "--paths: of elman, gru none has several; an lstm has"),
        (["elman", "--length", "0"], "elman: length: Input should be greater than or equal to 1\n"),
    ],
)
def test_what_cannot_be_shown_is_bad_usage(
    error_of: Callable[..., str], l2e: CommandLine, arguments: list[str], message: str
) -> None:
    assert message in error_of(2, "gradients", *arguments)
    assert not list(l2e.folder.iterdir())
