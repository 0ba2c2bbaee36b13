"""Recurrent decoders that look at what was read; x_t is the embedding of the character before.

Bahdanau et al. 2014 (eq. 4-6) look from the state before the step, and what they find enters it:

    c_t = look(s_(t-1))        s_t = cells([x_t; c_t], s_(t-1))

Luong et al. 2015 (sections 3 and 3.3) look from the state after it, and feed the outcome into the next step:

    s_t = cells([x_t; a_(t-1)], s_(t-1))        c_t = look(s_t)

or do not feed it, s_t = cells(x_t, s_(t-1)), so that under teacher forcing all steps are one call.

Always a_t = tanh(W [c_t; s_t]) is what the next character is predicted from; Bahdanau's deep output layer is left out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from baselines.attention_scores import Additive, Dot, General, Score
from baselines.options import check_one_of, dropout_layer
from baselines.products import product_of_any_size
from baselines.recurrent_encoder import LayerState, Weights, run_layer


class Encoded(NamedTuple):
    """What was read.

    Attributes:
        outputs: [rows, time, cells].
        keys: the same as scores want it.
        mask: bool [rows, time], where it may be looked at.
    """

    outputs: Tensor
    keys: Tensor
    mask: Tensor


class DecoderState(NamedTuple):
    """Between two characters.

    Attributes:
        layers: of each layer's cells, the lowest first.
        attentional: a_t [rows, cells].
    """

    layers: tuple[LayerState, ...]
    attentional: Tensor


class CellStack(nn.Module):
    """Torch's own cells, one layer above the other.

    Args:
        inputs: width of the lowest layer's input.
        cells: per layer.
        layers: how many.
        kind: "lstm" or "gru".
        dropout: between layers.
    """

    def __init__(self, inputs: int, cells: int, layers: int, kind: str, dropout: float) -> None:
        super().__init__()
        make = nn.LSTMCell if kind == "lstm" else nn.GRUCell
        self.layers = nn.ModuleList(make(inputs if layer == 0 else cells, cells) for layer in range(layers))
        self.dropout = dropout_layer(dropout)

    def products(self, embedded: Tensor) -> Tensor:
        """What the lowest layer makes of embedded characters [..., cells], before anything is fed to it beside them."""
        weight, _, bias, _ = _weights(self.layers[0])
        return linear(embedded, weight[:, : embedded.shape[-1]], bias)

    def feed(self, products: Tensor, fed: Tensor) -> Tensor:
        """The products with those of what is fed [rows, cells] to the lowest layer beside the character."""
        return products + linear(fed, _weights(self.layers[0])[0][:, -fed.shape[-1] :])

    def forward(self, products: Tensor, states: tuple[LayerState, ...]) -> tuple[LayerState, ...]:
        """States after a step with the lowest layer's input products [rows, products · cells]."""
        after: list[LayerState] = []
        for layer, state in zip(self.layers, states, strict=True):
            of_input, of_state, input_bias, state_bias = _weights(layer)
            if after:
                products = linear(self.dropout(after[-1][0]), of_input, input_bias)
            recurrent = linear(state[0], of_state, state_bias)
            after.append((_lstm_step if len(state) == 2 else _gru_step)(products, recurrent, *state))
        return tuple(after)

    def run(self, embedded: Tensor, states: tuple[LayerState, ...]) -> tuple[Tensor, tuple[LayerState, ...]]:
        """Outputs of all steps [time, rows, cells] over embedded characters [time, rows, cells], and states after."""
        outputs, after = embedded, []
        for number, (layer, state) in enumerate(zip(self.layers, states, strict=True)):
            outputs, last = run_layer(_weights(layer), self.dropout(outputs) if number else outputs, None, state)
            after.append(last)
        return outputs, tuple(after)


def _weights(cell: nn.Module) -> Weights:
    assert isinstance(cell, nn.LSTMCell | nn.GRUCell)
    return cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh


def _lstm_step(products: Tensor, recurrent: Tensor, hidden: Tensor, cell: Tensor) -> LayerState:
    i, f, g, o = (products + recurrent).to(cell.dtype).chunk(4, 1)
    cell = torch.addcmul(f.sigmoid() * cell, i.sigmoid(), g.tanh())
    return o.sigmoid() * cell.tanh(), cell


def _gru_step(products: Tensor, recurrent: Tensor, hidden: Tensor) -> LayerState:
    sizes = [2 * hidden.shape[1], hidden.shape[1]]
    gates, candidate = torch.split_with_sizes(products.to(hidden.dtype), sizes, 1)
    recurrent_gates, recurrent_candidate = torch.split_with_sizes(recurrent.to(hidden.dtype), sizes, 1)
    reset, update = (gates + recurrent_gates).sigmoid().chunk(2, 1)
    return (torch.lerp(torch.addcmul(candidate, reset, recurrent_candidate).tanh(), hidden, update),)


