"""How far a loss reaches back: against gradients worked out by hand, and rates that are known beforehand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import ClassVar

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from baselines.elman import Elman
from baselines.lstm import LSTM
from generators.samples import Samples
from l2e.batches import Layout, StreamBatch
from l2e.evaluation.gradient_flow import (
    GradientFlow,
    gradient_flow,
    gradient_norms,
    half_life,
    scale_recurrent_weights_,
)
from l2e.learner import Learner
from l2e.registry import Group, create
from l2e.training.optimizer import clip_
from l2e.vocabulary import END_OF_INPUT, FULL_STOP, SYMBOLS, encode
from tests.toys import samples_of

State = tuple[Tensor, ...]

SAMPLES = samples_of(("1+10", "11."), ("22+9", "31."), ("5-07", "-2."))
ratios = st.one_of(st.floats(0.01, 0.97), st.floats(1.03, 100))


class Fading(Learner):
    """One number: s_t = w s_(t-1), from s_0 = 1; the logit of each symbol is s_t but of one, where it is 0."""

    layout: ClassVar[Layout] = Layout.STREAM

    def __init__(self, weight: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(weight))

    def forward(self, batch: StreamBatch, state: State | None = None) -> tuple[Tensor, State]:
        number = self.weight * (state[0] if state else torch.ones(batch.rows, 1))
        logits = number.repeat(1, SYMBOLS)
        logits[:, encode(["1"])[0][0]] = 0
        return logits, (number,)

    def generate(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> Tensor:
        raise NotImplementedError


def elman(scale: float = 1.0, cells: int = 8) -> Elman:
    """Orthogonal recurrent weights times the scale; inputs so small that tanh is close to a straight line."""
    torch.manual_seed(0)
    learner = Elman(SYMBOLS, cells).double()
    with torch.no_grad():
        learner.stack.weight_hh[0].mul_(scale)
        learner.stack.weight_ih[0].mul_(1e-4)
    return learner


def by_hand(learner: Elman, samples: Samples) -> list[float]:
    """The chain rule for the Elman network, one Jacobian U' diag(1 - h²) a character."""
    stack = learner.stack
    assert stack.embedding is not None
    assert isinstance(learner.output, nn.Linear)
    given, recurrent = (weight[0].detach() for weight in (stack.weight_ih, stack.weight_hh))
    embedding, bias = stack.embedding.detach(), stack.bias_ih[0].detach()
    output, constant = learner.output.weight.detach(), learner.output.bias.detach()
    squares = []
    for text, target in samples:
        hidden = [torch.zeros(stack.cells).double()]
        for symbol in [FULL_STOP, *encode([text])[0].tolist(), END_OF_INPUT]:
            hidden.append(torch.tanh(given @ embedding[symbol] + recurrent @ hidden[-1] + bias))
        error = torch.softmax(output @ hidden[-1] + constant, 0)
        error[encode([target[0]])[0][0]] -= 1
        gradient, found = output.T @ error, []
        for after in hidden[:2:-1]:
            gradient = recurrent.T @ ((1 - after**2) * gradient)
            found.append(gradient.square().sum().item())
        squares.append(found[: len(text)])
    return [math.sqrt(sum(column) / len(samples)) for column in zip(*squares, strict=True)]


def test_of_an_elman_network_the_norms_are_those_of_the_chain_rule_by_hand() -> None:
    torch.manual_seed(1)
    learner = Elman(SYMBOLS, 5).double()
    assert gradient_norms(learner, SAMPLES) == pytest.approx(by_hand(learner, SAMPLES))


