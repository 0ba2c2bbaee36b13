"""What `bench` says while it runs."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from l2e.cli import bench_display
from l2e.cli.bench_display import LAST_ENDED, Progress
from l2e.experiments.run import Run
from l2e.training.executors import Finished
from l2e.training.jobs import Job, Unfinished
from tests.toys import experiment


def check(fraction: float) -> dict[str, Any]:
    measured = {"training_accuracy": 0.5, "validation_accuracy": 0.25, "length": 2, "nesting": 1}
    return {"update": int(1000 * fraction), "seconds": 1.0, "fraction": fraction, **measured}


def ended(path: Path, error: str | None = None, **why: Mapping[Path, str]) -> Finished:
    job = Job({path: experiment()}, None, "cpu", 1)
    return Finished(job, None if error else Unfinished(**why), error)  # type: ignore[arg-type]


@pytest.fixture
def progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Progress:
    """Of a suite of ten runs six that were not complete; the second has spent half of its budget before."""
    runs = [tmp_path / f"run{number}" for number in range(6)]
    runs[1].mkdir()
    Run(runs[1]).append_metrics(check(0.5))
    known = Progress({path: f"copy (10, 1): seed {number}" for number, path in enumerate(runs)}, 10)
    known.begun = (100.0, known.begun[1] + 1e-3)
    monkeypatch.setattr(bench_display.time, "monotonic", lambda: 130.0)
    return known


def test_one_line_says_it_all_with_the_time_left_from_the_speed_so_far(progress: Progress, tmp_path: Path) -> None:
    assert progress.in_all() == "4 of 10 runs done, 6 waiting"
    progress.end(ended(tmp_path / "run0"))
    (tmp_path / "run2").mkdir()
    Run(tmp_path / "run2").append_metrics(check(0.5))
    progress.begun = (100.0, (tmp_path / "run2" / "metrics.jsonl").stat().st_mtime)
    # One and a half runs in 30 seconds; three, and two halves, are left.
    assert progress.in_all() == "5 of 10 runs done, 1 running, 4 waiting; 1 min 20 s left"


def test_failed_and_taken_runs_are_counted_and_not_done(progress: Progress, tmp_path: Path) -> None:
    progress.end(ended(tmp_path / "run0", error="ValueError: no"))
    progress.end(ended(tmp_path / "run1", taken={tmp_path / "run1": "process 7 is working on it"}))
    progress.end(ended(tmp_path / "run2", failed={tmp_path / "run2": "diverged"}))
    assert progress.in_all().startswith("4 of 10 runs done, 2 failed, 1 taken by another process, 3 waiting")
    assert [*progress.ended.values()] == ["failed: ValueError: no", "taken, skipped", "failed: diverged"]


def test_the_screen_has_the_line_the_running_runs_and_the_last_that_ended(progress: Progress, tmp_path: Path) -> None:
    for number in (0, 1, 2, 4, 5):
        progress.end(ended(tmp_path / f"run{number}"))
    (tmp_path / "run3").mkdir()
    Run(tmp_path / "run3").append_metrics(check(0.25))
    progress.begun = (100.0, 0.0)
    console = Console(file=io.StringIO(), width=80)
    console.print(bench_display._screen(progress))
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert lines[0].startswith("9 of 10 runs done, 1 running; ")
    assert " ".join(lines[2].split()) == "copy (10, 1): seed 3 25 % 250 (2, 1) 50.0 % 25.0 %"
    assert len(lines) == 3 + LAST_ENDED
    assert lines[-1].rstrip() == "copy (10, 1): seed 5: done"


def test_elsewhere_each_run_that_ends_is_a_line(
    progress: Progress, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench_display._say(progress, ended(tmp_path / "run0"))
    assert capsys.readouterr().err == "5 of 10: copy (10, 1): seed 0: done; 2 min 15 s left\n"
