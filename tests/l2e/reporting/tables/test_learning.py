"""Updates until the target is learnt, the area under the curve, and the way up."""

from collections.abc import Sequence
from pathlib import Path

from l2e.analysis.run_set import RunSet
from l2e.experiments.run import Run
from l2e.metrics import LearningRule
from l2e.reporting.tables.learning import learning_tables
from tests.l2e.reporting.tables.runs import checked, scored

HALF, MOST = "Updates until 50 % at the target", "Updates until 90 % at the target"
AREA = "Sample efficiency: area under the learning curve, %"
REACHED = "Difficulty reached, and after which part of the training"
SHARES = "Share of the updates at each difficulty on the way up, %"


def cells(runs: Sequence[Run]) -> dict[str, list[str]]:
    """The last column of each table by its title."""
    tables = learning_tables(RunSet.of(runs), list(LearningRule))
    assert all("nan" not in " ".join(map(str, table.frame.values.ravel())) for table in tables)
    return {table.title: table.frame.iloc[:, -1].tolist() for table in tables}


def test_time_is_the_median_with_how_many_got_there(tmp_path: Path) -> None:
    slow = [checked(tmp_path, "baseline", [0.2, 0.3, 0.4, 0.6], seed) for seed in range(5)]
    fast = [checked(tmp_path, "mix", [0.6, 0.6, 0.95, 0.95], seed) for seed in range(5)]
    found = cells([*slow, *fast])
    assert found[HALF] == ["400 (400–…) / 5 of 5", "100 (100–…) / 5 of 5*"]
    assert found[MOST] == ["– / 0 of 5", "300 (300–…) / 5 of 5*"]
    assert "Updates until 99 % at the target" not in found


def test_characters_are_counted_as_updates_are(tmp_path: Path) -> None:
    found = cells([checked(tmp_path, "mix", [0.2, 0.6, 0.6, 0.6], seed) for seed in range(5)])
    assert found[HALF] == ["200 (200–…) / 5 of 5"]
    assert found["Characters read until 50 % at the target"] == ["2,000 (2,000–…) / 5 of 5"]


def test_each_rule_has_tables_of_its_own(tmp_path: Path) -> None:
    runs = RunSet.of([checked(tmp_path, "mix", [0.2, 0.6, 1.0, 1.0], seed) for seed in range(2)])
    tables = {rule: learning_tables(runs, [rule]) for rule in LearningRule}
    titles = {rule: [table.title for table in made if table.title != REACHED] for rule, made in tables.items()}
    assert titles[LearningRule.SUCCESS] == ["Success rate: runs that come to 99 % at the target, %"]
    assert titles[LearningRule.EFFICIENCY] == [AREA]
    assert [title.split()[-4] for title in titles[LearningRule.UPDATES]] == ["%"] * 3
    assert [table.title for table in learning_tables(runs, [])] == [REACHED]


def test_of_few_seeds_there_is_no_interval_of_the_median(tmp_path: Path) -> None:
    runs = [checked(tmp_path, "mix", accuracies, seed) for seed, accuracies in enumerate([[0.2, 0.6], [0.2, 0.3]])]
    assert cells(runs)[HALF] == ["200 / 1 of 2"]
    assert cells(runs[:1])[HALF] == ["200 / 1 of 1"]


def test_the_area_has_students_interval_over_seeds(tmp_path: Path) -> None:
    (alone,) = cells([checked(tmp_path, "mix", [0.5, 0.5])])[AREA]
    assert "(" not in alone
    (several,) = cells([checked(tmp_path, "naive", [0.5, 0.5 + seed / 10], seed) for seed in range(3)])[AREA]
    mean, interval = several.split(" ")
    low, high = map(float, interval.strip("()").split("–"))
    assert low < float(mean) < high


def test_the_way_up_says_what_was_reached_and_where_updates_went(tmp_path: Path) -> None:
    found = cells([checked(tmp_path, "naive", [0.5, 0.5, 0.5, 0.5], seed, length=2) for seed in (0, 1)])
    assert found[REACHED] == ["(2, 1) at 50 % in 2 of 2"]
    assert found[SHARES] == ["75"]


def test_runs_without_checks_and_their_target_out_of_reach_say_how_far_they_came(tmp_path: Path) -> None:
    run = scored(tmp_path, "naive", 0.5, length=3)
    run.write_json("result.json", {**run.result(), "reached": [2, 1], "reached_at": None})
    assert cells([run]) == {REACHED: ["(2, 1)"]}
    run.write_json("result.json", {**run.result(), "reached": [3, 1], "reached_at": 0.0})
    assert cells([run]) == {}
