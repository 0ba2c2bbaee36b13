"""Training data in loads, each a function of the experiment, its number and the curriculum's state."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

from generators.samples import Difficulties, Samples
from generators.scrambling import Scrambling
from generators.seeding import keyed_generator
from generators.splits import Split, draw_samples
from l2e.batches import Batch, Layout, pack, pair_batches, windows
from l2e.curricula import Curriculum
from l2e.experiments.experiment import Experiment

SAMPLES_A_PART = 2000  # streams are filled in parts, as the number of samples depends on their characters


@dataclass(frozen=True, slots=True)
class Load:
    """The batches drawn under one state of the curriculum.

    Attributes:
        number: 0 for the first load of a run.
        curriculum_state: when the difficulties were drawn.
        batches: in the order of training.
        difficulties: of each sample, by the indices that batches give their samples.
        candidates: how many were generated to find them; the others belong to the other splits.
    """

    number: int
    curriculum_state: dict[str, Any]
    batches: Sequence[Batch]
    difficulties: Difficulties
    candidates: int


class Ahead(NamedTuple):
    """A load that is made in advance."""

    number: int
    curriculum_state: dict[str, Any]
    load: Future[Load]


class LoadsAhead(ABC):
    """Makes a run's loads, the next one in the background during training.

    If the curriculum's state changes before the next load is needed, it is made again, so data do not depend on timing.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.recipe = experiment.recipe
        self.seed = experiment.seed
        self._background = ThreadPoolExecutor(1, thread_name_prefix="l2e-loads")
        self._ahead: Ahead | None = None

    def take(self, number: int, curriculum: Curriculum) -> Load:
        """The load of this number under the curriculum's current state."""
        ahead, now = self._ahead, copy.deepcopy(curriculum)
        state = now.state_dict()
        if ahead is not None and (ahead.number, ahead.curriculum_state) == (number, state):
            load = ahead.load.result()
        else:
            load = self.make(number, now)
        self._ahead = Ahead(number + 1, state, self._background.submit(self.make, number + 1, now))
        return load

    def close(self) -> None:
        """Stop the background work."""
        self._background.shutdown(cancel_futures=True)

    @abstractmethod
    def make(self, number: int, curriculum: Curriculum) -> Load:
        """One load."""


class Loads(LoadsAhead):
    """Loads of samples of a task."""

    def __init__(self, experiment: Experiment, layout: Layout) -> None:
        super().__init__(experiment)
        self.layout = layout
        self.task = experiment.make_task()
        self.scrambling = None if experiment.scramble is None else Scrambling(experiment.scramble)

    def make(self, number: int, curriculum: Curriculum) -> Load:
        """Draw, split, scramble and batch one load."""
        make = self._pairs if self.layout is Layout.PAIRS else self._streams
        batches, samples, candidates = make(number, curriculum)
        difficulties = Difficulties(samples.lengths, samples.nestings)
        return Load(number, copy.deepcopy(curriculum.state_dict()), batches, difficulties, candidates)

    def _pairs(self, number: int, curriculum: Curriculum) -> tuple[list[Batch], Samples, int]:
        n = self.recipe.batch_size * self.recipe.batches_per_load
        samples, candidates = draw_samples(self.task, Split.TRAIN, n, curriculum.draw, (self.seed, number))
        batches: list[Batch] = list(
            pair_batches(self._seen(samples), self.recipe.batch_size, self.recipe.batches_sorted_together)
        )
        order = keyed_generator(self.task.name, "order", self.seed, number).permutation(len(batches))
        return [batches[i] for i in order], samples, candidates

    def _streams(self, number: int, curriculum: Curriculum) -> tuple[list[Batch], Samples, int]:
        lanes, length = self.recipe.batch_size, self.recipe.lane_characters
        parts: list[Samples] = []
        candidates = characters = 0
        while True:
            key = (self.seed, number, len(parts))
            part, tried = draw_samples(self.task, Split.TRAIN, SAMPLES_A_PART, curriculum.draw, key)
            parts.append(self._seen(part))
            candidates += tried
            characters += sum(map(len, part.inputs)) + sum(map(len, part.targets)) + len(part)
            if characters < lanes * length:
                continue
            samples = Samples.concatenate(parts)
            streams = pack(samples, lanes, length)
            if streams.complete:
                predicted = streams.in_texts if self.recipe.loss_over == "all" else streams.in_targets
                return list(windows(streams, self.recipe.window, predicted)), samples, candidates

    def _seen(self, samples: Samples) -> Samples:
        return self.scrambling.view(samples) if self.scrambling else samples
