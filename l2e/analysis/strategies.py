"""Short names of strategies: a curriculum, and of learner, options, recipe, budget and seed what tells runs apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from l2e.curricula import paper_place
from l2e.experiments.experiment import Experiment

_PARTS: tuple[Callable[[Experiment], str], ...] = (
    lambda e: e.learner.name,
    lambda e: str(e.curriculum),
    lambda e: str(e.learner).removeprefix(e.learner.name).strip("[]") or "no options",
    lambda e: e.recipe.name,
    lambda e: e.recipe.precision,
    lambda e: f"budget {e.budget or 'of the recipe'}",
    lambda e: f"seed {e.seed}",
    lambda e: f"setting {e.setting}",
)
_LEARNER, _CURRICULUM = _PARTS[:2]


def strategy_names(experiments: Sequence[Experiment]) -> list[str]:
    """A name for each experiment of one task and target, as short as tells them apart.

    A part is in all names or in none; experiments that are the same in every part are numbered.
    """
    chosen: list[Callable[[Experiment], str]] = []
    for part in _PARTS:
        if _distinct(experiments, [*chosen, part]) > _distinct(experiments, chosen):
            chosen.append(part)
    if not {_LEARNER, _CURRICULUM} & set(chosen):
        chosen.insert(0, _CURRICULUM)
    names = [" · ".join(part(experiment) for part in chosen) for experiment in experiments]
    repeated, seen = Counter(names), Counter[str]()
    for number, name in enumerate(names):
        seen[name] += 1
        if repeated[name] > 1:
            names[number] = f"{name} ({seen[name]})"
    return names


def _distinct(experiments: Sequence[Experiment], parts: Sequence[Callable[[Experiment], str]]) -> int:
    return len({tuple(part(experiment) for part in parts) for experiment in experiments})


def paper_order(experiment: Experiment) -> tuple[str, int, str, int]:
    """Sorts by learner, then curricula as the paper lists them, others after them, then seeds."""
    curriculum = str(experiment.curriculum)
    return str(experiment.learner), paper_place(curriculum), curriculum, experiment.seed
