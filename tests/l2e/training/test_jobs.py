"""What is left of a suite, and with how many threads it is run."""

from pathlib import Path
from unittest.mock import patch

import pytest

from l2e.experiments.experiment import Choice
from l2e.experiments.run import Run
from l2e.experiments.suite import Suite
from l2e.metrics import Rule
from l2e.training.jobs import Unfinished, plan, work
from tests import toys
from tests.toys import experiment

SUITE = Suite("mine", "Mine", [Rule.EXACT_MATCH], False, [experiment(seed=seed) for seed in range(3)], [])


def test_what_is_complete_is_left_out(tmp_path: Path) -> None:
    first, *others = SUITE.experiments
    toys.finished_run(tmp_path / first.name, first, [])
    for population, sizes in ((None, [1, 1]), (2, [2])):
        todo = plan(SUITE, tmp_path, 1, 2, "cpu", population)
        assert [len(job.experiments) for job in todo] == sizes
        assert [made for job in todo for made in job.experiments.values()] == others


@pytest.mark.parametrize(
    ("jobs", "learner", "threads"),
    [
        (1, Choice(name="lstm", options={"cells": 400, "layers": 2}), 16),
        (2, Choice(name="lstm", options={"cells": 400, "layers": 2}), 1),
        (1, Choice(name="lstm", options={"cells": 128, "layers": 1}), 1),
    ],
)
def test_a_large_network_alone_has_all_cores_and_all_else_one_thread(
    jobs: int, learner: Choice, threads: int, tmp_path: Path
) -> None:
    suite = Suite("mine", "Mine", [Rule.EXACT_MATCH], False, [experiment(learner=learner)], [])
    (job,) = plan(suite, tmp_path, jobs, 16, "cpu", None)
    with (
        patch("l2e.training.run_experiment.use_threads") as use_threads,
        patch("l2e.training.run_experiment.run_experiment"),
    ):
        assert work(job) == Unfinished()
    use_threads.assert_called_once_with(threads)


def test_texts_of_different_units_train_in_different_populations_and_seeds_of_one_together(
    text_file: Path, tmp_path: Path
) -> None:
    made = [
        toys.text_experiment(text_file, units=units, seed=seed) for units in ("characters", "words") for seed in (0, 1)
    ]
    todo = plan(Suite("mine", "Mine", [Rule.TEACHER_FORCED], False, made, []), tmp_path, 1, 2, "cpu", 2)
    assert [[of.task.options["units"] for of in job.experiments.values()] for job in todo] == [
        ["characters"] * 2,
        ["words"] * 2,
    ]
    assert work(todo[0]) == Unfinished()
    results = [Run(path).result()["bits_per_character"] for path in todo[0].experiments]
    assert all(list(bits) == ["gru[cells=8]", "kneser_ney", "uniform"] for bits in results)
    assert results[0] != results[1]
