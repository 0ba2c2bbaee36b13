"""`l2e report`: runs as one HTML file."""

from collections.abc import Callable
from pathlib import Path

from l2e.experiments.run import Run
from tests.l2e.cli.conftest import CommandLine, Trained
from tests.l2e.reporting.html.conftest import SUMS, told_run
from tests.processes import CommandProcess
from tests.toys import experiment


def test_a_trained_run_is_written_up_with_its_answers(l2e: CommandLine, trained: Trained, tmp_path: Path) -> None:
    done = l2e("report", trained.path, "-o", "out/mine")
    assert (done.code, done.output, done.errors) == (0, "The report is in out/mine/index.html\n", "")
    page = (tmp_path / "out" / "mine" / "index.html").read_text()
    assert "<svg" in page
    assert "Learning to execute: addition" in page
    assert "--set learner.cells=64" in page
    assert '"strategies":["naive"]' in page


def test_by_default_it_is_written_to_report_and_again(l2e: CommandLine, tmp_path: Path) -> None:
    told_run(tmp_path / "runs", SUMS["naive"])
    assert l2e("report", "runs").code == 0
    first = (tmp_path / "report" / "index.html").read_bytes()
    assert l2e("report", "runs").code == 0
    assert (tmp_path / "report" / "index.html").read_bytes() == first
    assert [path.name for path in (tmp_path / "report").iterdir()] == ["index.html"]


def test_an_unfinished_run_is_named_and_left_out(l2e: CommandLine, tmp_path: Path) -> None:
    told_run(tmp_path / "runs", SUMS["naive"])
    Run(tmp_path / "runs" / "begun").begin(experiment(curriculum="mix"))
    done = l2e("report", "runs")
    assert (done.code, done.errors) == (0, "not complete, left out: runs/begun\n")


def test_without_matplotlib_the_report_is_made_and_says_what_is_missing(tmp_path: Path) -> None:
    told_run(tmp_path / "runs", SUMS["naive"])
    with CommandProcess(tmp_path, "report", "runs", without=["matplotlib"]) as report:
        code, _, errors = report.end()
    assert code == 0
    missing = "something is missing: pictures need matplotlib: pip install 'l2e[figures]'\n"
    assert errors == f"Accuracy: {missing}How fast it is learnt: {missing}"
    assert (tmp_path / "report" / "index.html").exists()


def test_without_a_complete_run_nothing_is_written(error_of: Callable[..., str], tmp_path: Path) -> None:
    Run(tmp_path / "begun").begin(experiment())
    assert "none of the 1 runs is complete yet" in error_of(1, "report", "begun")
    assert "there is no run at or below missing" in error_of(1, "report", "missing")
    assert not (tmp_path / "report").exists()


def test_no_runs_and_a_file_for_a_folder_are_bad_usage(error_of: Callable[..., str], tmp_path: Path) -> None:
    assert "Missing argument 'RUNS" in error_of(2, "report")
    (tmp_path / "file").write_text("mine")
    assert "is a file" in error_of(2, "report", "runs", "-o", "file")
