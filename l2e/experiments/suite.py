"""A suite: a TOML file that expands into experiments.

At the top: `title`, the `rules` of its tables, whether they end with `published` figures, lengths `beyond` the targets
at which runs are scored too, and what holds for all grids.
Each `[[grid]]` names tasks, curricula, learners, difficulties and seeds, one or a list of each; the suite's experiments
are all combinations. Each predictor that it names is scored beside every one of them. A task, curriculum, learner,
predictor or recipe is a name, or a table `{ name = …, option = … }`.

A task's or learner's table may also set `length`, `nesting` and `recipe` for its own experiments, but not both the same
key. A suite may have scales, `[scale.NAME]`, each with settings or with grids of its own, `[[scale.NAME.grid]]`.
Settings of a task or learner override the grid's, which override the scale's, which override those at the top.
"""

from __future__ import annotations

import itertools
import json
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from l2e.errors import BAD_USAGE, ExplainedError
from l2e.experiments.experiment import GREATEST_SEED, Choice, Experiment
from l2e.experiments.recipes import Recipe, recipe_named
from l2e.experiments.records import read_text
from l2e.experiments.run import write_durably
from l2e.metrics import SHOWN_RULES, AnyRule, NamedRule
from l2e.registry import unknown

LABEL = "title.txt"

T = TypeVar("T")
OneOrMore = Annotated[
    list[T], BeforeValidator(lambda value: value if isinstance(value, list) else [value]), Field(min_length=1)
]
Positive = Annotated[int, Field(strict=True, ge=1)]
Seed = Annotated[int, Field(strict=True, ge=0, le=GREATEST_SEED)]
by_name = BeforeValidator(lambda value: {"name": value} if isinstance(value, str) else value)


class SuiteError(ExplainedError, ValueError):
    """A suite that cannot be read; the message says where and why."""

    exit_code = BAD_USAGE


class Conditions(BaseModel):
    """Settings that a task or learner may override; a single value stands for a list of one."""

    length: OneOrMore[Positive] | None = None
    nesting: OneOrMore[Positive] | None = None
    recipe: OneOrMore[Annotated[dict[str, Any], by_name]] | None = None


class Named(BaseModel):
    """A curriculum or predictor by name; all other keys of its table are its options."""

    model_config = ConfigDict(extra="allow")

    name: str

    @property
    def choice(self) -> Choice:
        """The object with its options."""
        return Choice(name=self.name, options=self.model_extra or {})


def choice_of(named: str | dict[str, Any]) -> Choice:
    """A choice from a name, or from a table with a name and options.

    >>> str(choice_of({"name": "lstm", "cells": 64}))
    'lstm[cells=64]'

    Raises:
        SuiteError: a table without a name.
    """
    table = {"name": named} if isinstance(named, str) else named
    if not isinstance(table.get("name"), str):
        raise SuiteError(f"{named} has no 'name', as {{'name': 'lstm', 'cells': 64}}")
    return Named.model_validate(table).choice


class Part(Named, Conditions):
    """A task or learner by name; all other keys of its table, except conditions, are its options."""


class Settings(Conditions):
    """Settings at the top of a suite, of a scale or in a grid."""

    model_config = ConfigDict(extra="forbid")

    task: OneOrMore[Annotated[Part, by_name]] | None = None
    learner: OneOrMore[Annotated[Part, by_name]] | None = None
    curriculum: OneOrMore[Annotated[Named, by_name]] | None = None
    predictor: OneOrMore[Annotated[Named, by_name]] | None = None
    seeds: OneOrMore[Seed] | None = None
    budget: str | None = None
    scramble: Seed | None = None
    test_samples: Positive | None = None


class Scale(Settings):
    """The settings of one scale."""

    grid: list[Settings] = []


class SuiteFile(Settings):
    """A suite file's content."""

    title: str
    rules: list[NamedRule] = Field(default=[*SHOWN_RULES], min_length=1)
    published: bool = False
    beyond: tuple[Positive, ...] = ()
    scale: dict[str, Scale] = {}
    grid: list[Settings] = Field(default=[Settings()], min_length=1)


