"""What follows from a check: whether the level rises, the rate decays, and new data are drawn. Trains nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from generators.samples import Difficulty
from l2e.curricula import Curriculum
from l2e.experiments.recipes import Recipe
from l2e.progress import PROGRESS_RULES, PlateauRule, Progress, ProgressRule, ReleaseRule


class Decision(NamedTuple):
    """What follows from a check.

    Attributes:
        rose: validation is drawn at a harder level from now on, or the curriculum says that samples became harder.
        decayed: the rate is multiplied by the recipe's decay once more.
        reload: the rest of the present load of data is left out; the next update learns from the next load.
    """

    rose: bool
    decayed: bool
    reload: bool


class LevelControl:
    """The level at which validation is drawn, and how often the rate decayed; both follow from checks.

    The level is the curriculum's current difficulty. But under a recipe with `every_strategy_climbs`, a curriculum that
    begins at its target is validated at levels that rise on their own: the easiest first, the next whenever progress
    stops. Its draws do not depend on them.

    Args:
        recipe: says when progress has stopped, and whether every strategy climbs.
        curriculum: in its first state.

    Attributes:
        curriculum: the same; it is told of every check.
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
        """Where validation is drawn."""
        return self._own_level or self.curriculum.current

    def check(self, progress: Progress) -> Decision:
        """Tell the curriculum of a check at the present level, and decide what follows.

        Args:
            progress: what was measured; whether it has stopped is found here, by the recipe's rule.
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
        """What later decisions depend on, as JSON."""
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
    """The recipe's progress rule in its first state."""
    if PROGRESS_RULES[recipe.progress_rule] is PlateauRule:
        return PlateauRule(recipe.patience, recipe.improvement)
    return ReleaseRule()
