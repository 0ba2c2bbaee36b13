"""How long a run may train: seconds, characters or updates, or by its recipe's stopping rule."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

MULTIPLES = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9}
MOST = 10**18  # characters or updates
SECONDS = {"s": 1, "m": 60, "h": 3600}
EXAMPLES = "90s, 10m, 2h, 50Mcharacters, 1500updates"


class Unit(Enum):
    """The unit of a budget."""

    SECONDS = "seconds"
    CHARACTERS = "characters"
    UPDATES = "updates"


@dataclass(frozen=True, slots=True)
class Spent:
    """A run's use so far, over all its sessions."""

    seconds: float
    characters: int
    updates: int


@dataclass(frozen=True, slots=True)
class Budget:
    """An amount of seconds, characters or updates.

    >>> parse_budget("50Mcharacters")
    Budget(unit=<Unit.CHARACTERS: 'characters'>, amount=50000000)
    """

    unit: Unit
    amount: float

    def fraction(self, spent: Spent) -> float:
        """The fraction of the budget spent; 1 or more when it is used up."""
        used: float = getattr(spent, self.unit.value)
        return used / self.amount


UNLIMITED = Budget(Unit.UPDATES, math.inf)


def parse_budget(text: str) -> Budget:
    """Read a budget.

    Raises:
        ValueError: not a positive number with a unit; the message shows examples.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(?:(s|m|h)|([kKMG]?)(characters|updates))", text)
    if match:
        number, time, multiple, unit = match.groups()
        if time and 0 < (seconds := float(number) * SECONDS[time]) < math.inf:
            return Budget(Unit.SECONDS, seconds)
        if not time and 0 < (amount := Decimal(number) * MULTIPLES[multiple]) <= MOST and amount == int(amount):
            return Budget(Unit(unit), int(amount))
    raise ValueError(
        f"budget {text!r:.50} is not one of the forms {EXAMPLES}, greater than 0; characters and updates are whole"
    )