@dataclass(frozen=True, slots=True)
class Suite:
    """Experiments under one title.

    Attributes:
        name: of the suite.
        title: of its tables.
        rules: scoring rules of its tables.
        published: whether its tables end with published figures on these tasks.
        experiments: to run.
        scales: names of its scales; the first is the default.
        beyond: lengths at which runs are scored too, where these are beyond their targets.
    """

    name: str
    title: str
    rules: list[AnyRule]
    published: bool
    experiments: list[Experiment]
    scales: list[str]
    beyond: tuple[int, ...] = ()

    def label(self, folder: Path) -> None:
        """Write the title, which includes the scale, into the folder of the runs."""
        folder.mkdir(parents=True, exist_ok=True)
        write_durably(folder / LABEL, (self.title + "\n").encode())

    def check(self) -> None:
        """Check names, options and difficulties before anything is run.

        Raises:
            SuiteError: something is wrong.
        """
        # Initialising a large network takes time, and most runs of a suite share theirs.
        learners = {(e.learner.model_dump_json(), e.recipe.model_dump_json()): e for e in self.experiments}
        try:
            for experiment in self.experiments:
                experiment.check_data()
            for experiment in learners.values():
                experiment.check_learner()
        except ValueError as error:
            raise SuiteError(f"suite {self.name}: {error}") from None


def heading_of(folders: Iterable[Path]) -> str | None:
    """The titles of the suites of these run folders; None where there is none.

    Raises:
        RunError: one cannot be read.
    """
    labels = [place / LABEL for folder in folders for place in (folder, folder.parent)]
    titles = [read_text(label, "delete it to go on without a title").strip() for label in labels if label.exists()]
    return "; ".join(dict.fromkeys(titles)) or None


def suite_names() -> list[str]:
    """The suites that come with l2e."""
    return sorted(
        path.name.removesuffix(".toml")
        for path in files("l2e.experiments.suites").iterdir()
        if path.name.endswith(".toml")
    )


def read_suite(name: str, scale: str | None = None, device: str = "cpu") -> Suite:
    """Read a suite by name, or from a path that ends in .toml, for a device; its first scale if none is named.

    Raises:
        SuiteError: no such suite or scale, or one that cannot be read.
    """
    if name.endswith(".toml"):
        path = Path(name)
        if not path.is_file():
            raise SuiteError(f"there is no suite file {name}")
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError as error:
            raise SuiteError(f"{name} is not TOML: it is not UTF-8 at byte {error.start}") from None
        return parse_suite(path.stem, text, name, scale, device)
    if name not in suite_names():
        raise SuiteError(unknown("suite", name, suite_names()) + "; or give path/to/suite.toml")
    text = files("l2e.experiments.suites").joinpath(f"{name}.toml").read_text("utf-8")
    return parse_suite(name, text, f"suite {name}", scale, device)


def parse_suite(name: str, text: str, where: str, scale: str | None = None, device: str = "cpu") -> Suite:
    """Read a suite's text.

    Raises:
        SuiteError: not TOML, an unknown key, a value of the wrong kind, or a grid that lacks something.
    """
    try:
        content = SuiteFile.model_validate(tomllib.loads(text))
        scale = _chosen_scale(content, scale)
        levels: list[Scale | SuiteFile] = [content] if scale is None else [content.scale[scale], content]
        grids = next(level.grid for level in levels if level.grid)
        experiments = [experiment for grid in grids for experiment in _expand([grid, *levels], device)]
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SuiteError(f"{where} is not TOML: {error}") from None
    except ValidationError as error:
        raise SuiteError(f"{where}: {'; '.join(_explain(error))}") from None
    except ValueError as error:
        raise SuiteError(f"{where}: {error}") from None
    once = {experiment.id: experiment for experiment in experiments}  # grids may overlap
    scaled = (name, content.title) if scale is None else (f"{name}-{scale}", f"{content.title}; {scale} scale")
    tables = content.rules, content.published
    return Suite(*scaled, *tables, list(once.values()), list(content.scale), content.beyond)


