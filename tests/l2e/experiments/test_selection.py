"""A part of a suite, or a suite with another budget."""

from collections.abc import Mapping, Sequence

import pytest

from l2e.experiments.experiment import Choice
from l2e.experiments.selection import choose, parse_wanted, with_budget
from l2e.experiments.suite import Suite, SuiteError
from l2e.metrics import Rule
from tests.toys import experiment

MIX = Choice(name="mix", options={"redraw": "operand"})


def suite() -> Suite:
    made = [
        experiment(task=task, curriculum=curriculum, length=length, seed=seed)
        for task in ("addition", "copy")
        for curriculum in ("naive", MIX)
        for length in (2, 3)
        for seed in (0, 1)
    ]
    return Suite("mine", "Mine", [Rule.EXACT_MATCH], False, made, [])


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        ({}, 16),
        ({"task": ["addition"]}, 8),
        ({"task": ["addition", "copy"]}, 16),
        ({"task": ["addition"], "length": ["3"], "seed": ["1"]}, 2),
        ({"curriculum": ["mix"]}, 8),
        ({"curriculum": ["mix[redraw=operand]"], "nesting": ["1"]}, 8),
        ({"learner": ["seq2seq"]}, 16),
        ({"curriculum": ["naive[]"]}, 8),
    ],
)
def test_experiments_are_chosen_by_any_value_of_every_key(wanted: Mapping[str, Sequence[str]], number: int) -> None:
    chosen = choose(suite(), wanted).experiments
    assert len(chosen) == number
    assert all(str(e.length) in wanted.get("length", ("2", "3")) for e in chosen)
    assert all(e.task.name in wanted.get("task", ("addition", "copy")) for e in chosen)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"tsak": ["copy"]}, "unknown key 'tsak'; did you mean 'task'"),
        ({"task": ["copi"]}, r"suite mine: unknown task 'copi'; did you mean 'copy'\? \(legal: addition, copy\)"),
        ({"length": ["4"]}, r"suite mine: unknown length '4'; legal: 2, 3"),
        ({"curriculum": ["mix[]"]}, r"suite mine: unknown curriculum 'mix\[\]'"),
        ({"curriculum": ["mix[redraw=sample]"]}, r"did you mean 'mix\[redraw=operand\]'"),
    ],
)
def test_a_key_or_value_that_no_experiment_has_is_refused(wanted: Mapping[str, Sequence[str]], message: str) -> None:
    with pytest.raises(SuiteError, match=message):
        choose(suite(), wanted)


def test_values_that_no_experiment_has_together_are_refused() -> None:
    part = choose(suite(), {"task": ["addition"], "length": ["2"]}).experiments
    other = choose(suite(), {"task": ["copy"], "length": ["3"]}).experiments
    both = Suite("mine", "Mine", [Rule.EXACT_MATCH], False, [*part, *other], [])
    with pytest.raises(SuiteError, match="no experiment has task=copy, length=2 together"):
        choose(both, {"task": ["copy"], "length": ["2"]})


@pytest.mark.parametrize("text", ["task", "task=", "=copy", "task=copy,", ""])
def test_a_text_that_is_no_key_with_a_value_is_refused(text: str) -> None:
    with pytest.raises(SuiteError, match="is not KEY=VALUE, as task=addition"):
        parse_wanted([text])


def test_a_budget_goes_before_the_suites_and_merges_what_it_makes_alike() -> None:
    differing = [experiment(budget=budget) for budget in ("5s", "6s")]
    changed = with_budget(Suite("mine", "Mine", [Rule.EXACT_MATCH], False, differing, []), "7updates")
    assert changed.experiments == [experiment(budget="7updates")]
    with pytest.raises(SuiteError, match="budget 'soon' is not one of the forms"):
        with_budget(suite(), "soon")
