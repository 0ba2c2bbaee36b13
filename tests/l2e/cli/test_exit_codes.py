"""What an error that reaches the command line exits with."""

import click
import pytest
from pydantic import TypeAdapter

from generators.errors import DifficultyError, InputError
from l2e import cli
from l2e.errors import BAD_USAGE, FAILED, ExplainedError
from l2e.experiments.run import RunTakenError
from l2e.experiments.suite import SuiteError
from l2e.option_values import OptionError
from l2e.play.errors import PlayError
from l2e.registry import UnknownNameError
from l2e.reporting.plots.style import FigureError
from l2e.training.executors import EngineError
from l2e.training.trainer import TrainingError
from tests.l2e.cli.conftest import CommandLine


class PluginError(ExplainedError):
    exit_code = 7


def raising(error: Exception) -> click.Command:
    @click.command()
    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("code", "error"),
    [
        *((BAD_USAGE, kind("why")) for kind in (DifficultyError, OptionError, SuiteError, UnknownNameError)),
        *((FAILED, kind("why")) for kind in (EngineError, FigureError, PlayError, RunTakenError, TrainingError)),
        (FAILED, InputError("why", "1+", 1, 3)),
        (FAILED, OSError("why")),
        (7, PluginError("why")),
    ],
    ids=repr,
)
def test_an_error_that_explains_itself_is_its_message_and_exit_code(
    code: int, error: Exception, l2e: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli.LazyGroup, "get_command", lambda *_: raising(error))
    done = l2e("list")
    assert (done.code, done.output, done.errors) == (code, "", f"Error: {error}\n")


def test_a_value_of_another_kind_is_bad_usage(l2e: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="valid integer") as caught:
        TypeAdapter(int).validate_python("a")
    monkeypatch.setattr(cli.LazyGroup, "get_command", lambda *_: raising(caught.value))
    assert l2e("list").code == BAD_USAGE


def test_any_other_error_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.LazyGroup, "get_command", lambda *_: raising(ZeroDivisionError()))
    monkeypatch.setattr("sys.argv", ["l2e", "list"])
    with pytest.raises(ZeroDivisionError):
        cli.main()
