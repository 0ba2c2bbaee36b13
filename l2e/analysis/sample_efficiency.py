"""How early a run learns: the area under its validation curve at the target."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from l2e.analysis.intervals import FloatArray


def sample_efficiency(updates: npt.ArrayLike, accuracy: npt.ArrayLike, budget: float) -> float:
    """The mean height of the validation curve over the budget: 1 for a run that knew all from the first check on.

    1 / budget · ∫ accuracy(u) du from 0 to budget, by the trapezoidal rule. Before the first check the curve has that
    check's accuracy; a run that ended early keeps its last; checks beyond the budget count as far as the budget goes.

    Args:
        updates: of the checks, rising, [checks]; they may be unevenly spaced.
        accuracy: at the target, in [0, 1], [checks].
        budget: how many updates all runs that are compared had; any other unit does if `updates` are in it too.

    Raises:
        ValueError: there are no checks, they do not rise, an accuracy is not one, or the budget is not positive.

    >>> sample_efficiency([100, 200], [0.0, 1.0], 400)
    0.625
    """
    at, heights = validation_curve(updates, accuracy)
    if not budget > 0:
        raise ValueError(f"a budget is positive, not {budget}")
    points = np.concatenate([[0.0], at[at < budget], [budget]])
    return float(np.trapezoid(np.interp(points, at, heights), points) / budget)


def validation_curve(at: npt.ArrayLike, accuracy: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """A run's checks as float64 arrays [checks] of when they were and what they found.

    Raises:
        ValueError: there are no checks, they do not rise from 0 or later, or an accuracy is not in [0, 1].
    """
    when, heights = np.asarray(at, np.float64), np.asarray(accuracy, np.float64)
    if when.shape != heights.shape or when.ndim != 1 or not when.size:
        raise ValueError(f"checks are two arrays [checks], at least one, not {when.shape} and {heights.shape}")
    if not (when[0] >= 0 and (np.diff(when) > 0).all()):
        raise ValueError(f"checks rise from 0 or later, not {when.tolist()}")
    if not ((heights >= 0) & (heights <= 1)).all():
        raise ValueError(f"accuracies of checks lie in [0, 1], not {heights.tolist()}")
    return when, heights
