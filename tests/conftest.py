"""How tests run here: a thread each, as pytest-xdist takes the cores; no deadlines, as the machine may be busy."""

import os

import pytest
from hypothesis import settings

os.environ["OMP_NUM_THREADS"] = "1"  # for torch, here and in the processes that tests start

settings.register_profile("l2e", deadline=None, max_examples=50)
settings.register_profile("fuzz", deadline=None, max_examples=10_000)  # pytest --hypothesis-profile=fuzz
settings.load_profile("l2e")

# What they find depends on what the precision `auto` means: L2E_PRECISION=bfloat16 pytest -m numerics
NUMERICS = {
    "test_bench.py",
    "test_run_experiment.py",
    "test_evaluate.py",
    "test_optimizer.py",
    "test_population.py",
    "test_precision.py",
    "test_predict.py",
    "test_recovery.py",
    "test_train.py",
    "test_trainer.py",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them."""
    for item in items:
        if item.path.name in NUMERICS:
            item.add_marker(pytest.mark.numerics)