class AttentiveDecoder(nn.Module, ABC):
    """Looks and steps, in an order that is the decoder's own.

    Args:
        cells: per layer.
        layers: how many.
        kind: "lstm" or "gru".
        dropout: between layers.
        score: compares states with places.
    """

    def __init__(self, cells: int, layers: int, kind: str, dropout: float, score: Score) -> None:
        super().__init__()
        self.score = score
        self.cells = CellStack(self.width(cells), cells, layers, kind, dropout)
        self.combine = nn.Linear(2 * cells, cells, bias=False)

    def width(self, cells: int) -> int:
        """Of what the lowest layer reads: the character, and as much that is fed to it."""
        return 2 * cells

    @abstractmethod
    def run(self, embedded: Tensor, state: DecoderState, encoded: Encoded) -> tuple[Tensor, DecoderState, Tensor]:
        """Read characters.

        Args:
            embedded: [time, rows, cells], each the character before.
            state: before the first step.
            encoded: what was read.

        Returns:
            All a_t [time, rows, cells], the state after the last step, and its weights [rows, input time].
        """

    def step(self, embedded: Tensor, state: DecoderState, encoded: Encoded) -> tuple[Tensor, DecoderState, Tensor]:
        """As `run`, of one character [rows, cells]: a_t [rows, cells]."""
        [attentional], state, weights = self.run(embedded[None], state, encoded)
        return attentional, state, weights

    def look(self, states: Tensor, encoded: Encoded) -> tuple[Tensor, Tensor]:
        """What states find, and their weights, exactly 0 where masked.

        Args:
            states: [rows, steps, cells].
            encoded: what was read.

        Returns:
            [rows, steps, cells] and [rows, steps, time].
        """
        scores = self.score(states, encoded.keys)
        weights = scores.masked_fill(~encoded.mask[:, None], -torch.inf).softmax(2)
        return product_of_any_size(weights, encoded.outputs), weights

    def look_once(self, state: Tensor, encoded: Encoded) -> tuple[Tensor, Tensor]:
        """What one state [rows, cells] finds [rows, cells], and its weights [rows, time]."""
        found, weights = self.look(state[:, None], encoded)
        return found[:, 0], weights[:, 0]

    def attentional(self, contexts: Tensor, states: Tensor) -> Tensor:
        """a_t of contexts and states [..., cells]."""
        combined: Tensor = self.combine(torch.cat([contexts, states.to(contexts.dtype)], -1))
        return combined.tanh()


class LooksBefore(AttentiveDecoder):
    """Bahdanau's order: look, then step."""

    def run(self, embedded: Tensor, state: DecoderState, encoded: Encoded) -> tuple[Tensor, DecoderState, Tensor]:
        """Step by step; a_t is fed to nothing, so all are computed at the end."""
        layers, contexts, tops = state.layers, [], []
        for products in self.cells.products(embedded).unbind(0):
            context, weights = self.look_once(layers[-1][0], encoded)
            layers = self.cells(self.cells.feed(products, context), layers)
            contexts.append(context)
            tops.append(layers[-1][0])
        attentional = self.attentional(torch.stack(contexts), torch.stack(tops))
        return attentional, DecoderState(layers, attentional[-1]), weights


class LooksAfter(AttentiveDecoder):
    """Luong's order, with input feeding: step, then look."""

    def run(self, embedded: Tensor, state: DecoderState, encoded: Encoded) -> tuple[Tensor, DecoderState, Tensor]:
        """Step by step, as each a_t is fed to the next."""
        found = []
        for products in self.cells.products(embedded).unbind(0):
            layers = self.cells(self.cells.feed(products, state.attentional), state.layers)
            context, weights = self.look_once(layers[-1][0], encoded)
            state = DecoderState(layers, self.attentional(context, layers[-1][0]))
            found.append(state.attentional)
        return torch.stack(found), state, weights


class LooksAside(AttentiveDecoder):
    """Luong's order without input feeding: what is found enters no later step."""

    def width(self, cells: int) -> int:
        """The character alone."""
        return cells

    def run(self, embedded: Tensor, state: DecoderState, encoded: Encoded) -> tuple[Tensor, DecoderState, Tensor]:
        """All steps in one call, then all looks in one."""
        outputs, layers = self.cells.run(embedded, state.layers)
        states = outputs.transpose(0, 1)
        contexts, weights = self.look(states, encoded)
        attentional = self.attentional(contexts, states).transpose(0, 1)
        return attentional, DecoderState(layers, attentional[-1]), weights[:, -1]

    def step(self, embedded: Tensor, state: DecoderState, encoded: Encoded) -> tuple[Tensor, DecoderState, Tensor]:
        """By cells, which take less time over one step than a layer."""
        layers = self.cells(self.cells.products(embedded), state.layers)
        context, weights = self.look_once(layers[-1][0], encoded)
        attentional = self.attentional(context, layers[-1][0])
        return attentional, DecoderState(layers, attentional), weights


SCORES: dict[str, type[Additive] | type[Dot]] = {
    "additive": Additive,
    "concat": Additive,
    "dot": Dot,
    "general": General,
}


def make_decoder(
    score: str, cells: int, layers: int, kind: str, dropout: float, input_feeding: bool
) -> AttentiveDecoder:
    """The decoder that goes with a score.

    Raises:
        ValueError: no such score, or one whose decoder has to be fed.
    """
    check_one_of("score", score, SCORES)
    if score == "additive" and not input_feeding:
        raise ValueError("the score additive feeds what it finds to the next step; input_feeding=false wants another")
    order = LooksBefore if score == "additive" else LooksAfter if input_feeding else LooksAside
    return order(cells, layers, kind, dropout, SCORES[score](cells))
