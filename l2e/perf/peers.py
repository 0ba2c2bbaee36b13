"""What a user would write: the plain peers that ours is measured against."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from l2e.alphabet import CHARACTERS, SYMBOLS
from l2e.batches import Batch, StreamBatch
from l2e.recipes import Recipe


def write_programs(n: int, length: int, nesting: int, seed: int) -> list[tuple[str, str]]:
    """Programs one at a time with `random` and f-strings; those of the training split alone."""
    rng = random.Random(seed)
    most, repeats = 10**length, 4 * length
    kept = []
    for _ in range(n):
        statements, text, value = "", "", 0
        letters = rng.sample("abcdefghij", nesting)
        for depth in range(nesting):
            kind = rng.randrange(6)
            arity = (2, 1, 1, 2, 2, 4)[kind]
            numbers = [rng.randint(1, most) for _ in range(arity)]
            texts = [str(number) for number in numbers]
            if depth:
                slot = rng.randrange(arity)
                numbers[slot], texts[slot] = value, text
            plus = rng.random() < 0.5
            sign, factor = ("+", 1) if plus else ("-", -1)
            if kind == 0:
                text, value = f"({texts[0]}{sign}{texts[1]})", numbers[0] + factor * numbers[1]
            elif kind == 1:
                k = rng.randint(1, repeats)
                text, value = (f"({texts[0]}*{k})" if plus else f"({k}*{texts[0]})"), numbers[0] * k
            elif kind == 2:
                text, value = texts[0], numbers[0]
            elif kind == 3:
                v = letters.pop()
                statements += f"{v}={texts[0]};\n"
                text, value = f"({v}{sign}{texts[1]})", numbers[0] + factor * numbers[1]
            elif kind == 4:
                v, k = letters.pop(), rng.randint(1, repeats)
                statements += f"{v}={texts[0]}\nfor x in range({k}):{v}{sign}={texts[1]}\n"
                text, value = v, numbers[0] + factor * k * numbers[1]
            else:
                holds = numbers[0] > numbers[1] if plus else numbers[0] < numbers[1]
                text = f"({texts[2]} if {texts[0]}{'>' if plus else '<'}{texts[1]} else {texts[3]})"
                value = numbers[2] if holds else numbers[3]
        program = f"{statements}print({text})"
        if zlib.crc32(program.encode()) % 3 == 0:
            kept.append((program, f"{value}."))
    return kept


SYMBOL = {character: number for number, character in enumerate(CHARACTERS, 2)}


def to_ids(texts: list[str]) -> list[list[int]]:
    """Texts as lists of symbols, character by character."""
    return [[SYMBOL[character] for character in text] for text in texts]


class PlainLSTM(nn.Module):
    """torch's own LSTM, embedding before and linear layer after; over a stream or over pairs in one text.

    Args:
        symbols: how many there are.
        cells: per layer, and the embedding's width.
        layers: one above the other.
    """

    def __init__(self, symbols: int, cells: int, layers: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(symbols, cells)
        self.lstm = nn.LSTM(cells, cells, layers)
        self.output = nn.Linear(cells, symbols)
        for layer in range(layers):
            for gate in getattr(self.lstm, f"weight_hh_l{layer}").detach().chunk(4):
                nn.init.orthogonal_(gate)
            getattr(self.lstm, f"bias_ih_l{layer}").detach()[cells : 2 * cells] = 1

    def forward(
        self, symbols: Tensor, state: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Logits [time, rows, symbols] for symbols [time, rows], and the state."""
        outputs, state = self.lstm(self.embedding(symbols), state)
        logits: Tensor = self.output(outputs)
        return logits, state


def clip_and_step(model: nn.Module, optimizer: torch.optim.Optimizer, loss: Tensor, norm: float) -> None:
    """One plain update."""
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(model.parameters(), norm)
    optimizer.step()


class PlainStream:
    """A plain training of `PlainLSTM` over running text, by gradient descent.

    Args:
        device: where.
        cells: per layer.
        layers: one above the other.
        recipe: gives the greatest norm of the gradient, and the rate.
    """

    def __init__(self, device: torch.device, cells: int, layers: int, recipe: Recipe) -> None:
        self.model = PlainLSTM(SYMBOLS, cells, layers).to(device)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=recipe.rate)
        self.clip_norm = recipe.clip_norm

    def train(self, batches: Sequence[Batch]) -> None:
        """One update a batch, the state carried from each to the next."""
        state = None
        for batch in batches:
            assert isinstance(batch, StreamBatch)
            logits, (h, c) = self.model(batch.symbols.T, state)
            state = h.detach(), c.detach()
            chosen = logits.transpose(0, 1).reshape(-1, SYMBOLS)[batch.positions]
            loss = cross_entropy(chosen, batch.answers, reduction="sum") / batch.rows
            clip_and_step(self.model, self.optimizer, loss, self.clip_norm)
