"""What many of these tests ask of chance."""

from collections import Counter
from collections.abc import Callable, Iterable
from math import sqrt
from typing import Any

import pytest


@pytest.fixture
def assert_uniform() -> Callable[[Iterable[Any], Iterable[Any]], None]:
    """Every choice occurs, about equally often (within five standard deviations), and nothing else does."""

    def check(values: Iterable[Any], choices: Iterable[Any]) -> None:
        counts, legal = Counter(values), list(choices)
        assert set(counts) <= set(legal)
        expected = counts.total() / len(legal)
        assert expected >= 30, "too few values to tell"
        for choice in legal:
            assert abs(counts[choice] - expected) < 5 * sqrt(expected), (choice, counts[choice], expected)

    return check
