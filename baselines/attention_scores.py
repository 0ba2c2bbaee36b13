"""How well a decoder's state matches what the encoder says of each place.

    additive, concat   score(s, h) = vᵀ tanh(W s + U h)     Bahdanau et al. 2014 (appendix A.1.2), Luong et al. 2015
    dot                score(s, h) = sᵀ h                   Luong et al. 2015 (eq. 8)
    general            score(s, h) = sᵀ W h                 there too

Luong's concat, vᵀ tanh(W [s; h]), is Bahdanau's function, of the state after the step instead of the one before it.
Parameters, for n cells: additive and concat 2n² + n, general n², dot none.
"""

from __future__ import annotations

from typing import Protocol

from torch import Tensor, nn

from baselines.products import product_of_any_size


class Score(Protocol):
    """Compares states with all places; what depends on places alone is computed once."""

    def keys(self, encoded: Tensor) -> Tensor:
        """Of what was read [rows, time, cells], in the same shape."""
        ...

    def __call__(self, states: Tensor, keys: Tensor) -> Tensor:
        """Scores [rows, steps, time] of states [rows, steps, cells] and keys [rows, time, cells]."""
        ...


class Additive(nn.Module):
    """A network of one hidden layer."""

    def __init__(self, cells: int) -> None:
        super().__init__()
        self.of_state = nn.Linear(cells, cells, bias=False)
        self.of_place = nn.Linear(cells, cells, bias=False)
        self.score = nn.Linear(cells, 1, bias=False)

    def keys(self, encoded: Tensor) -> Tensor:
        """U h."""
        projected: Tensor = self.of_place(encoded)
        return projected

    def forward(self, states: Tensor, keys: Tensor) -> Tensor:
        """Scores [rows, steps, time]."""
        scores: Tensor = self.score((self.of_state(states)[:, :, None] + keys[:, None]).tanh())
        return scores.squeeze(3)


class Dot(nn.Module):
    """The product."""

    def __init__(self, cells: int) -> None:
        super().__init__()

    def keys(self, encoded: Tensor) -> Tensor:
        """What was read, as it is."""
        return encoded

    def forward(self, states: Tensor, keys: Tensor) -> Tensor:
        """Scores [rows, steps, time]."""
        return product_of_any_size(states, keys.transpose(1, 2))


class General(Dot):
    """The product with a matrix between."""

    def __init__(self, cells: int) -> None:
        super().__init__(cells)
        self.between = nn.Linear(cells, cells, bias=False)

    def keys(self, encoded: Tensor) -> Tensor:
        """W h."""
        projected: Tensor = self.between(encoded)
        return projected
