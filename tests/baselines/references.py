"""What learners are compared with: torch's own layers, published equations, and reading one symbol at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from baselines.multi_head_attention import MultiHeadAttention
from baselines.recurrent import RecurrentStack, State
from baselines.transformer_blocks import DecoderBlock, EncoderBlock
from l2e.batches import pair_batches, stream_batches
from l2e.learner import PairLearner, StreamLearner
from l2e.vocabulary import END_OF_INPUT, FULL_STOP, decode, encode
from tests.toys import samples_of

SAMPLES = samples_of(("12+3", "15."), ("7", "7."), ("8-9+", "-1."), ("", "0."), ("5", "5."), ("321", "321."))

Read = Callable[[int], Tensor]  # a network that reads a symbol, and gives the logits of the next


def symbols_of(text: str) -> list[int]:
    found: list[int] = encode([text])[0].tolist()
    return found


@torch.no_grad()
def written(read: Read) -> str:
    """An answer that feeds on itself, up to the full stop or twelve characters."""
    found = [int(read(END_OF_INPUT).argmax())]
    while len(found) < 12 and found[-1] != FULL_STOP:
        found.append(int(read(found[-1]).argmax()))
    return decode(torch.tensor(found).numpy())


@torch.no_grad()
def check_pairs(learner: PairLearner, network: Callable[[str], Read]) -> None:
    """Logits and answers are those of a network that has read one input."""
    [batch] = pair_batches(SAMPLES, 9)
    expected = []
    for row in batch.owners[batch.positions % batch.targets.shape[1] == 0]:
        read = network(SAMPLES.inputs[row])
        expected += [read(symbol) for symbol in [END_OF_INPUT, *symbols_of(SAMPLES.targets[row])[:-1]]]
    torch.testing.assert_close(learner(batch)[0], torch.stack(expected))
    answers = [written(network(text)) for text in SAMPLES.inputs]
    assert learner.predict(SAMPLES.inputs, 12) == answers
    assert len(set(answers)) > 1


@torch.no_grad()
def check_stream(learner: StreamLearner, network: Callable[[], Read]) -> None:
    """Logits in windows are those of one running text; answers are written as if inputs came after a full stop."""
    read, expected, state, found = network(), list[Tensor](), None, []
    for text, target in SAMPLES:
        for symbol in symbols_of(text):
            read(symbol)
        expected += [read(symbol) for symbol in [END_OF_INPUT, *symbols_of(target)]][:-1]
    for window in stream_batches(SAMPLES, 1, 3):
        logits, state = learner(window, state)
        found.append(logits)
    torch.testing.assert_close(torch.cat(found), torch.stack(expected))
    answers = []
    for text in SAMPLES.inputs:
        read = network()
        for symbol in [FULL_STOP, *symbols_of(text)]:
            read(symbol)
        answers.append(written(read))
    assert learner.predict(SAMPLES.inputs, 12) == answers
    assert len(set(answers)) > 1


# Recurrent layers: inputs [time, rows, width] and state give outputs [time, rows, cells] and the state afterwards.


def torch_layer(kind: str, stack: RecurrentStack, layer: int, inputs: Tensor, state: State) -> tuple[Tensor, State]:
    """Torch's own, with one bias where the stack has one."""
    bias = stack.bias_ih[layer]
    other = stack.bias_hh[layer] if stack.recurrent_bias else torch.zeros_like(bias)
    weights = [stack.weight_ih[layer], stack.weight_hh[layer], bias, other]
    first = [part[None] for part in state]
    run: Any = getattr(torch._VF, kind)
    outputs, *last = run(inputs, first if kind == "lstm" else first[0], weights, True, 1, 0.0, True, False, False)
    return outputs, tuple(part[0] for part in last)


