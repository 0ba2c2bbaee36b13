"""An experiment's id, name and limits; what is refused before anything is written."""

from pathlib import Path
from typing import Any

import pytest
import torch
from pydantic import ValidationError

from l2e.experiments.budgets import UNLIMITED, Budget, Unit
from l2e.experiments.experiment import Choice, Experiment
from l2e.experiments.recipes import Recipe, recipe_named
from tests.toys import experiment

OTHER: dict[str, Any] = {
    "task": "program",
    "learner": Choice(name="seq2seq", options={"cells": 65}),
    "curriculum": "naive",
    "length": 2,
    "nesting": 2,
    "recipe": recipe_named("zaremba2014"),
    "seed": 1,
    "budget": "10s",
    "scramble": 0,
    "test_samples": 999,
    "predictors": (Choice(name="ngram"),),
}

OTHER_RECIPE: dict[str, Any] = {  # numbers apart
    "name": "slow",
    "optimizer": "sgd",
    "adam_betas": (0.5, 0.5),
    "schedule": "constant",
    "dropout": 0.1,
    "loss": "sum_per_row",
    "loss_over": "all",
    "precision": "bfloat16",
    "initial_range": 0.1,
    "progress_rule": "release",
    "every_strategy_climbs": True,
}


def test_the_id_does_not_depend_on_the_order_of_options() -> None:
    one, two = ({"cells": 1, "layers": 2}, {"layers": 2, "cells": 1})
    assert (
        experiment(learner=Choice(name="lstm", options=one)).id
        == experiment(learner=Choice(name="lstm", options=two)).id
    )


@pytest.mark.parametrize("field", Experiment.model_fields)
def test_the_id_changes_with_every_field(field: str) -> None:
    assert experiment(**{field: OTHER[field]}).id != experiment().id


@pytest.mark.parametrize("field", Recipe.model_fields)
def test_the_id_changes_with_every_field_of_the_recipe(field: str) -> None:
    recipe = experiment().recipe.model_copy(update={"precision": "float32"})
    changed = recipe.model_copy(update={field: OTHER_RECIPE.get(field) or getattr(recipe, field) + 1})
    assert experiment(recipe=changed).id != experiment(recipe=recipe).id


