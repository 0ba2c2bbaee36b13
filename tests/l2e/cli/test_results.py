"""`l2e results`: folders of results, and their index."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from l2e.experiments.origin import record_command
from l2e.experiments.run import Run
from l2e.reporting.results.manifest import read_manifest
from tests.l2e.cli.conftest import CommandLine, Done
from tests.l2e.reporting.html.conftest import make_two_runs
from tests.toys import experiment


def make_runs(folder: Path) -> Path:
    """Two complete runs, with a record of the command that made them."""
    made = make_two_runs(folder / "runs" / "sums")
    record_command(made, ["l2e", "bench", "sums"], Path("runs/sums"))
    return made


@pytest.fixture(autouse=True)
def runs(tmp_path: Path) -> Path:
    return make_runs(tmp_path)


class Written(NamedTuple):
    """A folder of results, and what was said when it was written."""

    folder: Path
    done: Done


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Results of such runs, by one rule; leave them as they are."""
    folder = tmp_path_factory.mktemp("written")
    make_runs(folder)
    done = CommandLine(folder)("results", "runs/sums", "--out", "results/sums", "--rule", "exact_match")
    return Written(folder / "results" / "sums", done)


def commands(folder: Path) -> list[str]:
    manifest = read_manifest(folder)
    assert manifest
    return manifest.commands


def test_a_folder_is_written_and_its_manifest_says_both_commands(written: Written) -> None:
    folder, done = written
    assert (done.code, done.errors) == (0, "")
    assert done.output == "Learning to execute: addition: 2 runs, 12 files and their manifest in results/sums\n"
    names = {path.name for path in folder.iterdir()}
    pictures = {f"{name}.{end}" for name in ("grid-exact_match", "curves-addition-2x1") for end in ("svg", "png")}
    sections = ("README", "verdict", "accuracy", "learning", "examples", "errors", "literature")
    assert names == {*(f"{section}.md" for section in sections), "accuracy.csv", "manifest.json", *pictures}
    assert commands(folder) == ["l2e bench sums", "l2e results runs/sums --out results/sums --rule exact_match"]


def test_the_command_in_the_manifest_makes_the_same_bytes(l2e: CommandLine, written: Written) -> None:
    before = {path.name: path.read_bytes() for path in written.folder.iterdir()}
    folder = Path(shutil.copytree(written.folder, l2e.folder / "results" / "sums"))
    (folder / "accuracy.md").write_text("changed")
    assert l2e(*commands(folder)[-1].split()[1:]).code == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_what_made_the_runs_must_be_known(
    l2e: CommandLine, error_of: Callable[..., str], runs: Path, tmp_path: Path
) -> None:
    (runs / "suite.json").unlink()
    said = error_of(2, "results", "runs/sums", "--out", "results/sums")
    assert "runs/sums has no suite.json that says which command made its runs; give --command" in said
    assert not (tmp_path / "results").exists()
    assert l2e("results", "runs/sums", "--out", "results/sums", "--command", "one", "--command", "two").code == 0
    assert commands(tmp_path / "results" / "sums") == ["one", "two", "l2e results runs/sums --out results/sums"]


def test_unfinished_runs_are_refused_and_so_is_a_folder_with_other_things(
    error_of: Callable[..., str], runs: Path, tmp_path: Path
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    assert "full holds what no manifest lists: notes.txt" in error_of(1, "results", "runs/sums", "--out", "full")
    Run(runs / "begun").begin(experiment(curriculum="mix", length=2))
    said = error_of(1, "results", "runs/sums", "--out", "results/sums")
    assert "1 of 3 runs are not complete: runs/sums/begun" in said
    assert not (tmp_path / "results").exists()


def test_the_index_is_written_from_the_manifests(
    l2e: CommandLine, error_of: Callable[..., str], written: Written
) -> None:
    assert "no folder in results has a manifest.json" in error_of(1, "results", "--index", "results")
    shutil.copytree(written.folder, l2e.folder / "results" / "sums")
    assert l2e("results", "--index", "results").output == "The index is in results/README.md\n"
    text = (l2e.folder / "results" / "README.md").read_text()
    assert "## [sums](sums/README.md): Learning to execute: addition" in text
    assert "l2e bench sums\nl2e results runs/sums --out results/sums --rule exact_match\n" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give RUNS and --out"),
        (["runs/sums"], "give RUNS and --out"),
        (["--out", "results/sums"], "give RUNS and --out"),
        (["--index", "results", "runs/sums"], "runs/sums: not with --index"),
        (["--index", "results", "--out", "results"], "--out: not with --index"),
        (["runs/sums", "--out", "results", "--rule", "accuracy"], "'accuracy' is not one of"),
    ],
)
def test_bad_usage_is_told_what_would_be_right(
    error_of: Callable[..., str], arguments: list[str], message: str
) -> None:
    assert message in error_of(2, "results", *arguments)
