"""How it is taught: curricula, batches, training, scoring, runs, tables and the command line.

Importing the package imports nothing heavy; take what you need from its modules.
"""

from importlib.metadata import version

__version__ = version("l2e")
