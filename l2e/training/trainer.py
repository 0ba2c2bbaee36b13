"""Training one learner: its data, checks and checkpoints; a state that can be saved and restored to the bit."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor

from generators.samples import Difficulty, Samples
from generators.seeding import keyed_generator
from generators.splits import Split
from l2e.batches import Batch
from l2e.errors import ExplainedError
from l2e.evaluation.held_out import held_out
from l2e.evaluation.scoring import teacher_forced
from l2e.evaluation.text_scoring import validation_score
from l2e.experiments.budgets import Spent
from l2e.experiments.experiment import Experiment
from l2e.experiments.run import Checkpoint, Run, RunError
from l2e.learner import Learner
from l2e.progress import Check, Measure, Progress
from l2e.training.data import Load, Loads, LoadsAhead
from l2e.training.levels import LevelControl
from l2e.training.optimizer import (
    Step,
    initialize,
    logits_after,
    make_optimizer,
    optimizer_tensors,
    rate_at,
    restore_optimizer,
    update,
)
from l2e.training.signals import Interrupted, interruptible
from l2e.training.status import Counters, Moment, Outcome
from l2e.training.tallies import Tallies
from l2e.training.text_data import TextLoads

REPORT_EVERY = 10  # updates; also how often the loss is fetched, which waits for the device
CHECKPOINT_SECONDS = 20.0


class TrainingError(ExplainedError, RuntimeError):
    """Training that cannot continue."""


class Trainer:
    """Trains an experiment's learner in a run's folder, from the newest checkpoint if there is one.

    Args:
        experiment: what to train.
        run: where to keep checkpoints and metrics; the caller holds its lock.
        report: called regularly with the training status.
        device: where to train.
        checkpoint_seconds: how long to train from one checkpoint to the next.

    Raises:
        RunError: the newest checkpoint is corrupt.
    """

    def __init__(
        self,
        experiment: Experiment,
        run: Run,
        report: Callable[[Moment], None] = lambda moment: None,
        device: torch.device | str = "cpu",
        checkpoint_seconds: float = CHECKPOINT_SECONDS,
    ) -> None:
        self.experiment = experiment
        self.recipe = experiment.recipe
        self.limit = experiment.limit()
        self.run = run
        self.report = report
        self.device = torch.device(device)
        self.checkpoint_seconds = checkpoint_seconds
        self.curriculum = experiment.make_curriculum()
        self.levels = LevelControl(self.recipe, self.curriculum)
        # Initialised on the CPU, so that a seed gives the same network on every device.
        torch.manual_seed(int(keyed_generator("parameters", experiment.seed).integers(2**63)))
        self.learner: Learner = experiment.make_learner()
        initialize(self.learner, self.recipe.initial_range)
        self.learner.to(self.device)
        self.optimizer = make_optimizer(self.recipe, self.learner.parameters())
        self.loads: LoadsAhead = TextLoads(experiment) if experiment.of_text else Loads(experiment, self.learner.layout)
        self.counters = Counters()
        self.measures_gain = Measure.GAIN in self.curriculum.measures
        counted = Measure.BY_DIFFICULTY in self.curriculum.measures
        self.tallies = Tallies(self.device, self.measures_gain) if counted else None
        self.state: tuple[Tensor, ...] | None = None
        self.load: Load | None = None
        self.drawn_under = self.curriculum.state_dict()
        self.loss = torch.zeros((), device=self.device)
        self.correct = torch.zeros((), dtype=torch.int64, device=self.device)
        self.validation: dict[Difficulty, Samples] = {}
        self.last_check: Check | None = None
        self.begun = self.saved_at = time.monotonic()
        self._note_target()
        if checkpoint := run.load_checkpoint():
            self._restore(checkpoint)

    def train(self) -> Outcome:
        """Train until the budget or the recipe ends it.

        Raises:
            TrainingError: the loss is not finite.
            Interrupted: on SIGINT, SIGTERM or SIGHUP, after a checkpoint.
        """
        with interruptible() as interrupted, self:
            while (batch := self.next_batch()) is not None:
                self.learn(batch)
                if interrupted():
                    self.save()
                    raise Interrupted
            self.save()
        return self.outcome()

    def __enter__(self) -> Trainer:
        self.begun = time.monotonic() - self.counters.seconds
        return self

    def __exit__(self, *error: object) -> None:
        self.loads.close()

    def next_batch(self) -> Batch | None:
        """The next batch on the device, or None when the budget or the recipe ends the training."""
        if self._ended():
            return None
        asked = time.monotonic()
        batch = self._present_load().batches[self.counters.batch].to(self.device)
        self.counters.waited += time.monotonic() - asked
        self.seed_dropout()
        return batch

    def seed_dropout(self) -> None:
        """Seed dropout by the seed and the update, so that a resumed run drops the same."""
        torch.manual_seed((self.experiment.seed << 32 | self.counters.updates) % 2**63)

    def learn(self, batch: Batch) -> None:
        """One update on the next batch, and what follows from it.

        Raises:
            TrainingError: the loss is not finite.
        """
        step = update(self.learner, self.optimizer, self.recipe, batch, self.state, self.rate())
        after = None
        if self.measures_gain:
            self.seed_dropout()  # the same masks as before the update, so that only learning changes the loss
            after = logits_after(self.learner, self.recipe, batch, self.state)
        self.learned(batch, step, after)

    def learned(self, batch: Batch, step: Step, after: Tensor | None = None) -> None:
        """Record an update on the last batch; check and save when due.

        Args:
            batch: trained on.
            step: the results of the update.
            after: logits of the batch after the update, if the curriculum needs gains.

        Raises:
            TrainingError: the loss is not finite.
        """
        counters = self.counters
        if self.tallies is not None and self.load is not None:
            self.tallies.add(self.load.difficulties, batch, step.logits, after)
        self.state = step.state
        self.loss += step.loss
        self.correct += step.correct
        counters.answers += len(batch.answers)
        counters.updates += 1
        counters.batch += 1
        counters.characters += batch.characters
        counters.seconds = time.monotonic() - self.begun
        if counters.updates % REPORT_EVERY == 0:
            self._look()
        if counters.updates % self.recipe.check_every == self.recipe.check_offset:
            self._check()
        if time.monotonic() - self.saved_at > self.checkpoint_seconds:
            self.save()

    def outcome(self) -> Outcome:
        """The outcome of training."""
        counters = self.counters
        reached_at = None if counters.reached_update is None else counters.reached_update / max(counters.updates, 1)
        return Outcome(self.learner, self.curriculum.current, reached_at, counters)

    def fraction(self) -> float:
        """The fraction of the budget spent; always 0 without one."""
        counters = self.counters
        return self.limit.fraction(Spent(counters.seconds, counters.characters, counters.updates))

    def _known_fraction(self) -> float:
        """The fraction of the budget spent; NaN without one."""
        return self.fraction() if math.isfinite(self.limit.amount) else math.nan

    def rate(self) -> float:
        """The current learning rate."""
        return rate_at(self.recipe, self.fraction(), self.counters.updates, self.levels.decays)

    def _present_load(self) -> Load:
        """The load of the next batch: the current one, or the next when that is done or dropped."""
        counters = self.counters
        if self.load is None and counters.batch:
            # Resumed within a load. The curriculum may have moved since it was drawn; draw it again as it was.
            before = self.experiment.make_curriculum()
            before.load_state_dict(self.drawn_under)
            self.load = self.loads.take(counters.load, before)
        if self.load is not None and counters.batch == len(self.load.batches):
            self._leave_load()
        if self.load is None:
            self.load = self.loads.take(counters.load, self.curriculum)
            self.drawn_under = self.load.curriculum_state
        return self.load

    def _leave_load(self) -> None:
        self.load = None
        self.counters.load, self.counters.batch = self.counters.load + 1, 0

    def _ended(self) -> bool:
        return self.fraction() >= 1 or self.rate() < self.recipe.minimum_rate

    def _look(self, is_check: bool = False) -> None:
        """Fetch the training status from the device, and report it.

        Raises:
            TrainingError: the loss is not finite.
        """
        counters = self.counters
        if not math.isfinite(self.loss.item()):
            paths = self.run.checkpoints()
            left = f"the last good checkpoint is {paths[-1].with_suffix('')}" if paths else "there is no checkpoint yet"
            raise TrainingError(
                f"the loss became {self.loss.item()} within {REPORT_EVERY} updates before update {counters.updates}, "
                f"at rate {self.rate():.3g}, difficulty {self.levels.level}; {left}. "
                "Try a lower rate or a smaller clip_norm."
            )
        self.loss.zero_()
        counters.correct += int(self.correct.item())
        self.correct.zero_()
        self.report(
            Moment(
                counters.updates,
                counters.seconds,
                self._known_fraction(),
                counters.characters / max(counters.seconds, 1e-9),
                self.levels.level,
                self._training_accuracy(),
                self.last_check.validation_accuracy if self.last_check else None,
                is_check,
            )
        )

    def _check(self) -> None:
        """Measure progress; update the curriculum, the level, the rate and the data."""
        at = self.levels.level
        self._look()
        rate = self.rate()
        self.last_check = check = Check(self._validate(at), self._training_accuracy())
        target = self.experiment.target
        target_accuracy = check.validation_accuracy if at == target else self._validate(target)
        self.state = None  # as in the release: an evaluation zeroes the state, and nothing else does
        decision = self.levels.check(self._progress(check))
        if self.tallies is not None:
            self.tallies.clear()
        if decision.reload:
            self._leave_load()
        self._note_target()
        self.run.append_metrics(
            {
                "update": self.counters.updates,
                "characters": self.counters.characters,
                "seconds": round(self.counters.seconds, 3),
                "waited": round(self.counters.waited, 3),
                "fraction": self.fraction(),
                "rate": rate,
                "length": at.length,
                "nesting": at.nesting,
                **asdict(check),
                "target_accuracy": target_accuracy,
                "rose": decision.rose,
            }
        )
        self._look(is_check=True)
        self._forget_training_accuracy()

    def _progress(self, check: Check) -> Progress:
        updates = self.counters.updates
        return Progress(
            check,
            stalled=False,
            by_difficulty={} if self.tallies is None else self.tallies.read(),
            updates=updates,
            fraction=self._known_fraction(),
            rng=keyed_generator("curriculum", self.experiment.seed, updates),
        )

    def _validate(self, at: Difficulty) -> float:
        if self.experiment.of_text:
            return validation_score(self.experiment, self.learner)
        if at not in self.validation:
            self.validation[at] = held_out(self.experiment, Split.VALIDATION, self.recipe.validation_samples, *at)
        samples = self.validation[at]
        return teacher_forced(self.learner, samples).accuracy

    def _training_accuracy(self) -> float:
        return self.counters.correct / max(self.counters.answers, 1)

    def _forget_training_accuracy(self) -> None:
        self.counters.correct = self.counters.answers = 0
        self.correct.zero_()

    def _note_target(self) -> None:
        if self.counters.reached_update is None and self.curriculum.current == self.experiment.target:
            self.counters.reached_update = self.counters.updates

    def save(self) -> None:
        """Write a checkpoint.

        Raises:
            TrainingError: the loss is not finite.
        """
        self._look()  # so that no checkpoint has parameters of a loss that was not finite
        tensors = {f"learner.{name}": tensor for name, tensor in self.learner.state_dict().items()}
        tensors |= {f"optimizer.{name}": tensor for name, tensor in optimizer_tensors(self.optimizer).items()}
        tensors |= {f"state.{i}": tensor for i, tensor in enumerate(self.state or ())}
        state = {
            "counters": asdict(self.counters),
            "climb": self.levels.state_dict(),
            **({} if self.tallies is None else {"tallies": self.tallies.state_dict()}),
            "drawn_under": self.drawn_under,
            "last_check": asdict(self.last_check) if self.last_check else None,
        }
        self.run.save_checkpoint(self.counters.updates, Checkpoint(tensors, state))
        self.saved_at = time.monotonic()

    def _restore(self, checkpoint: Checkpoint) -> None:
        tensors, state = checkpoint
        try:
            self.counters = Counters(**state["counters"])
            self.levels.load_state_dict(state["climb"])
            if self.tallies is not None:
                self.tallies.load_state_dict(state["tallies"])
            self.drawn_under = state["drawn_under"]
            self.last_check = Check(**state["last_check"]) if state["last_check"] else None
            self.learner.load_state_dict(_under(tensors, "learner."))
            restore_optimizer(self.optimizer, _under(tensors, "optimizer."))
            carried = _under(tensors, "state.")
            self.state = tuple(carried[str(i)].to(self.device) for i in range(len(carried))) or None
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, RuntimeError) as error:
            raise RunError(
                f"the checkpoint of {self.run} does not fit its experiment ({type(error).__name__}: {error}); "
                f"delete {self.run} to begin again"
            ) from error
        self.run.rewind(checkpoint)


def _under(tensors: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
