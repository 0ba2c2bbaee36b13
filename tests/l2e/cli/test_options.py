"""Options that several commands share, in each of them."""

from collections.abc import Callable

import pytest

from tests.l2e.cli.conftest import CommandLine


@pytest.mark.parametrize("command", [("generate", "copy"), ("train",), ("sample", "run"), ("gradients",)], ids=str)
def test_a_seed_has_63_bits(error_of: Callable[..., str], command: tuple[str, ...]) -> None:
    errors = error_of(2, *command, "--seed", 2**63)
    assert f"'--seed': {2**63} is not in the range 0<=x<={2**63 - 1}" in errors


def test_the_greatest_seed_is_taken(l2e: CommandLine) -> None:
    assert l2e("generate", "copy", "--seed", 2**63 - 1).code == 0
    assert l2e("gradients", "elman", "--cells", 4, "--length", 2, "-n", 2, "--seed", 2**63 - 1).code == 0


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("generate", "Which data set."),
        ("train", "Of data and initial parameters."),
        ("sample", "Of the draws."),
        ("gradients", "Of such a learner's initial parameters."),
    ],
)
def test_help_says_what_a_seed_is_of(l2e: CommandLine, command: str, what: str) -> None:
    assert f"--seed INTEGER RANGE {what}" in " ".join(l2e(command, "--help").output.split())


@pytest.mark.parametrize(
    "command",
    [("gradients", "--out"), ("predict", "run", "print(5)", "--attention"), ("table", "runs", "--picture")],
    ids=str,
)
@pytest.mark.parametrize("name", ["picture.gif", "picture"])
def test_a_picture_of_another_format_is_bad_usage(
    error_of: Callable[..., str], l2e: CommandLine, command: tuple[str, ...], name: str
) -> None:
    errors = error_of(2, *command, name)
    assert f"'{command[-1]}': {name} does not end in a picture's format: .png, .svg, .pdf" in errors
    assert not list(l2e.folder.iterdir())
