"""Splits are disjoint and together everything; a draw depends on its arguments alone."""

import multiprocessing
import re
import zlib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.addition import Addition
from generators.errors import DifficultyError
from generators.memorization import Copy
from generators.program import Program
from generators.samples import Difficulties, Difficulty, IntArray, Samples
from generators.splits import FRUITLESS_CANDIDATES, Drawn, Split, draw_samples, members, split_of


def at_4_3(n: int, rng: np.random.Generator) -> Difficulties:
    return Difficulties.constant(Difficulty(4, 3), n)


def of_12_digits(n: int, rng: np.random.Generator) -> Difficulties:
    return Difficulties.constant(Difficulty(12), n)


def up_to_4_3(n: int, rng: np.random.Generator) -> Difficulties:
    return Difficulties(rng.integers(1, 5, n), rng.integers(1, 4, n))


def draw(key: tuple[str | int, ...], n: int = 100, split: Split | None = Split.TRAIN) -> Drawn:
    return draw_samples(Program(), split, n, up_to_4_3, key)


def numbered(texts: list[str]) -> Samples:
    numbers = np.arange(len(texts))
    return Samples(texts, [f"{i}." for i in numbers], numbers, numbers)


class Tiny:
    """A toy: it knows few questions, all of them short."""

    name = "tiny"

    def __init__(self, *texts: str) -> None:
        self.texts = texts
        self.asked: list[int] = []

    def sample(self, lengths: IntArray, nestings: IntArray, rng: np.random.Generator) -> Samples:
        self.asked.append(len(lengths))
        texts = [self.texts[i] for i in rng.integers(0, len(self.texts), len(lengths))]
        return Samples(texts, ["1."] * len(texts), lengths, nestings)

    def answer(self, input: str) -> str:
        return "1."


# Splits


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_the_split_of_a_text_is_its_crc32_modulo_3(text: str) -> None:
    assert split_of(text) == zlib.crc32(text.encode()) % 3


@pytest.mark.parametrize(
    ("text", "split"),
    [("123456789", 0xCBF43926 % 3), ("print(12+34)", 680203831 % 3), ("", 0)],  # as gzip, cksum and their like have it
)
def test_splits_are_these_for_ever(text: str, split: int) -> None:
    assert split_of(text) == split


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8)))
def test_every_sample_is_in_one_split_and_in_one_only(texts: list[str]) -> None:
    parts = [members(numbered(texts), split) for split in Split]
    found = [(int(number), text) for part in parts for number, text in zip(part.lengths, part.inputs, strict=True)]
    assert sorted(found) == list(enumerate(texts))
    assert sum(len(set(part.inputs)) for part in parts) == len(set(texts))


@given(st.lists(st.text("0123456789", max_size=3)), st.sampled_from(Split))
def test_members_keep_their_order_and_their_other_columns(texts: list[str], split: Split) -> None:
    part = members(numbered(texts), split)
    own = [i for i, text in enumerate(texts) if split_of(text) is split]
    assert part.lengths.tolist() == part.nestings.tolist() == own
    assert part.targets == [f"{i}." for i in own]


@pytest.mark.parametrize("split", Split)
def test_a_split_is_about_a_third(split: Split) -> None:
    inputs = {sample.input for sample in draw((0,), 9000, split=None).samples}
    assert sum(split_of(text) is split for text in inputs) / len(inputs) == pytest.approx(1 / 3, abs=0.03)


# Draws


@pytest.mark.parametrize("split", Split)
def test_a_draw_holds_so_many_samples_of_its_split(split: Split) -> None:
    samples = draw((0,), 300, split).samples
    assert len(samples) == 300
    assert {split_of(text) for text in samples.inputs} == {split}


def test_a_draw_without_split_keeps_every_candidate() -> None:
    drawn = draw((0,), 3000, split=None)
    assert (len(drawn.samples), drawn.candidates) == (3000, 3000)
    assert Counter(map(split_of, drawn.samples.inputs)).keys() == set(Split)


@pytest.mark.parametrize("n", [0, 1, 2, 17])
@pytest.mark.parametrize("split", [None, *Split])
def test_a_draw_may_be_small(n: int, split: Split | None) -> None:
    assert len(draw((0,), n, split).samples) == n


def test_the_same_key_gives_the_same_samples() -> None:
    first, second = draw((0, 7)), draw((0, 7))
    assert list(first.samples) == list(second.samples)
    assert first.samples.lengths.tolist() == second.samples.lengths.tolist()
    assert first.samples.nestings.tolist() == second.samples.nestings.tolist()
    assert first.candidates == second.candidates


