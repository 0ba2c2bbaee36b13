"""The tagger: which characters of the input and of the answer each character is written from."""

from __future__ import annotations

import torch
from torch import Tensor

from baselines.tagger import Tagger
from l2e.batches import pad, pair_batches
from l2e.vocabulary import END_OF_INPUT, SYMBOLS, encode
from tests.toys import samples_of


def made() -> Tagger:
    torch.manual_seed(0)
    return Tagger(SYMBOLS, cells=8).double().eval()


@torch.no_grad()
def logits(tagger: Tagger, input: str, target: str) -> Tensor:
    """[characters of the target, symbols]."""
    [batch] = pair_batches(samples_of((input, target)), 1)
    found: Tensor = tagger(batch)[0]
    return found


def test_a_character_is_written_from_as_many_of_the_input_and_never_from_later_ones() -> None:
    tagger = made()
    first, second = (logits(tagger, text, "0110.") for text in ("0100", "0111"))
    torch.testing.assert_close(first[:2], second[:2])
    assert not first[2].allclose(second[2])
    assert not first[4].allclose(second[4])


@torch.no_grad()
def test_the_stack_reads_an_answer_and_an_input_character_by_turns_and_the_end_of_input_where_there_is_none() -> None:
    tagger = made()
    flat, _ = encode(["1", "7", ".", "0"])
    x, y, stop, y2 = flat.tolist()
    read = torch.tensor([[END_OF_INPUT, x, y, END_OF_INPUT, stop, END_OF_INPUT, y2, END_OF_INPUT]])
    outputs, _ = tagger.stack(read.T)
    torch.testing.assert_close(logits(tagger, "1", "7.0."), tagger.output(outputs[1::2, 0]))


@torch.no_grad()
def test_writing_step_by_step_is_writing_at_once() -> None:
    tagger = made()
    inputs, lengths = pad(["10110", "01"])
    symbols = torch.tensor([[END_OF_INPUT, 20, 21, 16, 19, 22, 23], [END_OF_INPUT, 18, 16, 21, 20, 19, 18]])
    at_once, _ = tagger.decode(symbols, tagger.encode(inputs, lengths))
    state, steps = tagger.encode(inputs, lengths), []
    for column in symbols.T:
        vectors, state = tagger.decode(column[:, None], state)
        steps.append(vectors)
    torch.testing.assert_close(torch.cat(steps, 1), at_once)
