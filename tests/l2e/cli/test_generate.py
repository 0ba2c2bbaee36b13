"""`l2e generate`: the same samples for the same options, in three formats."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet
import pytest

from generators.program import Program
from generators.scrambling import Scrambling
from generators.splits import Split, split_of
from tests import toys
from tests.l2e.cli.conftest import CommandLine
from tests.toys import json_lines

PROGRAM = ("generate", "program", "--length", 3, "--nesting", 2)


def test_text_shows_input_and_target(l2e: CommandLine) -> None:
    done = l2e(*PROGRAM, "-n", 3)
    rows = json_lines(l2e(*PROGRAM, "-n", 3, "--format", "jsonl").output)
    assert (done.code, done.errors) == (0, "")
    assert done.output == "".join(f"Input:\n{row['input']}\nTarget: {row['target']}\n\n" for row in rows)


def test_json_lines_hold_difficulty_input_and_exact_target(l2e: CommandLine) -> None:
    rows = json_lines(l2e(*PROGRAM, "-n", 30, "--format", "jsonl").output)
    assert len(rows) == 30
    for row in rows:
        assert list(row) == ["length", "nesting", "input", "target"]
        assert (row["length"], row["nesting"]) == (3, 2)
        assert Program().answer(row["input"]) == row["target"]


def test_parquet_holds_the_same_rows_as_json_lines(l2e: CommandLine) -> None:
    rows = json_lines(l2e(*PROGRAM, "-n", 1500, "--format", "jsonl").output)
    assert l2e(*PROGRAM, "-n", 1500, "--format", "parquet", "--out", "some.parquet").code == 0
    assert pyarrow.parquet.read_table(l2e.folder / "some.parquet").to_pylist() == rows


@pytest.mark.parametrize("options", [[], ["--split", "test"], ["--scramble"]], ids=" ".join)
def test_fewer_samples_are_the_first_of_more(l2e: CommandLine, options: list[str]) -> None:
    few, many = (l2e(*PROGRAM, "-n", n, *options).output for n in (5, 2000))
    assert many.startswith(few)
    assert (few.count("Target:"), many.count("Target:")) == (5, 2000)


def test_the_seed_decides(l2e: CommandLine) -> None:
    outputs = [l2e(*PROGRAM, "--seed", seed).output for seed in (0, 0, 1)]
    assert outputs[0] == outputs[1] != outputs[2]


@pytest.mark.parametrize("split", list(Split), ids=lambda split: split.name)
def test_a_split_holds_its_own_samples_alone(l2e: CommandLine, split: Split) -> None:
    rows = json_lines(l2e(*PROGRAM, "-n", 20, "--split", split.name.lower(), "--format", "jsonl").output)
    assert {split_of(row["input"]) for row in rows} == {split}


@pytest.mark.parametrize(("options", "seed"), [(["--scramble"], 0), (["--scramble", "3"], 3)])
def test_the_scrambled_view_shows_the_same_samples(l2e: CommandLine, options: list[str], seed: int) -> None:
    plain, scrambled = (json_lines(l2e(*PROGRAM, "--format", "jsonl", *more).output) for more in ([], options))
    view = Scrambling(seed)
    assert [view.unscramble(row["input"]) for row in scrambled] == [row["input"] for row in plain]
    assert scrambled != plain


def test_no_samples_are_no_output(l2e: CommandLine) -> None:
    assert l2e(*PROGRAM, "-n", 0) == (0, "", "")


def test_out_writes_a_file_and_nothing_else(l2e: CommandLine) -> None:
    assert l2e(*PROGRAM, "--out", "some.txt").output == ""
    assert (l2e.folder / "some.txt").read_text() == l2e(*PROGRAM).output


def test_options_of_the_task_are_set(l2e: CommandLine) -> None:
    rows = json_lines(l2e("generate", "copy", "--set", "task.scheme=doubled", "--format", "jsonl").output)
    assert all(row["input"] == f"{row['target'][:-1]};{row['target'][:-1]}" for row in rows)
    rows = json_lines(l2e("generate", "program", "--set", "task.operations=identity", "--format", "jsonl").output)
    assert all(row["input"] == f"print({row['target'][:-1]})" for row in rows)


def test_a_task_of_ones_own_is_taken_from_its_file(l2e: CommandLine) -> None:
    rows = json_lines(l2e("generate", f"{toys.__file__}:ThreeSamples", "-n", 20, "--format", "jsonl").output)
    assert {row["input"]: row["target"] for row in rows} == toys.ThreeSamples.targets


def test_a_reader_that_stops_early_hears_no_complaint() -> None:
    command = f"{sys.executable} -m l2e generate program -n 20000 | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("Input:\n", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["progam"], "unknown task 'progam'; did you mean 'program'?"),
        (["no.py:Task"], "task 'no.py:Task': there is no file /"),
        (["copy", "--set", "task.sheme=plain"], "unknown option of task 'copy' 'sheme'; did you mean 'scheme'?"),
        (["copy", "--set", "task.scheme=dubbled"], "unknown input scheme 'dubbled'; legal: plain, reversed"),
        (["copy", "--set", "task.scheme=1"], "task.scheme is 1; it is a text"),
        (["copy", "--set", "taks.scheme=plain"], "unknown section 'taks'; did you mean 'task'?"),
        (["copy", "--set", "scheme=plain"], "'scheme=plain' is not SECTION.OPTION=VALUE"),
        (["copy", "--set", "task.scheme"], "'task.scheme' is not SECTION.OPTION=VALUE"),
        (["program", "--length", "0"], "length 0 is outside what task 'program' can do: 1 to"),
        (["addition", "--nesting", "2"], "nesting 2 is outside what task 'addition' can do: 1 to 1"),
        (["program", "-n", "-1"], "-1 is not in the range x>=0"),
        (["program", "--split", "tset"], "'tset' is not one of 'train', 'validation', 'test'"),
        (["program", "--format", "parquet"], "--format parquet needs --out FILE"),
    ],
)
def test_bad_usage_is_told_what_would_be_right(
    error_of: Callable[..., str], arguments: list[str], message: str
) -> None:
    assert message in error_of(2, "generate", *arguments)


def test_a_file_that_cannot_be_written_is_a_failure(error_of: Callable[..., str]) -> None:
    assert "no/such/folder/x" in error_of(1, "generate", "program", "--out", "no/such/folder/x")


def test_the_working_directory_stays_empty(l2e: CommandLine) -> None:
    l2e(*PROGRAM)
    assert list(Path(l2e.folder).iterdir()) == []
