"""Logits at answers alone, whatever their number."""

import pytest
import torch
from torch import Tensor, nn

from baselines.answers import ANSWERS_TOGETHER, logits_at


@pytest.mark.parametrize("answers", [0, 1, ANSWERS_TOGETHER - 1, ANSWERS_TOGETHER, ANSWERS_TOGETHER + 1])
def test_logits_are_those_of_the_vectors_at_the_positions_in_products_of_few_sizes(answers: int) -> None:
    vectors = torch.randn(5, 40, 3, requires_grad=True)
    positions, output, sizes = torch.randint(200, (answers,)), nn.Linear(3, 7), []

    def noted(x: Tensor) -> Tensor:
        sizes.append(len(x))
        logits: Tensor = output(x)
        return logits

    logits = logits_at(positions, vectors, noted)
    expected = output(vectors.flatten(0, 1)[positions])
    torch.testing.assert_close(logits, expected)
    assert [size % ANSWERS_TOGETHER for size in sizes] == [0]
    ours, theirs = (torch.autograd.grad(x.sin().sum(), vectors)[0] for x in (logits, expected))
    torch.testing.assert_close(ours, theirs)
