"""A stack of recurrent layers over symbols: what is the same whatever the cell.

    a_t = W_ih x_t + b_ih           the input product, of all steps at once
    s_t = cell(a_t, s_(t-1))        written by each kind of cell

The input product of a symbol is a row of a table: embedding and input weights are multiplied once an update and symbol,
not once a character.

Dropout is applied to every layer's outputs on their way up and never to what a layer remembers (Zaremba, Sutskever &
Vinyals 2014, "Recurrent neural network regularization"; there the embedding is dropped too, here it stays
whole, and its look-up with it). Skip connections are those of Graves 2013, "Generating sequences with recurrent neural
networks", section 2: the embedded symbol reaches every layer, and every layer reaches the output.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding, linear, pad

from baselines.leading_padding import aligned_at_end
from baselines.options import check_at_least_one, dropout_layer
from l2e.learner import models_are_stacked
from l2e.watching import HIDDEN

State = tuple[Tensor, ...]
Note = dict[str, Tensor]  # what the units of a layer were at a step, by their kind; each [..., rows, cells]

CODES_TOGETHER = 16  # tables grow by so many rows, so that a processor sees few sizes of products
CERTAIN = 1e4  # its sigmoid is 1, that of its negative 0, to the bit in every type


class Inputs(NamedTuple):
    """What a layer reads.

    Attributes:
        below: [time, rows, width], outputs of the layer below; None at the bottom.
        weight: [products · cells, width], theirs; None at the bottom.
        codes: int64 [time, rows], which row of the table is read beside them; None: the table has one row, for all.
        table: [codes, products · cells], input products with the bias in them.
        added: [time, rows, products · cells], what is added to them; None: nothing.
    """

    below: Tensor | None
    weight: Tensor | None
    codes: Tensor | None
    table: Tensor
    added: Tensor | None = None

    def products(self) -> Tensor:
        """The input products of all steps [time, rows, products · cells]."""
        products = self._products()
        return products if self.added is None else products + self.added

    def _products(self) -> Tensor:
        if self.codes is None:
            assert self.below is not None
            assert self.weight is not None
            return linear(self.below, self.weight, self.table[0])
        # The gradients of a row are summed in float32 at least, also where the table has fewer bits.
        wide = self.table.to(torch.promote_types(self.table.dtype, torch.float32))
        looked_up = embedding(self.codes, wide).to(self.table.dtype)
        if self.below is None or self.weight is None:
            return looked_up
        return linear(self.below, self.weight) + looked_up


class Text(NamedTuple):
    """Symbols as the tables of input products have them.

    Attributes:
        used: int64 [codes - 1], the symbols that the tables have rows for; None: all symbols, in their order.
        codes: int64 [time, rows], each symbol's row; the last row is that of padding.
        padding: bool [time, rows], what stands before a row's first symbol; None where nothing does.
        begins: whether nothing was read before.
    """

    used: Tensor | None
    codes: Tensor
    padding: Tensor | None
    begins: bool = True


class RecurrentStack(nn.Module, ABC):
    """Reads symbols, keeps a state.

    Args:
        symbols: how many there are.
        cells: per layer; also the width of the embedding.
        layers: one above the other.
        dropout: how many of each layer's outputs are set to zero in training, as a fraction.
        skip: the embedded symbol is given to every layer, beside the outputs of the layer below; and the outputs are
            those of all layers, side by side.
        embedded: symbols have an embedding; else they go in one-hot.

    Raises:
        ValueError: fewer than one cell or layer; a dropout that is not a fraction.
    """

    products: ClassVar[int]  # numbers that each cell computes from its inputs
    parts: ClassVar[int] = 1  # tensors that the state is made of
    recurrent_bias: ClassVar[bool] = False  # whether the recurrent product has a bias too, as in torch's layers

    def __init__(
        self,
        symbols: int,
        cells: int,
        layers: int,
        dropout: float = 0.0,
        skip: bool = False,
        embedded: bool = True,
    ) -> None:
        super().__init__()
        check_at_least_one(cells=cells, layers=layers)
        self.symbols, self.cells, self.layers, self.skip = symbols, cells, layers, skip
        self.width = layers * cells if skip else cells  # of the outputs
        self.dropout = dropout_layer(dropout)
        self.embedding = nn.Parameter(torch.empty(symbols, cells)) if embedded else None
        size, read = self._computed(), cells if embedded else symbols
        inputs = [read, *[cells + read if skip else cells] * (layers - 1)]
        self.weight_ih = nn.ParameterList(nn.Parameter(torch.empty(size, width)) for width in inputs)
        self.weight_hh = nn.ParameterList(nn.Parameter(torch.empty(size, width)) for width in self._fed_back())
        self.bias_ih = nn.ParameterList(nn.Parameter(torch.empty(size)) for _ in range(layers))
        if self.recurrent_bias:
            self.bias_hh = nn.ParameterList(nn.Parameter(torch.empty(size)) for _ in range(layers))
        self.notes: list[Note] | None = None  # while it is watched, of each layer at each step
        self.reset_parameters()

    def _computed(self) -> int:
        """How many numbers a layer computes from its inputs at every step."""
        return self.products * self.cells

    def _fed_back(self) -> list[int]:
        """How many numbers each layer is given from the step before."""
        return [self.cells] * self.layers

    def reset_parameters(self) -> None:
        """Orthogonal recurrent weights product by product, Glorot input weights, biases 0."""
        if self.embedding is not None:
            nn.init.normal_(self.embedding)
        for layer in range(self.layers):
            nn.init.xavier_uniform_(self.weight_ih[layer])
            for block in self.weight_hh[layer].detach().chunk(self.products):
                nn.init.orthogonal_(block)
            nn.init.zeros_(self.bias_ih[layer])
            if self.recurrent_bias:
                nn.init.zeros_(self.bias_hh[layer])

    def zero_state(self, rows: int) -> State:
        """The state before any symbol: every part [layers, rows, cells]."""
        return (self.weight_ih[0].new_zeros(self.layers, rows, self.cells),) * self.parts

    def forward(self, symbols: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Read on.

        Args:
            symbols: int64 [time, rows].
            state: every part [layers, rows, cells]; None is zero.

        Returns:
            The top layer's outputs [time, rows, cells], with skip connections those of all layers
            [time, rows, layers * cells]; and the state afterwards.
        """
        text = self._text(symbols, None)._replace(begins=state is None)
        return self._run(text, state or self.zero_state(symbols.shape[1]))

    def read(self, symbols: Tensor, lengths: Tensor) -> State:
        """The state after rows of different lengths, each read from the zero state as if it were alone.

        A layer that steps through all rows alike wants them to end together, so their padding is moved to the front,
        where it leaves no trace: a row's state stays exactly zero until its first symbol.

        Args:
            symbols: int64 [time, rows], padded at the end.
            lengths: int64 [rows], on any device.

        Returns:
            Every part [layers, rows, cells]; of a row without symbols zero.
        """
        first = len(symbols) - lengths.to(symbols.device)
        padding = torch.arange(len(symbols), device=symbols.device)[:, None] < first
        text = self._text(aligned_at_end(symbols, first), padding)
        return self._run(text, self.zero_state(symbols.shape[1]))[1]

    def _run(self, text: Text, state: State) -> tuple[Tensor, State]:
        before = self._by_layer(state)
        outputs: list[Tensor] = []
        after = []
        for layer in range(self.layers):
            inputs = self._inputs(layer, text, outputs[-1] if layer else None)
            given, last = self._run_layer(layer, inputs, before[layer], text.padding)
            if self.notes is not None:
                self.notes.append({**self._gates_and_cells(layer, inputs, before[layer], last), HIDDEN: given})
            outputs.append(self.dropout(given))
            after.append(last)
        return torch.cat(outputs, -1) if self.skip else outputs[-1], self._by_part(after)

    @abstractmethod
    def _run_layer(self, layer: int, inputs: Inputs, before: State, padding: Tensor | None) -> tuple[Tensor, State]:
        """Step one layer from its state, parts [rows, cells].

        Where the padding is, the inputs' table has read `_still_products`; outputs and state are to be zero there.

        Returns outputs [time, rows, cells] and its state afterwards.
        """

    @abstractmethod
    def _still_products(self) -> Tensor:
        """The input products [1, products · cells] with which a zero state stays exactly zero."""

    def _gates_and_cells(self, layer: int, inputs: Inputs, before: State, after: State) -> Note:
        """What there is in a layer beside its outputs, at a single step from one state to the next."""
        return {}

    def _by_layer(self, state: State) -> list[State]:
        return list(zip(*[part.unbind(0) for part in state], strict=True))

    def _by_part(self, states: list[State]) -> State:
        return tuple(torch.stack(part) for part in zip(*states, strict=True))

    def _input_bias(self, layer: int) -> Tensor:
        bias: Tensor = self.bias_ih[layer]
        return bias

    def _text(self, symbols: Tensor, padding: Tensor | None) -> Text:
        """Number the symbols that occur: a batch has some dozens of them, and tables have a row for each.

        Where that would have to wait for the device, or differ between models of a stack, all symbols are numbered.
        """
        if symbols.device.type != "cpu" or models_are_stacked():
            return Text(None, symbols if padding is None else symbols.masked_fill(padding, self.symbols), padding)
        occurs = torch.zeros(self.symbols, dtype=torch.int64)
        occurs[symbols.flatten()] = 1
        used = occurs.nonzero().squeeze(1)
        # The last of the codes is that of padding. Those between are not read.
        codes = -(-(len(used) + 1) // CODES_TOGETHER) * CODES_TOGETHER
        found = (occurs.cumsum(0) - 1)[symbols]
        used = pad(used, (0, codes - 1 - len(used)))
        return Text(used, found if padding is None else found.masked_fill(padding, codes - 1), padding)

    def _inputs(self, layer: int, text: Text, below: Tensor | None) -> Inputs:
        weight, bias = self.weight_ih[layer], self._input_bias(layer)
        if below is None:
            return Inputs(None, None, text.codes, self._table(weight, bias, text))
        if self.skip:
            of_below, of_symbol = weight[:, : self.cells], weight[:, self.cells :]
            return Inputs(below, of_below, text.codes, self._table(of_symbol, bias, text))
        if text.padding is None:
            return Inputs(below, weight, None, in_type_of_products(bias[None]))
        return Inputs(below, weight, text.padding.long(), self._with_still(in_type_of_products(bias[None])))

    def _table(self, weight: Tensor, bias: Tensor, text: Text) -> Tensor:
        """Input products of symbols, with the bias; and after them those of padding."""
        embedded = torch.eye(self.symbols).to(weight) if self.embedding is None else self.embedding
        return self._with_still(torch.addmm(bias, embedded if text.used is None else embedded[text.used], weight.T))

    def _with_still(self, table: Tensor) -> Tensor:
        return torch.cat([table, self._still_products().to(table.dtype)])


def in_type_of_products(x: Tensor) -> Tensor:
    """The tensor in the type in which this context multiplies: autocast's, if it is on."""
    device = x.device.type
    if not torch.amp.is_autocast_available(device) or not torch.is_autocast_enabled(device):
        return x
    return x.to(torch.get_autocast_dtype(device))


def update_gate_of_one(weight: Tensor) -> Tensor:
    """Input products [1, 3 · cells] of a GRU, in the order r, z, g, with which it keeps its state.

    Args:
        weight: [3 · cells, cells], recurrent.
    """
    products = weight.new_zeros(1, len(weight))
    products[:, weight.shape[1] : 2 * weight.shape[1]] = CERTAIN
    return products


def gates_of_zero_and_one(weight: Tensor) -> Tensor:
    """Input products [1, 4 · cells] of an LSTM with which its cells stay as they are, and show 0 if they are 0.

    Args:
        weight: [4 · cells, cells], recurrent.
    """
    cells = weight.shape[1]
    products = weight.new_zeros(1, 4 * cells)
    products[:, :cells], products[:, cells : 2 * cells] = -CERTAIN, CERTAIN
    return products
