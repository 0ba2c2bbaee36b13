"""Learners scored beyond their targets, and what a run's folder keeps of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.samples import Difficulty
from generators.splits import Split
from l2e.evaluation.checkpoint import trained_learner
from l2e.evaluation.generalization import FILE, beyond, extrapolate, saved_rows
from l2e.evaluation.held_out import held_out
from l2e.evaluation.scoring import evaluate, rows
from l2e.experiments.experiment import Choice
from l2e.experiments.run import Run, RunError
from tests.toys import experiment, finished_run, row, untrained


def untrained_run(folder: Path, update: int = 7, **changes: Any) -> Run:
    """A complete run whose checkpoint holds the initial parameters."""
    of = experiment(**changes)
    labels = {"task": str(of.task), "length": of.length, "nesting": of.nesting}
    run = finished_run(folder / of.id, of, [row(str(of.learner), str(of.curriculum), of.seed, 0.5, **labels)])
    save(run, update)
    return run


def save(run: Run, update: int) -> None:
    run.save_checkpoint(update, untrained(run.experiment().make_learner(), update))


def difficulties(found: list[dict[str, Any]]) -> list[tuple[int, int]]:
    return list(dict.fromkeys((one["length"], one["nesting"]) for one in found))


@given(st.lists(st.integers(1, 9)), st.lists(st.integers(1, 9)), st.integers(1, 6), st.integers(1, 6))
def test_what_is_asked_is_beyond_the_target_in_one_direction(
    lengths: list[int], nestings: list[int], length: int, nesting: int
) -> None:
    found = beyond(Difficulty(length, nesting), lengths, nestings)
    assert len(set(found)) == len(found)
    assert all((one.length > length) != (one.nesting > nesting) for one in found)
    if lengths or nestings:
        longer = {one.length for one in found if one.nesting == nesting}
        assert longer == {one for one in lengths if one > length}


def test_rows_are_those_of_scoring_with_what_the_run_was_trained_for(tmp_path: Path) -> None:
    run = untrained_run(tmp_path, task="program", length=1, nesting=2, seed=3)
    found = extrapolate(run, lengths=[3], nestings=[3], n=10)
    labels = {
        "task": "program",
        "split": "test",
        "learner": "seq2seq[cells=64]",
        "curriculum": "baseline",
        "seed": 3,
        "trained_length": 1,
        "trained_nesting": 2,
    }
    learner, expected = trained_learner(run), []
    for difficulty in ((3, 2), (1, 3)):
        samples = held_out(run.experiment(), Split.TEST, 10, *difficulty)
        expected += rows(evaluate(learner, samples), samples, **labels)
    assert found == expected
    assert saved_rows(run) == expected


def test_predictors_that_the_experiment_names_are_scored_on_the_same_samples(tmp_path: Path) -> None:
    network = Choice(name="parity_network", options={"every_prefix": True})
    task = Choice(name="parity", options={"every_prefix": True})
    run = untrained_run(tmp_path, task=task, length=8, predictors=(network,))
    found = extrapolate(run, lengths=[40], n=10)
    of_network = [one for one in found if one["curriculum"] is None]
    assert {(one["learner"], one["seed"], one["length"], one["accuracy"]) for one in of_network} == {
        ("parity_network[every_prefix=true]", None, 40, 1.0)
    }
    assert len(found) == 2 * len(of_network)


def test_by_default_one_and_two_more_and_what_the_task_cannot_serve_is_said(tmp_path: Path) -> None:
    run, said = untrained_run(tmp_path), list[str]()
    assert difficulties(extrapolate(run, n=5, report=said.append)) == [(2, 1), (3, 1)]
    assert said == [
        f"{run}: (2, 1)",
        f"{run}: (3, 1)",
        "(1, 2) is left out: nesting 2 is outside what task 'addition' can do: 1 to 1",
        "(1, 3) is left out: nesting 3 is outside what task 'addition' can do: 1 to 1",
    ]


def test_what_was_computed_is_read_again_and_what_is_new_is_added(tmp_path: Path) -> None:
    run, said = untrained_run(tmp_path), list[str]()
    first = extrapolate(run, lengths=[2], n=5)
    assert extrapolate(run, lengths=[2], n=5, report=said.append) == first
    assert said == []
    both = extrapolate(run, lengths=[3, 2], n=5, report=said.append)
    assert said == [f"{run}: (3, 1)"]
    assert both[: len(first)] == first
    assert difficulties(saved_rows(run)) == [(2, 1), (3, 1)]
    assert extrapolate(run, lengths=[2], n=5) == first


def test_another_n_or_a_newer_checkpoint_is_computed_anew(tmp_path: Path) -> None:
    run = untrained_run(tmp_path)
    extrapolate(run, lengths=[2], n=5)
    said: list[str] = []
    extrapolate(run, lengths=[2], n=6, report=said.append)
    save(run, 8)
    extrapolate(run, lengths=[3], n=6, report=said.append)
    assert said == [f"{run}: (2, 1)", f"{run}: (3, 1)"]
    kept = json.loads((run / FILE).read_text())
    assert (kept["update"], kept["n"], difficulties(kept["rows"])) == (8, 6, [(3, 1)])


def test_a_length_that_is_not_beyond_the_target_is_not_tested(tmp_path: Path) -> None:
    run = untrained_run(tmp_path, length=3)
    assert extrapolate(run, lengths=[2, 3], n=5) == []
    assert not (run / FILE).exists()
    assert saved_rows(run) == []


def test_a_run_that_is_not_complete_is_refused(tmp_path: Path) -> None:
    run = untrained_run(tmp_path)
    (run / "result.json").unlink()
    with pytest.raises(RunError, match="is not complete"):
        extrapolate(run)


def test_a_run_that_cannot_be_written_to_is_scored_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = untrained_run(tmp_path, length=1)
    monkeypatch.setattr("os.access", lambda path, mode: False)
    said: list[str] = []
    assert extrapolate(run, lengths=[2], n=5, report=said.append)
    assert f"{run} is read-only, so its scores are not saved" in said
    assert not (run / FILE).exists()


@pytest.mark.parametrize("text", ["{", "[]", '{"rows": []}'])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    run = untrained_run(tmp_path)
    (run / FILE).write_text(text)
    with pytest.raises(RunError, match=r"extrapolation\.json cannot be read: .*; delete it"):
        extrapolate(run)


def test_a_task_in_a_file_that_has_changed_names_the_run(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("from generators.addition import Addition\n")
    run = untrained_run(tmp_path, task=f"{file}:Addition")
    file.write_text("from generators.addition import Addition\n\n")
    with pytest.raises(RunError, match=rf"{run}: .*mine\.py has changed"):
        extrapolate(run, n=5)
