"""Sections, whatever the runs: what every way of showing them relies on."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from l2e.analysis.run_set import RunSet
from l2e.metrics import Rule
from l2e.reporting.section import Section
from l2e.reporting.sections import SECTIONS
from l2e.reporting.table import FORMATS, render
from tests.l2e.reporting.html.conftest import SUMS, make_two_runs, told_run
from tests.toys import experiment, finished_run, row


def alone(folder: Path) -> None:
    """A run that kept nothing but its accuracy."""
    finished_run(folder / "run", experiment(), [row("seq2seq[cells=64]", "baseline", 0, 0.5)])


def seeds(folder: Path) -> None:
    """Two seeds of two curricula at two lengths."""
    for length in (1, 2):
        for curriculum, answers in SUMS.items():
            for seed in (0, 1):
                told_run(folder, answers, 0.5 + seed / 10, curriculum=curriculum, length=length, seed=seed)


@pytest.mark.parametrize("section", SECTIONS.values(), ids=list(SECTIONS))
@pytest.mark.parametrize("make", [alone, make_two_runs, seeds])
def test_whatever_there_is_to_say_is_said_whole(tmp_path: Path, make: Any, section: Section) -> None:
    make(tmp_path)
    runs = replace(RunSet.read([tmp_path]), title="The suite")
    for table in section.tables(runs, list(Rule)):
        cells = table.frame.to_numpy().ravel().tolist()
        assert cells, table.title
        assert not any(cell is None or (isinstance(cell, float) and math.isnan(cell)) for cell in cells), table.title
        assert not any("nan" in str(cell).lower() for cell in cells), table.title
        assert all(render([table], written) for written in FORMATS)
    for drawing in section.figures(runs, list(Rule)):
        assert any(axes.has_data() for axes in drawing.figure.axes), drawing.name
        assert drawing.caption.endswith(".")
        assert "The suite" in drawing.figure.get_suptitle()


def test_a_section_is_known_by_its_id() -> None:
    assert all(name == section.id and name.isidentifier() for name, section in SECTIONS.items())


def test_figures_of_several_functions_stand_in_their_order(tmp_path: Path) -> None:
    seeds(tmp_path)
    found = SECTIONS["learning"].figures(RunSet.read([tmp_path]), [])
    assert [drawing.name for drawing in found] == ["time-to-target", "curves-addition-1x1", "curves-addition-2x1"]


def test_bits_per_character_of_language_models_stand_beside_those_of_n_grams(tmp_path: Path) -> None:
    told_run(tmp_path, SUMS["naive"], curriculum="naive")
    run = told_run(tmp_path, SUMS["naive"], curriculum="mix")
    assert SECTIONS["language"].tables(RunSet.read([tmp_path]), []) == []
    bits = {str(run.experiment().learner): 2.34567, "ngram": 3.0}
    run.write_json("result.json", {**run.result(), "bits_per_character": bits})
    (table,) = SECTIONS["language"].tables(RunSet.read([tmp_path]), [])
    assert table.frame.values.tolist() == [["addition (1, 1)", "mix", "2.346", "3.000"]]


def test_figures_of_others_stand_beside_runs_of_their_tasks_alone(tmp_path: Path) -> None:
    for task in ("addition", "parity"):
        told_run(tmp_path / task, SUMS["naive"], task=task)
    (table,) = SECTIONS["literature"].tables(RunSet.read([tmp_path]), [])
    assert {column.split()[0] for column in table.frame.columns[3:]} == {"addition"}
    assert "only where both were counted by the same rule" in table.words
    assert SECTIONS["literature"].tables(RunSet.read([tmp_path / "parity"]), []) == []


def test_the_first_examples_of_each_target_have_their_wrong_characters_marked(tmp_path: Path) -> None:
    make_two_runs(tmp_path)
    (table,) = SECTIONS["examples"].tables(RunSet.read([tmp_path]), [])
    assert list(table.frame.columns) == ["input", "target", "baseline", "naive"]
    assert "1<b>8</b>." in render([table], "markdown")
