"""The protocol of tasks, built in or added by a user, and two optional ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np

from generators.errors import DifficultyError
from generators.samples import Difficulties, IntArray, Samples

Traits: TypeAlias = Mapping[str, tuple[str | int, ...]]


@runtime_checkable
class Task(Protocol):
    """Generates samples of a given difficulty, and computes the exact target of any legal input.

    Attributes:
        name: identifies the task and its options; a key of the random numbers.
    """

    name: str

    def sample(self, lengths: IntArray, nestings: IntArray, rng: np.random.Generator) -> Samples:
        """Generate one sample a row.

        Args:
            lengths: [n], or [n, operands] to give every operand a length of its own.
            nestings: [n].
            rng: the only source of randomness.

        Raises:
            DifficultyError: a difficulty that the task cannot serve.
        """
        ...

    def answer(self, input: str) -> str:
        """The exact target of an input, computed without executing its text.

        Raises:
            InputError: the text is not in the task's language; says line and column.
        """
        ...


@runtime_checkable
class Described(Protocol):
    """A task that can name traits of its inputs, for error analysis."""

    def traits(self, input: str) -> Traits:
        """Values of each trait that the input has, by the trait's name; any number of values per trait.

        All inputs of a task have the same names, as in `{"operation": ("loop", "conditional"), "carries": ()}`.

        Raises:
            InputError: the text is not in the task's language; says line and column.
        """
        ...


@runtime_checkable
class Selective(Protocol):
    """A task that can generate samples with a trait, for curricula over traits.

    Attributes:
        selectable_traits: the names of those traits.
    """

    selectable_traits: tuple[str, ...]

    def sample_with(self, trait: str, lengths: IntArray, nestings: IntArray, rng: np.random.Generator) -> Samples:
        """As `sample`, but every sample has the trait.

        Args:
            trait: one of `selectable_traits`.
            lengths: [n], or [n, operands].
            nestings: [n].
            rng: the only source of randomness.

        Raises:
            DifficultyError: a difficulty that the task cannot serve.
        """
        ...


def write_samples(task: Task, difficulties: Difficulties, rng: np.random.Generator) -> Samples:
    """A sample for each difficulty, in order, with the required trait.

    Raises:
        DifficultyError: a difficulty or a trait that the task cannot serve.
    """
    lengths, nestings, traits = difficulties.lengths, difficulties.nestings, difficulties.traits
    if traits is None or not (traits != "").any():
        return task.sample(lengths, nestings, rng)
    rows = {str(trait): np.flatnonzero(traits == trait) for trait in np.unique(traits)}
    parts = [_written_with(task, trait, lengths[row], nestings[row], rng) for trait, row in rows.items()]
    return Samples.concatenate(parts).take(np.argsort(np.concatenate(list(rows.values()))))


def _written_with(task: Task, trait: str, lengths: IntArray, nestings: IntArray, rng: np.random.Generator) -> Samples:
    if not trait:
        return task.sample(lengths, nestings, rng)
    known = task.selectable_traits if isinstance(task, Selective) else ()
    if not isinstance(task, Selective) or trait not in known:
        raise DifficultyError(
            f"task {task.name!r} cannot write samples with trait {trait!r}; it can with: {', '.join(known) or 'none'}"
        )
    return task.sample_with(trait, lengths, nestings, rng)


def check_difficulties(
    name: str, lengths: IntArray, nestings: IntArray, longest: int, deepest: int, per_operand: bool = False
) -> None:
    """Reject difficulties outside [1, longest] × [1, deepest], naming the value and the legal range.

    Raises:
        DifficultyError: a length or nesting outside the range, or lengths of the wrong shape.
    """
    if lengths.ndim not in ((1, 2) if per_operand else (1,)):
        raise DifficultyError(f"task {name!r} takes one length a sample, so redraw='operand' does not apply to it")
    for what, values, most in (("length", lengths, longest), ("nesting", nestings, deepest)):
        wrong = values[(values < 1) | (values > most)]
        if wrong.size:
            raise DifficultyError(f"{what} {wrong.flat[0]} is outside what task {name!r} can do: 1 to {most}")
