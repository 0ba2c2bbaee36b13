"""Run folders: whose they are, who holds them, and what a crash may leave in them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from l2e.errors import Said
from l2e.experiments.run import KEPT_CHECKPOINTS, Checkpoint, Run, RunError, write_durably
from tests.toys import check, experiment

RESULT = {"reached": [1, 1], "reached_at": None, "updates": 1, "characters": 2, "rows": []}

HOLD = """
import sys, time
from l2e.experiments.run import Run
with Run(sys.argv[1]).locked():
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    made = Run(tmp_path / "run")
    made.begin(experiment())
    return made


def checkpoint(value: float) -> Checkpoint:
    state = {"counters": {"updates": value}, "climb": {}, "drawn_under": {}, "last_check": None}
    return Checkpoint({"learner.a": torch.full((3,), value), "learner.b": torch.tensor(2)}, state)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_begun_run_gives_its_experiment_back(run: Run) -> None:
    assert Run(run.path).experiment() == experiment()


def test_another_experiment_is_refused_with_what_differs(run: Run) -> None:
    with pytest.raises(RunError, match=r"seed \(0 there, 5 asked for\)\. Give another --out") as caught:
        run.begin(experiment(seed=5))
    assert str(run) in str(caught.value)
    assert "length" not in str(caught.value)


def test_a_folder_of_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(RunError, match=r"is not empty and holds no run\. Give another --out"):
        Run(tmp_path).begin(experiment())
    assert files(tmp_path) == {"thesis.tex"}


def test_what_a_crash_at_the_very_start_leaves_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    (tmp_path / ".experiment.json.123").write_text('{"task"')
    Run(tmp_path).begin(experiment())
    assert Run(tmp_path).experiment() == experiment()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no run at"),
        ("{", r"experiment\.json cannot be read"),
        ("{}", "task"),
        ('{"recipe": 3}', "recipe"),
    ],
)
def test_a_missing_or_unreadable_experiment_is_named(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "experiment.json").write_text(content)
    with pytest.raises(RunError, match=message) as caught:
        Run(tmp_path).experiment()
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize(("field", "value"), [("precision", None), ("patience", None), ("precision", "auto")])
def test_a_run_that_did_not_note_a_field_of_its_recipe_is_refused(
    tmp_path: Path, field: str, value: str | None
) -> None:
    content = experiment().model_dump(mode="json")
    content["recipe"] = {**content["recipe"], field: value} if value else content["recipe"]
    if value is None:
        del content["recipe"][field]
    (tmp_path / "experiment.json").write_text(json.dumps(content))
    with pytest.raises(
        RunError, match=rf"earlier version of l2e, which did not note (the )?{field} of its recipe; train"
    ):
        Run(tmp_path).experiment()


def test_the_result_makes_a_run_complete(run: Run) -> None:
    assert not run.complete
    with pytest.raises(RunError, match="is not complete; give the same l2e train or l2e bench again"):
        run.result()
    run.write_json("result.json", RESULT)
    assert run.complete
    assert run.result() == RESULT


def test_a_result_goes_with_the_answers_and_checks_it_was_written_with(run: Run) -> None:
    run.append_metrics(check(1))
    run.write_predictions([])
    run.write_result(RESULT)
    assert run.result() == RESULT
    run.append_metrics(check(2))
    with pytest.raises(RunError, match=r"metrics\.jsonl is not what was written with result\.json; delete the latter"):
        run.result()


def test_a_held_run_is_refused_to_a_second_process_by_the_firsts_id(run: Run) -> None:
    first = subprocess.Popen([sys.executable, "-c", HOLD, str(run)], stdout=subprocess.PIPE, text=True)
    try:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with pytest.raises(RunError, match=f"process {first.pid} is working on {run}; wait for it, or"), run.locked():
            pass
    finally:
        first.kill()
        first.communicate()
    with pytest.raises(ZeroDivisionError), run.locked():  # a killed process holds nothing
        raise ZeroDivisionError
    with Run(run.path).locked():  # and neither does one that failed
        pass


def test_a_durable_write_replaces_the_whole_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    for content in (b"a long first content", b"short"):
        write_durably(tmp_path / "file", content)
    assert (tmp_path / "file").read_bytes() == b"short"
    assert files(tmp_path) == {"file"}


