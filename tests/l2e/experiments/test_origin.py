"""Which command made the runs of a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from l2e.experiments.origin import RECORD, record_command, recorded_command
from l2e.experiments.run import RunError

WORDS = ["l2e", "bench", "my suite.toml", "--scale", "small"]


def test_runs_in_their_default_folder_need_no_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path("runs/mine-small")
    record_command(folder, WORDS, folder)
    assert recorded_command(folder) == "l2e bench 'my suite.toml' --scale small"


def test_runs_elsewhere_are_made_there_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    record_command(Path("runs/there"), WORDS, Path("runs/mine-small"))
    assert recorded_command(Path("runs/there")) == "l2e bench 'my suite.toml' --scale small --out runs/there"
    assert recorded_command(Path("runs/there/one")) == recorded_command(Path("runs/there"))


def test_a_folder_without_a_record_has_no_command(tmp_path: Path) -> None:
    assert recorded_command(tmp_path) is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"command": ["l2e"]}', '{"command": ["l2e"], "folder": null}'])
def test_a_record_that_cannot_be_read_is_named_with_the_way_out(content: str, tmp_path: Path) -> None:
    (tmp_path / RECORD).write_text(content)
    with pytest.raises(RunError, match=rf"{RECORD} cannot be read.*l2e bench again"):
        recorded_command(tmp_path)
