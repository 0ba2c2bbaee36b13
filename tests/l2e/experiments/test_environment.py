"""What a run notes of its environment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from l2e import __version__
from l2e.experiments.environment import FEATURES, RECORDED, commit, describe_environment, processor


def test_the_environment_is_json_and_names_versions_and_machine() -> None:
    described = json.loads(json.dumps(describe_environment()))
    assert described["python"] == ".".join(map(str, sys.version_info[:3]))
    assert set(described["packages"]) == set(RECORDED)
    assert described["packages"]["l2e"] == __version__
    assert described["packages"]["numpy"] == np.__version__
    assert described["machine"]["cores"] == os.cpu_count()
    assert set(described["machine"]["features"]) <= set(FEATURES)
    assert described["threads"] == torch.get_num_threads()


def test_the_processor_has_a_name() -> None:
    assert processor().strip()


def test_the_commit_is_the_source_trees() -> None:
    root = Path(__file__).parents[2]
    head = subprocess.run(["git", "-C", str(root), "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    if head.returncode:
        assert commit() is None
    else:
        assert (commit() or "").removesuffix("+") == head.stdout.strip()


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    done = subprocess.run(["git", "-C", str(folder), *who, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_changed_tree_is_marked_and_no_tree_has_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "l2e.experiments.environment.__file__", str(tmp_path / "l2e" / "experiments" / "environment.py")
    )
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert commit() is None
    (tmp_path / "file").write_text("one")
    git(tmp_path, "init")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "-m", "one")
    assert commit() == git(tmp_path, "rev-parse", "HEAD")
    (tmp_path / "file").write_text("two")
    assert commit() == git(tmp_path, "rev-parse", "HEAD") + "+"


def test_without_git_there_is_no_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert commit() is None
