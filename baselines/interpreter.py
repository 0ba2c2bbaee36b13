"""The oracle: the task's own exact answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from generators.samples import Samples


class Interpreter:
    """Answers every input exactly.

    Args:
        training: unused.
        answer: the task's.
    """

    def __init__(self, training: Samples, answer: Callable[[str], str]) -> None:
        self.answer = answer

    def predict(self, inputs: Sequence[str], max_characters: int) -> list[str]:
        """The exact answers."""
        return [self.answer(text)[:max_characters] for text in inputs]

    def predict_teacher_forced(self, samples: Samples) -> list[str]:
        """The exact answers; the given characters change nothing."""
        return [self.answer(text) for text in samples.inputs]
