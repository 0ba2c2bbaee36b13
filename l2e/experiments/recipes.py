"""Recipes: optimiser, rate, batch, clipping, schedule and stopping, by name."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from l2e.registry import UnknownNameError, unknown

MOST = 10**9
Count = Annotated[int, Field(gt=0, le=MOST)]
Decay = Annotated[float, Field(ge=0, lt=1)]
ResolvedPrecision = Literal["float32", "bfloat16"]
Precision = Literal["auto", "float32", "bfloat16"]


class Recipe(BaseModel):
    """How a learner is trained. Every field can be set from a suite or the command line."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str = Field(description="what it is called")
    optimizer: Literal["sgd", "adam"] = Field(description="plain gradient descent, or Adam")
    rate: float = Field(gt=0, le=1000, description="learning rate at its highest")
    adam_betas: tuple[Decay, Decay] = Field(default=(0.9, 0.999), description="decay of Adam's two averages")
    schedule: Literal["constant", "linear", "cosine", "exponential", "staircase"] = Field(
        description="rate over the budget: constant, falling to zero, or falling exponentially, steadily or in ten "
        "stairs; after the warm-up"
    )
    final_rate: float = Field(
        default=0.01,
        gt=0,
        le=1,
        description="exponential and staircase schedules: what is left of the rate at the end of the budget",
    )
    warmup_updates: int = Field(default=0, ge=0, le=MOST, description="updates over which the rate rises from zero")
    decay: float = Field(
        default=1.0, gt=0, le=1, description="factor on the rate when progress stops and validation is at the target"
    )
    minimum_rate: float = Field(
        default=0.0, ge=0, description="the recipe's stopping rule: training ends when the rate falls below"
    )
    updates: Count | None = Field(
        default=None, description="the recipe's stopping rule: number of updates if no budget is given"
    )
    clip_norm: float = Field(gt=0, description="greatest norm of the gradient; longer ones are clipped")
    dropout: float | None = Field(
        default=None, ge=0, lt=1, description="passed to the learner as its option dropout; else the learner's default"
    )
    loss: Literal["sum_per_row", "mean"] = Field(
        description="cross-entropy over predicted characters: summed and divided by the rows of the batch, or averaged"
    )
    loss_over: Literal["answers", "all"] = Field(
        default="answers",
        description="characters that are predicted: those of answers, or all (a language model; streams only)",
    )
    precision: Precision = Field(
        default="auto",
        description="precision of matrix products: float32, bfloat16, or auto, resolved when an experiment is created: "
        "bfloat16 where the device supports it, float32 elsewhere",
    )
    initial_range: float | None = Field(
        default=None, gt=0, description="initialise all parameters uniformly in ± this; else the learner's default"
    )
    batch_size: int = Field(gt=0, le=10**6, description="rows of a batch: lanes of text, or pairs")
    window: Count = Field(50, description="characters a lane of one update (truncated back-propagation); streams only")
    lane_characters: int = Field(
        default=10_001, gt=1, le=MOST, description="characters a lane of one load of data; streams only"
    )
    batches_per_load: Count = Field(default=50, description="batches of one load of data; pairs only")
    batches_sorted_together: Count = Field(
        default=4,
        description="batches whose rows are sorted by length; more save padding, fewer learn better; pairs only",
    )
    check_every: Count = Field(description="updates from one check of progress to the next")
    check_offset: int = Field(default=0, ge=0, description="updates before the first check, modulo check_every")
    progress_rule: Literal["release", "plateau"] = Field(description="when progress has stopped")
    every_strategy_climbs: bool = Field(
        default=False,
        description="curricula that begin at their target (baseline, mix) are validated at levels that rise as naive's "
        "do, from the easiest, whenever progress stops; else at the target from the start",
    )
    patience: Count = Field(default=3, description="plateau rule: checks without improvement")
    improvement: float = Field(default=0.01, ge=0, description="plateau rule: what counts as one")
    validation_samples: Count = Field(default=500, description="samples of one check")

    @model_validator(mode="after")
    def _checks_come_about(self) -> Self:
        if self.check_offset >= self.check_every:
            raise ValueError(
                f"check_offset is {self.check_offset}, not less than check_every, {self.check_every}: none is ever due"
            )
        return self


ZAREMBA_2014 = Recipe(
    name="zaremba2014",
    optimizer="sgd",
    rate=0.5,
    schedule="constant",
    decay=0.8,
    minimum_rate=0.001,
    clip_norm=5.0,
    loss="sum_per_row",
    precision="float32",
    initial_range=0.08,
    batch_size=100,
    window=50,
    lane_characters=10_001,
    check_every=100,
    check_offset=10,
    progress_rule="release",
    every_strategy_climbs=True,
    validation_samples=1000,
)
"""The 2014 release (its later Adam and dropout are an outside change).

As there, every strategy climbs and has as many stalls on the way up before the rate first decays; a stall drops
the rest of the load, so the next update reads new data, harder if the curriculum's draws became harder; a check zeroes
the carried state, and nothing else does; all products are in float32. What differs:

- Validation is on 1000 samples, always the same at a level. There it is on 501 characters of 100 lanes, drawn anew at
  every stall.
- A load is read once. There a check sends training back to the start of its load, and every 200th update brings a new
  one, so the first half of a load is read twice and the second never.
- Splits are by another hash, and of the input alone; random numbers differ, so no sample is in the same place.
- Where a lane ends too short for the next sample there is padding; there, remains of an earlier load.
- The vocabulary is all of printable ASCII; there, the characters that occur.
- By default mix and combined draw once per sample; there, at every operand, which is their option `redraw`.
"""

FAST = Recipe(
    name="fast",
    optimizer="adam",
    rate=5e-3,
    adam_betas=(0.9, 0.99),
    schedule="linear",
    warmup_updates=20,
    updates=3000,
    clip_norm=1.0,
    loss="mean",
    batch_size=64,
    window=50,
    lane_characters=2_501,
    batches_per_load=50,
    check_every=50,
    progress_rule="plateau",
    patience=2,
    improvement=0.03,
    validation_samples=300,
)
"""What learns most per second on a laptop's processor; found by the experiments in results/LOG.md."""

RECIPES = {recipe.name: recipe for recipe in (FAST, ZAREMBA_2014)}


def recipe_named(name: str) -> Recipe:
    """The recipe of this name.

    Raises:
        UnknownNameError: there is none.
    """
    if name not in RECIPES:
        raise UnknownNameError(unknown("recipe", name, list(RECIPES)))
    return RECIPES[name]
