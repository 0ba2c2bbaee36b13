"""What holds for every registered task; the first samples of each are pinned for ever.

Where a change of the data is meant, write the pinned digests anew by `.venv/bin/python tests/generators/test_task.py`.
"""

import hashlib
import json
import pkgutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from generators.errors import DifficultyError, InputError
from generators.memorization import SCHEMES, Copy
from generators.samples import Difficulties, Difficulty, Samples
from generators.splits import Split, draw_samples
from generators.task import Task, check_difficulties

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "data" / "golden_digests.json"
HEAVY = {"torch", "pandas", "click", "pydantic", "rich", "l2e", "baselines"}
PARTS, PART_SIZE = 10, 1000


def registered() -> dict[str, Task]:
    """Every task of pyproject.toml by its name, copy in its four schemes; not the text, which has no questions."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    made = [pkgutil.resolve_name(place)() for place in project["entry-points"]["l2e.tasks"].values()]
    return {task.name: task for task in [*made, *map(Copy, SCHEMES)] if isinstance(task, Task)}


TASKS = registered()
each_task = pytest.mark.parametrize("name", TASKS)


def difficulty(task: Task) -> Difficulty:
    """(4, 3), or 8 digits where there is no nesting."""
    try:
        task.sample(np.array([4]), np.array([3]), np.random.default_rng(0))
    except DifficultyError:
        return Difficulty(8)
    return Difficulty(4, 3)


def write(task: Task, n: int, seed: int = 0) -> Samples:
    drawn = Difficulties.constant(difficulty(task), n)
    return task.sample(drawn.lengths, drawn.nestings, np.random.default_rng(seed))


def digest(task: Task) -> str:
    """SHA-256 of the task's first training samples of seed 0, a line "input<tab>target" each, drawn part by part."""
    hashed, at = hashlib.sha256(), difficulty(task)
    for part in range(PARTS):
        drawn = draw_samples(task, Split.TRAIN, PART_SIZE, lambda n, rng: Difficulties.constant(at, n), (0, part))
        hashed.update("".join(f"{text}\t{target}\n" for text, target in drawn.samples).encode())
    return hashed.hexdigest()


@each_task
def test_the_first_samples_are_these_for_ever(name: str) -> None:
    assert digest(TASKS[name]) == json.loads(GOLDEN.read_text())[name]


def test_every_registered_task_has_its_name_and_is_pinned_and_no_other() -> None:
    entries = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["l2e.tasks"]
    assert {name.partition("[")[0] for name in TASKS} == set(entries) - {"text"}
    assert set(json.loads(GOLDEN.read_text())) == set(TASKS)


@each_task
@pytest.mark.parametrize("n", [0, 5])
def test_writes_a_sample_a_row_of_the_difficulty_that_was_asked_for(name: str, n: int) -> None:
    assert isinstance(TASKS[name], Task)
    samples = write(TASKS[name], n)
    assert len(samples) == n
    assert list(zip(samples.lengths, samples.nestings, strict=True)) == [difficulty(TASKS[name])] * n


@each_task
def test_depends_on_its_generator_alone(name: str) -> None:
    assert list(write(TASKS[name], 50)) == list(write(TASKS[name], 50))
    assert list(write(TASKS[name], 50)) != list(write(TASKS[name], 50, seed=1))


@each_task
def test_answers_what_it_writes(name: str) -> None:
    samples = write(TASKS[name], 300)
    assert [TASKS[name].answer(text) for text in samples.inputs] == samples.targets


@each_task
def test_a_target_ends_in_its_only_full_stop(name: str) -> None:
    assert all(target.index(".") == len(target) - 1 for target in write(TASKS[name], 300).targets)


@each_task
def test_equal_inputs_have_equal_targets(name: str) -> None:
    easiest = TASKS[name].sample(np.ones(500, np.int64), np.ones(500, np.int64), np.random.default_rng(0))
    assert max(Counter(text for text, _ in set(easiest)).values()) == 1


@each_task
@pytest.mark.parametrize("text", ["", "print(", "import os", "print(1)\nprint(2)", "\x00", "💥", "print(open)"])
def test_what_is_not_of_the_language_is_refused(name: str, text: str) -> None:
    with pytest.raises(InputError) as caught:
        TASKS[name].answer(text)
    assert 1 <= caught.value.line <= text.count("\n") + 1
    assert 1 <= caught.value.column <= len(text.split("\n")[caught.value.line - 1]) + 1


@each_task
@pytest.mark.parametrize(("length", "nesting"), [(0, 1), (-1, 1), (1, 0), (1, -1), (1, 11), (10**6, 1)])
def test_an_impossible_difficulty_is_refused_with_task_value_and_range(name: str, length: int, nesting: int) -> None:
    with pytest.raises(DifficultyError) as caught:
        TASKS[name].sample(np.array([1, length]), np.array([1, nesting]), np.random.default_rng(0))
    wrong = f"length {length}" if length != 1 else f"nesting {nesting}"
    assert str(caught.value).startswith(f"{wrong} is outside what task {name!r} can do: 1 to ")


# check_difficulties


def test_the_ends_of_the_range_are_legal() -> None:
    check_difficulties("toy", np.array([1, 9]), np.array([3, 1]), 9, 3)
    check_difficulties("toy", np.array([[1, 9], [2, 2]]), np.array([3, 1]), 9, 3, per_operand=True)


@pytest.mark.parametrize(
    ("length", "nesting", "message"),
    [
        (10, 1, "length 10 is outside what task 'toy' can do: 1 to 9"),
        (0, 1, "length 0 is outside what task 'toy' can do: 1 to 9"),
        (1, 4, "nesting 4 is outside what task 'toy' can do: 1 to 3"),
        (1, 0, "nesting 0 is outside what task 'toy' can do: 1 to 3"),
        (-7, 0, "length -7 is outside what task 'toy' can do: 1 to 9"),
    ],
)
def test_the_first_wrong_value_is_named_with_its_range(length: int, nesting: int, message: str) -> None:
    with pytest.raises(DifficultyError) as caught:
        check_difficulties("toy", np.array([1, length, 5]), np.array([1, nesting, 3]), 9, 3)
    assert str(caught.value) == message


@pytest.mark.parametrize(("shape", "per_operand"), [((), False), ((2, 3), False), ((), True), ((2, 3, 4), True)])
def test_lengths_of_a_shape_that_the_task_does_not_take_are_refused(shape: tuple[int, ...], per_operand: bool) -> None:
    with pytest.raises(DifficultyError, match="'toy' takes one length a sample"):
        check_difficulties("toy", np.ones(shape, np.int64), np.ones(2, np.int64), 9, 3, per_operand=per_operand)


# The package


def test_importing_all_of_it_is_light() -> None:
    modules = ", ".join(f"generators.{path.stem}" for path in ROOT.glob("generators/[a-z]*.py"))
    code = f"import sys, {modules}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert "generators" in loaded.split()
    assert not HEAVY & set(loaded.split())


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps({name: digest(task) for name, task in sorted(TASKS.items())}, indent=2) + "\n")
