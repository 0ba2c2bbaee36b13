"""What a script sees of l2e: a run trained and asked, and runs as a data frame."""

from pathlib import Path

import pytest
import torch

import l2e

NETWORK = {"name": "seq2seq", "cells": 8}


def trained(folder: Path, **changes: object) -> l2e.Trained:
    settings = {"learner": NETWORK, "budget": "3updates", "test_samples": 10, **changes}
    return l2e.train("addition", length=1, out=folder / str(changes.get("curriculum", "run")), **settings)  # type: ignore[arg-type]


def test_a_run_is_trained_once_asked_and_found_in_a_data_frame(tmp_path: Path) -> None:
    threads = torch.get_num_threads()
    run = trained(tmp_path)
    assert torch.get_num_threads() == threads
    assert trained(tmp_path).result == run.result  # read, not trained again
    (answer,) = run.predict(["print(1+2)"], max_characters=4)
    assert len(answer) <= 4
    rows = l2e.load_runs(tmp_path)
    ours = rows[rows["curriculum"].notna()].set_index("rule")
    assert ours["accuracy"].to_dict() == run.accuracy
    assert set(ours["updates"]) == {3}
    assert "interpreter" in set(rows["learner"])


def test_several_runs_are_named_by_what_tells_them_apart(tmp_path: Path) -> None:
    trained(tmp_path / "a")
    trained(tmp_path / "b", learner={**NETWORK, "cells": 9})
    learners = l2e.load_runs(tmp_path / "a", tmp_path / "b").dropna(subset="curriculum")["learner"]
    assert set(learners) == {"seq2seq[cells=8]", "seq2seq[cells=9]"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"curriculum": "niave"}, "did you mean 'naive'"), ({"learner": {"name": "seq2seq", "cels": 3}}, "'cells'")],
)
def test_what_is_wrong_is_said_before_anything_is_written(wrong: dict[str, object], said: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=said):
        trained(tmp_path, **wrong)
    assert not any(tmp_path.iterdir())
