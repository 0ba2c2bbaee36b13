"""`l2e bench`: a suite's runs, those that fail and those that go on."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from l2e.conduct import conduct
from l2e.runs import Run
from l2e.suite import read_suite
from tests import toys
from tests.l2e.cli.conftest import CommandLine

SUITE = """
title = "Mine"
task = "addition"
length = 1
learner = {{ name = "seq2seq", cells = 64 }}
recipe = {{ name = "fast", batch_size = 20, batches_per_load = 5, check_every = 2, validation_samples = 10 }}
budget = "4updates"
test_samples = 10
[[grid]]
curriculum = {curricula}
"""


def write_suite(folder: Path, *curricula: str) -> list[Run]:
    """A suite `mine.toml`; its runs."""
    (folder / "mine.toml").write_text(SUITE.format(curricula=list(curricula)))
    suite = read_suite(str(folder / "mine.toml"))
    return [Run(folder / "runs" / "mine" / experiment.name) for experiment in suite.experiments]


def written(run: Run) -> int:
    return (run / "result.json").stat().st_mtime_ns


RULES = ("--rule", "teacher_forced_accuracy", "--rule", "exact_match")


@pytest.mark.slow
def test_runs_all_shows_the_table_and_skips_all_the_second_time(l2e: CommandLine) -> None:
    runs = write_suite(l2e.folder, "baseline", "mix")
    first = l2e("bench", "mine.toml", "--jobs", 2)
    assert first.code == 0, first.errors
    assert all(run.complete for run in runs)
    assert "Mine: 2 runs, 0 of them complete, in runs/mine" in first.errors
    assert "2 runs done" in first.errors
    before = [written(run) for run in runs]
    second = l2e("bench", "mine.toml")
    assert "Mine: 2 runs, 2 of them complete" in second.errors
    assert "0 runs done" in second.errors
    assert [written(run) for run in runs] == before
    assert first.output == second.output == l2e("table", *(run.path for run in runs), *RULES).output
    assert "mix" in first.output


@pytest.mark.slow
def test_a_run_that_fails_is_named_and_takes_no_other_down(l2e: CommandLine) -> None:
    failing, whole = write_suite(l2e.folder, f"{toys.__file__}:Failing", "baseline")
    done = l2e("bench", "mine.toml", "--json", "--jobs", 2)
    assert done.code == 1
    found = json.loads(done.output)
    name = f"runs/mine/{failing.path.name}"
    assert list(found["failures"]) == [name]
    assert "the well is dry" in found["failures"][name]
    assert f"failed: {name}: {found['failures'][name]}" in done.errors
    assert {row["curriculum"] for row in found["rows"]} == {"baseline", None}
    assert (whole.complete, failing.complete) == (True, False)


@pytest.mark.slow
def test_goes_on_with_what_is_unfinished_in_the_folder_it_is_given(l2e: CommandLine) -> None:
    complete, unfinished = write_suite(l2e.folder, "baseline", "mix")
    for run, of in zip((complete, unfinished), read_suite(str(l2e.folder / "mine.toml")).experiments, strict=True):
        conduct(of, run.path)
    before, result = written(complete), unfinished.result()
    (unfinished / "result.json").unlink()
    (l2e.folder / "runs" / "mine").rename(l2e.folder / "there")
    again = l2e("bench", "mine.toml", "--out", "there")
    assert "Mine: 2 runs, 1 of them complete, in there" in again.errors
    complete, unfinished = (Run(l2e.folder / "there" / run.path.name) for run in (complete, unfinished))
    assert written(complete) == before
    assert unfinished.result() == result
    assert not (l2e.folder / "runs" / "mine").exists()


@pytest.mark.slow
def test_the_smoke_suite_passes(l2e: CommandLine) -> None:
    done = l2e("bench", "smoke", "--jobs", 2, "--json")
    assert done.code == 0, done.errors
    assert json.loads(done.output)["failures"] == {}
    assert len(list((l2e.folder / "runs" / "smoke").glob("*/result.json"))) == 4


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
