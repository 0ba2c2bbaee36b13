"""Training runs of one shape in parallel on one device, as stacked models.

Runs are independent: each has its own data, curriculum, rate, clipping, stop and checkpoints. When one ends, the next
takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, pad

from l2e.batches import Batch, PairBatch, StreamBatch
from l2e.experiments.experiment import Experiment
from l2e.experiments.precision import products_in, wide
from l2e.experiments.recipes import Recipe
from l2e.experiments.run import Run, RunError
from l2e.training.optimizer import Step
from l2e.training.signals import Interrupted, interruptible
from l2e.training.stacked import Stack
from l2e.training.status import Outcome
from l2e.training.trainer import Trainer, TrainingError


class Member(NamedTuple):
    """An experiment and the run it is trained in; the caller holds the run's lock."""

    experiment: Experiment
    run: Run


class Trained(NamedTuple):
    """How a member ended: with an outcome, or with an error."""

    member: Member
    outcome: Outcome | None
    error: TrainingError | RunError | None


class Active(NamedTuple):
    """A member in training, and the batch that comes next."""

    member: Member
    trainer: Trainer
    batch: Batch


class Answers(NamedTuple):
    """The answers of all members' batches, padded to one number.

    Attributes:
        positions: int64 [members, answers], as in a batch.
        symbols: int64 [members, answers].
        weights: float [members, answers], 1 at answers and 0 at padding.
    """

    positions: Tensor
    symbols: Tensor
    weights: Tensor


def train_population(members: Iterable[Member], at_once: int, device: torch.device | str = "cpu") -> Iterator[Trained]:
    """Train members of one shape in parallel; yield each as it ends. When one fails, the others continue.

    Without dropout each member's result is that of training alone, up to rounding; dropout masks depend on the members.

    Args:
        members: of one learner and one recipe.
        at_once: how many train at a time.
        device: where.

    Raises:
        Interrupted: on SIGINT, SIGTERM or SIGHUP, after a checkpoint of every member in training.
    """
    waiting = iter(members)
    active: list[Active] = []
    stack: Stack | None = None
    with interruptible() as interrupted:
        try:
            while True:
                while len(active) < at_once and (member := next(waiting, None)) is not None:
                    try:
                        trainer = Trainer(*member, device=device).__enter__()
                    except RunError as error:
                        yield Trained(member, None, error)
                        continue
                    stack = None
                    if (batch := trainer.next_batch()) is None:
                        yield _finish(member, trainer)
                    else:
                        active.append(Active(member, trainer, batch))
                if not active:
                    return
                stack = stack or _stack_of(active)
                still: list[Active] = []
                steps = _update_active(stack, active)
                after = _logits_after(stack, active)
                for (member, trainer, batch), step, logits in zip(active, steps, after, strict=True):
                    try:
                        trainer.learned(batch, step, logits)
                    except TrainingError as failed:
                        trainer.__exit__()
                        yield Trained(member, None, failed)
                        continue
                    if (following := trainer.next_batch()) is None:
                        yield _finish(member, trainer)
                    else:
                        still.append(Active(member, trainer, following))
                if len(still) < len(active):
                    stack = None
                active = still
                if interrupted():
                    for _, trainer, _ in active:
                        trainer.save()
                    raise Interrupted
        finally:
            for _, trainer, _ in active:
                trainer.__exit__()


def _stack_of(active: Sequence[Active]) -> Stack:
    learners = [trainer.learner for _, trainer, _ in active]
    return Stack(learners, [trainer.optimizer for _, trainer, _ in active], active[0].trainer.recipe)


def _update_active(stack: Stack, active: Sequence[Active]) -> list[Step]:
    return update_together(
        stack,
        [batch for _, _, batch in active],
        [trainer.state for _, trainer, _ in active],
        [trainer.rate() for _, trainer, _ in active],
    )


def _logits_after(stack: Stack, active: Sequence[Active]) -> list[Tensor] | list[None]:
    """Every member's logits after its update, if any member's curriculum needs gains."""
    if not any(trainer.measures_gain for _, trainer, _ in active):
        return [None] * len(active)
    active[-1].trainer.seed_dropout()  # which was the last to do so before the update
    batches = [batch for _, _, batch in active]
    with torch.no_grad(), products_in(stack.recipe.precision, stack.parameters[0].device):
        *_, logits = _losses(stack, batches, [trainer.state for _, trainer, _ in active])
    return [_without_padding(*pair) for pair in zip(logits, batches, strict=True)]


def _without_padding(logits: Tensor, batch: Batch) -> Tensor:
    return logits[: len(batch.answers)]


def _finish(member: Member, trainer: Trainer) -> Trained:
    trainer.__exit__()
    try:
        trainer.save()
    except TrainingError as error:
        return Trained(member, None, error)
    return Trained(member, trainer.outcome(), None)


State = tuple[Tensor, ...] | None


