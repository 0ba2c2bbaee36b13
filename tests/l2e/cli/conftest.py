"""The command line through its real entry point, in the process of the tests; and one small trained run.

A process of its own would import torch again. Where a process is what is tested, there is `tests.processes`.
"""

import io
import sys
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest

from l2e.cli import main


class Done(NamedTuple):
    """How a command ended."""

    code: int
    output: str
    errors: str


class CommandLine:
    """Runs `l2e` in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: object, input: str | bytes = b"") -> Done:
        asked, output, errors = (
            io.TextIOWrapper(io.BytesIO(text), "utf-8", newline="\n", write_through=True)
            for text in (input.encode() if isinstance(input, str) else input, b"", b"")
        )
        with (
            chdir(self.folder),
            patch("sys.argv", ["l2e", *map(str, arguments)]),
            patch.object(sys.modules["__main__"], "__package__", None),  # so that help calls the program l2e
            patch("sys.stdin", asked),
            redirect_stdout(output),
            redirect_stderr(errors),
            pytest.raises(SystemExit) as leaving,
        ):
            main()
        told = [stream.buffer.getvalue().decode() for stream in (output, errors)]  # type: ignore[attr-defined]
        return Done(int(leaving.value.code or 0), *told)


@pytest.fixture
def l2e(tmp_path: Path) -> CommandLine:
    """The command line in an empty folder."""
    return CommandLine(tmp_path)


TRAINED = (
    *("train", "--task", "addition", "--length", "1", "--curriculum", "naive", "--learner", "seq2seq"),
    *("--budget", "40updates", "--test-samples", "30", "--set", "learner.cells=64", "--set", "recipe.check_every=10"),
    *("--set", "recipe.batches_per_load=10", "--set", "recipe.batch_size=20", "--set", "recipe.validation_samples=20"),
)


class Trained(NamedTuple):
    """A run, what training it said, and how to ask for it again."""

    path: Path
    done: Done
    again: tuple[str, ...]


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A small trained run; leave it as it is."""
    folder = tmp_path_factory.mktemp("trained")
    again = (*TRAINED, "--out", str(folder / "run"))
    done = CommandLine(folder)(*again, "--json")
    assert done.code == 0, done.errors
    return Trained(folder / "run", done, again)


@pytest.fixture
def error_of(l2e: CommandLine) -> Callable[..., str]:
    """What a command that must fail with this exit code says; it prints no result."""

    def run(code: int, *arguments: Any) -> str:
        done = l2e(*arguments)
        assert (done.code, done.output) == (code, ""), done.errors
        return done.errors

    return run
