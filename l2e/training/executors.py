"""Executors of jobs: in processes on this machine, or on a cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from pickle import PicklingError
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from l2e.errors import ExplainedError

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext


RETRIES = 3  # of a job on a cluster whose worker died


class Finished(NamedTuple):
    """How a job ended: with a result, or with an error's text."""

    job: Any
    result: Any
    error: str | None


class Engine(Protocol):
    """Runs jobs."""

    def map_unordered(self, function: Callable[[Any], Any], jobs: Iterable[Any]) -> Iterator[Finished]:
        """Apply the function to every job; yield each as it ends. A failed job does not stop others."""
        ...


class EngineError(ExplainedError, RuntimeError):
    """An engine that is not installed."""


class LocalEngine:
    """One process per job on this machine.

    The processes end as on SIGTERM when the consumer of the results stops or dies: each watches a pipe whose other end
    only the consumer holds.

    Args:
        processes: how many at a time.
    """

    def __init__(self, processes: int) -> None:
        self.processes = processes

    def map_unordered(self, function: Callable[[Any], Any], jobs: Iterable[Any]) -> Iterator[Finished]:
        """Apply the function to every job; yield each as it ends. A failed job does not stop others."""
        context = preloaded(function.__module__)
        waiting = iter(jobs)
        working: dict[Connection, tuple[Any, Any]] = {}
        watched, held = context.Pipe(duplex=False)
        try:
            while True:
                while len(working) < self.processes and (job := next(waiting, None)) is not None:
                    receiver, sender = context.Pipe(duplex=False)
                    process = context.Process(target=_work, args=(sender, watched, function, job))
                    process.start()
                    sender.close()
                    working[receiver] = process, job
                if not working:
                    return
                for ready in wait(list(working)):
                    receiver = cast(Connection, ready)
                    process, job = working.pop(receiver)
                    try:
                        result, error = receiver.recv()
                    except (EOFError, OSError):  # it ended before its result was complete
                        process.join()
                        result, error = None, f"its process died with exit code {process.exitcode}"
                    receiver.close()
                    process.join()
                    yield Finished(job, result, error)
        finally:
            held.close()
            for receiver, (process, _) in working.items():
                # Joining does not wait if the fork server died of the same signal.
                with suppress(EOFError, OSError):
                    while True:
                        receiver.recv_bytes()
                process.join()
            watched.close()


def preloaded(*modules: str) -> ForkServerContext:
    """A context whose processes start with these modules and torch already imported."""
    context = multiprocessing.get_context("forkserver")
    # torch's optimisers import torch._dynamo, which takes seconds.
    context.set_forkserver_preload([*modules, "l2e.training.run_experiment", "torch._dynamo"])
    return context


def _work(sender: Connection, watched: Connection, function: Callable[[Any], Any], job: Any) -> None:
    threading.Thread(target=_end_with, args=(watched,), daemon=True).start()
    try:
        ended: tuple[Any, str | None] = function(job), None
    except (Exception, KeyboardInterrupt) as error:
        ended = None, _describe(error)
    with suppress(BrokenPipeError):  # an interrupted parent no longer listens
        try:
            sender.send(ended)
        except (TypeError, AttributeError, ValueError, PicklingError) as error:  # a result that cannot be pickled
            sender.send((None, _describe(error)))
    sender.close()


def _end_with(watched: Connection) -> None:
    """Send SIGTERM to this process once the other end of a pipe is closed."""
    wait([watched])  # nothing is ever sent
    signal.pthread_kill(cast(int, threading.main_thread().ident), signal.SIGTERM)


def _describe(error: BaseException) -> str:
    """The error and its place in the code."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error}{where}"


class RayEngine:
    """Jobs on the Ray cluster at `RAY_ADDRESS` (auto: the one begun on this machine), or on this machine without one.

    Run folders must be on a disk that all nodes share. A job whose worker died is given to another, where its runs go
    on from their checkpoints. Jobs for a GPU ask for one.

    Args:
        processes: how many at a time on this machine if there is no cluster.

    Raises:
        EngineError: Ray is not installed.
    """

    def __init__(self, processes: int) -> None:
        try:
            import ray
        except ImportError:
            raise EngineError("the engine 'ray' needs Ray: pip install 'l2e[ray]'") from None
        self.ray = ray
        self.processes = processes

    def map_unordered(self, function: Callable[[Any], Any], jobs: Iterable[Any]) -> Iterator[Finished]:
        """Apply the function to every job; yield each as it ends. A failed job does not stop others."""
        ray = self.ray
        self._connect()
        try:
            remote = ray.remote(function)
            working = {
                remote.options(num_cpus=1, num_gpus=gpus_of(job), max_retries=RETRIES).remote(job): job for job in jobs
            }
            while working:
                (reference,), _ = ray.wait(list(working), num_returns=1)
                job = working.pop(reference)
                try:
                    yield Finished(job, ray.get(reference), None)
                except ray.exceptions.RayError as error:
                    yield Finished(job, None, _describe(getattr(error, "cause", error)))
        finally:
            ray.shutdown()

    def _connect(self) -> None:
        quiet: dict[str, Any] = {"logging_level": "ERROR", "log_to_driver": False}
        if self.ray.is_initialized():
            return
        if address := os.environ.get("RAY_ADDRESS"):
            self.ray.init(address=address, **quiet)
        else:  # Ray's own search for a cluster waits minutes for one that is gone
            self.ray.init(address="local", num_cpus=self.processes, include_dashboard=False, **quiet)


def gpus_of(job: Any) -> int:
    """How many GPUs a job asks a cluster for."""
    return int(str(getattr(job, "device", "cpu")).startswith("cuda"))


ENGINES: dict[str, type[LocalEngine] | type[RayEngine]] = {"local": LocalEngine, "ray": RayEngine}
