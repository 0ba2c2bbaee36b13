"""Training data of a text: lanes that begin anywhere in its training part."""

from __future__ import annotations

import copy

import numpy as np

from generators.samples import Difficulties, IntArray
from generators.seeding import keyed_generator
from l2e.batches import Streams, windows
from l2e.curricula import Curriculum
from l2e.experiments.experiment import Experiment
from l2e.training.data import Load, LoadsAhead
from l2e.units import START


class TextLoads(LoadsAhead):
    """Loads of stretches of a text."""

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        self.target = experiment.target
        self.symbols = experiment.make_text().training.symbols

    def make(self, number: int, curriculum: Curriculum) -> Load:
        """Stretches that begin at random places, each after the symbol of a start."""
        lanes = self.recipe.batch_size
        rng = keyed_generator("text", "train", self.seed, number)
        streams = stretches(self.symbols, lanes, self.recipe.lane_characters, rng)
        batches = windows(streams, self.recipe.window, streams.in_texts)
        return Load(
            number, copy.deepcopy(curriculum.state_dict()), batches, Difficulties.constant(self.target, lanes), lanes
        )


def stretches(symbols: IntArray, lanes: int, length: int, rng: np.random.Generator) -> Streams:
    """A start and a stretch of a text in each lane; after the end of the text comes its beginning.

    Args:
        symbols: int64 [time].
        lanes: how many.
        length: symbols of a lane, the start among them.
        rng: draws where each begins.
    """
    begins = rng.integers(len(symbols), size=(lanes, 1))
    rows = symbols[(begins + np.arange(length - 1)) % len(symbols)]
    started = np.hstack([np.full((lanes, 1), START, np.int64), rows])
    return Streams(started, np.full_like(started, -1), complete=True)
