"""Transformers that read with one stack and write with another; how they read and write is theirs."""

from __future__ import annotations

from abc import abstractmethod
from typing import NamedTuple

import torch
from torch import Tensor

from baselines.attentive import AttentiveLearner, input_mask
from baselines.multi_head_attention import KeysValues
from baselines.watched_steps import after_columns, heads_noted, looks_of, steps, written_from
from l2e.watching import Look, Watched

Past = list[KeysValues]  # of each block, or of each block in each step


class Kind(NamedTuple):
    """An attention of a block.

    Attributes:
        said: in words, with a place for the block's number.
        writes: whether it looks from characters of the answer.
        reads_input: whether it looks at those of the input.
    """

    said: str
    writes: bool
    reads_input: bool


KINDS = {
    ("encoder", "attention"): Kind("encoder layer {}", writes=False, reads_input=True),
    ("decoder", "attention"): Kind("decoder layer {} to the answer", writes=True, reads_input=False),
    ("decoder", "cross"): Kind("decoder layer {} to the input", writes=True, reads_input=True),
}


class Reading(NamedTuple):
    """What was read.

    Attributes:
        known: what each of the decoder's blocks looks at.
        mask: bool [rows, 1, 1, input time].
    """

    known: list[KeysValues]
    mask: Tensor


class Writing(NamedTuple):
    """Between two characters.

    Attributes:
        reading: of the input.
        past: keys and values of what was written; None at first.
        weights: [rows, time, input time] of the last characters; None at first.
    """

    reading: Reading
    past: Past | None = None
    weights: Tensor | None = None


class EncoderDecoder(AttentiveLearner):
    """Reads all of the input at once, then writes; a learner of this kind writes `read` and `write`."""

    @abstractmethod
    def read(self, inputs: Tensor, places: Tensor, mask: Tensor) -> Reading:
        """Read inputs [rows, time] at places [1, time] that may look at one another by the mask [rows, 1, 1, time]."""

    @abstractmethod
    def write(
        self, symbols: Tensor, places: Tensor, mask: Tensor, past: Past | None, reading: Reading
    ) -> tuple[Tensor, Past, Tensor]:
        """Predict what follows symbols.

        Args:
            symbols: int64 [rows, time].
            places: int64 [1, time], theirs in the answer.
            mask: bool [1, 1, time, past and present time], which earlier ones each may look at.
            past: keys and values of earlier symbols.
            reading: of the input.

        Returns:
            logits [rows, time, symbols]; the past with these symbols; and the weights [rows, time, input time].
        """

    def encode(self, inputs: Tensor, lengths: Tensor) -> Writing:
        """Read the inputs."""
        places = torch.arange(inputs.shape[1], device=inputs.device)
        return Writing(self.read(inputs, places[None], input_mask(inputs, lengths)[:, None, None]))

    def decode(self, symbols: Tensor, state: Writing) -> tuple[Tensor, Writing]:
        """Logits [rows, time, symbols]; keys and values of the symbols are kept in the state."""
        written = 0 if state.past is None else state.past[0][0].shape[2]
        places = torch.arange(written + symbols.shape[1], device=symbols.device)
        mask = places <= places[written:, None]
        logits, past, weights = self.write(symbols, places[None, written:], mask[None, None], state.past, state.reading)
        return logits, Writing(state.reading, past, weights)

    def logits(self, vectors: Tensor) -> Tensor:
        """What `decode` gives are logits."""
        return vectors

    def looked_at(self, state: Writing) -> Tensor:
        """The weights [rows, input time] of the last character."""
        assert state.weights is not None
        return state.weights[:, -1]

    @torch.no_grad()
    def watch(self, inputs: Tensor, lengths: Tensor, answer: Tensor) -> Watched:
        """Read an input, then write this answer; see `Watchable`.

        Of blocks that are passed several times, each passage is told apart.
        """
        self.eval()
        length, text = int(lengths), written_from(answer)
        with heads_noted(self) as calls:
            probabilities = [one for one, _ in steps(self, text, self.encode(inputs, lengths))]
        looks: list[Look] = []
        for name, weights in calls.items():
            stack, number, attention = name.split(".")
            kind = KINDS[stack, attention]
            own = [one[..., :length] for one in weights] if kind.reads_input else weights
            passages = len(own) // (len(text) if kind.writes else 1)
            for passage in range(passages):
                part = kind.said.format(int(number) + 1) + (f", step {passage + 1}" if passages > 1 else "")
                rows = own[passage::passages] if kind.writes else [own[passage][:, :length]]
                looks += looks_of(rows, part, length * kind.writes, 0 if kind.reads_input else length)
        return Watched(after_columns(length, probabilities), [], looks)
