"""`l2e answer`: good lines are answered, bad ones flagged."""

import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.l2e.cli.conftest import CommandLine
from tests.toys import json_lines


def test_answers_what_generate_asked(l2e: CommandLine) -> None:
    asked = l2e("generate", "program", "--nesting", 3, "-n", 50, "--format", "jsonl").output
    unanswered = "".join(json.dumps({**row, "target": "?"}) + "\n" for row in json_lines(asked))
    done = l2e("answer", "program", input=unanswered)
    assert (done.code, done.errors) == (0, "")
    assert json_lines(done.output) == json_lines(asked)


def test_a_process_reads_what_is_piped_to_it_and_its_exit_code_says_that_a_line_was_bad() -> None:
    command = [sys.executable, "-m", "l2e", "answer", "copy"]
    done = subprocess.run(command, input='{"input": "12"}\nwhat\n', capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    answered, flagged = json_lines(done.stdout)
    assert answered == {"input": "12", "target": "12."}
    assert "line 2 is not JSON" in flagged["error"]


def test_reads_a_file(l2e: CommandLine) -> None:
    (l2e.folder / "asked.jsonl").write_text('{"input": "123", "mine": [1]}\n\n')
    done = l2e("answer", "copy", "asked.jsonl", "--set", "task.scheme=reversed")
    assert json_lines(done.output) == [{"input": "123", "mine": [1], "target": "321."}]


BAD = {
    '{"input": "print((1+"}': "line 1, column ",
    "{\"input\": \"__import__('os').system('touch hacked')\"}": "line 1, column 1",
    '{"input": "print(é)"}': "found 'é'",
    '{"input": 5}': 'is not an object with a text under "input"',
    '{"inputs": "print(5)"}': 'is not an object with a text under "input"',
    "[1]": 'is not an object with a text under "input"',
    "null": 'is not an object with a text under "input"',
    "print(5)": "is not JSON",
    "[" * 100_000: "is not JSON",
    "\xff": "is not JSON",  # in Latin-1, so that it is no UTF-8
}


@pytest.mark.parametrize("bad", BAD, ids=[bad[:40] for bad in BAD])
def test_a_bad_line_is_flagged_and_the_good_ones_are_kept(l2e: CommandLine, bad: str) -> None:
    good = '{"input": "print((1+2))"}'
    done = l2e("answer", "program", input=f"{good}\n{bad}\n{good}\n".encode("latin-1" if bad == "\xff" else "utf-8"))
    assert (done.code, done.errors) == (1, "")
    first, flagged, last = json_lines(done.output)
    assert first == last == {"input": "print((1+2))", "target": "3."}
    assert BAD[bad] in flagged["error"]
    assert "target" not in flagged
    assert not list(l2e.folder.iterdir())


def test_a_target_that_was_given_is_not_kept_beside_an_error(l2e: CommandLine) -> None:
    (row,) = json_lines(l2e("answer", "program", input='{"input": "print(", "target": "1."}').output)
    assert set(row) == {"input", "error"}


def test_a_flagged_line_without_an_input_says_its_number(l2e: CommandLine) -> None:
    done = l2e("answer", "program", input="\n\nwhat\n")
    assert [row["line"] for row in json_lines(done.output)] == [3]


def test_nothing_asked_nothing_answered(l2e: CommandLine) -> None:
    assert l2e("answer", "program", input="") == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["adition"], "unknown task 'adition'; did you mean 'addition'?"),
        (["copy", "--set", "task.sceme=plain"], "unknown option of task 'copy' 'sceme'; did you mean 'scheme'?"),
        (["program", "no.jsonl"], "'no.jsonl': No such file or directory"),
    ],
)
def test_bad_usage_is_told_what_would_be_right(
    error_of: Callable[..., str], arguments: list[str], message: str
) -> None:
    assert message in error_of(2, "answer", *arguments)
