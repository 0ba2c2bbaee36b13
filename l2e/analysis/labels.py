"""Names of runs that say what tells them apart, and nothing else: what does not vary among them is in no name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from l2e.curricula import paper_place
from l2e.experiments.experiment import Experiment
from l2e.option_values import typed


def settings_of(experiment: Experiment) -> dict[str, Any]:
    """The learner's options, the recipe and what else a run is made with, by name; not task, curriculum and seed.

    Of a task, learner or curriculum in a file the file's hash is among them, as files of one name may differ.
    """
    parts = {"task": experiment.task, "learner": experiment.learner, "curriculum": experiment.curriculum}
    return {
        **{f"{part}_source": choice.source for part, choice in parts.items() if choice.source is not None},
        "recipe": experiment.recipe.name,
        **experiment.recipe.model_dump(mode="json", exclude={"name"}),
        **experiment.learner.options,
        "budget": experiment.budget,
        "test_samples": experiment.test_samples,
    }


def varying(experiments: Iterable[Experiment], alike: Callable[[Experiment], Any]) -> list[str]:
    """The settings in which experiments differ that are alike otherwise, in the order of `settings_of`.

    Where recipes of different names are among them, the name stands for all that they differ in.

    Args:
        experiments: any.
        alike: two experiments are compared where this gives the same for both.
    """
    groups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    by_recipe: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for experiment in experiments:
        settings = settings_of(experiment)
        groups[alike(experiment)].append(settings)
        by_recipe[alike(experiment), experiment.recipe.name].append(settings)
    names: dict[str, None] = {}
    if any(_differ(group, "recipe") for group in groups.values()):
        names["recipe"] = None
    for group in by_recipe.values():
        for name in dict.fromkeys(name for settings in group for name in settings):
            if _differ(group, name):
                names[name] = None
    return list(names)


def _differ(group: Sequence[dict[str, Any]], name: str) -> bool:
    return len({repr(settings.get(name)) for settings in group}) > 1


def _said(experiment: Experiment, names: Iterable[str]) -> list[str]:
    settings = settings_of(experiment)
    return [f"{name}={typed(settings[name])}" for name in names if name in settings]


def learner_names(experiments: Sequence[Experiment]) -> list[str]:
    """The learner of each, with the settings in which runs of one learner, curriculum and target differ.

    As `lstm`, or `lstm[rate=0.002]` where runs of another rate are among the experiments.
    """
    names: dict[str, list[str]] = {
        learner: varying(
            [experiment for experiment in experiments if _learner(experiment) == learner],
            lambda e: (str(e.task), e.scramble, e.target, str(e.curriculum)),
        )
        for learner in set(map(_learner, experiments))
    }
    return [with_settings(_learner(e), _said(e, names[_learner(e)])) for e in experiments]


def with_settings(name: str, settings: Sequence[str]) -> str:
    """A name with settings as one types them, as `lstm[cells=8,rate=0.1]`."""
    return f"{name}[{','.join(settings)}]" if settings else name


def strategy_names(experiments: Sequence[Experiment]) -> list[str]:
    """A name for each experiment of one task and target: learner, curriculum, settings and seed, as far as they vary.

    >>> from l2e.experiments.experiment import Choice
    >>> from l2e.experiments.recipes import FAST
    >>> lstm, addition = Choice(name="lstm"), Choice(name="addition")
    >>> curricula = [Choice(name=name) for name in ("naive", "mix")]
    >>> alike = {"task": addition, "learner": lstm, "length": 2, "recipe": FAST}
    >>> strategy_names([Experiment(curriculum=curriculum, **alike) for curriculum in curricula])
    ['naive', 'mix']
    """
    names = varying(experiments, lambda e: (_learner(e), str(e.curriculum)))
    learners, curricula = ({part(e) for e in experiments} for part in (_learner, _curriculum))
    settings = {(_learner(e), _curriculum(e), *_said(e, names)) for e in experiments}
    parts: list[Callable[[Experiment], list[str]]] = []
    if len(learners) > 1:
        parts.append(lambda e: [_learner(e)])
    if len(curricula) > 1 or len(learners) == 1:
        parts.append(lambda e: [_curriculum(e)])
    parts.append(lambda e: _said(e, names))
    if len(settings) < len(experiments):
        parts.append(lambda e: [f"seed {e.seed}"])
    return [" · ".join(word for part in parts for word in part(e)) for e in experiments]


def run_names(experiments: Sequence[Experiment]) -> list[str]:
    """A name for each experiment among others of any targets: its target, as far as these vary, and its strategy."""
    by_target: dict[str, list[Experiment]] = defaultdict(list)
    for experiment in experiments:
        by_target[target_title(experiment)].append(experiment)
    names = {}
    for target, members in by_target.items():
        for experiment, name in zip(members, strategy_names(members), strict=True):
            names[experiment.id] = f"{target}: {name}" if len(by_target) > 1 else name
    return [names[experiment.id] for experiment in experiments]


def _learner(experiment: Experiment) -> str:
    """The learner's name without options; of one in a file, without the folder."""
    return str(experiment.learner.model_copy(update={"options": {}}))


def _curriculum(experiment: Experiment) -> str:
    return str(experiment.curriculum)


def task_title(experiment: Experiment) -> str:
    """The task as titles have it, with its scrambling, as `copy, scrambled with seed 7`."""
    return str(experiment.task) + (
        "" if experiment.scramble is None else f", scrambled with seed {experiment.scramble}"
    )


def target_title(experiment: Experiment) -> str:
    """Task and difficulty as titles have them, as `program (4, 3)` or `copy (20, 1), scrambled with seed 7`."""
    scrambled = task_title(experiment).removeprefix(str(experiment.task))
    return f"{experiment.task} ({experiment.length}, {experiment.nesting}){scrambled}"


def target_order(experiment: Experiment) -> tuple[str, int, int, int]:
    """Sorts by task, length and nesting, plain text before scrambled views."""
    scramble = -1 if experiment.scramble is None else experiment.scramble
    return str(experiment.task), experiment.length, experiment.nesting, scramble


def paper_order(experiment: Experiment) -> tuple[str, int, str, int]:
    """Sorts by learner, then curricula as the paper lists them, others after them, then seeds."""
    curriculum = str(experiment.curriculum)
    return str(experiment.learner), paper_place(curriculum), curriculum, experiment.seed


def in_paper_order(curricula: Iterable[str]) -> list[str]:
    """Different curricula, those of the paper first and in its order, with options after those without."""
    return sorted(set(curricula), key=lambda name: (paper_place(name), name))
