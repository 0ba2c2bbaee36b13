"""`l2e bench`: a suite's runs, those that fail and those that go on."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from l2e.experiments.run import Run
from l2e.experiments.suite import read_suite
from l2e.training.run_experiment import run_experiment
from tests import toys
from tests.l2e.cli.conftest import CommandLine

SUITE = """
title = "Mine"
task = "addition"
length = 1
learner = {{ name = "seq2seq", cells = 64 }}
budget = "4updates"
test_samples = 10
[recipe]
name = "fast"
precision = "float32"
batch_size = 20
batches_per_load = 5
check_every = 2
validation_samples = 10
[[grid]]
curriculum = {curricula}
"""


def write_suite(folder: Path, *curricula: str) -> list[Run]:
    """A suite `mine.toml`; its runs, to be in `there`."""
    (folder / "mine.toml").write_text(SUITE.format(curricula=list(curricula)))
    suite = read_suite(str(folder / "mine.toml"))
    return [Run(folder / "there" / experiment.name) for experiment in suite.experiments]


def written(run: Run) -> int:
    return (run / "result.json").stat().st_mtime_ns


@pytest.mark.slow
def test_smoke_runs_all_shows_the_table_and_skips_all_the_second_time(l2e: CommandLine) -> None:
    runs = [Run(l2e.folder / "runs" / "smoke" / of.name) for of in read_suite("smoke").experiments]
    first = l2e("bench", "smoke", "--jobs", 2)
    assert first.code == 0, first.errors
    assert "Smoke test: 4 runs, 0 of them complete, in runs/smoke" in first.errors
    assert "4 runs done" in first.errors
    before = [written(run) for run in runs]
    second = l2e("bench", "smoke")
    assert "Smoke test: 4 runs, 4 of them complete" in second.errors
    assert "0 runs done" in second.errors
    assert [written(run) for run in runs] == before
    rules = ("--rule", "teacher_forced_accuracy", "--rule", "exact_match")
    assert first.output == second.output == l2e("table", *(run.path for run in runs), *rules).output


@pytest.mark.slow
def test_goes_on_with_what_is_unfinished_and_names_what_fails(l2e: CommandLine) -> None:
    runs = write_suite(l2e.folder, "baseline", "mix", f"{toys.__file__}:Failing")
    for run, of in zip(runs[:2], read_suite(str(l2e.folder / "mine.toml")).experiments, strict=False):
        run_experiment(of, run.path)
    complete, unfinished, failing = runs
    before, result = written(complete), unfinished.result()
    (unfinished / "result.json").unlink()
    done = l2e("bench", "mine.toml", "--json", "--jobs", 2, "--out", "there")
    assert done.code == 1
    assert "Mine: 3 runs, 1 of them complete, in there" in done.errors
    assert written(complete) == before
    assert unfinished.result() == result
    assert not failing.complete
    found = json.loads(done.output)
    name = f"there/{failing.path.name}"
    assert list(found["failures"]) == [name]
    assert "the well is dry" in found["failures"][name]
    assert f"failed: {name}: {found['failures'][name]}" in done.errors
    assert {row["curriculum"] for row in found["rows"]} == {"baseline", "mix", None}


@pytest.mark.parametrize(
    ("suite", "message"),
    [
        ("smok", "unknown suite 'smok'; did you mean 'smoke'?"),
        ("no.toml", "there is no suite file no.toml"),
        ("mine.toml", "suite mine: unknown curriculum 'niave'; did you mean 'naive'?"),
    ],
)
def test_a_suite_that_cannot_be_read_is_bad_usage(
    error_of: Callable[..., str], tmp_path: Path, suite: str, message: str
) -> None:
    (tmp_path / "mine.toml").write_text(SUITE.format(curricula=["baseline", "niave"]))
    assert message in error_of(2, "bench", suite)
    assert not (tmp_path / "runs").exists()


@pytest.mark.slow
def test_a_population_gives_what_single_runs_give(l2e: CommandLine) -> None:
    runs = write_suite(l2e.folder, "baseline", "naive", "mix")
    done = l2e("bench", "mine.toml", "--out", "there", "--population", 2)
    assert done.code == 0, done.errors
    assert "3 runs done" in done.errors
    for run, of in zip(runs, read_suite(str(l2e.folder / "mine.toml")).experiments, strict=True):
        alone = run_experiment(of, l2e.folder / "alone" / of.name)
        together = run.result()
        assert together["characters"] == alone["characters"]
        for ours, theirs in zip(together["rows"], alone["rows"], strict=True):
            assert ours | {"accuracy": 0, "low": 0, "high": 0} == theirs | {"accuracy": 0, "low": 0, "high": 0}
            assert ours["accuracy"] == pytest.approx(theirs["accuracy"], abs=0.05)


def test_the_runs_folder_says_by_which_command_it_was_made(l2e: CommandLine) -> None:
    for run, of in zip(
        write_suite(l2e.folder, "baseline"), read_suite(str(l2e.folder / "mine.toml")).experiments, strict=True
    ):
        toys.finished_run(run.path, of, [toys.row("seq2seq[cells=64]", "baseline", 0, 0.5)])
    assert l2e("bench", "mine.toml", "--jobs", 2, "--engine", "local", "--out", "there").code == 0
    record = json.loads((l2e.folder / "there" / "suite.json").read_text())
    assert record == {"command": ["l2e", "bench", "mine.toml"], "folder": "runs/mine"}
    assert l2e("bench", "mine.toml", "--population", 2, "--device", "cuda", "--out", "there").code == 0
    record = json.loads((l2e.folder / "there" / "suite.json").read_text())
    assert record["command"] == ["l2e", "bench", "mine.toml", "--device", "cuda", "--population", "2"]
