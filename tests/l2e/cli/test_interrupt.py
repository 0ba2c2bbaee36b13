"""However a suite is ended, its workers end, every run is saved, and the same command goes on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from l2e.experiments.run import Run
from tests import toys
from tests.l2e.cli.conftest import CommandLine
from tests.processes import CommandProcess, lives, wait_until
from tests.toys import heed_ctrl_c

SUITE = """
title = "two long runs"
task = "addition"
learner = { name = "seq2seq", cells = 64 }
recipe = { name = "fast", check_every = 10, batches_per_load = 10, validation_samples = 20 }
budget = "100000updates"
length = [2]
[[grid]]
curriculum = ["baseline", "mix"]
"""


@pytest.mark.slow
def test_ctrl_c_on_a_terminal_reaches_all_at_once_and_every_run_is_saved_and_it_says_how_to_go_on(
    tmp_path: Path,
) -> None:
    (tmp_path / "long.toml").write_text(SUITE)
    command = [sys.executable, "-m", "l2e", "bench", "long.toml", "--jobs", "2", "--out", "runs"]
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=heed_ctrl_c,
    )
    until = time.monotonic() + 120
    while len(list(tmp_path.glob("runs/*/metrics.jsonl"))) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == 130, errors
    assert "The same command goes on" in errors
    assert "Traceback" not in errors
    runs = [Run(path) for path in (tmp_path / "runs").iterdir() if path.is_dir()]
    assert len(runs) == 2
    assert all(run.checkpoints() for run in runs)


DAWDLING = f"""
title = "two runs that take their time"
task = "addition"
length = 1
learner = {{ name = "seq2seq", cells = 8 }}
recipe = {{ name = "fast", batch_size = 20, batches_per_load = 10, check_every = 3, validation_samples = 10 }}
budget = "30updates"
test_samples = 10
curriculum = {{ name = "{toys.__file__}:Dawdling", until = "in-a-hurry" }}
seeds = [0, 1]
"""


JOBS, POPULATION = ("--jobs", 2), ("--jobs", 2, "--population", 2)


@pytest.mark.parametrize(
    ("ending", "how"),
    [(signal.SIGTERM, JOBS), (signal.SIGHUP, JOBS), (signal.SIGKILL, JOBS), (signal.SIGKILL, POPULATION)],
    ids=["SIGTERM", "SIGHUP", "SIGKILL", "SIGKILL of a population"],
)
def test_an_ended_suite_leaves_no_worker_and_the_same_command_goes_on(
    l2e: CommandLine, ending: signal.Signals, how: tuple[object, ...]
) -> None:
    (l2e.folder / "mine.toml").write_text(DAWDLING)
    command = ("bench", "mine.toml", "--out", "runs", *how)

    def runs() -> list[Run]:
        return [Run(path.parent) for path in (l2e.folder / "runs").glob("*/metrics.jsonl")]

    with CommandProcess(l2e.folder, *command) as bench:
        bench.at_work_until(lambda: len(runs()) == 2)
        workers = {int((run / "holder").read_text()) for run in runs()}
        assert bench.pid not in workers
        bench.send(ending)
        code, _, errors = bench.end()
    if ending == signal.SIGKILL:
        assert code == -signal.SIGKILL
        wait_until(lambda: not any(map(lives, workers)))
    else:
        assert code == 130, errors
        assert "everything is saved in runs. The same command goes on." in errors
    assert not any(map(lives, workers))
    assert all(run.checkpoints() and not run.complete for run in runs())
    before = [run.metrics()[0] for run in runs()]
    (l2e.folder / "in-a-hurry").touch()
    done = l2e(*command)
    assert done.code == 0, done.errors
    assert [run.result()["updates"] for run in runs()] == [30, 30]
    assert [run.metrics()[0] for run in runs()] == before  # with its times: what was done was not done again
