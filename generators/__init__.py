"""Tasks: they generate samples of a given difficulty and compute the exact target of any legal input."""

from generators.errors import DifficultyError, InputError
from generators.samples import Difficulties, Difficulty, IntArray, Sample, Samples
from generators.splits import Split
from generators.task import Described, Selective, Task

__all__ = [
    "Described",
    "Difficulties",
    "Difficulty",
    "DifficultyError",
    "InputError",
    "IntArray",
    "Sample",
    "Samples",
    "Selective",
    "Split",
    "Task",
]
