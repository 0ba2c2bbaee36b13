"""Jobs on a Ray cluster that was there before, of two nodes on this machine."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from l2e.experiments.recipes import recipe_named
from l2e.experiments.run import Run
from l2e.training.executors import RayEngine
from l2e.training.jobs import Job
from tests import toys
from tests.processes import wait_until
from tests.toys import TINY_RECIPE, experiment

cluster_utils = pytest.importorskip("ray.cluster_utils", reason="Ray is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # Ray's own
CHECKS = 20


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Two nodes of a processor each."""
    made = cluster_utils.Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    made.add_node(num_cpus=1)
    monkeypatch.setenv("RAY_ADDRESS", made.address)
    yield made
    made.shutdown()


def test_a_worker_that_is_killed_gives_its_run_to_another_which_goes_on_from_its_checkpoint(
    cluster: Any, tmp_path: Path
) -> None:
    recipe = recipe_named("fast").model_copy(update={**TINY_RECIPE, "check_every": 20})
    run, of = Run(tmp_path / "run"), experiment(recipe=recipe, budget=f"{20 * CHECKS}updates")
    job = Job({run.path: of}, None, "cpu", 1)
    killed: list[int] = []
    saved: list[int] = []

    def kill() -> None:
        wait_until(lambda: len(run.metrics()) >= 2 and run.checkpoints())
        saved.append(int(run.checkpoints()[-1].stem))
        killed.append(int((run.path / "holder").read_text()))
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    (end,) = RayEngine(1).map_unordered(toys.work_saving_often, [job])
    killer.join()
    assert (end.error, run.complete) == (None, True)
    assert end.result >= saved[0] > 0
    assert int((run.path / "holder").read_text()) != killed[0]
    assert [line["update"] for line in run.metrics()] == [20 * (number + 1) for number in range(CHECKS)]
