"""`l2e bench`: a suite's runs, those that fail and those that go on."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from l2e.cli.options import SHOWN_RULES
from l2e.experiments.run import Run
from l2e.experiments.seeds import with_seeds
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
    rules = [word for rule in SHOWN_RULES for word in ("--rule", rule)]
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


def finish(folder: Path, *seeds: int, spread: float = 0.0) -> None:
    """Complete runs of the suite `mine.toml`, in `there`, whose accuracies differ by so much from seed to seed."""
    for of in with_seeds(read_suite(str(folder / "mine.toml")), seeds).experiments:
        accuracy = 0.5 + spread * (of.seed % 2)
        row = toys.row("seq2seq[cells=64]", of.curriculum.name, of.seed, accuracy, rule="teacher_forced_accuracy")
        toys.finished_run(folder / "there" / of.name, of, [row])


def recorded(l2e: CommandLine, *options: object) -> str:
    """The command that the folder says it was made by, without `l2e bench mine.toml`."""
    done = l2e("bench", "mine.toml", "--out", "there", *options)
    assert done.code == 0, done.errors
    record = json.loads((l2e.folder / "there" / "suite.json").read_text())
    assert record["command"][:3] == ["l2e", "bench", "mine.toml"]
    assert record["folder"] == "runs/mine"
    return " ".join(record["command"][3:])


def test_the_runs_folder_says_by_which_command_it_was_made(l2e: CommandLine) -> None:
    write_suite(l2e.folder, "baseline", "mix")
    finish(l2e.folder, 0, 1, 2)
    assert recorded(l2e, "--jobs", 2, "--engine", "local") == ""
    assert recorded(l2e, "--population", 2, "--device", "cuda") == "--device cuda --population 2"
    only = ("--only", "curriculum=mix,length=1", "--only", "seed=2")
    assert recorded(l2e, "--seeds", 3, *only) == "--only curriculum=mix,length=1 --only seed=2 --seeds 3"
    assert recorded(l2e, "--seeds", "1-2", "--budget", "4updates") == "--budget 4updates --seeds 1-2"


@pytest.mark.slow
def test_seeds_are_added_to_those_that_the_folder_has(l2e: CommandLine) -> None:
    write_suite(l2e.folder, "baseline")
    finish(l2e.folder, 0, 1)
    assert recorded(l2e, "--add-seeds", 1) == "--seeds 3"
    assert sorted(Run(path.parent).experiment().seed for path in l2e.folder.glob("there/*/result.json")) == [0, 1, 2]


@pytest.mark.parametrize(("spread", "looked_at"), [(0.0, [5]), (0.4, [5, 7])])
def test_seeds_are_added_until_every_interval_is_narrow_or_there_are_enough(
    l2e: CommandLine, spread: float, looked_at: list[int]
) -> None:
    write_suite(l2e.folder, "baseline", "mix")
    finish(l2e.folder, *range(7), spread=spread)
    done = l2e("bench", "mine.toml", "--out", "there", "--until-width", 2, "--most-seeds", 7)
    assert done.code == 0, done.errors
    assert [line for line in done.errors.splitlines() if "complete" in line] == [
        f"Mine: {2 * seeds} runs, {2 * seeds} of them complete, in there" for seeds in looked_at
    ]
    assert ("Every interval is narrower than 2 points." in done.errors) is (spread == 0)
    rule = {"rule": "teacher_forced_accuracy", "width": 2.0, "block": 5, "most": 7}
    assert rule.items() <= json.loads((l2e.folder / "there" / "stopping.json").read_text()).items()
    assert recorded(l2e, "--until-width", 2, "--most-seeds", 7) == "--until-width 2 --most-seeds 7"
    again = l2e("bench", "mine.toml", "--out", "there", "--seeds", 7)
    assert (again.code, "give --until-width 2 --most-seeds 7, or another --out" in again.errors) == (1, True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--seeds", 3, "--add-seeds", 3), "--seeds and --add-seeds contradict one another"),
        (("--until-width", 2), "--until-width and --most-seeds go together"),
        (("--most-seeds", 7), "--until-width and --most-seeds go together"),
        (("--add-seeds", 2, "--only", "seed=1"), "--add-seeds chooses the seeds, so --only cannot"),
        (("--seeds", "3-1"), "seeds '3-1' are neither a number, as 10, nor ranges, as 10-19"),
        (("--only", "tsak=addition"), "unknown key 'tsak'; did you mean 'task'"),
        (("--seeds", 3, "--only", "seed=3"), "unknown seed '3'; legal: 0, 1, 2"),
        (("--budget", "soon"), "budget 'soon' is not one of the forms"),
    ],
)
def test_options_that_make_no_sense_are_bad_usage(
    error_of: Callable[..., str], l2e: CommandLine, options: tuple[object, ...], message: str
) -> None:
    write_suite(l2e.folder, "baseline")
    assert message in error_of(2, "bench", "mine.toml", *options)
    assert not (l2e.folder / "runs").exists()


@pytest.mark.slow
@pytest.mark.parametrize("population", [(), ("--population", 2)], ids=["alone", "in lockstep"])
def test_a_run_that_another_process_works_on_is_skipped(l2e: CommandLine, population: tuple[object, ...]) -> None:
    free, taken = write_suite(l2e.folder, "baseline", "mix")
    with taken.locked():
        done = l2e("bench", "mine.toml", "--out", "there", "--json", *population)
        assert done.code == 0, done.errors
        why = f"process {os.getpid()} is working on there/{taken.path.name}; wait for it, or give another --out"
        assert json.loads(done.output)["taken"] == {f"there/{taken.path.name}": why}
        assert json.loads(done.output)["failures"] == {}
        assert f"taken, skipped: there/{taken.path.name}: process {os.getpid()} is" in done.errors
        assert "1 runs done" in done.errors
    assert free.complete
    assert not taken.complete


@pytest.mark.slow
def test_a_suite_scores_its_predictors_and_its_lengths_beyond(l2e: CommandLine) -> None:
    write_suite(l2e.folder, "baseline")
    suite = l2e.folder / "mine.toml"
    grid = 'predictor = "larger_network"\n'
    text = suite.read_text().replace('task = "addition"', 'task = "larger"').replace("length = 1", "length = 4")
    suite.write_text(text.replace('title = "Mine"', 'title = "Mine"\nbeyond = [9]') + grid)
    [run] = [Run(l2e.folder / "there" / of.name) for of in read_suite(str(suite)).experiments]
    done = l2e("bench", "mine.toml", "--out", "there")
    assert done.code == 0, done.errors
    table = done.output.partition("**Exact match beyond the target, %: larger**")[2]
    [network] = [line for line in table.splitlines() if "larger_network" in line]
    assert network.split("|")[3:5] == [" 100.0           ", " 100.0 / +0.0 "]
    before = (run / "extrapolation.json").stat().st_mtime_ns
    assert l2e("bench", "mine.toml", "--out", "there").output == done.output
    assert (run / "extrapolation.json").stat().st_mtime_ns == before
