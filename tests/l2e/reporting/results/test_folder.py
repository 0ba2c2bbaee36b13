"""Folders of results: what is in them, that it comes out the same, and that nothing is lost."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l2e.experiments.origin import RECORD
from l2e.experiments.run import Run, RunError
from l2e.experiments.suite import LABEL
from l2e.metrics import Rule
from l2e.reporting.results.folder import MOST_LINES, gather_results, pages_of, write_results
from l2e.reporting.results.manifest import MANIFEST, Manifest, read_manifest
from l2e.reporting.table import Table, render
from tests.l2e.reporting.html.conftest import SUMS, make_two_runs, told_run
from tests.toys import experiment

RULES = [Rule.TEACHER_FORCED, Rule.EXACT_MATCH]
COMMANDS = ["l2e bench sums", "l2e results runs/sums --out results/sums"]


@pytest.fixture
def two_runs(tmp_path: Path) -> Path:
    """The folder of two runs of sums."""
    return make_two_runs(tmp_path / "runs")


@pytest.fixture(scope="module")
def gathered_two_runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Manifest, dict[str, bytes]]:
    """What their folder of results is to hold; leave it as it is."""
    return gathered(make_two_runs(tmp_path_factory.mktemp("two") / "runs"))


def gathered(folder: Path) -> tuple[Manifest, dict[str, bytes]]:
    return gather_results([folder], RULES, COMMANDS)


def test_a_manifest_says_what_made_the_runs_and_what_they_took(tmp_path: Path) -> None:
    runs = make_two_runs(tmp_path / "runs")
    told_run(runs, SUMS["naive"], curriculum="naive", length=2, seed=3)
    (runs / LABEL).write_text("Sums; small scale\n")
    manifest, files = gathered(runs)
    assert manifest.title == "Sums; small scale"
    assert manifest.about == (
        "3 runs: task addition; target (2, 1); curricula baseline, naive; learner seq2seq[cells=64]; 2 seeds."
    )
    assert (manifest.runs, manifest.seeds, manifest.rules, manifest.commands) == (3, [0, 3], RULES, COMMANDS)
    assert manifest.spent is not None
    assert manifest.spent.model_dump() == {
        "seconds": 60.0,
        "shortest": 20.0,
        "longest": 20.0,
        "updates": 600,
        "characters": 37035,
    }
    assert manifest.commits == ["0123abcd+"]
    assert manifest.versions == {"python": ["3.11.7"], "l2e": ["0.1.0"], "torch": ["2.13.0"]}
    assert manifest.machines == ["Abacus 9, 2 cores, no GPU"]
    assert list(manifest.files) == list(files)
    assert manifest.picture == "time-to-target.png"


@given(st.lists(st.integers(1, 200), max_size=30))
def test_tables_are_put_on_pages_of_150_lines_in_their_order(rows: list[int]) -> None:
    tables = [Table(f"{place}", pd.DataFrame({"a": range(n)}), "Words.") for place, n in enumerate(rows)]
    pages = pages_of(tables)
    assert [table for page in pages for table in page] == tables
    for page in pages:
        assert len(page) == 1 or len(render(page, "markdown", "Heading").splitlines()) <= MOST_LINES


def test_the_first_screen_has_verdict_picture_rows_cost_and_commands(
    gathered_two_runs: tuple[Manifest, dict[str, bytes]],
) -> None:
    manifest, files = gathered_two_runs
    parts = files["README.md"].decode().split("\n\n")
    assert parts[:2] == ["# Learning to execute: addition", manifest.about]
    assert parts[2].startswith('<img src="grid-')
    assert set(manifest.verdicts) <= set(parts)
    assert "**Exact match, %, and how soon**" in parts
    assert parts[-1] == "```sh\n" + "\n".join(COMMANDS) + "\n```\n"
    assert len("\n\n".join(parts).splitlines()) < 60


def test_a_section_has_a_file_under_its_title_and_rows_are_of_every_rule(
    gathered_two_runs: tuple[Manifest, dict[str, bytes]],
) -> None:
    manifest, files = gathered_two_runs
    sections = [name for name in files if name.endswith(".md")]
    assert sections == [
        "README.md",
        "verdict.md",
        "accuracy.md",
        "learning.md",
        "examples.md",
        "errors.md",
        "literature.md",
    ]
    assert manifest.files["accuracy.md"] == "Accuracy."
    text = files["accuracy.md"].decode()
    assert text.startswith("### Accuracy: Learning to execute: addition\n")
    assert "Exact match on the test split, %" in text
    assert "Character accuracy on" not in text
    frame = pd.read_csv(io.BytesIO(files["accuracy.csv"]))
    assert set(frame["rule"]) == {rule.value for rule in Rule}
    assert set(frame["curriculum"].dropna()) == {"baseline", "naive"}


def test_the_same_runs_give_the_same_bytes_wherever_they_are(
    two_runs: Path, gathered_two_runs: tuple[Manifest, dict[str, bytes]]
) -> None:
    assert gathered(two_runs) == gathered_two_runs


def test_runs_without_a_record_of_machine_and_checks_say_nothing_of_them(two_runs: Path) -> None:
    for path in [*two_runs.rglob("environment.json"), *two_runs.rglob("metrics.jsonl")]:
        path.unlink()
    manifest, _ = gathered(two_runs)
    assert (manifest.spent, manifest.machines, manifest.commits, manifest.versions) == (None, [], [], {})


def test_runs_that_are_not_complete_are_named(two_runs: Path) -> None:
    Run(two_runs / "begun").begin(experiment(curriculum="mix", length=2))
    with pytest.raises(RunError, match=r"1 of 3 runs are not complete: .*begun\. .*l2e bench again"):
        gathered(two_runs)


MANIFESTED = Manifest(title="T", about="A.", commands=["c"], files={"table.md": "All.", "old.png": "Old."})
FILES = {"table.md": b"1", "old.png": b"2"}


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_folder_holds_what_the_manifest_lists_and_nothing_else(tmp_path: Path) -> None:
    write_results(tmp_path / "results" / "sums", MANIFESTED, FILES)
    assert held(tmp_path / "results" / "sums") == {**FILES, MANIFEST: MANIFESTED.written()}
    assert read_manifest(tmp_path / "results" / "sums") == MANIFESTED


def test_what_a_former_manifest_lists_and_the_new_one_does_not_goes(tmp_path: Path) -> None:
    write_results(tmp_path, MANIFESTED, FILES)
    without = MANIFESTED.model_copy(update={"files": {"table.md": "All.", "new.png": "New."}})
    write_results(tmp_path, without, {"table.md": b"3", "new.png": b"4"})
    assert held(tmp_path) == {"table.md": b"3", "new.png": b"4", MANIFEST: without.written()}


@pytest.mark.parametrize("before", [None, MANIFESTED])
@pytest.mark.parametrize("name", ["notes.txt", "new.png", RECORD])
def test_what_no_manifest_lists_is_refused_and_nothing_is_changed(
    before: Manifest | None, name: str, tmp_path: Path
) -> None:
    if before:
        write_results(tmp_path, before, FILES)
    (tmp_path / name).write_text("mine")
    there = held(tmp_path)
    new = MANIFESTED.model_copy(update={"files": {"new.png": "New."}})
    with pytest.raises(RunError, match=rf"holds what no manifest lists: {name}\. Move it away"):
        write_results(tmp_path, new, {"new.png": b"5"})
    assert held(tmp_path) == there


def test_a_crash_leaves_what_the_same_command_can_finish(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written: list[Path] = []

    def crash_at_the_third(path: Path, content: bytes) -> None:
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(path)
        path.write_bytes(content)

    with monkeypatch.context() as patch:
        patch.setattr("l2e.reporting.results.folder.write_durably", crash_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            write_results(tmp_path, MANIFESTED, FILES)
    write_results(tmp_path, MANIFESTED, FILES)
    assert held(tmp_path) == {**FILES, MANIFEST: MANIFESTED.written()}
