"""Recurrent networks whose weights are set by hand: parity, total, and which of two inputs has the larger total.

They are the examples of the lectures on recurrent networks, exact at any length without training. All three run one
recurrence over inputs x(t), hidden units h(t) and output units y(t); the first step has biases of its own, as nothing
comes before it:

    h(1) = φ(U·x(1) + b₁)
    h(t) = φ(U·x(t) + W·h(t-1) + R·y(t-1) + b)
    y(t) = ψ(V·h(t) + c)

For i inputs, n hidden and o output units these are i·n + n² + 2·n·o weights and 2·n + o biases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from generators.samples import IntArray, Samples
from generators.steps import read_bits, read_pairs, read_signed_digits

Floats = npt.NDArray[np.float64]
ROWS = 256  # read together


def linear(values: Floats) -> Floats:
    """The value itself."""
    return values


def threshold(values: Floats) -> Floats:
    """1 above zero, else 0."""
    return (values > 0).astype(np.float64)


def logistic(values: Floats) -> Floats:
    """1 / (1 + exp(-value)), written so that no value overflows; exactly ½ at zero alone."""
    return 0.5 * (1 + np.tanh(0.5 * values))


def first_or_second(output: float) -> int:
    """1 above one half, 2 below, 0 at one half, where the totals are equal."""
    return 1 if output > 0.5 else 2 if output < 0.5 else 0


@dataclass(frozen=True, slots=True, eq=False)
class Recurrence:
    """The weights of a network, each named for where it comes from.

    Attributes:
        from_input: U [hidden, inputs].
        from_hidden: W [hidden, hidden].
        from_output: R [hidden, outputs].
        bias: b [hidden].
        first_bias: b₁ [hidden].
        to_output: V [outputs, hidden].
        output_bias: c [outputs].
        hidden: φ.
        output: ψ.
    """

    from_input: Floats
    from_hidden: Floats
    from_output: Floats
    bias: Floats
    first_bias: Floats
    to_output: Floats
    output_bias: Floats
    hidden: Callable[[Floats], Floats]
    output: Callable[[Floats], Floats]

    def run(self, steps: Iterable[npt.ArrayLike]) -> Iterator[tuple[Floats, Floats]]:
        """The hidden units [rows, hidden] and outputs [rows, outputs] after each step's inputs [rows, inputs]."""
        before: Floats = self.first_bias
        for x in steps:
            h = self.hidden(np.asarray(x) @ self.from_input.T + before)
            y = self.output(h @ self.to_output.T + self.output_bias)
            yield h, y
            before = h @ self.from_hidden.T + y @ self.from_output.T + self.bias


class HandSetNetwork:
    """Reads an input step by step; what its output unit says after the last step is the answer.

    Args:
        training: unused.
        answer: unused.

    Attributes:
        network: its weights.
        read: the inputs [steps, inputs] in a text.
        say: the number that an output stands for.
        every_step: the answer is what the output unit says after every step.
    """

    network: ClassVar[Recurrence]
    read: ClassVar[staticmethod[[str], IntArray]]
    say: ClassVar[staticmethod[[float], int]]
    every_step = False

    def __init__(self, training: Samples, answer: Callable[[str], str]) -> None:
        pass

    def predict(self, inputs: Sequence[str], max_characters: int) -> list[str]:
        """The answers.

        Raises:
            InputError: an input that the network cannot read; says line and column.
        """
        answers: list[str] = []
        for start in range(0, len(inputs), ROWS):
            outputs = self._outputs([self.read(text) for text in inputs[start : start + ROWS]])
            answers += [self._answer(steps)[:max_characters] for steps in outputs]
        return answers

    def predict_teacher_forced(self, samples: Samples) -> list[str]:
        """The answers, whatever the given characters; a full stop at each position beyond their end."""
        answers = self.predict(samples.inputs, max(map(len, samples.targets), default=0))
        return [a[: len(t)].ljust(len(t), ".") for a, t in zip(answers, samples.targets, strict=True)]

    def _answer(self, outputs: Sequence[float]) -> str:
        """What the outputs of a row's steps stand for."""
        return "".join(str(self.say(output)) for output in (outputs if self.every_step else outputs[-1:])) + "."

    def _outputs(self, rows: Sequence[IntArray]) -> list[list[float]]:
        """What the output unit says after each step of each row."""
        lengths = [len(row) for row in rows]
        steps = np.zeros((max(lengths), len(rows), rows[0].shape[1]))
        for i, row in enumerate(rows):
            steps[: len(row), i] = row
        outputs = np.stack([y[:, 0] for _, y in self.network.run(steps)], 1)
        return [row[:length].tolist() for row, length in zip(outputs, lengths, strict=True)]


class ParityNetwork(HandSetNetwork):
    """Binary threshold units; each output is the exclusive or of the input and the output before.

    The hidden units are AND and OR of the two, and the output is OR and not AND. At the first step the network behaves
    as if the output before had been 0: its biases there equal the later ones, as an output of 0 adds nothing to them.

    Args:
        training: unused.
        answer: unused.
        every_prefix: the answer is the output after every step, as the task's option of this name asks.
    """

    network = Recurrence(
        from_input=np.array([[1.0], [1.0]]),
        from_hidden=np.zeros((2, 2)),
        from_output=np.array([[1.0], [1.0]]),
        bias=np.array([-1.5, -0.5]),
        first_bias=np.array([-1.5, -0.5]),
        to_output=np.array([[-1.0, 1.0]]),
        output_bias=np.array([-0.5]),
        hidden=threshold,
        output=threshold,
    )
    read = staticmethod(read_bits)
    say = staticmethod(int)

    def __init__(self, training: Samples, answer: Callable[[str], str], every_prefix: bool = False) -> None:
        self.every_step = every_prefix


class TotalNetwork(HandSetNetwork):
    """One linear unit that sums its inputs."""

    network = Recurrence(
        from_input=np.array([[1.0]]),
        from_hidden=np.array([[1.0]]),
        from_output=np.zeros((1, 1)),
        bias=np.zeros(1),
        first_bias=np.zeros(1),
        to_output=np.array([[1.0]]),
        output_bias=np.zeros(1),
        hidden=linear,
        output=linear,
    )
    read = staticmethod(read_signed_digits)
    say = staticmethod(int)


class LargerNetwork(HandSetNetwork):
    """One linear unit sums the differences of two inputs, and a logistic unit says whether the sum is positive."""

    network = Recurrence(
        from_input=np.array([[1.0, -1.0]]),
        from_hidden=np.array([[1.0]]),
        from_output=np.zeros((1, 1)),
        bias=np.zeros(1),
        first_bias=np.zeros(1),
        to_output=np.array([[1.0]]),
        output_bias=np.zeros(1),
        hidden=linear,
        output=logistic,
    )
    read = staticmethod(read_pairs)
    say = staticmethod(first_or_second)
