"""What takes too long for the tests: runs killed again and again end as runs left alone; memory and speed stay flat.

    python tests/soak/soak.py kills --number 200
    python tests/soak/soak.py steady --minutes 30

Of a run of it, the printed lines go into results/LOG.md.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from l2e.experiments.run import Run

SUITE = """
title = "Soak"
task = "addition"
length = 2
curriculum = ["naive", "combined"]
seeds = [0, 1]
learner = { name = "seq2seq", cells = 64 }
recipe = { name = "fast", validation_samples = 100, check_every = 20 }
test_samples = 200
"""
WAYS = {
    "alone": [],
    "population": ["--population", "4"],
    "jobs": ["--jobs", "2"],
    "ray": ["--engine", "ray", "--jobs", "2"],
}
PRECISIONS = ("float32", "bfloat16")
SIGNALS = (signal.SIGTERM, signal.SIGKILL)  # by turns: the first leaves checkpoints, from which the second's goes on
PATIENCE = 3600.0  # seconds


def bench(folder: Path, way: str, precision: str, updates: int) -> subprocess.Popen[bytes]:
    """A suite at work, in a process group of its own."""
    words = [sys.executable, "-m", "l2e", "bench", "soak.toml", "--budget", f"{updates}updates", "--out", str(folder)]
    environment = {**os.environ, "L2E_PRECISION": precision, "OMP_NUM_THREADS": "1"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([*words, *WAYS[way]], cwd=folder.parent, env=environment, start_new_session=True, **quiet)


def outcome(folder: Path) -> dict[str, Any]:
    """What each run of a folder came to: its result, answers, checks without times, and the bits of its parameters."""
    found = {}
    for path in sorted(folder.glob("*/experiment.json")):
        run = Run(path.parent)
        checks = [{key: line[key] for key in line if key not in ("seconds", "waited")} for line in run.metrics()]
        tensors = run.checkpoints()[-1].with_suffix(".safetensors").read_bytes()
        found[run.path.name] = run.result(), run.predictions_path.read_text("utf-8"), checks, tensors
    return found


def differing(killed: dict[str, Any], whole: dict[str, Any]) -> tuple[int, int]:
    """How many runs differ in their bits, and how many in an accuracy by more than a hundredth."""
    bits = sum(killed.get(name) != of for name, of in whole.items())
    accuracies = sum(
        abs(one["accuracy"] - other["accuracy"]) > 0.01
        for name, of in whole.items()
        for one, other in zip(killed[name][0]["rows"], of[0]["rows"], strict=True)
    )
    return bits, accuracies


def kills(number: int, updates: int, ways: list[str]) -> None:
    """Kill suites at random moments until they are complete; print, for each way and precision, how that went."""
    chance = random.Random(0)
    cases = list(itertools.product(ways, PRECISIONS))
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "soak.toml").write_text(SUITE, "utf-8")
        for way, precision in cases:
            folder = Path(place) / f"{way}-{precision}"
            begun = time.monotonic()
            assert bench(folder, way, precision, updates).wait(PATIENCE) == 0, f"{way} in {precision} failed"
            lasted, whole = time.monotonic() - begun, outcome(folder)
            done = suites = bits = accuracies = 0
            while done < number / len(cases):
                shutil.rmtree(folder)
                finished = False
                while not finished:
                    process = bench(folder, way, precision, updates)
                    try:
                        finished = process.wait(chance.uniform(0.1, 0.8) * lasted) == 0
                        assert finished, f"{way} in {precision} failed of itself"
                    except subprocess.TimeoutExpired:
                        os.killpg(process.pid, SIGNALS[done % len(SIGNALS)])
                        process.wait(PATIENCE)
                        done += 1
                suites += 1
                found = differing(outcome(folder), whole)
                bits, accuracies = bits + found[0], accuracies + found[1]
            runs = suites * len(whole)
            wrong = f"{bits} with other bits, {accuracies} accuracies off"
            print(f"{way}, {precision}: {done} kills, {runs} runs complete, {wrong}", flush=True)


def steady(minutes: float) -> None:
    """Train for a while in each precision; print memory and speed at the beginning and at the end."""
    for precision in PRECISIONS:
        with tempfile.TemporaryDirectory() as place:
            words = ["train", "--task", "addition", "--length", "4", "--curriculum", "naive", "--budget", f"{minutes}m"]
            out = ["--out", place + "/run", "--set", "recipe.schedule=constant"]
            environment = {**os.environ, "L2E_PRECISION": precision, "OMP_NUM_THREADS": "1"}
            process = subprocess.Popen([sys.executable, "-m", "l2e", *words, *out], env=environment)
            resident: list[float] = []
            while process.poll() is None:
                status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
                if found := re.search(r"VmRSS:\s+(\d+)", status):
                    resident.append(int(found[1]) / 1024)
                time.sleep(minutes * 60 / 100)
            lines = Run(Path(place) / "run").metrics()
        fifth = max(len(lines) // 5, 1)
        speeds = [
            (part[-1]["update"] - part[0]["update"]) / (part[-1]["seconds"] - part[0]["seconds"])
            for part in (lines[: fifth + 1], lines[-fifth - 1 :])
        ]
        memory = [sum(part) / len(part) for part in (resident[10:30], resident[-25:-5])]
        print(
            f"{precision}: {lines[-1]['update']} updates; memory {memory[0]:.0f}, at the end {memory[1]:.0f} MiB; "
            f"speed {speeds[0]:.1f}, at the end {speeds[1]:.1f} updates a second"
        )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    chosen = parser.add_subparsers(required=True, dest="what")
    killing = chosen.add_parser("kills")
    killing.add_argument("--number", type=int, default=200)
    killing.add_argument("--updates", type=int, default=200)
    killing.add_argument("--way", choices=list(WAYS), action="append")
    chosen.add_parser("steady").add_argument("--minutes", type=float, default=30)
    given = parser.parse_args()
    if given.what == "kills":
        kills(given.number, given.updates, given.way or list(WAYS))
    else:
        steady(given.minutes)


if __name__ == "__main__":
    main()