def update_together(
    stack: Stack, batches: Sequence[Batch], states: Sequence[State], rates: Sequence[float]
) -> list[Step]:
    """One optimiser step of every member on its own batch, at its own rate.

    Raises:
        TrainingError: torch cannot batch what the learner does.
    """
    recipe, device = stack.recipe, stack.parameters[0].device
    stack.template.train()
    try:
        with products_in(recipe.precision, device):
            losses, correct, after, logits = _losses(stack, batches, states)
    except RuntimeError as error:
        if not str(error).startswith(("vmap", "Batching rule")):
            raise
        name = type(stack.template).__name__
        raise TrainingError(
            f"learner {name} cannot train in parallel: torch cannot batch one of its operations; leave out --population"
        ) from error
    losses.sum().backward()  # type: ignore[no-untyped-call]
    stack.step(torch.tensor(rates, device=device))
    return [
        Step(
            loss,
            right,
            None if after is None else tuple(part[i].detach() for part in after),
            _without_padding(logits[i].detach(), batch),
        )
        for i, (loss, right, batch) in enumerate(zip(losses.detach(), correct, batches, strict=True))
    ]


def _losses(
    stack: Stack, batches: Sequence[Batch], states: Sequence[State]
) -> tuple[Tensor, Tensor, tuple[Tensor, ...] | None, Tensor]:
    """Loss [members], correct answers [members], states [members, ...] of streams, and logits of padded answers."""
    answers, rows, recipe = _stack_answers(batches), batches[0].rows, stack.recipe
    if all(isinstance(batch, StreamBatch) for batch in batches):
        symbols = torch.stack([cast(StreamBatch, batch).symbols for batch in batches])

        def stream_loss(learner: Callable[..., Any], symbols: Tensor, answers: Answers, *state: Any) -> object:
            logits, after = learner(_Window(symbols, answers.positions), *state)
            return (*_weighted(logits, answers, rows, recipe), after, logits)

        loss, correct, after, logits = stack.losses(stream_loss, symbols, answers, *_stack_states(states))
        return loss, correct, after, logits
    inputs, lengths, targets = _stack_pairs([cast(PairBatch, batch) for batch in batches])

    def pair_loss(
        learner: Callable[..., Any], inputs: Tensor, lengths: Tensor, targets: Tensor, answers: Answers
    ) -> object:
        logits, _ = learner(_Pairs(inputs, lengths, targets, answers.positions))
        return (*_weighted(logits, answers, rows, recipe), logits)

    loss, correct, logits = stack.losses(pair_loss, inputs, lengths, targets, answers)
    return loss, correct, None, logits


class _Window(NamedTuple):
    """What a learner reads of a StreamBatch."""

    symbols: Tensor
    positions: Tensor


class _Pairs(NamedTuple):
    """What a learner reads of a PairBatch."""

    inputs: Tensor
    input_lengths: Tensor
    targets: Tensor
    positions: Tensor


def _weighted(logits: Tensor, answers: Answers, rows: int, recipe: Recipe) -> tuple[Tensor, Tensor]:
    """The recipe's loss and the number of correct answers of one member, without padding."""
    _, symbols, weights = answers
    logits = wide(logits)
    loss = (cross_entropy(logits, symbols, reduction="none") * weights).sum()
    correct = ((logits.argmax(1) == symbols) * weights).sum().long()
    return loss / (weights.sum().clamp(min=1) if recipe.loss == "mean" else rows), correct


def _stack_answers(batches: Sequence[Batch]) -> Answers:
    most = max(len(batch.answers) for batch in batches)
    times = [batch.targets.shape[1] for batch in batches if isinstance(batch, PairBatch)]
    positions, symbols, weights = [], [], []
    for batch in batches:
        missing = most - len(batch.answers)
        places = batch.positions
        if isinstance(batch, PairBatch):
            # Positions count within padded rows, and the rows of a population are as long as its longest.
            own = batch.targets.shape[1]
            places = places // own * max(times) + places % own
        positions.append(pad(places, (0, missing)))
        symbols.append(pad(batch.answers, (0, missing)))
        weights.append(pad(torch.ones(len(batch.answers), device=batch.answers.device), (0, missing)))
    return Answers(torch.stack(positions), torch.stack(symbols), torch.stack(weights))


def _stack_pairs(batches: Sequence[PairBatch]) -> tuple[Tensor, Tensor, Tensor]:
    input_time = max(batch.inputs.shape[1] for batch in batches)
    target_time = max(batch.targets.shape[1] for batch in batches)
    return (
        torch.stack([pad(batch.inputs, (0, input_time - batch.inputs.shape[1])) for batch in batches]),
        torch.stack([batch.input_lengths for batch in batches]),
        torch.stack([pad(batch.targets, (0, target_time - batch.targets.shape[1])) for batch in batches]),
    )


def _stack_states(states: Sequence[State]) -> tuple[tuple[Tensor, ...], ...]:
    """All members' states as one argument; no argument if all are zero."""
    known = next((state for state in states if state is not None), None)
    if known is None:
        return ()
    zero = tuple(torch.zeros_like(part) for part in known)
    return (tuple(torch.stack(parts) for parts in zip(*[state or zero for state in states], strict=True)),)
