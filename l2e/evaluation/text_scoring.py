"""How well a network predicts the held-out part of a text: bits, of every unit given all before it.

The bits of a text are those of its units, -log2 p each, and what it takes to say which unit an unknown one is. They are
of the same characters whatever the units, so they can be compared. Beside them stand n-grams with Kneser–Ney smoothing
of the same units, and all units as equally likely.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.functional import cross_entropy

from generators.samples import BoolArray, IntArray
from generators.splits import Split
from l2e.batches import StreamBatch, Streams, windows
from l2e.experiments.experiment import Experiment
from l2e.experiments.texts import Text
from l2e.learner import EVALUATION_WINDOW, Learner, State
from l2e.metrics import Rule, Score
from l2e.registry import Group, create
from l2e.units import START, UNKNOWN, Reading
from l2e.vocabulary import PADDING

FloatArray = npt.NDArray[np.float64]

CONTEXT = 200  # units that are read before the first that counts, in all lanes but the first
MOST_LANES = 32
HIGHEST_ORDER = 8


class Predicted(NamedTuple):
    """What a network made of a text.

    Attributes:
        bits: [time], -log2 p of each symbol.
        right: bool [time], whether it was the likeliest.
    """

    bits: FloatArray
    right: BoolArray


def lanes_for(units: int) -> int:
    """In how many lanes a held-out text is read: as many as makes it quick, without reading much twice."""
    return min(MOST_LANES, max(1, units // (5 * CONTEXT)))


def held_out_batches(symbols: IntArray, lanes: int) -> list[StreamBatch]:
    """All of a text, each symbol predicted once.

    The text is cut into as many shares as there are lanes. The first is read from the start; before the others are read
    the CONTEXT symbols that precede them.

    Args:
        symbols: int64 [time].
        lanes: rows of a batch.

    Returns:
        Batches whose owners are the places of the predicted symbols.
    """
    text = np.concatenate([[START], symbols])
    share = -(-len(symbols) // lanes)
    firsts = share * np.arange(lanes)[:, None]  # the first place of each lane's share; in `text` it is one further
    begins = np.maximum(firsts - CONTEXT, 0)
    at = begins + np.arange(share + CONTEXT + 1)
    predicted = (at > firsts) & (at <= firsts + share) & (at < len(text))
    rows = np.where(at < len(text), text[at.clip(max=len(text) - 1)], PADDING)
    return windows(Streams(rows, np.where(predicted, at - 1, -1), complete=True), EVALUATION_WINDOW, predicted)


@torch.no_grad()
def predict_text(learner: Learner, symbols: IntArray, lanes: int = 1) -> Predicted:
    """What a network of running text makes of each symbol after those before it."""
    learner.eval()
    found = Predicted(np.zeros(len(symbols)), np.zeros(len(symbols), np.bool_))
    state: State = None
    for batch in held_out_batches(symbols, lanes):
        logits, state = learner(batch.to(learner.device), state)
        answers = batch.answers.to(learner.device)
        nats = cross_entropy(logits.float(), answers, reduction="none")
        found.bits[batch.owners] = nats.cpu().numpy() / math.log(2)
        found.right[batch.owners] = (logits.argmax(1) == answers).cpu().numpy()
    return found


def validation_score(experiment: Experiment, learner: Learner) -> float:
    """The share of units of the validation part that are predicted, at most `validation_samples` windows of it."""
    recipe = experiment.recipe
    symbols = experiment.make_text().validation.symbols[: recipe.validation_samples * recipe.window]
    return float(predict_text(learner, symbols, lanes_for(len(symbols))).right.mean())


def text_result(experiment: Experiment, learner: Learner) -> dict[str, Any]:
    """What `result.json` has of a text: accuracy of the next unit, bits per character, and of what they are."""
    text = experiment.make_text()
    reading, characters = text.test, text.corpus.part(Split.TEST)
    predicted = predict_text(learner, reading.symbols, lanes_for(len(reading.units)))
    models = {str(experiment.learner): predicted.bits, **baselines(text)}
    score = Score(int(predicted.right.sum()), len(reading.units))
    low, high = score.interval
    row = {
        "task": str(experiment.task),
        "split": "test",
        "learner": str(experiment.learner),
        "curriculum": str(experiment.curriculum),
        "seed": experiment.seed,
        "length": experiment.length,
        "nesting": experiment.nesting,
        "rule": Rule.TEACHER_FORCED.value,
        "n": score.n,
        "accuracy": score.accuracy,
        "low": low,
        "high": high,
    }
    return {
        "bits_per_character": {name: total_bits(reading, bits) / len(characters) for name, bits in models.items()},
        "text": {
            "characters": len(characters),
            "words": len(characters.split()),
            "units": len(reading.units),
            "unknown": reading.unknown,
            "symbols": text.vocabulary.size,
        },
        "rows": [row],
    }


def total_bits(reading: Reading, bits: FloatArray) -> float:
    """Bits of a text: of its symbols, and of the spelling of its unknown units."""
    return float(bits.sum() + reading.spelling.sum())


def baselines(text: Text) -> dict[str, FloatArray]:
    """Bits of each symbol of the test part, by predictors that are no networks.

    The n-grams are of the order that predicts the validation part best.
    """
    size = text.vocabulary.size - UNKNOWN  # neither padding nor the start is ever predicted
    training, validation, test = (reading.symbols - UNKNOWN for reading in (text.training, text.validation, text.test))
    ngrams = [
        create(Group.LANGUAGE_MODEL, "kneser_ney", {"order": order}, training, size)
        for order in range(1, HIGHEST_ORDER + 1)
    ]
    best = min(ngrams, key=lambda ngram: float(ngram.bits(validation).sum()))
    return {"kneser_ney": best.bits(test), "uniform": np.full(len(test), math.log2(size))}
