"""A task and the networks that were trained on it: their answers, and samples of the task."""

from __future__ import annotations

import itertools
import json
import secrets
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from generators.errors import InputError
from generators.samples import Difficulties, Difficulty
from generators.scrambling import Scrambling
from generators.splits import Split, draw_samples
from generators.syntax import error_at
from generators.task import Task
from l2e.analysis.labels import paper_order, strategy_names, target_order, target_title
from l2e.evaluation.checkpoint import trained_learner
from l2e.evaluation.observation import Observation, observe
from l2e.evaluation.scoring import SURPLUS
from l2e.experiments.experiment import Choice, Experiment
from l2e.experiments.run import Run, RunError
from l2e.learner import Learner
from l2e.play.answers import Written, write_answer
from l2e.registry import UnknownNameError, unknown
from l2e.vocabulary import encode

MOST_CHARACTERS = 1000  # of an input; attention costs their square
WITHOUT_TARGET = 50  # characters that a network may write where the right answer is not known
SAMPLES_A_BLOCK = 1024  # as l2e generate draws them, so that its command writes the same sample
SEEDS = 2**31


@dataclass(frozen=True, slots=True)
class Network:
    """A trained learner.

    Attributes:
        strategy: its name among those of the same target.
        title: task and difficulty that it was trained for.
        target: that difficulty.
        learner: with the newest checkpoint's parameters.
        view: the scrambled view that it was trained on; None for plain text.
    """

    strategy: str
    title: str
    target: Difficulty
    learner: Learner
    view: Scrambling | None


class Reply(NamedTuple):
    """The answer of one network."""

    network: Network
    characters: list[Written]

    @property
    def answer(self) -> str:
        """The whole text."""
        return "".join(written.character for written in self.characters)


@dataclass(frozen=True, slots=True)
class Asked:
    """The target and the networks' answers to an input.

    Attributes:
        target: None where the input is not in the task's language.
        error: why there is none.
        replies: of the networks; empty where they cannot read the input.
    """

    target: str | None
    error: InputError | None
    replies: list[Reply]


class DrawnSample(NamedTuple):
    """An input of the test split, and the command that generates it."""

    input: str
    command: str


@dataclass(frozen=True, slots=True)
class Playground:
    """A task and its networks.

    Attributes:
        choice: the task's name and options.
        task: the task.
        networks: sorted by their targets.
    """

    choice: Choice
    task: Task
    networks: list[Network]

    @property
    def targets(self) -> dict[str, Difficulty]:
        """The networks' targets, by title."""
        return {network.title: network.target for network in self.networks}

    def ask(self, input: str, title: str | None = None) -> Asked:
        """The target, and the answers of the networks of one title, or of all.

        Networks also answer inputs that are not in the task's language and have no target.
        """
        try:
            _check_readable(input)
        except InputError as unreadable:
            return Asked(None, unreadable, [])
        target, error = self._answer(input)
        asked = [network for network in self.networks if title in (None, network.title)]
        return Asked(
            target,
            error,
            [Reply(one, write_answer(one.learner, input, target, most_characters(target), one.view)) for one in asked],
        )

    def watch(self, input: str, title: str, strategy: str) -> Observation:
        """One network of a title while it answers an input.

        Raises:
            UnknownNameError: there is no such network.
            UnwatchableError: it does not say what it does.
            InputError: it cannot read the input.
        """
        named = {(network.title, network.strategy): network for network in self.networks}
        if (title, strategy) not in named:
            known = [f"{trained}: {name}" for trained, name in named]
            raise UnknownNameError(unknown("network", f"{title}: {strategy}", known))
        _check_readable(input)
        network, target = named[title, strategy], self._answer(input)[0]
        return observe(network.learner, input, None, most_characters(target), network.view)

    def _answer(self, input: str) -> tuple[str | None, InputError | None]:
        try:
            return self.task.answer(input), None
        except InputError as error:
            return None, error

    def sample(self, difficulty: Difficulty, seed: int) -> DrawnSample:
        """A sample of the test split at any difficulty that the task can serve.

        Raises:
            DifficultyError: it cannot serve this one.
        """
        drawn = draw_samples(
            self.task,
            Split.TEST,
            SAMPLES_A_BLOCK,
            lambda n, _: Difficulties.constant(difficulty, n),
            (seed, 0),
        )
        words = ["l2e", "generate", self.choice.name, "--length", str(difficulty.length)]
        words += ["--nesting", str(difficulty.nesting), "-n", "1", "--seed", str(seed), "--split", "test"]
        for option, value in self.choice.options.items():
            words += ["--set", f"task.{option}={json.dumps(value)}"]
        return DrawnSample(drawn.samples.inputs[0], shlex.join(words))


def most_characters(target: str | None) -> int:
    """That a network may write."""
    return WITHOUT_TARGET if target is None else len(target) + SURPLUS


def new_seed() -> int:
    """A random seed."""
    return secrets.randbelow(SEEDS)


def open_playgrounds(runs: Sequence[Run]) -> tuple[dict[str, Playground], list[Path]]:
    """The networks of all runs that have a checkpoint; they need not be complete.

    Returns:
        Playgrounds by their tasks' names with options; and the runs that have no checkpoint yet.

    Raises:
        RunError: none has a checkpoint, or one is corrupt.
        ValueError: a run's task or learner cannot be loaded.
    """
    trained = [run for run in runs if run.checkpoints()]
    if not trained:
        raise RunError(f"none of the {len(runs)} runs has a checkpoint yet; give its l2e train or l2e bench again")
    playgrounds: dict[str, Playground] = {}
    ordered = sorted(
        ((run.experiment(), run) for run in trained), key=lambda one: (*target_order(one[0]), paper_order(one[0]))
    )
    for title, members in itertools.groupby(ordered, lambda one: target_title(one[0])):
        networks = list(members)
        first = networks[0][0]
        playground = playgrounds.setdefault(str(first.task), Playground(first.task, first.make_task(), []))
        playground.networks.extend(_networks(title, networks))
    return playgrounds, [run.path for run in runs if run not in trained]


def _networks(title: str, runs: Sequence[tuple[Experiment, Run]]) -> list[Network]:
    names = strategy_names([experiment for experiment, _ in runs])
    return [
        Network(
            strategy,
            title,
            experiment.target,
            trained_learner(run),
            None if experiment.scramble is None else Scrambling(experiment.scramble),
        )
        for strategy, (experiment, run) in zip(names, runs, strict=True)
    ]


def _check_readable(input: str) -> None:
    """Reject inputs that networks cannot read, or not in reasonable time.

    Raises:
        InputError: too long a text, or a character outside the vocabulary.
    """
    if len(input) > MOST_CHARACTERS:
        raise error_at(input, MOST_CHARACTERS, f"the text is longer than {MOST_CHARACTERS} characters")
    encode([input])
