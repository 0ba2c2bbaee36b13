"""Runs as one HTML file that opens from disk, without a network.

`content` gathers sections, commands and examples; `page` writes them down, escaped.
"""

from l2e.reporting.html.content import Content, gather
from l2e.reporting.html.page import render

__all__ = ["Content", "gather", "render"]
