"""Names and options: what is found, and what a misspelt one is told."""

import re
import warnings
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from l2e import registry
from l2e.errors import Said
from l2e.registry import Group, UnknownNameError, catalogue, create, factory, names, option_names


@pytest.mark.parametrize("group", Group)
def test_every_registered_name_loads(group: Group) -> None:
    with warnings.catch_warnings(action="error"):
        assert list(catalogue(group)) == names(group) == sorted(names(group))


@pytest.mark.parametrize(
    ("group", "wrong", "nearest"),
    [
        (Group.TASK, "progam", "did you mean 'program'?"),
        (Group.CURRICULUM, "niave", "did you mean 'naive'?"),
        (Group.LEARNER, "seq2sec", "did you mean 'seq2seq'?"),
        (Group.PREDICTOR, "most-frequent", "did you mean 'most_frequent'?"),
        (Group.TASK, "xyz", "legal: addition"),
    ],
)
def test_a_misspelt_name_is_told_the_nearest_and_all_legal_ones(group: Group, wrong: str, nearest: str) -> None:
    with pytest.raises(UnknownNameError, match=re.escape(f"unknown {group.noun} '{wrong}'; {nearest}")) as caught:
        factory(group, wrong)
    assert all(name in str(caught.value) for name in names(group))
    assert "path/to/file.py:Name" in str(caught.value)


def test_a_misspelt_option_is_told_the_nearest_one() -> None:
    with pytest.raises(UnknownNameError, match="unknown option of task 'copy' 'sheme'; did you mean 'scheme'"):
        create(Group.TASK, "copy", {"sheme": "plain"})


def test_what_is_given_by_position_is_no_option() -> None:
    with pytest.raises(UnknownNameError, match="unknown option of curriculum 'naive' 'target'; legal: shortest"):
        create(Group.CURRICULUM, "naive", {"target": (1, 1)}, (2, 1))


def test_option_names_leave_out_collections_of_others() -> None:
    def make(first: int, *rest: int, second: int = 2, **others: int) -> None: ...

    assert option_names(make) == ["first", "second"]


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(
        "from __future__ import annotations\n"
        "from dataclasses import dataclass\n"
        "@dataclass\n"
        "class Parrot:\n"
        "    word: str = 'hello'\n"
        "    def sample(self, lengths, nestings, rng): ...\n"
        "    def answer(self, input: str) -> str:\n"
        "        return self.word\n"
    )
    return path


def test_a_file_is_found_from_the_working_directory(plugin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(plugin.parent)
    assert create(Group.TASK, "mine.py:Parrot", {}).answer("") == "hello"
    assert create(Group.TASK, "mine.py:Parrot", {"word": "hi"}).answer("") == "hi"


def test_a_missing_file_is_named() -> None:
    with pytest.raises(UnknownNameError, match=r"task 'no/such\.py:Parrot': there is no file .*/no/such\.py"):
        factory(Group.TASK, "no/such.py:Parrot")


def test_a_misspelt_class_of_a_file_is_told_the_nearest_one(plugin: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"mine\.py: unknown name 'Parot'; did you mean 'Parrot'"):
        factory(Group.TASK, f"{plugin}:Parot")


def test_two_files_of_the_same_name_are_two_modules(plugin: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "mine.py"
    other.parent.mkdir()
    other.write_text(plugin.read_text().replace("hello", "good day"))
    words = [create(Group.TASK, f"{path}:Parrot", {}).answer("") for path in (plugin, other, plugin)]
    assert words == ["hello", "good day", "hello"]


def test_a_broken_plug_in_warns_and_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    points = {
        "broken": EntryPoint("broken", "no.such.module:Thing", Group.TASK.value),
        "whole": EntryPoint("whole", "generators.addition:Addition", Group.TASK.value),
    }
    monkeypatch.setattr(registry, "_entry_points", lambda group: points)
    with pytest.warns(Said, match=r"task 'broken' \(no\.such\.module:Thing\) does not load"):
        assert list(catalogue(Group.TASK)) == ["whole"]
