"""Both layouts: nothing lost, nothing doubled, every answer with its owner."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from generators.errors import InputError
from generators.samples import Samples
from generators.splits import Split, draw_samples
from l2e.batches import Batch, Layout, PairBatch, pack, pad, pair_batches, stream_batches, text_batches, windows
from l2e.learner import evaluation_batches
from l2e.registry import Group, create
from l2e.vocabulary import CHARACTERS, END_OF_INPUT, FULL_STOP, PADDING, decode, encode, running_texts
from tests.toys import at, samples_of

texts = st.text(st.sampled_from(CHARACTERS), max_size=12)
some_samples = st.lists(st.tuples(texts, texts), min_size=1, max_size=30).map(lambda pairs: samples_of(*pairs))

THREE = samples_of(("ab", "1."), ("c", "22."), ("defg", "3."))


def answers_by_owner(batches: list[Batch], n: int) -> list[str]:
    """The answers of each sample, in the batches' order."""
    found = [""] * n
    for batch in batches:
        for owner, symbol in zip(batch.owners.tolist(), batch.answers.numpy(), strict=True):
            found[owner] += decode(np.array([symbol]))
    return found


def lane_texts(samples: Samples, lanes: int, length: int) -> list[str]:
    """What pack should write: sample after sample while there is room, lane after lane."""
    found, rest = [], [f"{text}\x01{target}" for text, target in samples]
    for _ in range(lanes):
        lane = ""
        while rest and len(lane) + len(rest[0]) <= length:
            lane += rest.pop(0)
        found.append(lane.ljust(length, "\0"))
    return found


@given(some_samples, st.integers(1, 8))
def test_pairs_hold_every_answer_character_once_and_in_order(samples: Samples, batch_size: int) -> None:
    assert answers_by_owner(list(pair_batches(samples, batch_size)), len(samples)) == samples.targets


@given(some_samples, st.integers(1, 8))
def test_pairs_hold_every_sample_once(samples: Samples, batch_size: int) -> None:
    inputs = []
    for batch in pair_batches(samples, batch_size):
        assert batch.rows <= batch_size
        inputs += [decode(row[:n]) for row, n in zip(batch.inputs.numpy(), batch.input_lengths.tolist(), strict=True)]
    assert sorted(inputs) == sorted(samples.inputs)


@given(some_samples, st.integers(1, 8))
def test_a_pair_batch_has_its_longest_input_first_and_batches_grow(samples: Samples, batch_size: int) -> None:
    lengths = [batch.input_lengths.tolist() for batch in pair_batches(samples, batch_size)]
    assert all(row == sorted(row, reverse=True) for row in lengths)
    assert [n for row in lengths for n in row[::-1]] == sorted(map(len, samples.inputs))


@given(some_samples, st.integers(1, 8))
def test_everything_in_a_pair_batch_but_its_texts_is_padding(samples: Samples, batch_size: int) -> None:
    for batch in pair_batches(samples, batch_size):
        owners = batch.owners.tolist()
        assert set(batch.positions.tolist()) == set(torch.nonzero(batch.targets.ravel()).ravel().tolist())
        assert batch.targets.ravel()[batch.positions].equal(batch.answers)
        assert len(torch.nonzero(batch.inputs)) == int(batch.input_lengths.sum())
        assert batch.characters == len(torch.nonzero(batch.inputs)) + len(owners)


def test_positions_and_owners_of_a_small_pair_batch() -> None:
    (batch,) = pair_batches(THREE, 3)
    assert batch.input_lengths.tolist() == [4, 2, 1]
    assert batch.owners.tolist() == [2, 2, 0, 0, 1, 1, 1]
    assert batch.positions.tolist() == [0, 1, 3, 4, 6, 7, 8]
    assert batch.characters == 14


@pytest.mark.parametrize("name", ["program", "addition"])
def test_pairs_of_a_load_waste_less_than_5_percent_on_padding(name: str) -> None:
    samples, _ = draw_samples(create(Group.TASK, name, {}), Split.TRAIN, 5000, at(2), (0, 0))
    batches = pair_batches(samples, 100)
    room = sum(batch.inputs.numel() + batch.targets.numel() for batch in batches)
    assert 1 - sum(batch.characters for batch in batches) / room < 0.05


def test_among_inputs_of_equal_length_targets_of_similar_length_share_a_batch() -> None:
    samples = samples_of(*((f"{i}", f"{'7' * (i % 2)}.") for i in range(8)))
    assert [batch.targets.shape[1] for batch in pair_batches(samples, 4)] == [1, 2]


def test_batches_sorted_together_hold_the_samples_that_follow_one_another_sorted() -> None:
    samples = samples_of(*[("x" * length, "1.") for length in (5, 1, 4, 2, 3, 9, 8, 7, 6)])
    batches = pair_batches(samples, 2, sorted_together=2)
    assert [batch.input_lengths.tolist() for batch in batches] == [[2, 1], [5, 4], [7, 3], [9, 8], [6]]
    assert pair_batches(samples, 2)[0].input_lengths.tolist() == [2, 1]
    assert pair_batches(samples[:0], 2) == []


def test_padding_fills_every_row_to_the_longest() -> None:
    symbols, lengths = pad(["ab", "", "c"])
    assert lengths.tolist() == [2, 0, 1]
    assert [decode(row) for row in symbols.numpy()] == ["ab", "\0\0", "c\0"]


@given(some_samples, st.integers(1, 5), st.integers(25, 60))
def test_lanes_hold_sample_after_sample(samples: Samples, lanes: int, length: int) -> None:
    streams = pack(samples, lanes, length)
    assert [decode(lane) for lane in streams.symbols] == lane_texts(samples, lanes, length)


