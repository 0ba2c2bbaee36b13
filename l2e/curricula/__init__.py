"""Curricula: the paper's four, and those that learn where to draw samples or follow a plan.

A curriculum of your own is a subclass of `Curriculum` with two methods, `draw` and `update` (docs/curricula.md).
"""

from l2e.curricula.curriculum import Curriculum, Ladder
from l2e.curricula.distribution import LevelDistribution
from l2e.curricula.exp3s import Exp3S
from l2e.curricula.look_back_and_forward import LookBackAndForward
from l2e.curricula.paper import (
    OPERANDS_PER_OPERATION,
    PAPER_ORDER,
    Baseline,
    Combined,
    Mix,
    Naive,
    paper_place,
)
from l2e.curricula.schedule import Schedule
from l2e.curricula.thresholds import Thresholds
from l2e.curricula.traits import FadingTrait
from l2e.curricula.tscl import TSCLOnline, TSCLWindow

__all__ = [
    "OPERANDS_PER_OPERATION",
    "PAPER_ORDER",
    "Baseline",
    "Combined",
    "Curriculum",
    "Exp3S",
    "FadingTrait",
    "Ladder",
    "LevelDistribution",
    "LookBackAndForward",
    "Mix",
    "Naive",
    "Schedule",
    "TSCLOnline",
    "TSCLWindow",
    "Thresholds",
    "paper_place",
]
