"""The index of folders of results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from l2e.experiments.run import RunError
from l2e.reporting.results.index import FIRST, index_of
from l2e.reporting.results.manifest import MANIFEST


def folder(results: Path, name: str, **changes: Any) -> None:
    path = results / name
    path.mkdir(parents=True)
    manifest = {"title": name.title(), "about": "About.", "commands": ["one", "two"], "files": {"table.md": "All."}}
    (path / MANIFEST).write_text(json.dumps({**manifest, **changes}))


def test_the_papers_suites_come_first_then_the_others_by_name(tmp_path: Path) -> None:
    for name in ("perf", "paper-memorization", "gradients", "paper-addition", "paper-program"):
        folder(tmp_path, name)
    headings = [line for line in index_of(tmp_path).splitlines() if line.startswith("## ")]
    order = [*FIRST, "gradients", "perf"]
    assert headings == [f"## [{name}]({name}): {name.title()}" for name in order]


def test_a_folder_says_its_picture_commands_files_and_what_it_took(tmp_path: Path) -> None:
    folder(
        tmp_path,
        "quick",
        files={"table.md": "All.", "heat.svg": "H.", "heat.png": 'Of "them".'},
        picture="heat.png",
        seeds=[0, 2],
        spent={"seconds": 90, "shortest": 30, "longest": 60, "updates": 4000, "characters": 1234567},
        machines=["Abacus 9, 2 cores, no GPU"],
        versions={"torch": ["2.1", "2.2"]},
        commits=["abc"],
    )
    assert index_of(tmp_path).split("\n\n")[2:] == [
        "## [quick](quick): Quick",
        '<img src="quick/heat.png" width="600" alt="Of &quot;them&quot;.">',
        "About.",
        "```sh\none\ntwo\n```",
        "- Files: table [.md](quick/table.md), heat [.svg](quick/heat.svg) [.png](quick/heat.png)\n"
        "- Seeds: 0, 2\n"
        "- Training: 1.5 min in all, 0.5 min to 1.0 min a run; 4,000 updates, 1,234,567 characters\n"
        "- Machine: Abacus 9, 2 cores, no GPU\n"
        "- Versions: torch 2.1 and 2.2\n"
        "- Commits of the runs: `abc`\n",
    ]


def test_of_a_folder_with_a_first_screen_the_index_says_the_verdicts(tmp_path: Path) -> None:
    folder(
        tmp_path, "quick", files={"README.md": "All.", "heat.png": "H."}, picture="heat.png", verdicts=["One.", "Two."]
    )
    assert index_of(tmp_path).strip().split("\n\n")[2:] == [
        "## [quick](quick/README.md): Quick",
        '<img src="quick/heat.png" width="600" alt="H.">',
        "One.",
        "Two.",
        "```sh\none\ntwo\n```",
    ]


def test_a_folder_without_a_manifest_is_not_in_it_and_the_log_is_at_its_end(tmp_path: Path) -> None:
    folder(tmp_path, "quick")
    (tmp_path / "notes").mkdir()
    assert "LOG.md" not in index_of(tmp_path)
    (tmp_path / "LOG.md").write_text("a log")
    assert "notes" not in index_of(tmp_path)
    assert index_of(tmp_path).endswith("[LOG.md](LOG.md) is the log of experiments.\n")


@pytest.mark.parametrize("name", ["results", "missing"])
def test_without_a_manifest_there_is_nothing_to_list(name: str, tmp_path: Path) -> None:
    (tmp_path / "results" / "quick").mkdir(parents=True)
    with pytest.raises(RunError, match=r"no folder in .* has a manifest\.json; l2e results RUNS --out"):
        index_of(tmp_path / name)
