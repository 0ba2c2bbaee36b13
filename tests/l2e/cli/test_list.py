"""`l2e list`: what there is."""

import json
from collections.abc import Callable

import pytest

from l2e.experiments.recipes import RECIPES
from l2e.experiments.suite import suite_names
from l2e.registry import Group, names
from tests.l2e.cli.conftest import CommandLine

KINDS = {
    "tasks": names(Group.TASK),
    "curricula": names(Group.CURRICULUM),
    "learners": names(Group.LEARNER),
    "predictors": names(Group.PREDICTOR),
    "recipes": list(RECIPES),
    "suites": suite_names(),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_of_a_kind_is_listed_with_what_it_is(l2e: CommandLine, kind: str) -> None:
    done = l2e("list", kind, "--json")
    assert (done.code, done.errors) == (0, "")
    listed = json.loads(done.output)
    assert list(listed) == KINDS[kind]
    assert all(listed.values())


def test_a_person_reads_a_line_a_name(l2e: CommandLine) -> None:
    done = l2e("list", "curricula")
    assert [line.split()[0] for line in done.output.splitlines() if line[2] != " "] == KINDS["curricula"]


def test_options_are_listed_with_their_defaults_as_one_types_them(l2e: CommandLine) -> None:
    listed = json.loads(l2e("list", "curricula", "--json").output)
    assert "mix_fraction=0.2, redraw=sample" in listed["combined"]
    listed = json.loads(l2e("list", "learners", "--json").output)
    assert "reverse=false, forget_bias=null, cell=lstm" in listed["seq2seq"]


def test_suites_say_how_many_runs_they_have(l2e: CommandLine) -> None:
    listed = json.loads(l2e("list", "suites", "--json").output)
    assert listed["paper-program"].endswith("laptop scale (96 runs; also --scale gpu or paper or release)")
    assert listed["quick"].endswith("(40 runs)")


def test_an_unknown_kind_is_told_all_legal_ones(error_of: Callable[..., str]) -> None:
    errors = error_of(2, "list", "curriculums")
    assert all(f"'{kind}'" in errors for kind in KINDS)
