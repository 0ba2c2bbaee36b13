"""What follows from a check: whether the level rises, the rate decays, and data are drawn anew. Trains nothing."""

from __future__ import annotations

from typing import Any, NamedTuple

from generators.samples import Difficulty
from l2e.curricula import Curriculum
from l2e.experiments.recipes import Recipe
from l2e.progress import PROGRESS_RULES, Check, PlateauRule, Progress, ProgressRule, ReleaseRule


class Decision(NamedTuple):
    """What follows from a check.

    Attributes:
        rose: the level did, or the curriculum says that what it draws became harder.
        decayed: the rate is multiplied by the recipe's decay once more.
        reload: the rest of the present load is dropped; the next update learns from the next load.
    """

    rose: bool
    decayed: bool
    reload: bool


class Climb:
    """A curriculum on its way to the target, the level at which validation is drawn, and how often the rate decayed.

    The level is the curriculum's current difficulty. Under a recipe with which every strategy climbs, a curriculum
    that begins at its target is given levels beside its draws: the easiest first, the next with every stall.

    Args:
        recipe: says when progress has stopped, and whether every strategy climbs.
        curriculum: in its first state.

    Attributes:
        curriculum: the same; it learns of every check.
        decays: how often the rate decayed.
    """

    def __init__(self, recipe: Recipe, curriculum: Curriculum) -> None:
        self.curriculum = curriculum
        self.decays = 0
        self._rule = make_rule(recipe)
        stays = curriculum.current == curriculum.target
        self._beside = curriculum.ladder.bottom if recipe.every_strategy_climbs and stays else None

    @property
    def level(self) -> Difficulty:
        """Where validation is drawn."""
        return self._beside or self.curriculum.current

    def check(self, check: Check) -> Decision:
        """Learn of a check at the present level."""
        before = self.level
        stalled = self._rule.stalled(check)
        harder = self.curriculum.update(Progress(check, stalled))
        if self._beside and stalled:
            self._beside = self.curriculum.ladder.above(self._beside)
        rose = harder or self.level != before
        decayed = stalled and not rose and before == self.curriculum.target
        self.decays += decayed
        return Decision(rose, decayed, reload=stalled or harder)

    def state_dict(self) -> dict[str, Any]:
        """What later decisions depend on, as JSON."""
        return {
            "curriculum": self.curriculum.state_dict(),
            "rule": self._rule.state_dict(),
            "beside": list(self._beside) if self._beside else None,
            "decays": self.decays,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore it exactly."""
        self.curriculum.load_state_dict(state["curriculum"])
        self._rule.load_state_dict(state["rule"])
        self._beside = Difficulty(*state["beside"]) if state["beside"] else None
        self.decays = state["decays"]


def make_rule(recipe: Recipe) -> ProgressRule:
    """The recipe's progress rule in its first state."""
    if PROGRESS_RULES[recipe.progress_rule] is PlateauRule:
        return PlateauRule(recipe.patience, recipe.improvement)
    return ReleaseRule()
