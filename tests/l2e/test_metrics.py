"""Scores against a slow, obvious scorer; Wilson's interval against known values; floors and ceiling."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.samples import Samples
from generators.splits import Split, draw_samples
from l2e.evaluation.held_out import held_out
from l2e.evaluation.reference_predictors import REFERENCES, reference_predictors
from l2e.evaluation.scoring import SURPLUS, Scored, evaluate, rows, teacher_forced
from l2e.learner import Predictor
from l2e.metrics import Rule, Score, score, wilson
from l2e.training.run_experiment import predictions
from tests.toys import LookUp, at, experiment, samples_of

answers = st.text("012-.", max_size=6)
graded = st.lists(st.tuples(answers, answers.map("{}.".format), answers), min_size=1, max_size=12)


def slow_score(rule: Rule, answer: str, target: str, forced: str) -> tuple[int, int]:
    """How much of one answer is right, character by character."""
    if rule is Rule.EXACT_MATCH:
        return (1, 1) if answer == target else (0, 1)
    if rule is Rule.TEACHER_FORCED:
        answer = forced
    right = wrong = 0
    for i in range(100):
        if i < len(answer) and i < len(target) and answer[i] == target[i]:
            right += 1
        elif i < len(answer) or i < len(target):
            wrong += 1
    return right, right + wrong


def scored(cases: list[tuple[str, str, str]], lengths: list[int] | None = None) -> tuple[Scored, Samples]:
    """The scores of answers against targets, with what was predicted under teacher forcing."""
    samples = samples_of(*((str(i), target) for i, (_, target, _) in enumerate(cases)), lengths=lengths)
    answers = {str(i): answer for i, (answer, _, _) in enumerate(cases)}
    forced = {str(i): one.ljust(len(target), "0")[: len(target)] for i, (_, target, one) in enumerate(cases)}
    return evaluate(LookUp(answers, forced), samples), samples


@pytest.mark.parametrize("rule", Rule)
@given(graded)
def test_scores_agree_with_a_slow_scorer_sample_by_sample(rule: Rule, cases: list[tuple[str, str, str]]) -> None:
    result, samples = scored(cases)
    expected = [
        slow_score(rule, answer, target, forced)
        for answer, target, forced in zip(result.answers, samples.targets, result.teacher_forced_answers, strict=True)
    ]
    assert list(zip(*result.scores[rule], strict=True)) == expected
    assert result.total(rule) == Score(sum(c for c, _ in expected), sum(n for _, n in expected))


@pytest.mark.parametrize(
    ("answer", "characters", "exact"),
    [
        ("12.", Score(3, 3), 1),
        ("", Score(0, 3), 0),
        ("12", Score(2, 3), 0),  # no full stop
        ("1.", Score(1, 3), 0),
        ("123.", Score(2, 4), 0),  # surplus
        (".12", Score(0, 3), 0),
        ("-12.", Score(0, 4), 0),
        ("\x01\x01\x01", Score(0, 3), 0),
    ],
)
def test_a_missing_or_surplus_character_is_wrong(answer: str, characters: Score, exact: int) -> None:
    result, _ = scored([(answer, "12.", "")])
    assert result.total(Rule.CHARACTER) == characters
    assert result.total(Rule.EXACT_MATCH) == Score(exact, 1)


def test_a_predictor_may_write_a_little_more_than_the_longest_target() -> None:
    samples = samples_of(("a", "1."), ("b", "123."))
    result = evaluate(LookUp({"a": "9" * 100, "b": "123."}, {"a": "1.", "b": "123."}), samples)
    assert result.answers == ["9" * (4 + SURPLUS), "123."]


@given(graded)
def test_the_teacher_forced_score_alone_is_the_one_of_all_rules(cases: list[tuple[str, str, str]]) -> None:
    result, samples = scored(cases)
    forced = dict(zip(samples.inputs, result.teacher_forced_answers, strict=True))
    assert teacher_forced(LookUp(forced), samples) == result.total(Rule.TEACHER_FORCED)


@given(answers, answers)
def test_the_score_over_characters_is_symmetric_and_whole_only_for_equal_texts(one: str, two: str) -> None:
    right, counted = score([one, two], [two, one], Rule.CHARACTER)
    assert (right[0], counted[0]) == (right[1], counted[1])
    assert (right[0] == counted[0]) == (one == two)


# Wilson's interval as other sources print it: R's prop.test(correct = FALSE), and Newcombe 1998, table I.
@pytest.mark.parametrize(
    ("correct", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0000),
        (5, 10, 0.2366, 0.7634),
    ],
)
def test_wilsons_interval_has_its_published_values(correct: int, n: int, low: float, high: float) -> None:
    assert wilson(correct, n) == pytest.approx((low, high), abs=5e-5)


counts = st.integers(1, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts)
def test_wilsons_interval_holds_the_accuracy_and_lies_in_0_to_1(count: tuple[int, int]) -> None:
    low, high = Score(*count).interval
    assert 0 <= low <= Score(*count).accuracy <= high <= 1
    assert low < high


@given(counts)
def test_wilsons_interval_is_symmetric_between_right_and_wrong(count: tuple[int, int]) -> None:
    correct, n = count
    low, high = wilson(correct, n)
    assert wilson(n - correct, n) == pytest.approx((1 - high, 1 - low), abs=1e-9)


def test_nothing_counted_says_nothing() -> None:
    assert Score(0, 0).interval == (0, 1)
    assert math.isnan(Score(0, 0).accuracy)


@given(graded, st.data())
def test_rows_by_difficulty_add_up_to_the_total(cases: list[tuple[str, str, str]], data: st.DataObject) -> None:
    lengths = data.draw(st.lists(st.integers(1, 3), min_size=len(cases), max_size=len(cases)))
    result, samples = scored(cases, lengths)
    found = rows(result, samples, learner="me")
    for rule in Rule:
        of_rule = [row for row in found if row["rule"] == rule]
        assert [row["length"] for row in of_rule] == sorted(set(lengths))
        assert sum(row["n"] for row in of_rule) == result.total(rule).n
        assert sum(row["n"] * row["accuracy"] for row in of_rule) == pytest.approx(result.total(rule).correct)


def test_a_row_has_the_labels_the_difficulty_and_the_interval() -> None:
    result, samples = scored([("1.", "1.", "1."), ("2.", "3.", "3.")])
    exact = next(row for row in rows(result, samples, task="t", seed=None) if row["rule"] == "exact_match")
    low, high = wilson(1, 2)
    assert exact == {
        **{"task": "t", "seed": None, "length": 1, "nesting": 1, "rule": "exact_match"},
        **{"n": 2, "accuracy": 0.5, "low": low, "high": high},
    }


def test_predictions_stand_beside_their_targets() -> None:
    result, samples = scored([("1.", "12.", "34.")])
    assert predictions(samples, result) == [
        {"length": 1, "nesting": 1, "input": "0", "target": "12.", "answer": "1.", "teacher_forced": "34."}
    ]


@pytest.fixture(scope="module")
def program() -> tuple[dict[str, Predictor], Samples]:
    """Floors, ceiling, and 2000 test samples."""
    of = experiment(task="program", length=2)
    return reference_predictors(of), held_out(of, Split.TEST, 2000, 2, 1)


def total(program: tuple[dict[str, Predictor], Samples], name: str, rule: Rule) -> Score:
    predictors, samples = program
    return evaluate(predictors[name], samples).total(rule)


def test_the_references_come_as_floors_then_ceiling(program: tuple[dict[str, Predictor], Samples]) -> None:
    assert tuple(program[0]) == REFERENCES == ("uniform", "most_frequent", "ngram", "nearest", "interpreter")


def test_the_uniform_floor_is_near_one_in_twelve(program: tuple[dict[str, Predictor], Samples]) -> None:
    found = total(program, "uniform", Rule.TEACHER_FORCED)
    low, high = wilson(found.correct, found.n, z=5)
    assert low < 1 / 12 < high


def test_the_ceiling_is_100_percent_under_every_rule(program: tuple[dict[str, Predictor], Samples]) -> None:
    assert all(total(program, "interpreter", rule).accuracy == 1 for rule in Rule)


def test_the_habit_floor_is_what_counting_by_hand_gives(program: tuple[dict[str, Predictor], Samples]) -> None:
    task, samples = experiment(task="program", length=2).make_task(), program[1]
    known = draw_samples(task, Split.TRAIN, 5000, at(2), ("reference predictors", 2, 1)).samples.targets
    right = 0
    for position in range(max(map(len, samples.targets))):
        seen = Counter(target[position] for target in known if len(target) > position)
        most = min(seen, key=lambda character: (-seen[character], character)) if seen else "."
        right += sum(target[position : position + 1] == most for target in samples.targets)
    assert total(program, "most_frequent", Rule.TEACHER_FORCED).correct == right


@pytest.mark.parametrize("name", REFERENCES)
def test_floors_and_ceiling_are_the_same_in_a_scrambled_view(name: str) -> None:
    plain, scrambled = experiment(task="program", length=2), experiment(task="program", length=2, scramble=1)
    scores = [
        evaluate(reference_predictors(of)[name], held_out(of, Split.TEST, 200, 2, 1)).scores
        for of in (plain, scrambled)
    ]
    for rule in Rule:
        np.testing.assert_array_equal(scores[0][rule], scores[1][rule])
