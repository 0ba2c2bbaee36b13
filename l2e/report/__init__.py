"""A report: runs as one HTML file that opens from disk, without a network.

content.py      gathers tables, pictures, commands and examples from runs
strategies.py   short names that tell runs apart
remaking.py     how to make a run again
examples.py     test samples beside every run's answers
page.py         writes it all down, escaped
"""

from l2e.report.content import Content, gather
from l2e.report.page import render

__all__ = ["Content", "gather", "render"]
