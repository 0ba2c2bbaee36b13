"""An experiment: everything that a run's outcome depends on, frozen; its id is a hash of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    SerializerFunctionWrapHandler,
    field_validator,
    model_serializer,
    model_validator,
)

from generators.samples import Difficulties, Difficulty, Samples
from generators.seeding import keyed_generator
from generators.task import Task
from l2e.curricula import Curriculum
from l2e.experiments.budgets import UNLIMITED, Budget, Unit, parse_budget
from l2e.experiments.recipes import Recipe
from l2e.option_values import typed
from l2e.registry import Group, create, file_of

GREATEST_SEED = 2**63 - 1  # all generators of random numbers take them up to here


class Choice(BaseModel):
    """A task, curriculum or learner by name, with its options.

    A name in a file, `path/to/file.py:Name`, is kept with the file's whole path and a hash of what it said, so that a
    run is found from anywhere and a changed file makes another experiment.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    options: dict[str, JsonValue] = {}
    source: str | None = Field(default=None, description="hash of the file that the name is in")

    @model_validator(mode="before")
    @classmethod
    def _note_source(cls, data: Any) -> Any:
        if not isinstance(data, dict) or data.get("source") or ".py:" not in str(data.get("name")):
            return data
        path, attribute = file_of(data["name"])
        return {**data, "name": f"{path}:{attribute}", "source": _hash_of(path)} if path.is_file() else data

    @model_serializer(mode="wrap")
    def _without_no_source(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A name that is in no file is written without one."""
        return {key: value for key, value in serialize(self).items() if key != "source" or value is not None}

    def __str__(self) -> str:
        name = self.name if self.source is None else self.name.rpartition("/")[2]
        options = ",".join(f"{key}={typed(value)}" for key, value in sorted(self.options.items()))
        return f"{name}[{options}]" if options else name

    def make(self, group: Group, options: Mapping[str, Any], *arguments: Any) -> Any:
        """The named object with these options, after any positional arguments.

        Raises:
            UnknownNameError: an unknown name, or an option that the object does not take.
            ValueError: an option's value that the object cannot be made with; or the file has changed.
        """
        if self.source is not None:
            path, _ = file_of(self.name)
            if path.is_file() and _hash_of(path) != self.source:
                raise ValueError(
                    f"{path} has changed since this experiment was begun, with {group.noun} {self} as it was then; "
                    "undo the change, or begin another run"
                )
        return create(group, self.name, options, *arguments)


def _hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def named_learner(experiment: Experiment, precisions: Collection[str]) -> str:
    """The learner, with its type of products where several are shown together."""
    learner = str(experiment.learner)
    return f"{learner} in {experiment.recipe.precision}" if len(precisions) > 1 else learner


class Experiment(BaseModel):
    """Task, learner, curriculum, target difficulty, recipe, seed and budget.

    A recipe whose precision is `auto` is given the processor's own, so that an id never means two types of products;
    `l2e.experiments.precision.resolved_for` gives it another device's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: Choice
    learner: Choice
    curriculum: Choice
    length: int = Field(ge=1, description="target length")
    nesting: int = Field(default=1, ge=1, description="target nesting")
    recipe: Recipe
    seed: int = Field(default=0, ge=0, le=GREATEST_SEED, description="of the training data and the first parameters")
    budget: str | None = Field(
        default=None, description="as 90s, 10m, 50Mcharacters, 1500updates; else the recipe's own stop"
    )
    scramble: int | None = Field(
        default=None, ge=0, le=GREATEST_SEED, description="seed of the scrambled view; None for plain text"
    )
    test_samples: int = Field(default=1000, gt=0, description="how many samples the run is scored on")

    @field_validator("recipe")
    @classmethod
    def _precision_is_resolved(cls, recipe: Recipe) -> Recipe:
        if recipe.precision != "auto":
            return recipe
        import torch

        from l2e.experiments.precision import resolved_for

        return resolved_for(recipe, torch.device("cpu"))

    @field_validator("budget")
    @classmethod
    def _budget_is_legal(cls, budget: str | None) -> str | None:
        if budget is not None:
            parse_budget(budget)
        return budget

    @property
    def id(self) -> str:
        """A hash of everything above: 12 hexadecimal digits."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def setting(self) -> str:
        """A hash of everything but the seed: runs that share it are repetitions of one another."""
        return self.model_copy(update={"seed": 0}).id

    @property
    def name(self) -> str:
        """A folder's name that a person can read, with the id at its end."""
        parts = (self.task, f"{self.length}x{self.nesting}", self.curriculum, self.learner, f"seed{self.seed}", self.id)
        return "-".join("".join(c if c.isalnum() or c in "._-" else "_" for c in str(part)) for part in parts)

    @property
    def target(self) -> Difficulty:
        """What the run is tested at."""
        return Difficulty(self.length, self.nesting)

    @property
    def writes_texts(self) -> bool:
        """Whether the learner is trained as a language model, on all characters."""
        return self.recipe.loss_over == "all"

    def limit(self) -> Budget:
        """The budget, or else the recipe's own updates, or else none: the rate's fall ends the run."""
        if self.budget is not None:
            return parse_budget(self.budget)
        return Budget(Unit.UPDATES, self.recipe.updates) if self.recipe.updates else UNLIMITED

    def check(self) -> None:
        """Find wrong names, options and difficulties, and a task that writes no samples, before anything is written.

        Raises:
            ValueError: says what is wrong, and what would be right.
        """
        self.check_data()
        self.check_learner()

    def check_data(self) -> None:
        """Find what is wrong with task, difficulty and curriculum.

        Raises:
            ValueError: says what is wrong, and what would be right.
        """
        at = Difficulties.constant(self.target, 1)
        samples = self.make_task().sample(at.lengths, at.nestings, keyed_generator("check"))
        if not (isinstance(samples, Samples) and len(samples) == 1 and samples.targets[0].endswith(".")):
            raise ValueError(f"task {self.task} was asked for one sample and wrote {samples}; its target ends in '.'")
        self.make_curriculum()

    def check_learner(self) -> None:
        """Find what is wrong with the learner and its recipe; takes as long as drawing its parameters.

        Raises:
            ValueError: says what is wrong, and what would be right.
        """
        learner = self._learner(symbols=1)
        if self.writes_texts and learner.layout.value != "stream":
            raise ValueError(
                f"learner {self.learner} reads the whole input before it writes, so it cannot predict its characters; "
                "loss_over=all wants a learner of running text, such as lstm"
            )

    def make_task(self) -> Task:
        """The task."""
        task: Task = self.task.make(Group.TASK, self.task.options)
        return task

    def make_curriculum(self) -> Curriculum:
        """The curriculum in its first state."""
        curriculum: Curriculum = self.curriculum.make(Group.CURRICULUM, self.curriculum.options, self.target)
        return curriculum

    def make_learner(self) -> Any:
        """The learner with parameters as it sets them itself."""
        from l2e.vocabulary import SYMBOLS

        return self._learner(SYMBOLS)

    def _learner(self, symbols: int) -> Any:
        dropout = {} if self.recipe.dropout is None else {"dropout": self.recipe.dropout}
        return self.learner.make(Group.LEARNER, {**self.learner.options, **dropout}, symbols)
