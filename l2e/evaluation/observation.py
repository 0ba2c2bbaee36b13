"""A network that is watched while it reads one input and writes its answer, as texts and numbers to show.

The pictures are those of Graves 2013 ("Generating sequences with recurrent neural networks", section 4.2) and of
Karpathy, Johnson & Li 2015 ("Visualizing and understanding recurrent networks"): units over characters, and under each
character those that the network held likeliest to follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from generators.scrambling import Scrambling
from l2e.batches import pad
from l2e.errors import BAD_USAGE, ExplainedError
from l2e.learner import Learner
from l2e.registry import Group, catalogue
from l2e.units import KNOWN, START, Vocabulary
from l2e.vocabulary import END_MARK, SYMBOLS, decode, encode
from l2e.watching import HIDDEN, Look, Trace, Watchable, WatchableText, Watched

LIKELIEST = 4
UNKNOWN_SHOWN = "\ufffd"  # what Unicode has for a character that cannot be shown


class UnwatchableError(ExplainedError, ValueError):
    """A learner that does not say what it does; the message names those that do."""

    exit_code = BAD_USAGE


class Units(NamedTuple):
    """Some units of one kind in one layer.

    Attributes:
        part: the layer.
        kind: of its units.
        first: column of the first character.
        units: which, counted from 0.
        values: [units, columns].
    """

    part: str
    kind: str
    first: int
    units: list[int]
    values: npt.NDArray[np.float64]

    @property
    def span(self) -> tuple[float, float]:
        """Between which numbers the values are shown: 0 and 1 of gates, else -1 and 1, or as wide as they need."""
        if self.kind.endswith("gate"):
            return 0.0, 1.0
        widest = max(1.0, float(np.abs(self.values).max(initial=0)))
        return -widest, widest


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen.

    Attributes:
        input: as it was given.
        answer: of the network, or the one that it was to write; of a text there is none.
        characters: what was read, a character a column.
        shown: what each symbol is shown as, of a scrambled view unscrambled.
        watched: what the network told.
    """

    input: str
    answer: str
    characters: str
    shown: list[str]
    watched: Watched

    @property
    def following(self) -> str:
        """The characters that follow each column, as far as there are."""
        return (self.characters + self.answer[-1:])[1:]

    def likeliest(self, n: int = LIKELIEST) -> list[list[tuple[str, float]]]:
        """By column, the likeliest next characters with their probabilities; none where the network predicts none."""
        probabilities = self.watched.probabilities.cpu().numpy()
        order = np.argsort(-probabilities, axis=1, kind="stable")[:, :n]
        return [
            [] if np.isnan(row).any() else [(self.shown[symbol], float(row[symbol])) for symbol in best]
            for row, best in zip(probabilities, order, strict=True)
        ]

    def liveliest(self, n: int) -> list[Units]:
        """Of each layer the n units that change most, in all kinds; by the sum of their hidden unit's steps."""
        read = [trace for trace in self.watched.traces if len(trace.values)]
        changes = {trace.part: _changes(trace) for trace in read if trace.kind == HIDDEN}
        chosen = {part: np.argsort(-change, kind="stable")[:n] for part, change in changes.items()}
        return [
            Units(trace.part, trace.kind, trace.first, units.tolist(), _array(trace)[:, units].T)
            for trace in read
            for units in [chosen[trace.part]]
        ]

    @property
    def looks(self) -> list[Look]:
        """Of all heads that had something to look at."""
        return [look for look in self.watched.looks if look.weights.numel()]

    def told(self, units: int) -> dict[str, Any]:
        """All of it as JSON has it, of each layer the units that change most."""
        return {
            "input": self.input,
            "answer": self.answer,
            "characters": list(self.characters),
            "following": list(self.following),
            "likeliest": self.likeliest(),
            "units": [
                {**one._asdict(), "values": one.values.tolist(), "span": one.span} for one in self.liveliest(units)
            ],
            "looks": [{**look._asdict(), "weights": look.weights.tolist()} for look in self.looks],
        }


def _array(trace: Trace) -> npt.NDArray[np.float64]:
    values: npt.NDArray[np.float64] = trace.values.double().cpu().numpy()
    return values


def _changes(trace: Trace) -> npt.NDArray[np.float64]:
    """How much each unit changes from character to character, all steps added up."""
    changes: npt.NDArray[np.float64] = np.abs(np.diff(_array(trace), axis=0)).sum(0)
    return changes


def observe(
    learner: Learner,
    input: str,
    answer: str | None = None,
    max_characters: int = 50,
    view: Scrambling | None = None,
) -> Observation:
    """Watch a learner.

    Args:
        learner: answers.
        input: unscrambled.
        answer: that it is to write; None: its own.
        max_characters: greatest length of its own.
        view: the scrambled view that it was trained on; None for plain text.

    Raises:
        UnwatchableError: the learner does not say what it does.
        InputError: a character outside the vocabulary.
    """
    if not isinstance(learner, Watchable):
        raise _unwatchable(learner, "watch")
    shown = [decode(np.array([symbol])) for symbol in range(SYMBOLS)]
    if view:
        shown = [view.unscramble(character) for character in shown]
    inputs, lengths = pad([view.scramble(input) if view else input])
    inputs = inputs.to(learner.device)
    if answer is None:
        with torch.no_grad():
            [symbols] = learner.eval().generate(inputs, lengths, max_characters)
    else:
        symbols = torch.from_numpy(encode([view.scramble(answer) if view else answer])[0]).to(learner.device)
    written = "".join(shown[symbol] for symbol in symbols.tolist())
    read = input + END_MARK + written[:-1]
    return Observation(input, written, read, shown, learner.watch(inputs, lengths, symbols))


def observe_text(learner: Learner, text: str, vocabulary: Vocabulary) -> Observation:
    """Watch a language model of characters while it reads a text.

    Args:
        learner: reads.
        text: at least one character; those that are unknown are read as such.
        vocabulary: that it was trained with.

    Raises:
        UnwatchableError: the learner does not say what it does, or its units are not characters, or there is no text.
    """
    if not isinstance(learner, WatchableText):
        raise _unwatchable(learner, "watch_text")
    if vocabulary.units != "characters":
        raise UnwatchableError(f"states are shown of characters; this network's units are {vocabulary.units}")
    if not text:
        raise UnwatchableError("there is no text to read")
    shown = [UNKNOWN_SHOWN] * KNOWN + [vocabulary.write([symbol]) for symbol in range(KNOWN, vocabulary.size)]
    symbols = torch.from_numpy(vocabulary.read(text).symbols).to(learner.device)
    return Observation(text, "", text, shown, learner.watch_text(symbols, START))


def _unwatchable(learner: Learner, method: str) -> UnwatchableError:
    can = [name for name, kind in catalogue(Group.LEARNER).items() if hasattr(kind, method)]
    return UnwatchableError(
        f"{type(learner).__name__} does not tell its states or attention; those that do: {', '.join(can)}"
    )
