"""Curricula against one another, cell by cell: the same test samples, the same seeds, and what chance could do.

A cell is a task, a learner, a target and everything else that an experiment says but for curriculum and seed. Its
two curricula's runs are paired by seed, and their scores by sample.

What p says, and what it does not: p is of a randomisation test over test samples, with a sample's scores added up
over the seeds, as samples are drawn once and networks answer them alike. With one seed it tells two trained networks
apart, not two curricula, as another seed might have trained two others. So the interval of a cell of several seeds is
Student's over the seeds' differences, which holds what one seed or another changes, and such a cell counts as beyond
chance only if p and the interval both say so. The interval of one seed is over samples. p_holm is Holm's correction
over all of a curriculum's comparisons under a rule; intervals are not corrected.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from generators.samples import IntArray
from l2e.analysis.significance import Pairs, holm, pool, randomization_test, student_half_width
from l2e.experiments.experiment import Choice, Experiment, named_learner
from l2e.experiments.predictions import predictions_of
from l2e.experiments.run import Run, RunError
from l2e.metrics import Rule, score

BASELINE = "baseline"
ALPHA = 0.05
COLUMNS = (
    *("task", "learner", "setting", "length", "nesting", "rule", "curriculum", "against", "seeds", "n"),
    *("difference", "low", "high", "p", "p_holm", "beyond_chance", "unpaired", "unreached"),
)


@dataclass(frozen=True, slots=True)
class Match:
    """Two curricula in one cell.

    Attributes:
        labels: task, learner, setting, length, nesting, curriculum, against.
        pairs: the one curriculum's run and the other's, a pair a seed.
        unpaired: how many runs of either have no partner of their seed.
    """

    labels: dict[str, Any]
    pairs: list[tuple[Run, Run]]
    unpaired: int


@dataclass(frozen=True, slots=True)
class Answered:
    """A run's test samples and its scores.

    Attributes:
        run: whose.
        questions: inputs and targets.
        scores: by rule, int64 [2, samples]: right, and counted.
    """

    run: Run
    questions: list[tuple[str, str]]
    scores: dict[Rule, IntArray]


def against_baseline(curriculum: str, other: str) -> bool:
    """Whether the one is to be compared with the other: with the baseline all are."""
    return other == BASELINE


def comparisons(
    runs: Sequence[Run], rules: Sequence[Rule], wanted: Callable[[str, str], bool] = against_baseline
) -> pd.DataFrame:
    """Curricula against one another, a row a cell, pair and rule; no rows where nothing can be paired.

    Columns: task, learner, setting (a hash of all that a cell's runs share), length, nesting, rule, curriculum,
    against, seeds that were paired, n (test samples), difference (of accuracies, a mean over seeds, in [-1, 1]) with
    its 95 % interval low and high, p, p_holm, beyond_chance, unpaired (runs without a partner of their seed), unreached
    (runs of the curriculum that ended before they reached the target).

    Args:
        runs: complete ones.
        rules: by which to count.
        wanted: which curriculum is to be compared with which other; by default every one with the baseline.

    Raises:
        RunError: a run has no predictions, or they are not of the samples of its partner; two folders hold the same
            experiment.
    """
    matches = match(runs, wanted)
    paths = {run.path: run for one in matches for pair in one.pairs for run in pair}
    answered = {path: _answered(run, rules) for path, run in paths.items()}
    rows: list[dict[str, Any]] = []
    pooled: list[Pairs] = []
    for one in matches:
        sides = [(answered[first.path], answered[second.path]) for first, second in one.pairs]
        _check_questions([side for pair in sides for side in pair])
        unreached = sum(first.result()["reached_at"] is None for first, _ in one.pairs)
        for rule in rules:
            by_seed = [Pairs(first.scores[rule], second.scores[rule]) for first, second in sides]
            pooled.append(pool(by_seed))
            counts = {"unpaired": one.unpaired, "unreached": unreached}
            rows.append({**one.labels, "rule": rule.value, **counts, **_difference(by_seed)})
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).assign(p=randomization_test(pooled))
    for _, family in frame.groupby(["rule", "curriculum"]):
        frame.loc[family.index, "p_holm"] = holm(family["p"].tolist())
    excludes_0 = (frame["low"] > 0) | (frame["high"] < 0)
    return frame.assign(beyond_chance=(frame["p_holm"] < ALPHA) & ((frame["seeds"] == 1) | excludes_0))


def cell_of(experiment: Experiment) -> str:
    """A hash of everything but seed and curriculum: runs that share it differ in how they were taught, or by chance."""
    return experiment.model_copy(update={"seed": 0, "curriculum": Choice(name=BASELINE)}).id


def match(runs: Iterable[Run], wanted: Callable[[str, str], bool] = against_baseline) -> list[Match]:
    """Curricula's runs beside those of the others that they are to be compared with, in the order of the runs.

    Raises:
        RunError: two folders hold the same experiment.
    """
    cells: dict[str, dict[str, dict[int, Run]]] = {}
    experiments: dict[str, Experiment] = {}
    for run in {run.path.resolve(): run for run in runs}.values():
        of = run.experiment()
        cell = cell_of(of)
        experiments.setdefault(cell, of)
        seeds = cells.setdefault(cell, {}).setdefault(str(of.curriculum), {})
        if of.seed in seeds:
            raise RunError(f"{seeds[of.seed]} and {run} are of the same experiment; give one of them")
        seeds[of.seed] = run
    found = []
    precisions = {of.recipe.precision for of in experiments.values()}
    for cell, curricula in cells.items():
        of = experiments[cell]
        at: dict[str, Any] = {"task": str(of.task), "learner": named_learner(of, precisions), "setting": cell}
        at |= {"length": of.length, "nesting": of.nesting}
        for (curriculum, seeds), (against, others) in itertools.permutations(curricula.items(), 2):
            shared = sorted(seeds.keys() & others.keys())
            if shared and wanted(curriculum, against):
                pairs = [(seeds[seed], others[seed]) for seed in shared]
                labels = {**at, "curriculum": curriculum, "against": against}
                found.append(Match(labels, pairs, len(seeds.keys() ^ others.keys())))
    return found


def _answered(run: Run, rules: Sequence[Rule]) -> Answered:
    predictions = predictions_of(run)
    if not predictions:
        raise RunError(f"{run.predictions_path} is empty; train the run again")
    targets, free, forced = (
        [getattr(one, kind) for one in predictions] for kind in ("target", "answer", "teacher_forced")
    )
    scores = {rule: np.stack(score(free if rule.free_running else forced, targets, rule)) for rule in rules}
    return Answered(run, [(one.input, one.target) for one in predictions], scores)


def _check_questions(sides: Sequence[Answered]) -> None:
    first = sides[0]
    for other in sides[1:]:
        if other.questions != first.questions:
            raise RunError(
                f"{first.run} and {other.run} were not tested on the same samples in the same order, as runs of one "
                "task and target are by one version of l2e; train one of them again"
            )


def _difference(by_seed: Sequence[Pairs]) -> dict[str, float]:
    differences = [pairs.difference for pairs in by_seed]
    difference = float(np.mean(differences))
    half = by_seed[0].half_width if len(by_seed) == 1 else student_half_width(differences)
    return {
        "seeds": len(by_seed),
        "n": by_seed[0].samples,
        "difference": difference,
        "low": difference - half,
        "high": difference + half,
    }
