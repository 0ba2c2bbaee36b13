"""Short names of strategies."""

from __future__ import annotations

from typing import Any

import pytest

from l2e.analysis.strategies import paper_order, strategy_names
from l2e.experiments.experiment import Choice, Experiment
from l2e.experiments.recipes import recipe_named
from tests.toys import experiment


def named(learner: str = "lstm", curriculum: str = "mix", **changes: Any) -> Experiment:
    return experiment(
        learner=Choice(name=learner, options=changes.pop("options", {})), curriculum=curriculum, **changes
    )


@pytest.mark.parametrize(
    ("experiments", "names"),
    [
        ([named()], ["mix"]),
        ([named("elman"), named("lstm")], ["elman", "lstm"]),
        ([named(curriculum="naive"), named()], ["naive", "mix"]),
        (
            [named("elman"), named("lstm"), named("lstm", "naive")],
            ["elman · mix", "lstm · mix", "lstm · naive"],
        ),
        ([named(options={"cells": 8}), named()], ["mix · cells=8", "mix · no options"]),
        ([named(budget="5m"), named()], ["mix · budget 5m", "mix · budget of the recipe"]),
        ([named(), named()], ["mix (1)", "mix (2)"]),
    ],
    ids=["one", "learners", "curricula", "both", "options", "budgets", "the same"],
)
def test_names_are_as_short_as_tell_runs_apart(experiments: list[Experiment], names: list[str]) -> None:
    assert strategy_names(experiments) == names


def test_names_differ_where_only_a_field_of_the_recipe_does() -> None:
    slower = recipe_named("fast").model_copy(update={"rate": 0.001})
    assert len(set(strategy_names([named(recipe=slower), named()]))) == 2


def test_curricula_stand_in_the_papers_order_and_others_after_them() -> None:
    others = [named(curriculum=Choice(name="mine.py:Mine")), named("elman", "combined"), named("elman")]
    ordered = sorted([*others, named(curriculum="naive"), named(curriculum="baseline")], key=paper_order)
    assert [(one.learner.name, one.curriculum.name) for one in ordered] == [
        ("elman", "mix"),
        ("elman", "combined"),
        ("lstm", "baseline"),
        ("lstm", "naive"),
        ("lstm", "mine.py:Mine"),
    ]
