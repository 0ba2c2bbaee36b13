"""`l2e perf` through its real entry point."""

import json

from tests.l2e.cli.conftest import CommandLine


def test_lines_are_ratios_in_json(l2e: CommandLine) -> None:
    done = l2e("perf", "generate", "--json", "--threads", 1)
    assert done.code == 0, done.errors
    (line,) = map(json.loads, done.output.splitlines())
    assert line["unit"] == "programs/s"
    assert line["low"] <= line["ratio"] <= line["high"]


def test_a_device_that_is_not_there_is_refused(l2e: CommandLine) -> None:
    done = l2e("perf", "train", "--device", "nonsense")
    assert done.code == 1
    assert "nonsense" in done.errors
    assert done.output == ""