@pytest.mark.parametrize("name", ["gru", "lstm"])
def test_the_norms_are_those_of_moving_the_state_a_little(name: str) -> None:
    torch.manual_seed(0)
    learner: Learner = create(Group.LEARNER, name, {"cells": 3, "layers": 2}, SYMBOLS).double().eval()
    text, target = "1+2", "3."
    symbols = [FULL_STOP, *encode([text])[0].tolist(), END_OF_INPUT]

    @torch.no_grad()
    def read(symbols: list[int], state: State | None) -> tuple[Tensor, State]:
        last = torch.tensor([len(symbols) - 1])
        batch = StreamBatch(torch.tensor([symbols]), last, last, last.numpy(), len(symbols))
        logits, after = learner(batch, state)
        return nn.functional.cross_entropy(logits, torch.from_numpy(encode([target[0]])[0])), after

    expected = []
    for distance in (1, 2, 3):
        _, state = read(symbols[:-distance], None)
        squares = 0.0
        for part, tensor in enumerate(state):
            for place in range(tensor.numel()):
                losses = []
                for step in (1e-6, -1e-6):
                    moved = [t.clone() for t in state]
                    moved[part].view(-1)[place] += step
                    losses.append(read(symbols[-distance:], tuple(moved))[0].item())
                squares += ((losses[0] - losses[1]) / 2e-6) ** 2
        expected.append(math.sqrt(squares))
    assert gradient_norms(learner, samples_of((text, target))) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("weight", [0.5, 0.9, 1.0, 1.1])
def test_through_one_number_the_norm_changes_by_its_weight_a_character(weight: float) -> None:
    norms = gradient_norms(Fading(weight), samples_of(("12345678", "1."), ("87654321", "1.")))
    last = torch.tensor(weight**10, requires_grad=True)
    loss = -(1 / (1 + (SYMBOLS - 1) * last.exp())).log()
    loss.backward()  # type: ignore[no-untyped-call]
    assert last.grad is not None
    assert norms == pytest.approx([last.grad.item() * weight**distance for distance in range(1, 9)], rel=1e-5)


def test_a_norm_whose_square_is_too_small_a_number_is_still_told() -> None:
    norms = gradient_norms(Fading(0.1), samples_of(("1" * 35, "1.")))
    assert [later / before for before, later in pairwise(norms)] == pytest.approx([0.1] * 34, rel=1e-5)


@pytest.mark.parametrize("scale", [0.5, 0.9, 1.2])
def test_orthogonal_weights_times_a_scale_let_the_gradient_vanish_or_explode_at_that_rate(scale: float) -> None:
    norms = gradient_norms(elman(scale), samples_of(("1234567890" * 2, "1.")))
    assert half_life(norms) == pytest.approx(-1 / math.log2(scale), rel=0.01)


def test_smaller_recurrent_weights_forget_sooner() -> None:
    slow, fast = (half_life(gradient_norms(elman(scale), SAMPLES)) for scale in (0.9, 0.5))
    assert 0 < fast < slow


def test_there_is_a_norm_for_each_character_of_the_input() -> None:
    assert len(gradient_norms(elman(), SAMPLES)) == 4
    assert len(gradient_norms(elman(), samples_of(("7", "7.")))) == 1


def test_the_mean_over_samples_is_of_squares() -> None:
    each = [gradient_norms(elman(), SAMPLES.take(np.array([i]))) for i in range(3)]
    squares = [math.sqrt(sum(norm**2 for norm in norms) / 3) for norms in zip(*each, strict=True)]
    assert gradient_norms(elman(), SAMPLES) == pytest.approx(squares)


def test_dropout_takes_no_part() -> None:
    learner: Learner = create(Group.LEARNER, "lstm", {"cells": 8, "dropout": 0.9}, SYMBOLS).train()
    assert gradient_norms(learner, SAMPLES) == gradient_norms(learner, SAMPLES)


def test_no_parameter_is_given_a_gradient() -> None:
    learner = elman()
    gradient_norms(learner, SAMPLES)
    assert all(parameter.grad is None for parameter in learner.parameters())


@pytest.mark.parametrize("name", ["elman", "gru", "jordan", "lstm", "memory"])
def test_every_recurrent_network_has_norms(name: str) -> None:
    learner: Learner = create(Group.LEARNER, name, {"cells": 8}, SYMBOLS)
    assert all(norm > 0 for norm in gradient_norms(learner, SAMPLES))


