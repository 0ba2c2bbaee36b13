"""Names say what tells runs apart, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from l2e.analysis.labels import in_paper_order, learner_names, paper_order, strategy_names
from l2e.experiments.experiment import Choice, Experiment
from l2e.experiments.recipes import recipe_named
from tests.l2e.analysis.conftest import two_files
from tests.toys import experiment

FAST = recipe_named("fast")
SLOWER = FAST.model_copy(update={"rate": 0.001})


def named(learner: str = "lstm", curriculum: str = "mix", **changes: Any) -> Experiment:
    options = changes.pop("options", {})
    return experiment(learner=Choice(name=learner, options=options), curriculum=curriculum, **changes)


@pytest.mark.parametrize(
    ("experiments", "names"),
    [
        ([named()], ["mix"]),
        ([named("elman"), named("lstm")], ["elman", "lstm"]),
        ([named(curriculum="naive"), named()], ["naive", "mix"]),
        ([named("elman"), named(), named("lstm", "naive")], ["elman · mix", "lstm · mix", "lstm · naive"]),
        ([named(options={"cells": 8}), named()], ["mix · cells=8", "mix"]),
        ([named(budget="5m"), named()], ["mix · budget=5m", "mix · budget=null"]),
        ([named(seed=3), named(seed=4)], ["mix · seed 3", "mix · seed 4"]),
        ([named(recipe=SLOWER), named(recipe=FAST)], ["mix · rate=0.001", f"mix · rate={FAST.rate}"]),
        (
            [named(recipe=recipe_named("zaremba2014")), named(recipe=FAST)],
            ["mix · recipe=zaremba2014", "mix · recipe=fast"],
        ),
        ([named(budget="5m"), named(curriculum="naive")], ["mix", "naive"]),
    ],
    ids=[
        "one",
        "learners",
        "curricula",
        "both",
        "options",
        "budgets",
        "seeds",
        "rates",
        "recipes",
        "told apart already",
    ],
)
def test_a_strategys_name_is_as_short_as_tells_it_from_the_others(
    experiments: list[Experiment], names: list[str]
) -> None:
    assert strategy_names(experiments) == names


@pytest.mark.parametrize(
    ("experiments", "names"),
    [
        ([named(options={"cells": 8}), named(curriculum="naive", options={"cells": 9})], ["lstm", "lstm"]),
        ([named(options={"cells": 8}), named(options={"cells": 9})], ["lstm[cells=8]", "lstm[cells=9]"]),
        ([named(recipe=SLOWER, length=2), named(recipe=FAST)], ["lstm", "lstm"]),
        ([named(recipe=SLOWER), named(recipe=FAST), named("elman")], ["lstm[rate=0.001]", "lstm[rate=0.002]", "elman"]),
        ([named(seed=1), named(seed=2)], ["lstm", "lstm"]),
    ],
    ids=["other curricula", "options", "other targets", "of one learner alone", "seeds"],
)
def test_a_learners_settings_are_named_where_runs_of_one_curriculum_and_target_differ(
    experiments: list[Experiment], names: list[str]
) -> None:
    assert learner_names(experiments) == [name.replace("0.002", str(FAST.rate)) for name in names]


def test_what_is_in_files_of_one_name_is_told_apart_without_folders(tmp_path: Path) -> None:
    curricula = [named(curriculum=name) for name in two_files(tmp_path)]
    here, there = (one.curriculum.source for one in curricula)
    assert strategy_names(curricula) == [f"mine.py:Mine · curriculum_source={source}" for source in (here, there)]
    learners = [named(name) for name in two_files(tmp_path / "learners")]
    here, there = (one.learner.source for one in learners)
    assert learner_names(learners) == [f"mine.py:Mine[learner_source={source}]" for source in (here, there)]
    assert strategy_names([learners[0], named()]) == ["mine.py:Mine", "lstm"]


def test_the_paper_has_an_order_and_others_come_after_it(tmp_path: Path) -> None:
    mine = f"{tmp_path}/mine.py:Mine"
    runs = [
        named(curriculum=mine),
        named("elman", "combined"),
        named("elman"),
        named(curriculum="naive"),
        named(seed=1),
    ]
    ordered = sorted([*runs, named()], key=paper_order)
    assert [(one.learner.name, one.curriculum.name, one.seed) for one in ordered] == [
        ("elman", "mix", 0),
        ("elman", "combined", 0),
        ("lstm", "naive", 0),
        ("lstm", "mix", 0),
        ("lstm", "mix", 1),
        ("lstm", mine, 0),
    ]
    assert in_paper_order(["zigzag", "mix[redraw=operand]", "baseline", "mix", "mix"]) == [
        "baseline",
        "mix",
        "mix[redraw=operand]",
        "zigzag",
    ]
