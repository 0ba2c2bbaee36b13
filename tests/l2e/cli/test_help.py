"""What the command line says of itself, and to those who misspell it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable

import pytest

from l2e import __version__
from l2e.cli import COMMANDS
from tests.l2e.cli.conftest import CommandLine


def imported_by(*arguments: str) -> set[str]:
    """The top-level modules that the command line imports."""
    command = [sys.executable, "-X", "importtime", "-m", "l2e", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {match[1] for match in re.finditer(r"\|\s+(\w+)[\w.]*$", done.stderr, re.MULTILINE)}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_of_itself(l2e: CommandLine, command: str) -> None:
    done = l2e(command, "--help")
    assert done.code == 0
    assert f"Usage: l2e {command} " in done.output.replace("python -m l2e", "l2e")
    example = done.output.partition("\n  Example:\n")[2].partition("\n\n")[0]
    assert all("l2e " in line for line in example.splitlines())
    assert f"l2e {command} " in example.splitlines()[-1]


def test_help_names_every_command(l2e: CommandLine) -> None:
    done = l2e("--help")
    assert done.code == 0
    assert re.findall(r"^  ([\w-]+) {2,}\S", done.output.partition("Commands:")[2], re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("arguments", [("--help",), ("train", "--help"), ("--version",)], ids=" ".join)
def test_help_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    modules = imported_by(*arguments)
    assert "click" in modules
    assert not modules & {"torch", "pandas", "rich", "pydantic", "numpy", "ray"}


def test_the_version_is_the_distributions(l2e: CommandLine) -> None:
    assert l2e("--version").output.split()[-1] == __version__


def test_without_a_command_it_shows_help_as_bad_usage(l2e: CommandLine) -> None:
    done = l2e()
    assert done.code == 2
    assert "Commands:" in done.output + done.errors


def test_the_console_script_is_the_module() -> None:
    script = shutil.which("l2e", path=str(sys.executable.rpartition("/")[0]))
    assert script
    done = subprocess.run([script, "list", "tasks"], capture_output=True, text=True, check=True)
    assert "addition" in done.stdout


def test_the_exit_code_is_the_processes() -> None:
    command = [sys.executable, "-m", "l2e", "tabel"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean 'table'?" in done.stderr


@pytest.mark.parametrize(
    ("wrong", "nearest"), [("tabel", "table"), ("generat", "generate"), ("trian", "train"), ("anwser", "answer")]
)
def test_a_misspelt_command_is_told_the_nearest_one(error_of: Callable[..., str], wrong: str, nearest: str) -> None:
    assert f"unknown command '{wrong}'; did you mean '{nearest}'?" in error_of(2, wrong)


def test_a_command_like_no_other_is_told_all(error_of: Callable[..., str]) -> None:
    assert f"legal: {', '.join(COMMANDS)}" in error_of(2, "xyzzy")


def test_a_misspelt_option_is_told_the_nearest_one(error_of: Callable[..., str]) -> None:
    errors = error_of(2, "generate", "program", "--lenght", "3")
    assert "--lenght" in errors
    assert "'--length'" in errors


def test_a_missing_argument_is_bad_usage(error_of: Callable[..., str]) -> None:
    assert "Missing argument 'TASK'" in error_of(2, "generate")
