"""Ctrl-C during a suite reaches the parent and every worker at once, as on a terminal; nothing is lost."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from l2e.runs import Run
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
def test_an_interrupted_suite_has_saved_every_run_and_says_how_to_go_on(tmp_path: Path) -> None:
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
