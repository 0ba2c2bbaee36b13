r"""A report as one HTML file: nothing is fetched, and no text of a run can become markup.

Texts are escaped by Jinja2. The examples are JSON in a script element that is not executed, with HTML's own characters
as \uXXXX. A content security policy allows the page's script only, by its hash, and no requests.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import asdict
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from l2e.reporting.html.content import Content
from l2e.reporting.marking import unmark
from l2e.reporting.table import html_cell, leading_numbers

UNFOLDED = ("examples",)  # sections whose tables are open; figures always are
MEANINGS = {
    "Teacher-forced accuracy": (
        "the share of the answers' characters that are predicted rightly when the correct earlier characters are given "
        "(the paper's rule)."
    ),
    "Character accuracy": (
        "the share of characters that are right, by position, when the learner writes its answer without help; a "
        "missing or surplus character is wrong."
    ),
    "Exact match": "the share of answers written without help that are right as a whole, sign and full stop included.",
}
UNSAFE_IN_SCRIPT = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def render(content: Content) -> str:
    """The page."""
    environment = Environment(
        loader=PackageLoader("l2e.reporting.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    folder = files("l2e.reporting.html").joinpath("templates")
    script, style = (folder.joinpath(f"report.{kind}").read_text("utf-8") for kind in ("js", "css"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    environment.filters |= {"cells": cells_of, "markup": Markup}
    return environment.get_template("report.html.j2").render(
        content=content,
        unfolded=UNFOLDED,
        meanings=MEANINGS,
        examples=json_for_script([asdict(group) for group in content.groups]),
        script=Markup(script),
        script_digest=digest,
        style=Markup(style),
        version=version("l2e"),
    )


def cells_of(frame: pd.DataFrame) -> list[tuple[Markup, ...]]:
    """Cells as HTML, row by row; in columns of numbers the numbers end below one another."""
    columns = [_aligned([str(cell) for cell in frame.iloc[:, place]]) for place in range(frame.shape[1])]
    return list(zip(*columns, strict=True))


def _aligned(cells: list[str]) -> list[Markup]:
    """A column; each cell's leading number as wide as the longest, where all cells begin with one, or a dash."""
    numbers = leading_numbers(cells)
    if numbers is None:
        return [Markup(html_cell(cell)) for cell in cells]
    width = max(len(unmark(number, "csv")) for number, _ in numbers)
    return [
        Markup(f'<span class="number" style="min-width: {width}ch">{html_cell(number)}</span>{html_cell(rest)}')
        for number, rest in numbers
    ]


def json_for_script(content: Any) -> Markup:
    r"""JSON that may stand in a script element, whatever the texts in it.

    >>> print(json_for_script("</script>"))
    "\u003c/script\u003e"
    """
    return Markup(json.dumps(content, separators=(",", ":")).translate(UNSAFE_IN_SCRIPT))
