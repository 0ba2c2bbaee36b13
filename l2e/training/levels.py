"""Decisions after a check: whether the level rises, the rate decays, and new data are drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from generators.samples import Difficulty
from l2e.curricula import Curriculum
from l2e.experiments.recipes import Recipe
from l2e.progress import PROGRESS_RULES, PlateauRule, Progress, ProgressRule, ReleaseRule


class Decision(NamedTuple):
    """Decisions after a check.

    Attributes:
        rose: validation is drawn at a harder level from now on, or samples became harder.
        decayed: the rate is multiplied by the recipe's decay once more.
        reload: the rest of the current load of data is skipped.
    """

    rose: bool
    decayed: bool
    reload: bool


class LevelControl:
    """The difficulty of validation samples (level), and the number of decays of the learning rate.

    The level is the curriculum's current difficulty. But under a recipe with `every_strategy_climbs`, a curriculum that
    starts at its target has levels of its own: the easiest first, the next whenever progress stops.

    Args:
        recipe: says when progress has stopped, and whether every strategy climbs.
        curriculum: in its initial state.

    Attributes:
        curriculum: the same; updated at every check.
        decays: how often the rate decayed.
    """

    def __init__(self, recipe: Recipe, curriculum: Curriculum) -> None:
        self.curriculum = curriculum
        self.decays = 0
        self._rule = make_rule(recipe)
        begins_at_target = curriculum.current == curriculum.target
        self._own_level = curriculum.ladder.bottom if recipe.every_strategy_climbs and begins_at_target else None

    @property
    def level(self) -> Difficulty:
        """The difficulty of validation samples."""
        return self._own_level or self.curriculum.current

    def check(self, progress: Progress) -> Decision:
        """Update the curriculum with a check at the current level, and decide what follows.

        Args:
            progress: measurements; `stalled` is set here, by the recipe's rule.
        """
        before, target = self.level, self.curriculum.target
        stalled = self._rule.stalled(progress.check)
        harder = self.curriculum.update(replace(progress, stalled=stalled))
        if self._own_level and stalled:
            self._own_level = self.curriculum.ladder.above(self._own_level)
        rose = harder or (self.level.nesting, self.level.length) > (before.nesting, before.length)
        decayed = stalled and not rose and before == target == self.level
        self.decays += decayed
        return Decision(rose, decayed, reload=stalled or harder)

    def state_dict(self) -> dict[str, Any]:
        """The state, as JSON."""
        return {
            "curriculum": self.curriculum.state_dict(),
            "rule": self._rule.state_dict(),
            "beside": list(self._own_level) if self._own_level else None,
            "decays": self.decays,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore it exactly."""
        self.curriculum.load_state_dict(state["curriculum"])
        self._rule.load_state_dict(state["rule"])
        self._own_level = Difficulty(*state["beside"]) if state["beside"] else None
        self.decays = state["decays"]


def make_rule(recipe: Recipe) -> ProgressRule:
    """The recipe's progress rule in its initial state."""
    if PROGRESS_RULES[recipe.progress_rule] is PlateauRule:
        return PlateauRule(recipe.patience, recipe.improvement)
    return ReleaseRule()
