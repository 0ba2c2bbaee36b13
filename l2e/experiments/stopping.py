"""Sequential choice of the number of seeds, by a rule that is fixed in advance and saved in `stopping.json`.

Every cell gets the same seeds.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from l2e.experiments.records import Kind, read_record
from l2e.experiments.run import RunError, write_record
from l2e.metrics import Rule

RECORD = "stopping.json"
BLOCK = 5


class StoppingRule(BaseModel):
    """Seeds are added in blocks until every cell's 95 % interval of its mean over seeds is narrow, or there are enough.

    If all runs of a cell agree, its interval has width 0.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: Rule = Field(description="the accuracy whose intervals are checked")
    width: float = Field(gt=0, le=100, description="required width of each interval, in points")
    block: int = Field(default=BLOCK, ge=2, description="seeds added at a time")
    most: int = Field(ge=2, description="greatest number of seeds")

    def __str__(self) -> str:
        return (
            f"seeds in blocks of {self.block} until every 95 % interval of {self.rule.spoken} over seeds is narrower "
            f"than {self.width:g} points, at most {self.most} seeds"
        )

    def fix(self, folder: Path) -> None:
        """Write the rule into the folder of the runs, or check that it is the one there.

        Raises:
            RunError: the folder has another one, or one that cannot be read.
        """
        found = stopping_rule_of(folder)
        if found is None:
            folder.mkdir(parents=True, exist_ok=True)
            write_record(folder / RECORD, self.model_dump(mode="json"))
        elif found != self:
            raise RunError(f"the runs in {folder} have another rule: {found}; keep to it, or give another --out")

    def looks(self) -> Iterator[int]:
        """Numbers of seeds at which the intervals are checked."""
        yield from range(self.block, self.most, self.block)
        yield self.most


STOPPING = Kind(StoppingRule, "delete it to choose seeds by hand")


def stopping_rule_of(folder: Path) -> StoppingRule | None:
    """The rule that chose the seeds of a folder's runs; None if there is none.

    Raises:
        RunError: it cannot be read.
    """
    path = folder / RECORD
    return StoppingRule.model_validate(read_record(path, STOPPING)) if path.exists() else None


def check_seeds_are_free(folder: Path) -> None:
    """Raise if seeds are chosen by hand in a folder whose seeds a rule chooses.

    Raises:
        RunError: the runs in the folder have a rule.
    """
    if (found := stopping_rule_of(folder)) is not None:
        raise RunError(
            f"the runs in {folder} have {found}; give --until-width {found.width:g} --most-seeds {found.most}, or "
            "another --out"
        )