def test_the_order_of_draws_does_not_matter() -> None:
    forwards = [draw((0, part)).samples.inputs for part in range(4)]
    backwards = [draw((0, part)).samples.inputs for part in reversed(range(4))]
    assert forwards == backwards[::-1]


def test_other_random_numbers_do_not_matter() -> None:
    before = draw((0,)).samples.inputs
    np.random.seed(1)
    np.random.default_rng(0).random(10)
    assert draw((0,)).samples.inputs == before


@pytest.mark.parametrize("key", [(1, 0), (0, 2), (0,), (0, 1, 0), ("0", 1), (0, "1"), (2, 0)])
def test_another_key_gives_other_samples(key: tuple[str | int, ...]) -> None:
    mine, other = (draw_samples(Copy(), Split.TRAIN, 200, of_12_digits, k).samples for k in ((0, 1), key))
    assert not set(mine.inputs) & set(other.inputs)


def test_splits_do_not_see_the_same_candidates() -> None:
    everything = set(draw_samples(Copy(), None, 600, of_12_digits, (0,)).samples.inputs)
    for split in Split:
        assert not everything & set(draw_samples(Copy(), split, 200, of_12_digits, (0,)).samples.inputs)


def test_tasks_of_other_names_draw_from_other_numbers() -> None:
    mine, other = (
        draw_samples(task, None, 200, at_4_3, (0,)).samples for task in (Program(), Program(name="namesake"))
    )
    assert not set(mine.inputs) & set(other.inputs)


def test_difficulties_come_with_their_samples() -> None:
    samples = draw((0,), 600).samples
    for text, length, nesting in zip(samples.inputs, samples.lengths, samples.nestings, strict=True):
        assert sum(map(text.count, ["for", ";", "if", "*"])) <= nesting
        assert max(map(int, re.findall(r"\d+", text))) <= max(10**length, 4 * length)
    assert {*samples.lengths.tolist()} == {1, 2, 3, 4}
    assert {*samples.nestings.tolist()} == {1, 2, 3}


def test_workers_draw_the_same_parts() -> None:
    parts = [(5, part) for part in range(4)]
    work = partial(draw_samples, Program(), Split.TEST, 50, up_to_4_3)
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        there = [drawn.samples for drawn in pool.map(work, parts)]
    here = [work(part).samples for part in parts]
    assert [list(samples) for samples in there] == [list(samples) for samples in here]


# Candidates


def test_all_candidates_are_counted() -> None:
    task = Tiny(*map(str, range(1000)))
    drawn = draw_samples(task, Split.TEST, 700, at_4_3, (0,))
    assert drawn.candidates == sum(task.asked)
    assert len(drawn.samples) == 700


def test_about_a_third_of_the_candidates_is_kept() -> None:
    drawn = draw_samples(Addition(), Split.TRAIN, 5000, of_12_digits, (0,))
    assert 0.3 < len(drawn.samples) / drawn.candidates < 1 / 3


def test_a_split_that_is_rare_among_the_candidates_is_found_all_the_same() -> None:
    rare = next(text for text in map(str, range(100)) if split_of(text) is Split.TEST)
    others = [text for text in map(str, range(1000)) if split_of(text) is not Split.TEST]
    drawn = draw_samples(Tiny(rare, *others), Split.TEST, 40, at_4_3, (0,))
    assert drawn.samples.inputs == [rare] * 40
    assert drawn.candidates > 5000


def test_a_split_without_a_sample_is_refused_by_name() -> None:
    task = Tiny("print(1)")
    empty = next(split for split in Split if split is not split_of("print(1)"))
    with pytest.raises(DifficultyError) as caught:
        draw_samples(task, empty, 1, at_4_3, (0,))
    message = str(caught.value)
    assert f"the {empty.name.lower()} split of task 'tiny' holds no sample at length 4, nesting 3" in message
    assert f"none among {sum(task.asked)} drawn; ask for a greater length or nesting" in message
    assert FRUITLESS_CANDIDATES <= sum(task.asked) < 2 * FRUITLESS_CANDIDATES


@pytest.mark.parametrize("split", Split)
def test_the_easiest_programs_have_all_splits(split: Split) -> None:
    easiest = Difficulty(1, 1)
    drawn = draw_samples(Program("identity"), split, 20, lambda n, rng: Difficulties.constant(easiest, n), (0,))
    assert {split_of(text) for text in drawn.samples.inputs} == {split}