@pytest.mark.parametrize("layers", [1, 2])
def test_by_an_lstms_cell_path_alone_a_gradient_is_multiplied_by_the_forget_gate_and_by_no_weights(layers: int) -> None:
    torch.manual_seed(0)
    learner = LSTM(SYMBOLS, 6, layers).double()
    text, target = "1+2-34", "3."
    flow = gradient_flow(learner, samples_of((text, target)), "cell")
    symbols = torch.tensor([FULL_STOP, *encode([text])[0].tolist(), END_OF_INPUT])
    watched = learner.watch(symbols[None, 1:-1], torch.tensor([len(text)]), torch.from_numpy(encode([target])[0]))
    forget = [t.values for t in watched.traces if t.kind == "forget gate"]
    # What the last step makes of a moved cell: the forget gate, if layers are one; with two, the upper reads the lower.
    state = learner.read(symbols[None, :-1])[1]
    hidden, cell = (part.detach().requires_grad_() for part in state)
    logits, _ = learner.step(symbols[-1:], (hidden, cell))
    loss = nn.functional.cross_entropy(logits, torch.from_numpy(encode([target[0]])[0]))
    [gradient] = torch.autograd.grad(loss, cell)
    if layers == 1:
        expected = [gradient.norm().item()]
        for column in reversed(range(1, len(text))):
            gradient = gradient * forget[0][column]
            expected.append(gradient.norm().item())
        assert flow.norms == pytest.approx(expected)
    else:
        assert flow.norms[0] == pytest.approx(gradient.norm().item())
        assert all(norm > 0 for norm in flow.norms)


@pytest.mark.parametrize("path", ["hidden", "cell"])
def test_a_path_is_what_moves_the_loss_while_the_other_part_is_kept_as_it_was(path: str) -> None:
    torch.manual_seed(0)
    learner = LSTM(SYMBOLS, 3, 2).double()
    text, target = "1+2", "3."
    symbols = torch.tensor([FULL_STOP, *encode([text])[0].tolist(), END_OF_INPUT])
    answer = torch.from_numpy(encode([target[0]])[0])
    moved = ("hidden", "cell").index(path)
    states: list[State] = []
    state: State | None = None
    for symbol in symbols:
        _, state = learner.read(symbol.view(1, 1), state)
        states.append(state)

    @torch.no_grad()
    def loss_after(place: int, changed: Tensor) -> float:
        """Read on from a place with one part changed; the other part is at every place what it would have been."""
        for number in range(place, len(symbols) - 1):
            state = tuple(changed if part == moved else kept for part, kept in enumerate(states[number]))
            logits, after = learner.step(symbols[number + 1 : number + 2], state)
            changed = after[moved]
        return nn.functional.cross_entropy(logits, answer).item()

    expected = []
    for place in (3, 2, 1):
        part = states[place][moved].detach()
        squares = 0.0
        for unit in range(part.numel()):
            step = torch.zeros_like(part)
            step.view(-1)[unit] = 1e-6
            squares += ((loss_after(place, part + step) - loss_after(place, part - step)) / 2e-6) ** 2
        expected.append(math.sqrt(squares))
    assert gradient_flow(learner, samples_of((text, target)), path).norms == pytest.approx(expected, rel=1e-5)


def test_a_path_that_a_network_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown path of LSTM 'cells'; did you mean 'cell'"):
        gradient_flow(LSTM(SYMBOLS, 4, 1), SAMPLES, "cells")
    with pytest.raises(ValueError, match="legal: none"):
        gradient_flow(elman(), SAMPLES, "cell")


@pytest.mark.parametrize("name", ["elman", "gru", "jordan", "lstm"])
def test_the_total_is_the_norm_that_clipping_compares_and_clipping_is_the_trainers(name: str) -> None:
    torch.manual_seed(0)
    learner: Learner = create(Group.LEARNER, name, {"cells": 6}, SYMBOLS).double()
    scale_recurrent_weights_(learner, 4)
    logits, _ = learner(symbols_of(SAMPLES.inputs))
    firsts = torch.from_numpy(encode([target[0] for target in SAMPLES.targets])[0])
    nn.functional.cross_entropy(logits, firsts).backward()  # type: ignore[no-untyped-call]
    flow = gradient_flow(learner, SAMPLES)
    gradients = [parameter.grad for parameter in learner.parameters() if parameter.grad is not None]
    assert flow.total == pytest.approx(torch.nn.utils.get_total_norm(gradients).item())
    before = [gradient.clone() for gradient in gradients]
    clip_(learner.parameters(), flow.total / 8)
    for after, gradient in zip(gradients, before, strict=True):
        torch.testing.assert_close(after, gradient / 8, rtol=1e-4, atol=1e-12)
    assert flow.clipped(flow.total / 8).norms == pytest.approx([norm / 8 for norm in flow.norms])


