"""How tests run here: a thread each, as pytest-xdist takes the cores; no deadlines, as the machine may be busy."""

import os

from hypothesis import settings

os.environ["OMP_NUM_THREADS"] = "1"  # for torch, here and in the processes that tests start

settings.register_profile("l2e", deadline=None, max_examples=50)
settings.load_profile("l2e")
