"""A run's predictions, read back."""

from pathlib import Path

import pytest

from l2e.experiments.predictions import Prediction, predictions_of
from l2e.experiments.run import Run, RunError
from tests.toys import experiment

ROW = {"length": 2, "nesting": 1, "input": "print(1)", "target": "1.", "answer": "2.", "teacher_forced": "3."}


def test_predictions_come_back_in_their_order(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.write_predictions([ROW, {**ROW, "input": "print(é\u2028)"}])
    found = predictions_of(run)
    assert found[0] == Prediction.model_validate(ROW)
    assert found[1].input == "print(é\u2028)"


def test_a_run_without_predictions_says_how_to_get_them(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.begin(experiment())
    with pytest.raises(RunError, match=r"no predictions\.jsonl; delete its result\.json and give the same l2e"):
        predictions_of(run)


@pytest.mark.parametrize("text", ["{", '{"input": "a"}\n', "[1]\n"])
def test_predictions_that_cannot_be_read_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "predictions.jsonl").write_text(text)
    with pytest.raises(RunError, match=r"predictions\.jsonl cannot be read"):
        predictions_of(Run(tmp_path))