def symbols_of(texts: Sequence[str]) -> StreamBatch:
    """Rows of running text, at whose ends the next character is predicted."""
    rows = torch.stack([torch.tensor([FULL_STOP, *encode([text])[0].tolist(), END_OF_INPUT]) for text in texts])
    ends = (torch.arange(len(rows)) + 1) * rows.shape[1] - 1
    return StreamBatch(rows, ends, ends, ends.numpy(), rows.numel())


def test_clipping_leaves_what_is_small_enough() -> None:
    assert GradientFlow([1.0, 2.0], 3.0).clipped(5) == GradientFlow([1.0, 2.0], 3.0)
    assert GradientFlow([0.0], 0.0).clipped(5) == GradientFlow([0.0], 0.0)


@pytest.mark.numerics
@pytest.mark.parametrize("name", ["elman", "gru", "lstm"])
def test_with_products_in_bfloat16_norms_are_nearly_the_same(name: str) -> None:
    torch.manual_seed(0)
    learner: Learner = create(Group.LEARNER, name, {"cells": 32}, SYMBOLS)
    exact = gradient_flow(learner, SAMPLES)
    with torch.autocast("cpu", torch.bfloat16):
        rounded = gradient_flow(learner, SAMPLES)
    assert rounded.norms == pytest.approx(exact.norms, rel=0.1)
    assert rounded.total == pytest.approx(exact.total, rel=0.1)


def test_the_recurrent_weights_alone_are_scaled_of_torchs_own_layers_too() -> None:
    learner = elman()
    before = {name: parameter.detach().clone() for name, parameter in learner.named_parameters()}
    scale_recurrent_weights_(learner, 3)
    changed = [name for name, parameter in learner.named_parameters() if not parameter.equal(before[name])]
    assert changed == ["stack.weight_hh.0"]
    torch.testing.assert_close(dict(learner.named_parameters())[changed[0]], 3 * before[changed[0]])
    with pytest.raises(ValueError, match="Memory has no recurrent weights"):
        scale_recurrent_weights_(create(Group.LEARNER, "memory", {"cells": 8}, SYMBOLS), 2)


def test_a_learner_of_pairs_is_refused() -> None:
    with pytest.raises(ValueError, match="want a learner of running text, such as lstm; this one reads pairs"):
        gradient_norms(create(Group.LEARNER, "seq2seq", {"cells": 64}, SYMBOLS), SAMPLES)


def test_a_learner_whose_state_is_characters_is_refused() -> None:
    with pytest.raises(ValueError, match="carries nothing from character to character that could be differentiated"):
        gradient_norms(create(Group.LEARNER, "memoryless", {"cells": 8}, SYMBOLS), SAMPLES)


def test_inputs_of_several_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="want inputs of one length"):
        gradient_norms(elman(), samples_of(("1", "1."), ("22", "2.")))


@given(st.floats(1e-6, 1e6), ratios, st.integers(2, 40))
def test_the_half_life_of_a_geometric_series_is_exact(first: float, ratio: float, n: int) -> None:
    assert half_life([first * ratio**i for i in range(n)]) == pytest.approx(-1 / math.log2(ratio))


@given(st.lists(st.floats(1e-6, 1e6), min_size=2, max_size=20), st.floats(1e-3, 1e3))
def test_the_half_life_does_not_depend_on_the_unit(norms: list[float], unit: float) -> None:
    rates = [1 / half_life(list(series)) for series in (norms, [unit * norm for norm in norms])]
    assert rates[0] == pytest.approx(rates[1], abs=1e-9)


def test_a_norm_that_stays_never_halves() -> None:
    assert half_life([4.0] * 5) == math.inf


def test_norms_too_small_to_be_told_from_nothing_do_not_bend_the_line() -> None:
    assert half_life([2.0**-i for i in range(10)] + [0.0] * 10) == pytest.approx(1)


@pytest.mark.parametrize("norms", [[], [1.0], [1.0, 0.0], [0.0, 0.0]])
def test_through_fewer_than_two_norms_there_is_no_line(norms: list[float]) -> None:
    assert math.isnan(half_life(norms))
