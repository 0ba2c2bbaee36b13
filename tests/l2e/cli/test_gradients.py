"""`l2e gradients`: networks by name and by run, as a table, as JSON and as a picture."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from l2e.runs import Checkpoint, Run
from tests import toys
from tests.l2e.cli.conftest import CommandLine, Trained

SMALL = ("--length", 6, "--cells", 8, "-n", 4)


def test_json_holds_a_norm_for_each_character_of_each_network(l2e: CommandLine) -> None:
    found = json.loads(l2e("gradients", *SMALL, "--json").output)
    assert list(found) == ["elman", "gru", "lstm"]
    assert all(len(norms) == 6 and min(norms) > 0 for norms in found.values())


def test_a_table_shows_chosen_distances_and_the_half_life_and_a_picture_is_drawn(l2e: CommandLine) -> None:
    done = l2e("gradients", "elman", "gru", *SMALL, "--out", "drawn/picture.svg")
    head, _, *rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.output.splitlines()]
    assert head == ["network", "1", "2", "5", "halves every"]
    assert [row[0] for row in rows] == ["elman", "gru"]
    assert all(float(row[1]) > float(row[3]) > 0 for row in rows)
    assert all(row[4].endswith(" characters") for row in rows)
    assert "<!-- elman -->" in (l2e.folder / "drawn" / "picture.svg").read_text()


def test_a_run_is_read_by_its_own_task_and_parameters(l2e: CommandLine, tmp_path: Path) -> None:
    of = toys.experiment(learner=toys.Choice(name="elman", options={"cells": 8}), length=3)
    learner = of.make_learner()
    learner.output.weight.detach().zero_()  # then no loss reaches any state
    run = Run(tmp_path / "run")
    run.begin(of)
    run.save_checkpoint(1, Checkpoint({f"learner.{name}": t for name, t in learner.state_dict().items()}, {}))
    [(name, norms)] = json.loads(l2e("gradients", "run", "-n", 4, "--json").output).items()
    assert (name, set(norms)) == ("run", {0.0})
    assert len(norms) == len("print(123+456)")


def test_a_run_of_pairs_is_bad_usage(error_of: Callable[..., str], trained: Trained) -> None:
    errors = error_of(2, "gradients", trained.path)
    assert f"{trained.path}: gradients over distance want a learner of running text, such as lstm" in errors


@pytest.mark.parametrize(
    ("code", "arguments", "message"),
    [
        (2, ["ltsm"], "unknown learner 'ltsm'; did you mean 'lstm'?"),
        (2, ["lstm", "--nesting", "2"], "nesting 2 is outside what task 'copy' can do: 1 to 1"),
        (1, ["ltsm", "--out", "norms.gif"], "norms.gif does not end in a picture's format: .png, .svg, .pdf"),
    ],
)
def test_what_cannot_be_shown_is_refused(
    error_of: Callable[..., str], l2e: CommandLine, code: int, arguments: list[str], message: str
) -> None:
    assert message in error_of(code, "gradients", *arguments)
    assert not list(l2e.folder.iterdir())
