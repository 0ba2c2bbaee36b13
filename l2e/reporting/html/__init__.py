"""A report: runs as one HTML file that opens from disk, without a network.

content.py      gathers tables, pictures, commands and examples from runs
bits.py         how well language models foretell texts
remaking.py     how to make a run again
examples.py     the test samples, with every run's answers, that its browser holds
page.py         writes it all down, escaped
"""

from l2e.reporting.html.content import Content, gather
from l2e.reporting.html.page import render

__all__ = ["Content", "gather", "render"]
