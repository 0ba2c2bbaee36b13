"""Manifests: what they may say, and what is told of one that says something else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from l2e.experiments.run import RunError
from l2e.metrics import Rule
from l2e.reporting.results.manifest import MANIFEST, Manifest, Spent, read_manifest

MEASURED = {
    "title": "Speed",
    "about": "Ratios to plain peers.",
    "commands": ["l2e perf train"],
    "files": {"report.txt": "Ratios."},
}


def write(folder: Path, **changes: Any) -> Path:
    (folder / MANIFEST).write_text(json.dumps({**MEASURED, **changes}))
    return folder


def test_a_person_writes_one_of_a_measurement_with_four_fields(tmp_path: Path) -> None:
    assert read_manifest(write(tmp_path)) == Manifest.model_validate(MEASURED)


def test_what_is_written_is_read_back_and_says_nothing_that_is_not_known(tmp_path: Path) -> None:
    spent = Spent(seconds=90, shortest=30, longest=60, updates=7, characters=8)
    manifest = Manifest.model_validate({**MEASURED, "rules": [Rule.EXACT_MATCH], "seeds": [0, 1], "spent": spent})
    (tmp_path / MANIFEST).write_bytes(manifest.written())
    assert read_manifest(tmp_path) == manifest
    assert json.loads(manifest.written()).keys() == {*MEASURED, "rules", "seeds", "spent"}


def test_a_folder_without_a_manifest_has_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"titel": "Speed"}, "titel: Extra inputs are not permitted"),
        ({"commands": []}, "commands: List should have at least 1 item"),
        ({"files": {"../report.txt": "Ratios."}}, "files: '../report.txt' is not the name of another file"),
        ({"files": {MANIFEST: "This."}}, "files: 'manifest.json' is not the name of another file"),
        ({"picture": "speed.png"}, "picture: 'speed.png' is not one of the files"),
        ({"rules": ["accuracy"]}, "rules.0: 'accuracy' is no rule; legal: teacher_forced_accuracy"),
    ],
)
def test_a_wrong_manifest_is_named_with_what_is_wrong(changes: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"manifest\.json cannot be read") as caught:
        read_manifest(write(tmp_path, **changes))
    assert message in str(caught.value)