def lectures_gru(stack: RecurrentStack, layer: int, inputs: Tensor, state: State) -> tuple[Tensor, State]:
    """The equations of a lecture, in its letters."""
    (w_xr, w_xz, w_xh), (w_hr, w_hz, w_hh), (b_r, b_z, b_h) = (
        part[layer].chunk(3) for part in (stack.weight_ih, stack.weight_hh, stack.bias_ih)
    )
    [h], outputs = state, []
    for x in inputs:
        r = torch.sigmoid(x @ w_xr.T + h @ w_hr.T + b_r)
        z = torch.sigmoid(x @ w_xz.T + h @ w_hz.T + b_z)
        candidate = torch.tanh(x @ w_xh.T + (r * h) @ w_hh.T + b_h)
        h = z * h + (1 - z) * candidate
        outputs.append(h)
    return torch.stack(outputs), (h,)


LAYERS: dict[str, Callable[[RecurrentStack, int, Tensor, State], tuple[Tensor, State]]] = {
    "lstm": partial(torch_layer, "lstm"),
    "gru": partial(torch_layer, "gru"),
    "gru_reset_before": lectures_gru,
    "elman": partial(torch_layer, "rnn_tanh"),
    "elman, relu": partial(torch_layer, "rnn_relu"),
}


def stacked_layers(cell: str, stack: RecurrentStack, symbols: Tensor, state: State) -> tuple[Tensor, State]:
    """What a stack makes of symbols [time, rows], layer by layer."""
    embedded = one_hot(symbols, stack.symbols).double() if stack.embedding is None else stack.embedding[symbols]
    below, outputs, after = embedded, [], []
    for layer in range(stack.layers):
        given, last = LAYERS[cell](stack, layer, below, tuple(part[layer] for part in state))
        outputs.append(given)
        after.append(last)
        below = torch.cat([given, embedded], 2) if stack.skip else given
    return torch.cat(outputs, 2) if stack.skip else outputs[-1], tuple(map(torch.stack, zip(*after, strict=True)))


class OneByOne:
    """Reads a symbol on, and gives the stack's outputs."""

    def __init__(self, cell: str, stack: RecurrentStack, state: State | None = None) -> None:
        self.cell, self.stack, self.state = cell, stack, state or stack.zero_state(1)

    def __call__(self, symbol: int) -> Tensor:
        outputs, self.state = stacked_layers(self.cell, self.stack, torch.tensor([[symbol]]), self.state)
        return outputs[0, 0]


# Transformers' layers


def sizes(block: EncoderBlock | DecoderBlock) -> tuple[int, int, int]:
    """Cells, heads and inner width."""
    inner = block.feed_forward[0]
    return inner.in_features, block.attention.heads, inner.out_features


def copy_attention(ours: MultiHeadAttention, theirs: nn.MultiheadAttention) -> None:
    theirs.in_proj_weight.copy_(torch.cat([ours.queries.weight, ours.keys.weight, ours.values.weight]))
    theirs.in_proj_bias.zero_()
    theirs.out_proj.weight.copy_(ours.output.weight)
    theirs.out_proj.bias.zero_()


def copy_linear(ours: nn.Sequential, theirs: nn.TransformerEncoderLayer | nn.TransformerDecoderLayer) -> None:
    theirs.linear1.load_state_dict(ours[0].state_dict())
    theirs.linear2.load_state_dict(ours[2].state_dict())


@torch.no_grad()
def torch_encoder(ours: EncoderBlock) -> nn.TransformerEncoderLayer:
    theirs = nn.TransformerEncoderLayer(*sizes(ours), 0.0, batch_first=True, norm_first=True).double()
    copy_attention(ours.attention, theirs.self_attn)
    copy_linear(ours.feed_forward, theirs)
    theirs.norm1.load_state_dict(ours.attention_norm.state_dict())
    theirs.norm2.load_state_dict(ours.feed_forward_norm.state_dict())
    return theirs


@torch.no_grad()
def torch_decoder(ours: DecoderBlock) -> nn.TransformerDecoderLayer:
    theirs = nn.TransformerDecoderLayer(*sizes(ours), 0.0, batch_first=True, norm_first=True).double()
    copy_attention(ours.attention, theirs.self_attn)
    copy_attention(ours.cross, theirs.multihead_attn)
    copy_linear(ours.feed_forward, theirs)
    theirs.norm1.load_state_dict(ours.attention_norm.state_dict())
    theirs.norm2.load_state_dict(ours.cross_norm.state_dict())
    theirs.norm3.load_state_dict(ours.feed_forward_norm.state_dict())
    return theirs
