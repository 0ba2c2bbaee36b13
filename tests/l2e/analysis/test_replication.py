"""Whether other runs say the same, on runs whose verdicts are known."""

from pathlib import Path

import pytest

from l2e.analysis.replication import CONTRADICTED, NEITHER, NEW, SAME, WEAKER, replication
from l2e.analysis.run_set import RunSet
from l2e.metrics import Rule
from l2e.reporting.tables.replication import share
from tests.toys import experiment, finished_run, row

LOW = [0.1, 0.11, 0.12, 0.13, 0.14]
HIGH = [0.8, 0.81, 0.82, 0.83, 0.84]
BETWEEN = [0.1, 0.115, 0.12, 0.13, 0.15]  # above LOW on the mean, and not beyond chance


def runs_of(folder: Path, naive: list[float], baseline: list[float], first_seed: int = 0) -> RunSet:
    made = []
    for curriculum, accuracies in (("baseline", baseline), ("naive", naive)):
        for seed, accuracy in enumerate(accuracies, first_seed):
            of = experiment(curriculum=curriculum, seed=seed)
            made.append(finished_run(folder / of.id, of, [row("seq2seq", curriculum, seed, accuracy)]))
    return RunSet.of(made)


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        ((HIGH, LOW), (HIGH, LOW), SAME),
        ((HIGH, LOW), (BETWEEN, LOW), WEAKER),
        ((HIGH, LOW), (LOW, HIGH), CONTRADICTED),
        ((HIGH, LOW), (LOW, BETWEEN), CONTRADICTED),
        ((BETWEEN, LOW), (LOW, HIGH), NEW),
        ((BETWEEN, LOW), (LOW, BETWEEN), NEITHER),
    ],
)
def test_a_verdict_is_found_again_or_not(
    first: tuple[list[float], list[float]], second: tuple[list[float], list[float]], outcome: str, tmp_path: Path
) -> None:
    rows = replication(runs_of(tmp_path / "a", *first), runs_of(tmp_path / "b", *second, 5), [Rule.EXACT_MATCH])
    assert rows["outcome"].tolist() == [outcome]


def test_what_one_of_them_has_alone_is_not_compared(tmp_path: Path) -> None:
    alone = runs_of(tmp_path / "a", [0.5], [0.4])  # a seed each: no verdict
    assert replication(alone, runs_of(tmp_path / "b", HIGH, LOW), [Rule.EXACT_MATCH]).empty


def test_the_share_is_of_verdicts_beyond_chance(tmp_path: Path) -> None:
    rows = replication(runs_of(tmp_path / "a", HIGH, LOW), runs_of(tmp_path / "b", HIGH, LOW, 5), [Rule.EXACT_MATCH])
    assert share(rows).startswith("Of 1 verdicts beyond chance 1 are beyond chance again (100 %)")
