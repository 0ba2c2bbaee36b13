"""An experiment: everything that a run's outcome depends on, frozen; its id is a hash of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

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

from generators.files import files_at
from generators.samples import Difficulties, Difficulty, Samples
from generators.seeding import keyed_generator
from generators.task import Task
from l2e.curricula import Curriculum
from l2e.errors import ExplainedError
from l2e.experiments.budgets import UNLIMITED, Budget, Unit, parse_budget
from l2e.experiments.recipes import Recipe
from l2e.option_values import typed
from l2e.registry import Group, PlugInError, checked_factory, create, file_of, place_of

if TYPE_CHECKING:
    from l2e.experiments.texts import Text

TEXT = "text"  # the task that is a text to be modelled
GREATEST_SEED = 2**63 - 1  # the range that all random generators take
MOST_SAMPLES = 10**8


class NoQuestionsError(ExplainedError, ValueError):
    """A text was asked for questions with answers."""


class Choice(BaseModel):
    """A task, curriculum or learner by name, with its options.

    A name in a file, `path/to/file.py:Name`, is kept with the file's absolute path and a hash of its content, so that a
    changed file makes another experiment; likewise a file or folder that an option `path` names.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    options: dict[str, JsonValue] = {}
    source: str | None = Field(default=None, description="hash of the files that the name or an option path is of")

    @model_validator(mode="before")
    @classmethod
    def _note_source(cls, data: Any) -> Any:
        if not isinstance(data, dict) or data.get("source"):
            return data
        name, options = str(data.get("name")), dict(data.get("options") or {})
        if ".py:" in name and file_of(name)[0].is_file():
            name = ":".join(map(str, file_of(name)))
        if isinstance(options.get("path"), str) and files_at(options["path"]):
            options["path"] = str(Path(options["path"]).resolve())
        found = _files_of(name, options)
        return {**data, "name": name, "options": options, "source": _hash_of(found)} if found else data

    @model_serializer(mode="wrap")
    def _without_no_source(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Omit the hash of names that are not in a file."""
        return {key: value for key, value in serialize(self).items() if key != "source" or value is not None}

    def __str__(self) -> str:
        name = self.name if self.source is None else self.name.rpartition("/")[2]
        options = dict(self.options)
        if self.source is not None and "path" in options:  # files of one name may differ
            options["path"] = f"{Path(str(options['path'])).name}#{self.source[:4]}"
        shown = ",".join(f"{key}={typed(value)}" for key, value in sorted(options.items()))
        return f"{name}[{shown}]" if shown else name

    def make(self, group: Group, options: Mapping[str, Any], *arguments: Any) -> Any:
        """The named object with these options, after any positional arguments.

        Raises:
            UnknownNameError: an unknown name, or an option that the object does not take.
            ValueError: an option's value that the object rejects; or the file has changed.
        """
        if self.source is not None:
            found = _files_of(self.name, self.options)
            if found and _hash_of(found) != self.source:
                raise ValueError(
                    f"{' or '.join(map(str, found))} has changed since this experiment was started with {group.noun} "
                    f"{self}; undo the change, or start another run"
                )
        return create(group, self.name, options, *arguments)


def _files_of(name: str, options: Mapping[str, Any]) -> list[Path]:
    """The files that a choice depends on: that of its name, and those at its option `path`; none that are missing."""
    code = files_at(str(file_of(name)[0])) if ".py:" in name else []
    return code + (files_at(options["path"]) if isinstance(options.get("path"), str) else [])


def _hash_of(files: Iterable[Path]) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


class Experiment(BaseModel):
    """Task, learner, curriculum, target difficulty, recipe, seed and budget.

    A recipe with precision `auto` gets the CPU's default, so that an id never stands for two precisions; for another
    device, use `l2e.experiments.precision.resolved_for`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: Choice
    learner: Choice
    curriculum: Choice
    length: int = Field(ge=1, description="target length")
    nesting: int = Field(default=1, ge=1, description="target nesting")
    recipe: Recipe
    seed: int = Field(default=0, ge=0, le=GREATEST_SEED, description="of the training data and the initial parameters")
    budget: str | None = Field(
        default=None, description="as 90s, 10m, 50Mcharacters, 1500updates; else the recipe's stopping rule"
    )
    scramble: int | None = Field(
        default=None, ge=0, le=GREATEST_SEED, description="seed of the scrambled view; None for plain text"
    )
    test_samples: int = Field(default=1000, gt=0, le=MOST_SAMPLES, description="how many samples the run is scored on")
    predictors: tuple[Choice, ...] = Field(
        default=(),
        description="what is scored beside the learner; the usual predictors always are",
    )

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

    @model_serializer(mode="wrap")
    def _without_no_predictors(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Omit that there are no further predictors, so that such experiments keep their ids."""
        return {key: value for key, value in serialize(self).items() if key != "predictors" or value}

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
        """A readable folder name that ends in the id."""
        parts = (self.task, f"{self.length}x{self.nesting}", self.curriculum, self.learner, f"seed{self.seed}", self.id)
        return "-".join("".join(c if c.isalnum() or c in "._-" else "_" for c in str(part)) for part in parts)

    @property
    def target(self) -> Difficulty:
        """The difficulty that the run is tested at."""
        return Difficulty(self.length, self.nesting)

    @property
    def writes_texts(self) -> bool:
        """Whether the learner is trained as a language model, on all characters."""
        return self.recipe.loss_over == "all"

    @property
    def of_text(self) -> bool:
        """Whether the task is a text to be modelled, and not questions with answers."""
        return self.task.name == TEXT

    def limit(self) -> Budget:
        """The budget, else the recipe's updates, else None: the run ends when the learning rate has decayed."""
        if self.budget is not None:
            return parse_budget(self.budget)
        return Budget(Unit.UPDATES, self.recipe.updates) if self.recipe.updates else UNLIMITED

    def check(self) -> None:
        """Check names, options and difficulties, and that the task generates samples, before anything is written.

        Raises:
            ValueError: something is wrong.
        """
        self.check_data()
        self.check_learner()

    def check_data(self) -> None:
        """Check task, difficulty, curriculum and the names and options of predictors.

        Raises:
            ValueError: something is wrong.
        """
        if self.of_text:
            self._check_text()
            return
        at = Difficulties.constant(self.target, 1)
        samples = self.make_task().sample(at.lengths, at.nestings, keyed_generator("check"))
        if not (isinstance(samples, Samples) and len(samples) == 1 and samples.targets[0].endswith(".")):
            raise ValueError(f"task {self.task} was asked for one sample and wrote {samples}; its target ends in '.'")
        curriculum = self.make_curriculum()
        drawn = curriculum.draw(2, keyed_generator("check"))
        if not (isinstance(drawn, Difficulties) and len(drawn.lengths) == len(drawn.nestings) == 2):
            raise PlugInError(
                f"{place_of(curriculum.draw)}: curriculum {self.curriculum} was asked for 2 difficulties and drew "
                f"{drawn!r:.100}; wanted are Difficulties of 2 lengths and 2 nestings"
            )
        for predictor in self.predictors:
            checked_factory(Group.PREDICTOR, predictor.name, predictor.options, arguments=2)

    def _check_text(self) -> None:
        asked = {
            "length and nesting": (str(self.target), str(Difficulty(1))),
            "curriculum": (str(self.curriculum), "baseline"),
            "recipe.loss_over": (self.recipe.loss_over, "all"),
            "scramble": (str(self.scramble), "None"),
        }
        for what, (found, right) in asked.items():
            if found != right:
                raise ValueError(
                    f"a text has no questions and no difficulties: {what} is {right} there, not {found}; "
                    "l2e train --text has all of these by default"
                )
        self.make_text()

    def check_learner(self) -> None:
        """Check the learner and its recipe; takes as long as initialising its parameters.

        Raises:
            ValueError: something is wrong.
        """
        learner = self._learner(symbols=1)
        if not any(True for _ in learner.parameters()):
            raise PlugInError(f"{place_of(type(learner))}: learner {self.learner} has no parameters to train")
        if self.writes_texts and learner.layout.value != "stream":
            raise ValueError(
                f"learner {self.learner} reads the whole input before it writes, so it cannot predict its characters; "
                "loss_over=all wants a learner of running text, such as lstm"
            )

    def make_task(self) -> Task:
        """The task.

        Raises:
            NoQuestionsError: it is a text.
        """
        if self.of_text:
            raise NoQuestionsError(
                f"task {self.task} is a text, which has no questions with answers; l2e sample and l2e score-text ask "
                "networks that were trained on one"
            )
        task: Task = self.task.make(Group.TASK, self.task.options)
        return task

    def make_curriculum(self) -> Curriculum:
        """The curriculum in its initial state."""
        curriculum: Curriculum = self.curriculum.make(Group.CURRICULUM, self.curriculum.options, self.target)
        return curriculum

    def make_text(self) -> Text:
        """The text, of an experiment on one.

        Raises:
            TextError: it cannot be read.
            ValueError: it has changed.
        """
        from l2e.experiments.texts import text_of

        return text_of(self.task)

    def make_learner(self, symbols: int | None = None) -> Any:
        """The learner with its default initialisation.

        Args:
            symbols: how many there are; by default those of the task.
        """
        from l2e.vocabulary import SYMBOLS

        if symbols is None:
            symbols = self.make_text().vocabulary.size if self.of_text else SYMBOLS
        return self._learner(symbols)

    def _learner(self, symbols: int) -> Any:
        dropout = {} if self.recipe.dropout is None else {"dropout": self.recipe.dropout}
        return self.learner.make(Group.LEARNER, {**self.learner.options, **dropout}, symbols)
