"""How to reproduce a run: its command and environment."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from l2e.analysis.run_set import CompleteRun
from l2e.experiments.experiment import Choice, Experiment
from l2e.experiments.recipes import FAST, RECIPES, Recipe
from l2e.option_values import typed

UNKNOWN = "not recorded"


@dataclass(frozen=True, slots=True)
class Remaking:
    """One run.

    Attributes:
        target: its task and difficulty.
        strategy: its name among the runs of these.
        command: reproduces it.
        facts: environment and cost, by name.
    """

    target: str
    strategy: str
    command: str
    facts: dict[str, str]


def remaking(run: CompleteRun, target: str, strategy: str) -> Remaking:
    """How to reproduce a complete run."""
    experiment, result, checks, environment = run.experiment, run.result, run.checks, run.environment
    threads = environment.get("threads")
    facts = {
        "learner": experiment.learner,
        "curriculum": experiment.curriculum,
        "seed": experiment.seed,
        "commit": environment.get("commit"),
        "versions": _versions(environment),
        "machine": _machine(environment.get("machine")),
        "threads": threads,
        "seconds of training": checks[-1]["seconds"] if checks else None,
        "updates": result.get("updates"),
        "characters": result.get("characters"),
        "parameters": result.get("parameters"),
        "folder": run.folder.path,
    }
    return Remaking(
        target,
        strategy,
        command_of(experiment, threads),
        {name: UNKNOWN if fact is None else str(fact) for name, fact in facts.items()},
    )


def command_of(experiment: Experiment, threads: int | None = None) -> str:
    """The `l2e train` that runs this experiment, for a shell."""
    words = ["l2e", "train", "--task", experiment.task.name]
    words += ["--length", str(experiment.length), "--nesting", str(experiment.nesting)]
    words += ["--learner", experiment.learner.name, "--curriculum", experiment.curriculum.name]
    words += ["--recipe", _recipe(experiment).name]
    for section, option, value in _settings(experiment):
        words += ["--set", f"{section}.{option}={typed(value)}"]
    words += ["--seed", str(experiment.seed)]
    if experiment.budget is not None:
        words += ["--budget", experiment.budget]
    if experiment.scramble is not None:
        words.append(f"--scramble={experiment.scramble}")
    words += ["--test-samples", str(experiment.test_samples)]
    for predictor in experiment.predictors:
        words += ["--predictor", json.dumps({"name": predictor.name, **predictor.options})]
    if threads is not None:
        words += ["--threads", str(threads)]
    return shlex.join(words)


def _settings(experiment: Experiment) -> Iterator[tuple[str, str, Any]]:
    chosen: dict[str, Choice] = {
        "task": experiment.task,
        "learner": experiment.learner,
        "curriculum": experiment.curriculum,
    }
    for section, choice in chosen.items():
        for option, value in choice.options.items():
            yield section, option, value
    named = _recipe(experiment).model_dump(mode="json")
    for option, value in experiment.recipe.model_dump(mode="json").items():
        if option != "name" and value != named[option]:
            yield "recipe", option, value


def _recipe(experiment: Experiment) -> Recipe:
    """The recipe to start from; the default if the run's no longer exists."""
    return RECIPES.get(experiment.recipe.name, FAST)


def _versions(environment: dict[str, Any]) -> str | None:
    if not environment:
        return None
    packages = [f"{name} {version}" for name, version in environment["packages"].items()]
    return ", ".join([f"Python {environment['python']}", *packages])


def _machine(machine: dict[str, Any] | None) -> str | None:
    if machine is None:
        return None
    gpu = f", {machine['gpu']}" if machine["gpu"] else ", no GPU"
    return f"{machine['processor']}, {machine['cores']} cores{gpu}, {machine['system']}"
