"""Recurrence with attention: one sample, one place, one character at a time, by the papers' equations."""

import pytest
import torch
from torch import Tensor, nn

from baselines.attention import Attention
from l2e.vocabulary import SYMBOLS, encode
from tests.baselines.references import check_pairs

each_way = pytest.mark.parametrize(
    ("score", "cell", "bidirectional", "fed"),
    [
        ("additive", "lstm", True, True),
        ("additive", "gru", False, True),
        ("concat", "gru", True, True),
        ("dot", "lstm", False, True),
        ("general", "lstm", True, True),
        ("general", "lstm", True, False),
        ("concat", "gru", True, False),
    ],
)


def made(score: str, cell: str, bidirectional: bool, fed: bool) -> Attention:
    torch.manual_seed(1)
    learner = Attention(SYMBOLS, 8, 2, score, cell, bidirectional, input_feeding=fed).double()
    for parameter in learner.parameters():
        nn.init.normal_(parameter, std=0.7)
    nn.init.zeros_(learner.output.bias)  # so that what was read decides
    return learner.eval()


class OneByOne:
    """The same learner with one input, its vectors held in lists."""

    @torch.no_grad()
    def __init__(self, learner: Attention, score: str, fed: bool, text: str) -> None:
        self.learner, self.score, self.fed = learner, score, fed
        symbols = torch.tensor(encode([text])[0].tolist() or [0])
        outputs, last = learner.encoder(learner.input_embedding(symbols)[:, None])
        self.read = list(outputs[:, 0])
        ways = 2 if learner.encoder.bidirectional else 1
        parts = last if isinstance(last, tuple) else (last,)
        self.layers = [
            [torch.cat([part[ways * layer + way] for way in range(ways)], 1) for part in parts] for layer in (0, 1)
        ]
        self.attentional = torch.zeros(8).double()

    def match(self, state: Tensor, place: Tensor) -> Tensor:
        parts = dict(self.learner.decoder.score.named_parameters())
        if self.score == "dot":
            return state @ place
        if self.score == "general":
            return state @ parts["between.weight"] @ place
        together = torch.cat([parts["of_state.weight"], parts["of_place.weight"]], 1)
        return parts["score.weight"][0] @ torch.tanh(together @ torch.cat([state, place]))

    def look(self) -> Tensor:
        shares = [self.match(self.layers[-1][0][0], place).exp() for place in self.read]
        return sum(share / sum(shares) * place for share, place in zip(shares, self.read, strict=True))

    def advance(self, inputs: Tensor) -> None:
        for number, cell in enumerate(self.learner.decoder.cells.layers):
            state = self.layers[number]
            after = cell(inputs[None], tuple(state) if len(state) == 2 else state[0])
            self.layers[number] = list(after) if len(state) == 2 else [after]
            inputs = self.layers[number][0][0]

    @torch.no_grad()
    def write(self, symbol: int) -> Tensor:
        """Logits of the symbol to follow."""
        embedded = self.learner.target_embedding.weight[symbol]
        if self.score == "additive":
            context = self.look()
            self.advance(torch.cat([embedded, context]))
        else:
            self.advance(torch.cat([embedded, self.attentional]) if self.fed else embedded)
            context = self.look()
        together = torch.cat([context, self.layers[-1][0][0]])
        self.attentional = torch.tanh(self.learner.decoder.combine.weight @ together)
        return self.learner.output(self.attentional)


@each_way
def test_logits_and_answers_are_those_of_the_equations(score: str, cell: str, bidirectional: bool, fed: bool) -> None:
    learner = made(score, cell, bidirectional, fed)
    check_pairs(learner, lambda text: OneByOne(learner, score, fed, text).write)


def test_only_a_bidirectional_encoder_needs_an_even_number_of_cells() -> None:
    Attention(SYMBOLS, cells=7, bidirectional=False)
    with pytest.raises(ValueError, match="even number of cells, not 7"):
        Attention(SYMBOLS, cells=7)
