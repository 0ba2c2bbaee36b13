"""What a run records of how it was made."""

import json
from pathlib import Path

import pytest
import torch

from l2e.experiments.experiment import Choice, Experiment
from l2e.learner import Learner
from l2e.training.run_experiment import run_experiment, run_population
from tests.toys import experiment


def recorded(folder: Path) -> dict[str, object]:
    content: dict[str, object] = json.loads((folder / "environment.json").read_text())
    return content


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_run_records_the_device_and_what_its_layers_ran_on(precision: str, tmp_path: Path) -> None:
    made = small(precision)
    run_experiment(made, tmp_path / "single")
    single = recorded(tmp_path / "single")
    assert single["device"] == "cpu"
    learner: Learner = made.make_learner()
    assert single["engine"] == learner.engine(torch.bfloat16 if precision == "bfloat16" else torch.float32)
    assert single["engine"] in ("oneDNN", "steps", "torch")
    assert list(run_population({tmp_path / "lockstep": made}, 1)) == [(tmp_path / "lockstep", None)]
    assert recorded(tmp_path / "lockstep")["engine"] == "steps"


def test_a_learner_that_chooses_nothing_ran_on_torch(tmp_path: Path) -> None:
    run_experiment(
        small("float32").model_copy(update={"learner": Choice(name="elman", options={"cells": 8})}), tmp_path
    )
    assert recorded(tmp_path)["engine"] == "torch"


def test_a_complete_run_is_shown_without_writing_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run_experiment(small("float32"), tmp_path)
    monkeypatch.setattr("os.open", None)  # through which files are locked and folders flushed
    assert run_experiment(small("float32"), tmp_path) == result


def small(precision: str) -> Experiment:
    recipe = experiment().recipe.model_copy(update={"precision": precision})
    return experiment(recipe=recipe, budget="2updates", test_samples=10)
