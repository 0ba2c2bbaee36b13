"""The paper's programs, put to trained networks."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from l2e.analysis.literature import PROGRAMS
from l2e.analysis.paper_programs import asked_programs, chosen_target
from l2e.analysis.run_set import RunSet
from l2e.experiments.run import Run
from l2e.registry import Group, create
from tests.toys import LookUp, experiment, finished_run

TARGETS = ["6652.", "5259.", "7251.", "3043."]


def complete(folder: Path, checkpoint: bool = True, **changes: Any) -> Run:
    of = experiment(**{"task": "program", "length": 4, **changes})
    run = finished_run(folder / of.id, of, [])
    if checkpoint:
        (run / "checkpoints").mkdir()
        (run / "checkpoints" / "1.json").write_text("{}")
    return run


def echo(run: Run) -> LookUp:
    """A network that answers with its curriculum's name and the input's length."""
    name = run.experiment().curriculum.name
    return LookUp({program.input: f"{name}{len(program.input)}." for program in PROGRAMS})


def inputs(found: Sequence[Any]) -> list[list[str]]:
    return [[one.input for one in answers.examples] for answers in found]


def test_the_programs_print_and_the_networks_answered_what_the_notes_say() -> None:
    task = create(Group.TASK, "program", {})
    assert [task.answer(program.input) for program in PROGRAMS] == TARGETS
    assert [(program.length, program.nesting) for program in PROGRAMS] == [(4, 1), (4, 1), (4, 2), (4, 3)]
    assert [list(program.answers.values()) for program in PROGRAMS] == [
        ["6652."] * 4,
        ["5101.", "5101.", "5249.", "5229."],
        ["7111.", "7099.", "7595.", "7699."],
        ["3043."] * 4,
    ]


def test_a_program_is_put_to_the_smallest_target_that_reaches_it(tmp_path: Path) -> None:
    targets = [(4, 1), (4, 2), (4, 3), (5, 1), (3, 3)]
    runs = [complete(tmp_path, length=length, nesting=nesting) for length, nesting in targets]
    found = asked_programs(RunSet.of(runs), echo)
    assert [answers.title.rpartition(" at ")[2] for answers in found] == [
        "program (4, 1)",
        "program (4, 2)",
        "program (4, 3)",
    ]
    one, two, three, four = (program.input for program in PROGRAMS)
    assert inputs(found) == [[one, two], [three], [four]]


@pytest.mark.parametrize(
    ("targets", "chosen"),
    [([(2, 1)], (2, 1)), ([(3, 3), (4, 1), (4, 2)], (4, 2)), ([(5, 3), (6, 3)], (5, 3)), ([(3, 9), (9, 2)], (9, 2))],
)
def test_where_none_reaches_it_it_is_put_to_the_greatest(
    targets: list[tuple[int, int]], chosen: tuple[int, int]
) -> None:
    assert chosen_target(PROGRAMS[3], targets) == chosen


def test_the_networks_answers_stand_behind_the_published_ones(tmp_path: Path) -> None:
    runs = [complete(tmp_path, curriculum=curriculum, nesting=3) for curriculum in ("mix", "baseline")]
    (answers,) = asked_programs(RunSet.of(runs), echo)
    paper = ["paper: baseline", "paper: naive", "paper: mix", "paper: combined"]
    assert answers.strategies == [*paper, "baseline", "mix"]
    assert [one.target for one in answers.examples] == TARGETS
    second = answers.examples[1].answers
    assert second[:4] == ["5101.", "5101.", "5249.", "5229."]
    assert second[4:] == [
        "baseline17",
        "mix17.",
    ]  # the first is cut where scoring would cut it: 5 beyond the longest target


def test_a_run_without_checkpoint_is_not_asked_and_named(tmp_path: Path) -> None:
    runs = [complete(tmp_path), complete(tmp_path, checkpoint=False, curriculum="mix")]
    (answers,) = asked_programs(RunSet.of(runs), echo)
    assert [one.answers[-1] for one in answers.examples] == [None] * 4
    assert answers.words.endswith(f"Not asked, as no checkpoint is left: {runs[1]}.")
    (others,) = asked_programs(RunSet.of(runs[:1]), echo)
    assert "Not asked" not in others.words


@pytest.mark.parametrize(
    "changes",
    [
        {"task": "addition"},
        {"task": "control"},
        {"scramble": 1},
        {"task": {"name": "program", "options": {"operations": "pair"}}},
    ],
    ids=["addition", "control", "scrambled", "some operations"],
)
def test_only_networks_of_all_programs_in_plain_text_are_asked(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert asked_programs(RunSet.of([complete(tmp_path, **changes)]), echo) == []
