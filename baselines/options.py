"""Checks of options that several learners have; messages say what is legal."""

from __future__ import annotations

from collections.abc import Collection

from torch import nn


def check_at_least_one(**sizes: int) -> None:
    """Refuse sizes below 1.

    >>> check_at_least_one(cells=8, layers=0)
    Traceback (most recent call last):
        ...
    ValueError: layers must be at least 1, not 0
    """
    for name, size in sizes.items():
        if size < 1:
            raise ValueError(f"{name} must be at least 1, not {size}")


def check_one_of(name: str, value: str, legal: Collection[str]) -> None:
    """Refuse a value that is none of the legal ones.

    >>> check_one_of("cell", "jordan", ["gru", "lstm"])
    Traceback (most recent call last):
        ...
    ValueError: cell must be one of gru, lstm, not 'jordan'
    """
    if value not in legal:
        raise ValueError(f"{name} must be one of {', '.join(legal)}, not {value!r}")


def check_heads(cells: int, heads: int) -> None:
    """Refuse heads that do not divide the cells.

    >>> check_heads(32, 5)
    Traceback (most recent call last):
        ...
    ValueError: cells must be divisible by heads, but 32 cells have 5 heads
    """
    if heads < 1 or cells % heads:
        raise ValueError(f"cells must be divisible by heads, but {cells} cells have {heads} heads")


def check_both_directions(cells: int) -> None:
    """Refuse cells of which no half can read forwards and the other half backwards.

    >>> check_both_directions(7)
    Traceback (most recent call last):
        ...
    ValueError: a bidirectional encoder needs an even number of cells, not 7
    """
    if cells % 2:
        raise ValueError(f"a bidirectional encoder needs an even number of cells, not {cells}")


def dropout_layer(fraction: float) -> nn.Module:
    """Dropout of a fraction of all numbers; of none, a layer that `torch.vmap` can batch in training too.

    >>> dropout_layer(1.0)
    Traceback (most recent call last):
        ...
    ValueError: dropout must be at least 0 and less than 1, not 1.0
    """
    if not 0 <= fraction < 1:
        raise ValueError(f"dropout must be at least 0 and less than 1, not {fraction}")
    return nn.Dropout(fraction) if fraction else nn.Identity()
