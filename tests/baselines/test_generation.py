"""Greedy generation with a toy network whose state is the text that it still has to write."""

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from baselines.generation import generate_greedily
from l2e.vocabulary import FULL_STOP, SYMBOLS, decode, encode


class Script:
    """Writes given texts; notes what it was given to read."""

    def __init__(self, *texts: str) -> None:
        self.texts = torch.from_numpy(encode(texts)[0].reshape(len(texts), -1))
        self.read: list[list[int]] = []

    def step(self, symbols: Tensor, state: int) -> tuple[Tensor, int]:
        self.read.append(symbols.tolist())
        return one_hot(self.texts[:, state], SYMBOLS), state + 1

    def write(self, most: int) -> list[str]:
        written = generate_greedily(self.step, torch.zeros(len(self.texts), dtype=torch.int64), 0, most)
        return [decode(row) for row in written.numpy()]


def test_writes_the_likeliest_symbol_at_each_step() -> None:
    assert Script("12.", "-3.").write(9) == ["12.", "-3."]


def test_reads_what_it_wrote() -> None:
    script = Script("12.", "-3.")
    script.write(9)
    assert script.read == [[0, 0], *script.texts.T[:2].tolist()]


def test_goes_on_until_every_row_has_written_a_full_stop() -> None:
    assert Script("1.999", "123.9").write(9) == ["1.99", "123."]


def test_stops_at_the_latest_at_max_characters() -> None:
    assert Script("12345", "123.5").write(4) == ["1234", "123."]
    assert Script("12345").write(0) == [""]


def test_a_row_that_has_stopped_stays_stopped() -> None:
    assert Script(".11.", "111.").write(9) == [".11.", "111."]


def test_the_full_stop_is_the_alphabets() -> None:
    assert decode(encode(["."])[0]) == "."
    assert encode(["."])[0].tolist() == [FULL_STOP]
