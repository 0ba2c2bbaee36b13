"""Loads of training data: the same bits however they are made; every sample in its split."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch

from generators.scrambling import Scrambling
from generators.splits import Split, split_of
from l2e.batches import Layout, PairBatch, StreamBatch
from l2e.curricula import Curriculum
from l2e.evaluation.held_out import held_out
from l2e.experiments.experiment import Experiment
from l2e.progress import Check, Progress
from l2e.training.data import Load, Loads
from l2e.vocabulary import decode
from tests import toys
from tests.toys import experiment

every_layout = pytest.mark.parametrize("layout", Layout)
PROGRESS = Progress(Check(1.0, 1.0), stalled=True)


def program(**changes: Any) -> Experiment:
    return experiment(**{"task": "program", "length": 3, "nesting": 2, "curriculum": "combined", **changes})


def bits(load: Load) -> list[bytes]:
    return [
        field.numpy().tobytes()
        for batch in load.batches
        for field in (getattr(batch, name) for name in batch.__dataclass_fields__)
        if isinstance(field, torch.Tensor)
    ]


def made(of: Experiment, layout: Layout, number: int, curriculum: Curriculum | None = None) -> Load:
    """A load that was not made ahead."""
    loads = Loads(of, layout)
    try:
        return loads.make(number, curriculum or of.make_curriculum())
    finally:
        loads.close()


def risen(of: Experiment, times: int) -> Curriculum:
    curriculum = of.make_curriculum()
    for _ in range(times):
        assert curriculum.update(PROGRESS)
    return curriculum


def samples_in(load: Load) -> list[tuple[str, str]]:
    """The whole samples of a load, read back from its batches."""
    if isinstance(load.batches[0], PairBatch):
        return [
            (decode(row[:n]), decode(target[target > 0]))
            for batch in load.batches
            for row, n, target in zip(
                batch.inputs.numpy(), batch.input_lengths.tolist(), batch.targets.numpy(), strict=True
            )
        ]
    lanes = np.concatenate([batch.symbols.numpy() for batch in load.batches], 1)
    texts = "".join(decode(lane).rstrip("\0").rpartition(".")[0] + "." for lane in lanes)  # the last may be cut
    return [(text.partition("\x01")[0], text.partition("\x01")[2] + ".") for text in texts.split(".")[:-1]]


@every_layout
def test_a_load_is_the_same_whether_or_not_it_was_made_ahead(layout: Layout) -> None:
    of = program()
    curriculum, loads = of.make_curriculum(), Loads(of, layout)
    taken = [loads.take(number, curriculum) for number in range(3)]
    loads.close()
    assert [bits(load) for load in taken] == [bits(made(of, layout, number)) for number in range(3)]


@every_layout
def test_a_load_is_the_same_in_any_thread_and_order(layout: Layout) -> None:
    of, numbers = program(), [3, 0, 2, 1, 0]
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda number: bits(made(of, layout, number)), numbers))
    assert found == [bits(made(of, layout, number)) for number in numbers]


@every_layout
def test_a_load_made_ahead_under_another_state_is_thrown_away(layout: Layout) -> None:
    of = program()
    curriculum, loads = of.make_curriculum(), Loads(of, layout)
    loads.take(0, curriculum)
    curriculum.update(PROGRESS)
    load = loads.take(1, curriculum)
    loads.close()
    assert load.curriculum_state == curriculum.state_dict()
    assert bits(load) == bits(made(of, layout, 1, risen(of, 1))) != bits(made(of, layout, 1))


def test_a_load_of_another_number_than_was_made_ahead_is_made_anew() -> None:
    of = program()
    loads = Loads(of, Layout.PAIRS)
    loads.take(0, of.make_curriculum())
    load = loads.take(7, of.make_curriculum())
    loads.close()
    assert bits(load) == bits(made(of, Layout.PAIRS, 7))


@every_layout
def test_the_state_in_a_load_does_not_change_with_the_curriculum(layout: Layout) -> None:
    of = program()
    curriculum = of.make_curriculum()
    load = made(of, layout, 0, curriculum)
    curriculum.update(PROGRESS)
    assert load.curriculum_state == of.make_curriculum().state_dict()


@every_layout
def test_loads_differ_from_one_number_and_seed_to_another(layout: Layout) -> None:
    found = [bits(made(program(seed=seed), layout, number)) for seed in (0, 1) for number in (0, 1)]
    assert len({b"".join(one) for one in found}) == 4


@every_layout
def test_every_training_sample_is_right_and_in_the_train_split(layout: Layout) -> None:
    of = program()
    task = of.make_task()
    samples = samples_in(made(of, layout, 0))
    assert len(samples) > 20
    for text, target in samples:
        assert split_of(text) is Split.TRAIN
        assert task.answer(text) == target


@every_layout
def test_a_load_says_how_many_candidates_were_written_for_its_samples(layout: Layout) -> None:
    load = made(program(), layout, 0)
    assert 2 < load.candidates / len(load.difficulties) < 4  # the train split holds a third


@every_layout
def test_a_load_knows_the_difficulty_of_every_sample_by_the_number_its_batches_give_it(layout: Layout) -> None:
    load = made(experiment(task="copy", length=6, curriculum="mix"), layout, 0)
    owners = np.concatenate([batch.owners for batch in load.batches])
    whole, characters = np.unique(owners[owners >= 0], return_counts=True)
    lengths = load.difficulties.lengths[whole]
    cut = layout is Layout.STREAM  # the first character of a window's text is predicted by no earlier one
    assert (characters == lengths + 1).mean() > (0.8 if cut else 0.999)


def test_a_load_of_pairs_has_all_its_batches_in_shuffled_order() -> None:
    batches = made(program(), Layout.PAIRS, 0).batches
    lengths = [int(batch.input_lengths[0]) for batch in batches if isinstance(batch, PairBatch)]
    assert [batch.rows for batch in batches] == [20] * 5
    assert lengths != sorted(lengths)


def test_a_load_of_streams_fills_every_lane() -> None:
    batches = made(program(), Layout.STREAM, 0).batches
    assert all(isinstance(batch, StreamBatch) for batch in batches)
    assert sum(batch.characters for batch in batches) == 20 * 100
    lanes = np.concatenate([batch.symbols.numpy() for batch in batches if isinstance(batch, StreamBatch)], 1)
    longest = max(len(text) + len(target) + 1 for text, target in samples_in(made(program(), Layout.STREAM, 0)))
    assert ((lanes == 0).sum(1) < 2 * longest).all()


def test_the_scrambled_view_is_the_same_samples_in_other_characters() -> None:
    plain = samples_in(made(program(), Layout.PAIRS, 0))
    scrambled = samples_in(made(program(scramble=4), Layout.PAIRS, 0))
    view = Scrambling(4)
    assert plain != scrambled
    assert [(view.unscramble(text), view.unscramble(target)) for text, target in scrambled] == plain


@pytest.mark.parametrize("split", [Split.VALIDATION, Split.TEST])
def test_held_out_samples_are_the_same_for_every_seed_curriculum_and_learner(split: Split) -> None:
    one = held_out(program(), split, 50, 3, 2)
    two = held_out(program(seed=5, curriculum="naive", learner="lstm", test_samples=7), split, 50, 3, 2)
    assert (one.inputs, one.targets) == (two.inputs, two.targets)
    assert {split_of(text) for text in one.inputs} == {split}


def test_held_out_samples_have_the_difficulty_asked_for() -> None:
    samples = held_out(program(), Split.TEST, 30, 5, 3)
    assert (set(samples.lengths.tolist()), set(samples.nestings.tolist())) == ({5}, {3})


def test_held_out_samples_are_seen_scrambled_too() -> None:
    plain, scrambled = (held_out(program(scramble=seed), Split.TEST, 30, 3, 2) for seed in (None, 4))
    assert list(map(Scrambling(4).scramble, plain.inputs)) == scrambled.inputs
    assert list(map(Scrambling(4).scramble, plain.targets)) == scrambled.targets


def test_a_curriculums_error_comes_out_when_the_load_is_taken() -> None:
    of = experiment(curriculum=f"{toys.__file__}:Failing")
    loads = Loads(of, Layout.PAIRS)
    with pytest.raises(RuntimeError, match="the well is dry"):
        loads.take(0, of.make_curriculum())
    loads.close()