@given(some_samples, st.integers(1, 5), st.integers(25, 60))
def test_a_place_in_a_lane_has_an_owner_exactly_where_a_target_stands(
    samples: Samples, lanes: int, length: int
) -> None:
    streams = pack(samples, lanes, length)
    found: dict[int, str] = {}
    for symbols, owners in zip(streams.symbols, streams.owners, strict=True):
        for symbol, owner in zip(symbols, owners.tolist(), strict=True):
            if owner >= 0:
                found[owner] = found.get(owner, "") + decode(np.array([symbol]))
    packed = "".join(lane_texts(samples, lanes, length)).count("\x01")
    assert found == {i: target for i, target in enumerate(samples.targets[:packed]) if target}


@given(some_samples, st.integers(1, 5), st.integers(25, 60), st.integers(1, 70))
def test_windows_in_a_row_give_back_the_lanes_but_for_the_last_character(
    samples: Samples, lanes: int, length: int, window: int
) -> None:
    streams = pack(samples, lanes, length)
    batches = windows(streams, window, streams.in_targets)
    assert torch.cat([batch.symbols for batch in batches], 1).numpy().tolist() == streams.symbols[:, :-1].tolist()
    assert all(batch.symbols.shape[1] == window for batch in batches[:-1])


@given(some_samples, st.integers(1, 5), st.integers(25, 60), st.integers(1, 70))
def test_the_answer_at_a_position_is_the_next_character_of_the_lane(
    samples: Samples, lanes: int, length: int, window: int
) -> None:
    streams = pack(samples, lanes, length)
    for number, batch in enumerate(windows(streams, window, streams.in_targets)):
        lane, time = np.divmod(batch.positions.numpy(), batch.symbols.shape[1])
        place = number * window + time + 1
        assert batch.answers.numpy().tolist() == streams.symbols[lane, place].tolist()
        assert batch.owners.tolist() == streams.owners[lane, place].tolist()


@given(some_samples, st.integers(1, 40), st.integers(1, 70))
def test_streams_for_evaluation_hold_every_answer_once_and_in_order(samples: Samples, lanes: int, window: int) -> None:
    assert answers_by_owner(list(stream_batches(samples, lanes, window)), len(samples)) == samples.targets


@given(some_samples, st.integers(1, 5), st.integers(25, 60))
def test_complete_says_whether_a_sample_is_left_over(samples: Samples, lanes: int, length: int) -> None:
    packed = "".join(lane_texts(samples, lanes, length)).count("\x01")
    assert pack(samples, lanes, length).complete == (packed < len(samples))


def test_a_sample_longer_than_a_lane_is_refused_with_both_lengths() -> None:
    with pytest.raises(ValueError, match="a sample of 7 characters does not fit in a lane of 6"):
        pack(THREE, 2, 6)


def test_a_sample_as_long_as_a_lane_fits() -> None:
    assert decode(pack(THREE, 3, 7).symbols[2]) == "defg\x013."


@pytest.mark.parametrize("layout", Layout)
def test_moving_a_batch_keeps_everything(layout: Layout) -> None:
    (batch, *_) = evaluation_batches(layout, THREE)
    moved = batch.to(torch.device("cpu"))
    assert moved.answers.equal(batch.answers)
    assert moved.positions.equal(batch.positions)
    assert (moved.owners.tolist(), moved.characters, moved.rows) == (
        batch.owners.tolist(),
        batch.characters,
        batch.rows,
    )


@pytest.mark.parametrize("layout", Layout)
def test_an_unknown_character_is_refused_in_either_layout(layout: Layout) -> None:
    with pytest.raises(InputError, match="'é' is not in the vocabulary"):
        evaluation_batches(layout, samples_of(("a", "1."), ("é", "2.")))


def test_marks_are_not_among_the_texts_of_a_pair_batch() -> None:
    (batch,) = pair_batches(THREE, 3)
    assert isinstance(batch, PairBatch)
    assert END_OF_INPUT not in batch.inputs
    assert PADDING not in batch.answers
    assert encode(["1."])[0].tolist() in [[a, b] for a, b in batch.targets[:, :2].tolist()]


@given(some_samples, st.integers(1, 40), st.integers(1, 70))
def test_of_texts_every_character_is_predicted_once_and_no_padding(samples: Samples, lanes: int, window: int) -> None:
    batches = text_batches(samples, lanes, window)
    found = [list[int]() for _ in range(batches[0].rows)]
    for batch in batches:
        for position, answer in zip(batch.positions.tolist(), batch.answers.tolist(), strict=True):
            found[position // batch.symbols.shape[1]].append(answer)
    assert "".join(decode(np.array(lane, np.int64)) for lane in found) == "".join(running_texts(samples))


@given(some_samples, st.integers(1, 40))
def test_of_texts_every_lane_begins_as_if_after_a_text(samples: Samples, lanes: int) -> None:
    assert set(text_batches(samples, lanes, 50)[0].symbols[:, 0].tolist()) == {FULL_STOP}


@given(some_samples, st.integers(1, 40), st.integers(1, 70))
def test_of_texts_those_characters_have_owners_that_are_targets(samples: Samples, lanes: int, window: int) -> None:
    found = [""] * len(samples)
    for batch in text_batches(samples, lanes, window):
        for owner, symbol in zip(batch.owners.tolist(), batch.answers.numpy(), strict=True):
            if owner >= 0:
                found[owner] += decode(np.array([symbol]))
    assert found == samples.targets
