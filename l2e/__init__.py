"""Networks that read small Python programs and write what they print: a benchmark suite for learning to execute.

>>> import l2e
>>> l2e.train.__name__, l2e.load_runs.__name__
('train', 'load_runs')

Importing the package imports nothing heavy. `experiments`, `evaluation`, `training`, `analysis` and `reporting` build
on each other in this order; the modules at the top level are for authors of plug-ins.
"""

from importlib.metadata import version

from l2e.api import Trained, load_runs, train

__all__ = ["Trained", "load_runs", "train"]
__version__ = version("l2e")
