"""The most frequent characters, counted by hand."""

from baselines.most_frequent import MostFrequent
from tests.toys import ThreeSamples, samples_of


def made(*targets: str) -> MostFrequent:
    return MostFrequent(samples_of(*(("x", target) for target in targets)), ThreeSamples().answer)


# By position: 1 1 1 2, then . 2 2 2, then . . 3, then .
MODEL = made("1.", "12.", "12.", "223.")


def test_under_teacher_forcing_it_writes_the_most_frequent_character_of_each_position() -> None:
    samples = samples_of(("a", "99."), ("b", "9."), ("c", "999."))
    assert MODEL.predict_teacher_forced(samples) == ["12.", "12", "12.."]


def test_free_running_it_writes_the_same_up_to_the_first_full_stop() -> None:
    assert MODEL.predict(["a", "b"], 9) == ["12.", "12."]
    assert MODEL.predict(["a"], 2) == ["12"]


def test_a_full_stop_may_be_most_frequent_before_longer_answers_end() -> None:
    model = made("1.", "1.", "123.")
    assert model.predict(["a"], 9) == ["1."]
    assert model.predict_teacher_forced(samples_of(("a", "9999."))) == ["1.3.."]


def test_between_equally_frequent_characters_the_first_of_the_alphabet_wins() -> None:
    assert made("3.", "2.", "-.").predict(["a"], 9) == ["-."]
    assert made("2.", "3.").predict(["a"], 9) == ["2."]


def test_positions_beyond_all_training_targets_get_a_full_stop() -> None:
    assert made("1.").predict_teacher_forced(samples_of(("a", "1234."))) == ["1...."]
