"""How learners are watched: step by step, with what their recurrent layers note and where their heads look."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from baselines.multi_head_attention import MultiHeadAttention
from baselines.recurrent import Note, RecurrentStack
from l2e.learner import PairLearner, State, StreamLearner
from l2e.vocabulary import END_OF_INPUT
from l2e.watching import Look, Trace


def steps(learner: StreamLearner | PairLearner, symbols: Tensor, state: State) -> Iterator[tuple[Tensor, State]]:
    """After each of symbols [n]: probabilities [symbols] of the next, and the state."""
    for symbol in symbols:
        logits, state = learner.step(symbol[None], state)
        yield logits[0].double().softmax(0), state


def written_from(answer: Tensor) -> Tensor:
    """What is read while an answer [n] is written: the end of input, and the answer but for its last symbol."""
    return torch.cat([answer.new_tensor([END_OF_INPUT]), answer[:-1]])


def after_columns(columns: int, probabilities: Sequence[Tensor]) -> Tensor:
    """Probabilities [columns + n, symbols] of n columns, after so many for which nothing is predicted."""
    return pad(torch.stack(list(probabilities)), (0, 0, columns, 0), value=torch.nan)


@contextmanager
def noting(stack: RecurrentStack) -> Iterator[list[Note]]:
    """Within this context, what a stack notes of each layer at each call, each of one symbol of one row."""
    notes: list[Note] = []
    stack.notes = notes
    try:
        yield notes
    finally:
        stack.notes = None


def noted_reading(stack: RecurrentStack, symbols: Tensor) -> list[Note]:
    """What a stack notes as it reads symbols [n] from the zero state."""
    state = None
    with noting(stack) as notes:
        for symbol in symbols:
            _, state = stack(symbol.view(1, 1), state)
    return notes


def traces_of(notes: Sequence[Note], layers: int, network: str = "", first: int = 0) -> list[Trace]:
    """Traces of notes, which name the layers one after another, again at each character."""
    if not notes:
        return []
    return [
        Trace(f"{network}layer {layer + 1}", kind, first, torch.cat([note[kind].flatten(0, -2) for note in own]))
        for layer in range(layers)
        for own in [notes[layer::layers]]
        for kind in own[0]
    ]


def backwards_read(traces: Sequence[Trace]) -> list[Trace]:
    """Traces of a text that was read from its end, in the order of the text."""
    return [trace._replace(values=trace.values.flip(0)) for trace in traces]


@contextmanager
def heads_noted(network: nn.Module) -> Iterator[dict[str, list[Tensor]]]:
    """Within this context, the weights [heads, time, known time] of each call of each attention, by its name.

    Calls must be of one row.
    """
    attentions = {name: part for name, part in network.named_modules() if isinstance(part, MultiHeadAttention)}
    calls: dict[str, list[Tensor]] = {name: [] for name in attentions}

    def into(noted: list[Tensor]) -> Callable[[nn.Module, Any, tuple[Tensor, Tensor]], None]:
        return lambda _attention, _read, given: noted.append(given[1][0])

    hooks = [attentions[name].register_forward_hook(into(noted)) for name, noted in calls.items()]
    try:
        yield calls
    finally:
        for hook in hooks:
            hook.remove()


def looks_of(calls: Sequence[Tensor], part: str, first: int, at: int) -> list[Look]:
    """The looks of each head over calls that follow each other [heads, time, known time]; later ones may know more."""
    known = max(call.shape[2] for call in calls)
    weights = torch.cat([pad(call, (0, known - call.shape[2])) for call in calls], 1)
    return [Look(part, number, first, at, head) for number, head in enumerate(weights, 1)]
