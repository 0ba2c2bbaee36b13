"""Names that a shell completes, as click asks for them."""

from __future__ import annotations

import pytest
from click.shell_completion import ShellComplete

from l2e.cli import cli


@pytest.mark.parametrize(
    ("words", "incomplete", "found"),
    [
        (["train", "--task"], "a", {"addition", "algebra"}),
        (["train", "--curriculum"], "tscl", {"tscl_online", "tscl_window"}),
        (["train", "--learner"], "seq", {"seq2seq"}),
        (["train", "--recipe"], "z", {"zaremba2014"}),
        (["bench"], "paper", {"paper-program", "paper-addition", "paper-memorization"}),
        (["generate"], "pari", {"parity"}),
    ],
)
def test_names_are_completed(words: list[str], incomplete: str, found: set[str]) -> None:
    shell = ShellComplete(cli, {}, "l2e", "_L2E_COMPLETE")
    assert {item.value for item in shell.get_completions(words, incomplete)} == found
