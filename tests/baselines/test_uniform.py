"""Uniform guesses."""

from collections import Counter

from baselines.uniform import Uniform
from l2e.vocabulary import ANSWER_CHARACTERS
from tests.toys import ThreeSamples, samples_of

SAMPLES = samples_of(*((str(i), "12345.") for i in range(4000)))


def made() -> Uniform:
    return Uniform(samples_of(("a", "1.")), ThreeSamples().answer)


def test_every_answer_character_is_guessed_equally_often() -> None:
    counts = Counter("".join(made().predict_teacher_forced(SAMPLES)))
    assert set(counts) == set(ANSWER_CHARACTERS)
    assert max(abs(count - 2000) for count in counts.values()) < 5 * 2000**0.5


def test_a_guess_under_teacher_forcing_is_as_long_as_the_target() -> None:
    samples = samples_of(("a", "1."), ("b", "12345."))
    assert list(map(len, made().predict_teacher_forced(samples))) == [2, 6]


def test_an_answer_ends_with_its_only_full_stop_or_at_max_characters() -> None:
    answers = made().predict(SAMPLES.inputs, 8)
    assert {text.count(".") for text in answers if text.endswith(".")} == {1}
    assert {len(text) for text in answers if "." not in text} == {8}


def test_full_stops_come_as_often_as_chance_has_it() -> None:
    stopped_at_once = made().predict(SAMPLES.inputs, 8).count(".")
    assert abs(stopped_at_once - 4000 / 12) < 5 * (4000 / 12) ** 0.5


def test_guesses_are_the_same_every_time() -> None:
    assert made().predict(SAMPLES.inputs[:50], 8) == made().predict(SAMPLES.inputs[:50], 8)
    assert made().predict_teacher_forced(SAMPLES[:50]) == made().predict_teacher_forced(SAMPLES[:50])
