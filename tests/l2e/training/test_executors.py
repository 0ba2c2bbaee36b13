"""Engines: every job's result comes back, and a job that fails takes no other down."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from l2e.training import executors
from l2e.training.executors import ENGINES, Finished, LocalEngine, gpus_of
from l2e.training.jobs import Job
from tests import toys

RAY = pytest.param(
    "ray",
    marks=[pytest.mark.slow, pytest.mark.skipif(not importlib.util.find_spec("ray"), reason="Ray is not installed")],
)
every_engine = pytest.mark.parametrize("engine", ["local", RAY])


def finished(engine: str, function: Callable[[Any], Any], jobs: list[Any], processes: int = 2) -> dict[Any, Finished]:
    return {end.job: end for end in ENGINES[engine](processes).map_unordered(function, jobs)}


@every_engine
@pytest.mark.filterwarnings("default")  # Ray's own
def test_every_job_ends_as_it_should_whatever_happens_to_the_others(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "RETRIES", 0)  # one job dies however often it is tried
    ends = finished(engine, toys.double_die_or_raise, list(range(6)))
    assert {job: end.result for job, end in ends.items()} == {0: 0, 1: None, 2: 4, 3: None, 4: 8, 5: 10}
    assert [job for job, end in sorted(ends.items()) if end.error is None] == [0, 2, 4, 5]
    assert "three is odd" in str(ends[3].error)
    assert "die" in str(ends[1].error)  # "its process died", or Ray's words for it


def test_a_killed_process_is_reported_with_its_exit_code() -> None:
    assert finished("local", toys.double_die_or_raise, [1])[1].error == "its process died with exit code -9"


def test_an_error_is_reported_by_its_kind_words_and_place() -> None:
    error = str(finished("local", toys.double_die_or_raise, [3])[3].error)
    assert error.startswith("ValueError: three is odd")
    assert "toys.py:" in error


def test_a_result_that_cannot_travel_is_that_jobs_error() -> None:
    ends = finished("local", toys.untransferable_if_odd, [0, 1])
    assert ends[0] == Finished(0, 0, None)
    assert "pickle" in str(ends[1].error)


def test_no_jobs_no_results() -> None:
    assert finished("local", toys.double, []) == {}


@pytest.mark.parametrize("processes", [1, 2])
def test_no_more_processes_work_at_a_time_than_asked_for(processes: int) -> None:
    spans = [end.result for end in finished("local", toys.span, list(range(5)), processes).values()]
    begins = sorted(spans)
    at_once = [sum(begin <= moment < end for begin, end in spans) for moment, _ in begins]
    assert max(at_once) == processes


def test_jobs_are_asked_for_only_when_a_process_is_free() -> None:
    asked: list[int] = []

    def jobs() -> Any:
        for number in range(4):
            asked.append(number)
            yield number

    ends = LocalEngine(1).map_unordered(toys.double, jobs())
    next(ends)
    assert asked == [0]
    assert [end.result for end in ends] == [2, 4, 6]


@pytest.mark.parametrize(("device", "gpus"), [("cpu", 0), ("cuda", 1), ("cuda:1", 1)])
def test_on_a_cluster_jobs_for_a_gpu_ask_for_one(device: str, gpus: int) -> None:
    assert gpus_of(Job({}, None, device, 1)) == gpus


def test_leaving_early_ends_the_processes_at_work() -> None:
    ends = LocalEngine(2).map_unordered(toys.sleep, [0, 600])
    next(ends)
    ends.close()  # type: ignore[attr-defined]  # waits for the process; the test's time limit would notice


def test_without_ray_its_engine_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['ray'] = None\n"
        "from l2e.training.executors import EngineError, RayEngine\n"
        "try: RayEngine(1)\n"
        "except EngineError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "the engine 'ray' needs Ray: pip install 'l2e[ray]'\n"
