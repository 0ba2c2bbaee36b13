"""The two progress rules against histories written by hand."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l2e.progress import PROGRESS_RULES, Check, PlateauRule, ProgressRule, ReleaseRule

accuracies = st.sampled_from([0.0, 0.1, 0.2, 0.5, 0.505, 0.51, 0.95, 0.951, 1.0])
histories = st.lists(st.builds(Check, accuracies, accuracies), max_size=30)


def training(rule: ProgressRule, *training_accuracies: float) -> list[bool]:
    """What the rule says of checks with these training accuracies, and a low validation accuracy."""
    return [rule.stalled(Check(0.1, accuracy)) for accuracy in training_accuracies]


def validation(rule: ProgressRule, *validation_accuracies: float) -> list[bool]:
    return [rule.stalled(Check(accuracy, 0.5)) for accuracy in validation_accuracies]


def test_release_moves_on_above_95_percent_validation_accuracy_and_not_at_it() -> None:
    assert validation(ReleaseRule(), 0.94, 0.95, 0.9501, 0.5) == [False, False, True, False]


def test_release_moves_on_when_training_accuracy_is_lower_than_five_checks_ago() -> None:
    assert training(ReleaseRule(), 0.3, 0.4, 0.5, 0.6, 0.7, 0.29) == [False] * 5 + [True]


def test_release_waits_while_training_accuracy_is_that_of_five_checks_ago() -> None:
    assert not any(training(ReleaseRule(), *[0.5] * 20))


def test_release_does_not_compare_with_four_or_six_checks_ago() -> None:
    assert not any(training(ReleaseRule(), 0.9, 0.3, 0.4, 0.5, 0.6, 0.91, 0.35, 0.45))


def test_release_says_nothing_of_training_accuracy_in_the_first_five_checks() -> None:
    assert not any(training(ReleaseRule(), 0.9, 0.8, 0.7, 0.6, 0.5))


def test_release_forgets_the_training_accuracies_from_before_it_moved_on() -> None:
    rule = ReleaseRule()
    training(rule, 0.9, 0.9, 0.9, 0.9, 0.9)
    assert training(rule, 0.8) == [True]
    assert training(rule, 0.7, 0.6, 0.5, 0.4) == [False] * 4  # a harder difficulty: lower at first
    assert training(rule, 0.79) == [True]  # lower than 0.8, five checks ago


def slow_release(history: list[Check]) -> list[bool]:
    """The rule in its own words, on the whole history."""
    said: list[bool] = []
    for i, check in enumerate(history):
        since_move = max([j for j in range(i) if said[j]], default=0)
        fallen = i - since_move >= 5 and check.training_accuracy < history[i - 5].training_accuracy
        said.append(check.validation_accuracy > 0.95 or fallen)
    return said


@given(histories)
def test_release_agrees_with_its_words_on_any_history(history: list[Check]) -> None:
    rule = ReleaseRule()
    assert [rule.stalled(check) for check in history] == slow_release(history)


def test_plateau_moves_on_after_patience_checks_without_improvement() -> None:
    rule = PlateauRule(patience=3, improvement=0.01)
    assert validation(rule, 0.5, 0.5, 0.505, 0.4, 0.4) == [False, False, False, True, False]


def test_plateau_counts_an_improvement_over_the_best_and_not_over_the_last() -> None:
    assert validation(PlateauRule(patience=2), 0.5, 0.3, 0.4) == [False, False, True]


def test_plateau_begins_again_at_every_improvement() -> None:
    assert not any(validation(PlateauRule(patience=2), 0.1, 0.1, 0.2, 0.2, 0.3, 0.3, 0.4))


def test_plateau_forgets_the_best_when_it_moves_on() -> None:
    rule = PlateauRule(patience=1)
    assert validation(rule, 0.9, 0.9, 0.2, 0.3, 0.3) == [False, True, False, False, True]


def test_plateau_of_a_learner_that_never_learns_is_noticed() -> None:
    assert validation(PlateauRule(patience=3), 0.0, 0.0, 0.0) == [False, False, True]


@pytest.mark.parametrize("name", PROGRESS_RULES)
@given(before=histories, after=histories)
def test_a_restored_rule_says_what_the_first_would_have_said(
    name: str, before: list[Check], after: list[Check]
) -> None:
    first, second = PROGRESS_RULES[name](), PROGRESS_RULES[name]()
    for check in before:
        first.stalled(check)
    state: dict[str, Any] = json.loads(json.dumps(first.state_dict()))
    second.load_state_dict(state)
    assert second.state_dict() == state
    assert [first.stalled(check) for check in after] == [second.stalled(check) for check in after]


def test_a_state_taken_earlier_does_not_change_with_the_rule() -> None:
    rule = ReleaseRule()
    training(rule, 0.5)
    state = rule.state_dict()
    training(rule, 0.6)
    assert state == {"earlier": [0.5]}
