"""Tables of accuracies against hand computations."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from l2e.analysis.run_set import RunSet
from l2e.experiments.experiment import Choice
from l2e.experiments.run import Run
from l2e.metrics import Rule
from l2e.reporting.marking import unmark
from l2e.reporting.table import Table
from l2e.reporting.tables.accuracy import accuracy_tables
from tests.l2e.reporting.tables.runs import scored
from tests.toys import experiment, finished_run, row


def table_of(runs: Sequence[Run]) -> Table:
    (table,) = accuracy_tables(RunSet.of(runs), [Rule.EXACT_MATCH, Rule.CHARACTER])
    assert table.title == "Exact match on the test split, %"
    return table


def cells(runs: Sequence[Run]) -> dict[tuple[str, str], list[str]]:
    """Lines of trained networks by learner and curriculum."""
    lines = [[unmark(cell, "csv") for cell in line] for line in table_of(runs).frame.values.tolist()]
    return {(line[0], line[1]): line[2:] for line in lines if line[0]}


def test_the_best_of_several_that_were_trained_is_marked(tmp_path: Path) -> None:
    runs = [scored(tmp_path, name, accuracy) for name, accuracy in (("naive", 0.25), ("mix", 0.75), ("baseline", 0.75))]
    column = [unmark(line[-1], "markdown") for line in table_of(runs).frame.values.tolist()]
    assert column[:3] == ["**75.0**", "25.0", "**75.0**"]
    assert not any("*" in cell for cell in column[3:])  # reference predictors
    alone = table_of(runs[:1]).frame.values.tolist()[0][-1]
    assert unmark(alone, "markdown") == "25.0"


def test_a_line_is_a_curriculum_in_the_papers_order_and_a_column_a_difficulty(tmp_path: Path) -> None:
    runs = [
        scored(tmp_path, "mix", 0.25, length=10),
        scored(tmp_path, "naive", 0.75, length=2),
        scored(tmp_path, "baseline", 0.5),
    ]
    frame = table_of(runs).frame
    difficulties = ["addition (1, 1)", "addition (2, 1)", "addition (10, 1)"]
    assert list(frame.columns) == ["learner", "curriculum", *difficulties]
    assert frame.values.tolist() == [
        ["seq2seq", "baseline", "50.0", "–", "–"],
        ["seq2seq", "naive", "–", "75.0", "–"],
        ["seq2seq", "mix", "–", "–", "25.0"],
        ["", "uniform", "10.0", "10.0", "10.0"],
        ["", "most_frequent", "30.0", "30.0", "30.0"],
        ["", "interpreter", "100.0", "100.0", "100.0"],
    ]


def test_a_cell_is_the_mean_over_seeds_with_students_interval(tmp_path: Path) -> None:
    # Mean 0.5, standard deviation 0.1, t(2) = 4.3027: 4.3027 · 0.1 / √3 = 0.24842.
    runs = [scored(tmp_path, "naive", accuracy, seed) for seed, accuracy in enumerate((0.4, 0.5, 0.6))]
    assert cells(runs) == {("seq2seq", "naive"): ["50.0 (25.2–74.8)"]}
    assert "Here: 3 seeds a cell." in table_of(runs).words
    assert "Here: 1 to 3 seeds a cell." in table_of([*runs, scored(tmp_path, "mix", 0.5)]).words
    assert "Here: 1 seed a cell." in table_of(runs[:1]).words


def test_what_differs_in_more_than_the_seed_is_told_apart_and_not_averaged(tmp_path: Path) -> None:
    runs = [
        scored(tmp_path, "baseline", 0.5),
        scored(tmp_path, "baseline", 0.6, cells=128),
        scored(tmp_path, "baseline", 0.7, budget="7updates"),
    ]
    assert [(name.startswith("seq2seq["), of) for (name, _), of in cells(runs).items()] == [
        (True, ["50.0"]),
        (True, ["60.0"]),
        (True, ["70.0"]),
    ]


def test_the_words_say_in_which_type_products_were_computed(tmp_path: Path) -> None:
    def in_type(precision: str) -> dict[str, Any]:
        return {"recipe": experiment().recipe.model_copy(update={"precision": precision})}

    half = scored(tmp_path, "baseline", 0.5, **in_type("bfloat16"))
    assert table_of([half]).words.endswith("Networks were trained with products in bfloat16, and scored in float32.")
    both = [half, scored(tmp_path, "baseline", 0.75, **in_type("float32"))]
    assert {name: of for (name, _), of in cells(both).items()} == {
        "seq2seq[precision=bfloat16]": ["50.0"],
        "seq2seq[precision=float32]": ["75.0"],
    }
    assert "in bfloat16 or float32, as their names say" in table_of(both).words


def test_a_curriculum_has_its_options_in_its_name(tmp_path: Path) -> None:
    of = experiment(curriculum=Choice(name="combined", options={"mix_fraction": 0.5}))
    run = finished_run(tmp_path, of, [row("seq2seq[cells=64]", str(of.curriculum), 0, 0.5)])
    assert list(cells([run])) == [("seq2seq", "combined[mix_fraction=0.5]")]


def test_words_stand_once_under_the_last_table(tmp_path: Path) -> None:
    run = scored(tmp_path, "mix", 0.5)
    rows = run.result()["rows"]
    again = [one | {"rule": Rule.CHARACTER.value} for one in rows]
    run.write_json("result.json", {**run.result(), "rows": rows + again})
    first, last = accuracy_tables(RunSet.of([run]), list(Rule))
    assert (first.words, last.words.startswith("A cell is the mean over seeds")) == ("", True)