@pytest.mark.parametrize("has", [True, False])
def test_a_precision_of_auto_is_resolved_when_an_experiment_is_made(has: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("L2E_PRECISION", raising=False)
    monkeypatch.setattr("l2e.experiments.precision.has_bfloat16", lambda device: has)
    made = experiment(recipe=recipe_named("fast"))
    assert made.recipe.precision == ("bfloat16" if has else "float32")
    monkeypatch.setattr("l2e.experiments.precision.has_bfloat16", lambda device: not has)
    again = Experiment.model_validate_json(made.model_dump_json())
    assert (again, again.id) == (made, made.id)
    assert experiment(recipe=recipe_named("fast")).id != made.id


def test_the_name_is_a_legal_folder_and_ends_in_the_id() -> None:
    made = experiment(curriculum=Choice(name="/a b/mine.py:Fresh", options={"x": "a/b"}), seed=7)
    assert made.name == f"addition-1x1-_a_b_mine.py_Fresh_x_a_b_-seq2seq_cells_64_-seed7-{made.id}"


def test_a_choice_shows_its_options_as_one_types_them() -> None:
    options = {"reverse": True, "cell": "gru", "order": "12", "sizes": [1, 2], "bias": None}
    assert str(Choice(name="mine", options=options)) == 'mine[bias=null,cell=gru,order="12",reverse=true,sizes=[1,2]]'


def test_an_experiment_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        experiment().seed = 3


@pytest.mark.parametrize(
    ("field", "value"),
    [("length", 0), ("nesting", 0), ("seed", -1), ("test_samples", 0), ("budget", "soon"), ("lenght", 1)],
)
def test_an_illegal_value_is_refused_by_its_fields_name(field: str, value: object) -> None:
    with pytest.raises(ValidationError, match=field):
        experiment(**{field: value})


def test_the_budget_goes_before_the_recipes_own_stop() -> None:
    assert experiment(budget="10s").limit() == Budget(Unit.SECONDS, 10)
    recipe = experiment().recipe
    assert experiment().limit() == Budget(Unit.UPDATES, recipe.updates or 0)
    assert experiment(recipe=recipe_named("zaremba2014")).limit() == UNLIMITED


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("task", "adition", "unknown task 'adition'; did you mean 'addition'"),
        ("curriculum", "niave", "unknown curriculum 'niave'; did you mean 'naive'"),
        ("learner", "ltsm", "unknown learner 'ltsm'; did you mean 'lstm'"),
        ("task", Choice(name="copy", options={"sheme": 1}), "unknown option of task 'copy' 'sheme'; did you mean"),
        ("task", Choice(name="copy", options={"scheme": "twice"}), "unknown input scheme 'twice'; legal: plain"),
        ("learner", Choice(name="lstm", options={"cell": 9}), "unknown option of learner 'lstm' 'cell'; did you mean"),
        ("curriculum", Choice(name="mix", options={"redraw": "x"}), "redraw is 'x'; legal: sample, operand"),
        ("nesting", 2, "nesting 2 is outside what task 'addition' can do: 1 to 1"),
    ],
)
def test_a_check_finds_what_the_parts_would_refuse(field: str, value: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        experiment(**{field: value}).check()


def test_only_runs_that_differ_in_nothing_but_the_seed_share_a_setting() -> None:
    first = experiment(seed=0)
    assert len({first, experiment(seed=0), experiment(seed=1)}) == 2
    assert first.setting == experiment(seed=1).setting
    assert first.setting != experiment(seed=0, budget="7updates").setting


def with_recipe(learner: str, **changes: Any) -> Experiment:
    recipe = Recipe.model_validate({**experiment().recipe.model_dump(), **changes})
    return experiment(learner=Choice(name=learner, options={"cells": 64}), recipe=recipe)


@pytest.mark.parametrize("learner", ["gru", "lstm", "seq2seq", "transformer"])
def test_the_recipes_dropout_reaches_the_learner(learner: str) -> None:
    def rates(dropout: float | None) -> set[float]:
        made = with_recipe(learner, dropout=dropout).make_learner()
        return {module.p for module in made.modules() if isinstance(module, torch.nn.Dropout)}

    assert 0.25 in rates(0.25)
    assert 0.25 not in rates(None)


def test_the_recipes_dropout_goes_before_the_learners() -> None:
    recipe = experiment().recipe.model_copy(update={"dropout": 0.25})
    learner = Choice(name="lstm", options={"cells": 64, "dropout": 0.5})
    assert experiment(learner=learner, recipe=recipe).make_learner().stack.dropout.p == 0.25
    assert experiment(learner=learner).make_learner().stack.dropout.p == 0.5


PLAIN = """
from baselines.elman import Elman

class Plain(Elman):
    def __init__(self, symbols, cells=8):
        super().__init__(symbols, cells)
"""


def test_dropout_of_a_learner_without_one_is_refused_with_the_options_that_it_has(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text(PLAIN)
    name = f"{tmp_path}/plain.py:Plain"
    with pytest.raises(ValueError, match=r"unknown option of learner .*'dropout'; .*cells"):
        with_recipe(name, dropout=0.1).check()
    with_recipe(name).check()


def test_a_loss_over_all_characters_wants_a_learner_of_running_text() -> None:
    with_recipe("lstm", loss_over="all").check()
    with pytest.raises(ValueError, match=r"learner seq2seq.* cannot predict its characters; .* such as lstm"):
        with_recipe("seq2seq", loss_over="all").check()


SLOW_START = """
from l2e.curricula import Naive

class Mine(Naive):
    pass
"""


def with_curriculum_from(path: Path) -> Experiment:
    return experiment(curriculum=Choice(name=f"{path}:Mine"))


def test_a_changed_file_makes_another_experiment(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(SLOW_START)
    before = with_curriculum_from(tmp_path / "mine.py")
    (tmp_path / "mine.py").write_text(SLOW_START + "# changed\n")
    assert with_curriculum_from(tmp_path / "mine.py").id != before.id
    with pytest.raises(ValueError, match=r"mine\.py has changed since this experiment was started"):
        before.make_curriculum()


def test_a_file_is_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.py").write_text(SLOW_START)
    monkeypatch.chdir(tmp_path)
    here = with_curriculum_from(Path("mine.py"))
    monkeypatch.chdir("/")
    again = Experiment.model_validate_json(here.model_dump_json())
    assert again.id == here.id == with_curriculum_from(tmp_path / "mine.py").id
    assert type(again.make_curriculum()).__name__ == "Mine"
    assert str(again.curriculum) == "mine.py:Mine"


def test_a_name_in_no_file_is_written_without_a_source() -> None:
    assert Choice(name="mix").model_dump() == {"name": "mix", "options": {}}