def _chosen_scale(content: SuiteFile, scale: str | None) -> str | None:
    if not content.scale:
        if scale is not None:
            raise SuiteError(f"it comes in one scale alone, so none can be named, as {scale!r}")
        return None
    if scale is None:
        return next(iter(content.scale))
    if scale not in content.scale:
        raise SuiteError(unknown("scale", scale, list(content.scale)))
    return scale


def _expand(levels: Sequence[Settings], device: str) -> Iterator[Experiment]:
    """All combinations of the settings of a grid, its scale and the suite's top, the nearest first."""
    for task, learner in itertools.product(_said("task", levels), _said("learner", levels)):
        for key in Conditions.model_fields:
            if getattr(task, key) is not None and getattr(learner, key) is not None:
                raise SuiteError(f"task {task.name!r} and learner {learner.name!r} both say {key!r}; leave one out")
        nearest = [task, learner, *levels]
        axes = [_said("length", nearest), _first("nesting", nearest) or [1], _said("recipe", nearest)]
        axes += [_said("curriculum", levels), _first("seeds", levels) or [0]]
        optional = {key: _first(key, levels) for key in ("budget", "scramble", "test_samples")}
        predictors = tuple(named.choice for named in _first("predictor", levels) or [])
        for length, nesting, recipe, curriculum, seed in itertools.product(*axes):
            yield Experiment(
                task=task.choice,
                learner=learner.choice,
                curriculum=curriculum.choice,
                recipe=recipe_from(recipe, device),
                length=length,
                nesting=nesting,
                seed=seed,
                predictors=predictors,
                **{key: value for key, value in optional.items() if value is not None},
            )


def _first(key: str, nearest: Sequence[Conditions]) -> Any:
    """The value of the first that has this key; None where none has."""
    return next((value for one in nearest if (value := getattr(one, key)) is not None), None)


def _said(key: str, nearest: Sequence[Conditions]) -> Any:
    if (value := _first(key, nearest)) is None:
        raise SuiteError(f"a grid has no {key!r}, and neither has the suite")
    return value


def recipe_from(named: str | dict[str, Any], device: str = "cpu") -> Recipe:
    """A recipe by name, with other values for some of its fields, and its precision resolved for a device."""
    fields = {"name": named} if isinstance(named, str) else dict(named)
    if "name" not in fields:
        raise SuiteError(f"recipe {named} has no 'name'")
    recipe = recipe_named(fields.pop("name"))
    for field in fields:
        if field not in Recipe.model_fields:
            raise SuiteError(unknown("recipe field", field, list(Recipe.model_fields)))
    # As JSON, in which a list stands for a tuple, so that types can be strict: true is not 1.
    changed = Recipe.model_validate_json(json.dumps({**recipe.model_dump(), **fields}), strict=True)
    if changed.precision != "auto":
        return changed
    from l2e.experiments.precision import device_named, resolved_for

    return resolved_for(changed, device_named(device))


def _explain(error: ValidationError) -> Iterator[str]:
    """A sentence for each problem: where it is, and what is wrong."""
    for problem in error.errors():
        place, where = "", list(problem["loc"])
        model: type[Settings] = SuiteFile
        while len(where) > 2 and where[0] in ("scale", "grid"):
            model = Scale if where[0] == "scale" else Settings
            place += f"scale {where[1]}: " if where[0] == "scale" else f"grid {int(where[1]) + 1}: "
            where = where[2:]
        key = ".".join(part for part in where if isinstance(part, str))
        if problem["type"] == "extra_forbidden":
            yield place + unknown("key", key, [*model.model_fields])
        elif problem["type"] == "missing":
            what = f"{where[0]} {problem['input']} has no" if where[1:] else "there is no"
            yield f"{place}{what} {str(where[-1])!r}"
        elif problem["type"] == "too_short":
            yield f"{place}{key} is an empty list; name one or more, or leave it out"
        elif problem["type"] == "value_error":  # our own message, already a sentence
            yield place + problem["msg"].removeprefix("Value error, ")
        else:
            yield f"{place}{key} is {problem['input']!r}: {problem['msg']}"