def test_a_write_that_fails_leaves_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_durably(tmp_path / "file", b"old")

    def full(file: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space left"):
        write_durably(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"old"
    assert files(tmp_path) == {"file"}


def test_metrics_come_back_in_order(run: Run) -> None:
    assert run.metrics() == []
    lines = [check(1, text="a\u2028b"), check(2, text="ü")]
    for line in lines:
        run.append_metrics(line)
    assert run.metrics() == lines


@pytest.mark.parametrize("format", [1, 2])
def test_what_came_after_a_checkpoint_is_forgotten(run: Run, format: int) -> None:
    run.append_metrics(check(1))
    for update in (2, 3):
        run.append_metrics(check(update))
        run.save_checkpoint(update, checkpoint(update))
    with run.metrics_path.open("a") as file:
        file.write('{"upd')
    if format == 2:  # it has the checks itself, so that a damaged line is no obstacle
        flip_a_bit(run.metrics_path, 0)
    truncate(run / "checkpoints" / "3.json")
    with pytest.warns(Said, match="3 is corrupt .*; the one before it is used"):
        loaded = run.load_checkpoint()
    assert loaded is not None
    if format == 1:
        del loaded.state["metrics"]
    run.rewind(loaded)
    assert [path.stem for path in run.checkpoints()] == ["2"]
    run.append_metrics(check(3, again=True))
    assert run.metrics() == [check(1), check(2), check(3, again=True)]


def test_a_run_that_crashed_before_its_first_checkpoint_begins_its_metrics_again(run: Run) -> None:
    run.metrics_path.write_text('{"update": 1}\n{"upd')
    run.begin(experiment())
    run.append_metrics(check(1))
    assert run.metrics() == [check(1)]


def test_a_complete_run_keeps_its_metrics(run: Run) -> None:
    run.append_metrics(check(1))
    run.write_json("result.json", RESULT)
    run.begin(experiment())
    assert run.metrics() == [check(1)]


def test_predictions_are_json_lines(run: Run) -> None:
    run.write_predictions([{"input": "a\nb"}, {"input": "é"}])
    assert [json.loads(line) for line in run.predictions_path.read_text().splitlines()] == [
        {"input": "a\nb"},
        {"input": "é"},
    ]


def test_the_newest_checkpoint_comes_back_to_the_bit(run: Run) -> None:
    for update in (9, 10):  # by number, not by name
        run.save_checkpoint(update, checkpoint(update / 7))
    loaded = run.load_checkpoint()
    assert loaded is not None
    assert loaded.tensors["learner.a"].equal(torch.full((3,), 10 / 7))
    assert loaded.tensors["learner.b"].equal(torch.tensor(2))
    assert loaded.state["counters"] == {"updates": 10 / 7}


def test_the_newest_two_checkpoints_are_kept(run: Run) -> None:
    for update in (1, 2, 30, 4):
        run.save_checkpoint(update, checkpoint(update))
    assert KEPT_CHECKPOINTS == 2
    assert files(run / "checkpoints") == {"4.json", "4.safetensors", "30.json", "30.safetensors"}


def test_a_checkpoint_without_its_json_does_not_count(run: Run) -> None:
    run.save_checkpoint(1, checkpoint(1))
    (run / "checkpoints" / "2.safetensors").write_bytes(b"cut short by a cra")
    loaded = run.load_checkpoint()
    assert loaded is not None
    assert loaded.state["counters"] == {"updates": 1}


def flip_a_bit(path: Path, at: int = -1) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def write(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


CORRUPTIONS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "tensors with a flipped bit": ("5.safetensors", flip_a_bit),
    "truncated tensors": ("5.safetensors", truncate),
    "missing tensors": ("5.safetensors", Path.unlink),
    "truncated JSON": ("5.json", truncate),
    "empty JSON": ("5.json", write(b"")),
    "JSON that is a list": ("5.json", write(b"[]")),
    "JSON without a sum": ("5.json", write(b"{}")),
    "JSON that is no text": ("5.json", write(b"\xff")),
    "JSON with a flipped bit in a number": ("5.json", lambda path: flip_a_bit(path, path.read_bytes().index(b"5"))),
    "JSON that is a folder": ("5.json", lambda path: (path.unlink(), path.mkdir())),
}


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_the_checkpoint_before_a_corrupt_one_is_used_and_that_is_said(run: Run, corruption: str) -> None:
    for update in (4, 5):
        run.save_checkpoint(update, checkpoint(update))
    name, corrupt = CORRUPTIONS[corruption]
    corrupt(run / "checkpoints" / name)
    with pytest.warns(Said, match=r"5 is corrupt .*; the one before it is used"):
        loaded = run.load_checkpoint()
    assert loaded is not None
    assert loaded.state["counters"] == {"updates": 4}


def test_no_earlier_checkpoint_stands_for_the_last_of_a_complete_run(run: Run) -> None:
    for update in (4, 5):
        run.save_checkpoint(update, checkpoint(update))
    run.write_json("result.json", RESULT)
    truncate(run / "checkpoints" / "5.json")
    with pytest.raises(RunError, match=r"5 is corrupt .*delete .*result\.json and give the same l2e train"):
        run.load_checkpoint()


def test_a_corrupt_checkpoint_that_is_the_only_one_means_to_begin_again(run: Run) -> None:
    assert run.load_checkpoint() is None
    run.save_checkpoint(5, checkpoint(5))
    truncate(run / "checkpoints" / "5.json")
    with pytest.raises(RunError, match=f"is corrupt .*delete {run} to begin again"):
        run.load_checkpoint()


def test_every_file_is_json_or_safetensors_and_no_pickle(run: Run) -> None:
    run.save_checkpoint(1, checkpoint(1))
    run.append_metrics(check(1))
    run.write_predictions([{"input": "a"}])
    run.write_result(RESULT)
    for name in files(run.path):
        content = (run / name).read_bytes()
        if name.endswith(".safetensors"):
            assert json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
        elif name.endswith(".jsonl"):
            assert all(isinstance(json.loads(line), dict) for line in content.splitlines())
        else:
            assert isinstance(json.loads(content), dict)


WITHOUT_UNIX = """
import signal, sys
import asyncio, multiprocessing.context, subprocess, tempfile, torch  # the standard library chose its own way already
for name in ("fcntl", "resource", "termios", "pwd", "grp"):
    sys.modules[name] = None
del signal.SIGHUP
signal.Signals = [number for number in signal.Signals if number.name != "SIGHUP"]
del multiprocessing.context.ForkServerContext
import l2e.cli.bench, l2e.training.jobs, l2e.training.run_experiment
"""


def test_training_is_imported_where_there_are_no_unix_modules() -> None:
    subprocess.run([sys.executable, "-c", WITHOUT_UNIX], check=True)
