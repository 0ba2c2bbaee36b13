"""The committed results: each folder holds what its manifest lists and nothing else, and the index is of them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from l2e.reporting.results.folder import MOST_LINES
from l2e.reporting.results.index import INDEX, LOG, index_of
from l2e.reporting.results.manifest import MANIFEST, Manifest, read_manifest
from l2e.reporting.results.readme import README

RESULTS = Path(__file__).parent.parent / "results"
FOLDERS = sorted(path.name for path in RESULTS.iterdir() if path.is_dir())
ABSOLUTE = re.compile(r"(?:^|[\s='\"])/")


def manifest_of(name: str) -> Manifest:
    manifest = read_manifest(RESULTS / name)
    assert manifest, f"results/{name} has no {MANIFEST}"
    return manifest


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_holds_what_its_manifest_lists_and_nothing_else(name: str) -> None:
    assert {path.name for path in (RESULTS / name).iterdir()} == {MANIFEST, *manifest_of(name).files}


@pytest.mark.parametrize("name", FOLDERS)
def test_its_commands_name_no_folder_of_one_machine(name: str) -> None:
    assert [command for command in manifest_of(name).commands if ABSOLUTE.search(command)] == []


@pytest.mark.parametrize("name", FOLDERS)
def test_its_tables_say_what_they_are_of(name: str) -> None:
    manifest = manifest_of(name)
    tables = [(RESULTS / name / file).read_text() for file in manifest.files if file.endswith(".md") and file != README]
    if manifest.runs is not None:
        assert all(len(text.splitlines()) <= MOST_LINES for text in tables if README in manifest.files)
        headings = [text.splitlines()[0] for text in tables]
        assert headings
        assert all(heading.startswith("### ") and heading.endswith(manifest.title) for heading in headings)


def test_the_index_is_what_the_manifests_say() -> None:
    assert (RESULTS / INDEX).read_text() == index_of(RESULTS)


def test_beside_the_folders_there_are_the_index_and_the_log_alone() -> None:
    assert {path.name for path in RESULTS.iterdir() if path.is_file()} == {INDEX, LOG}
