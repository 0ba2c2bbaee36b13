"""A suite: a TOML file that expands into experiments.

At the top: `title`, the `rules` of its tables, whether they end with `published` figures, and what holds for all grids.
Each `[[grid]]` names tasks, curricula, learners, difficulties and seeds, one or a list of each; the suite's experiments
are all combinations. A task, curriculum, learner or recipe is a name, or a table `{ name = …, option = … }`.

A suite may come in scales, `[scale.NAME]`, each with settings of its own, or with grids of its own in place of the
suite's, `[[scale.NAME.grid]]`. What a grid does not say its scale says, and what neither says the top.
"""

from __future__ import annotations

import itertools
import json
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from l2e.experiments.experiment import Choice, Experiment
from l2e.experiments.recipes import Recipe, recipe_named
from l2e.metrics import Rule
from l2e.registry import unknown

Named = str | dict[str, Any]


LABEL = "title.txt"


class SuiteError(ValueError):
    """A suite that cannot be read; the message says where and what would be right."""


class Settings(BaseModel):
    """What a suite may say at its top or in a grid; a single value stands for a list of one."""

    model_config = ConfigDict(extra="forbid")

    task: list[Named] = []
    learner: list[Named] = []
    curriculum: list[Named] = []
    recipe: list[Named] = []
    length: list[int] = []
    nesting: list[int] = []
    seeds: list[int] = []
    budget: str | None = None
    scramble: int | None = None
    test_samples: int | None = Field(default=None, gt=0)

    @field_validator("task", "learner", "curriculum", "recipe", "length", "nesting", "seeds", mode="before")
    @classmethod
    def _list_of_one(cls, value: Any) -> Any:
        return value if isinstance(value, list) else [value]


class Scale(Settings):
    """What a suite says of one scale."""

    grid: list[Settings] = []


class SuiteFile(Settings):
    """A suite file's content."""

    title: str
    rules: list[Rule] = [Rule.TEACHER_FORCED, Rule.EXACT_MATCH]
    published: bool = False
    scale: dict[str, Scale] = {}
    grid: list[Settings] = Field(default=[Settings()], min_length=1)


@dataclass(frozen=True, slots=True)
class Suite:
    """Experiments under one title.

    Attributes:
        name: of the suite.
        title: of its tables.
        rules: by which its tables count.
        published: whether its tables end with others' figures on these tasks.
        experiments: what is run.
        scales: that it comes in; the first is taken if none is named.
    """

    name: str
    title: str
    rules: list[Rule]
    published: bool
    experiments: list[Experiment]
    scales: list[str]

    def label(self, folder: Path) -> None:
        """Leave the title, which says the scale, in the folder of the runs, for whoever adds them up later."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / LABEL).write_text(self.title + "\n")

    def check(self) -> None:
        """Find wrong names, options and difficulties before anything is run.

        Raises:
            SuiteError: says what is wrong, and what would be right.
        """
        # Drawing the parameters of a large network takes time, and the runs of a suite share few of them.
        learners = {(e.learner.model_dump_json(), e.recipe.model_dump_json()): e for e in self.experiments}
        try:
            for experiment in self.experiments:
                experiment.check_data()
            for experiment in learners.values():
                experiment.check_learner()
        except ValueError as error:
            raise SuiteError(f"suite {self.name}: {error}") from None


def heading_of(folders: Iterable[Path]) -> str | None:
    """The titles of the suites whose runs are these folders or in them; None where there is none."""
    labels = [place / LABEL for folder in folders for place in (folder, folder.parent)]
    titles = [label.read_text().strip() for label in labels if label.exists()]
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
        return parse_suite(path.stem, path.read_text(), name, scale, device)
    if name not in suite_names():
        raise SuiteError(unknown("suite", name, suite_names()) + "; or give path/to/suite.toml")
    text = files("l2e.experiments.suites").joinpath(f"{name}.toml").read_text()
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
    except tomllib.TOMLDecodeError as error:
        raise SuiteError(f"{where} is not TOML: {error}") from None
    except ValidationError as error:
        raise SuiteError(f"{where}: {'; '.join(_explain(error))}") from None
    except ValueError as error:
        raise SuiteError(f"{where}: {error}") from None
    once = {experiment.id: experiment for experiment in experiments}  # grids may overlap
    scaled = (name, content.title) if scale is None else (f"{name}-{scale}", f"{content.title}; {scale} scale")
    return Suite(*scaled, content.rules, content.published, list(once.values()), list(content.scale))


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


def _expand(levels: list[Settings], device: str) -> Iterator[Experiment]:
    """All combinations of what the first level that says something says."""

    def setting(key: str, default: Any = None) -> Any:
        value = next((value for level in levels if (value := getattr(level, key))), default)
        if value is None:
            raise SuiteError(f"a grid has no {key!r}, and neither has the suite")
        return value

    axes = [setting(key) for key in ("task", "length")] + [setting("nesting", [1])]
    axes += [setting(key) for key in ("learner", "recipe", "curriculum")] + [setting("seeds", [0])]
    for task, length, nesting, learner, recipe, curriculum, seed in itertools.product(*axes):
        optional = {
            key: value
            for key in ("budget", "scramble", "test_samples")
            if (value := next((getattr(x, key) for x in levels if getattr(x, key) is not None), None)) is not None
        }
        yield Experiment(
            task=choice(task),
            learner=choice(learner),
            curriculum=choice(curriculum),
            recipe=recipe_from(recipe, device),
            length=length,
            nesting=nesting,
            seed=seed,
            **optional,
        )


def choice(named: Named) -> Choice:
    """A name, or a table with a name and options, as a choice."""
    if isinstance(named, str):
        return Choice(name=named)
    options = dict(named)
    if "name" not in options:
        raise SuiteError(f"{named} has no 'name'")
    return Choice(name=options.pop("name"), options=options)


def recipe_from(named: Named, device: str = "cpu") -> Recipe:
    """A recipe by name, with other values for some of its fields, and the precision that it has on a device."""
    chosen = choice(named)
    recipe = recipe_named(chosen.name)
    for field in chosen.options:
        if field not in Recipe.model_fields:
            raise SuiteError(unknown("recipe field", field, list(Recipe.model_fields)))
    # As JSON, in which a list stands for a tuple, so that kinds can be strict: true is not 1.
    changed = Recipe.model_validate_json(json.dumps({**recipe.model_dump(), **chosen.options}), strict=True)
    if changed.precision != "auto":
        return changed
    from l2e.experiments.precision import device_named, resolved_for

    return resolved_for(changed, device_named(device))


def _explain(error: ValidationError) -> Iterator[str]:
    for problem in error.errors():
        *outer, last = problem["loc"]
        place = f"grid {int(outer[1]) + 1}: " if outer[:1] == ["grid"] and len(outer) > 1 else ""
        if problem["type"] == "extra_forbidden":
            legal = [*(Settings if place else SuiteFile).model_fields]
            yield place + unknown("key", str(last), legal)
        elif problem["type"] == "missing":
            yield f"{place}{last!r} is missing"
        else:
            yield f"{place}{'.'.join(map(str, problem['loc']))} is {problem['input']!r}: {problem['msg']}"
