r"""A report as one HTML file: nothing is fetched, and no text of a run can become markup.

Texts in the page are escaped by Jinja2. The examples are JSON in a script element that is never run, with every
character that HTML could take for its own as \uXXXX; the page's script puts them in as text. A policy in the page lets
the browser run that one script alone, known by its hash, and fetch nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import asdict, replace
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from l2e.analysis.examples import Answers
from l2e.reporting.html.content import MEANINGS, Content
from l2e.reporting.marking import unmark
from l2e.reporting.table import Table
from l2e.reporting.tables.examples import marked_table

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
    script, style = (
        files("l2e.reporting.html").joinpath(f"templates/report.{kind}").read_text() for kind in ("js", "css")
    )
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment.get_template("report.html.j2").render(
        content=content,
        sections=_sections(content),
        meanings=MEANINGS,
        pictures=[(picture, Markup(picture.svg)) for picture in content.pictures],
        first=[table_of(answers) for answers in content.first],
        examples=json_for_script([asdict(group) for group in content.groups]),
        script=Markup(script),
        script_digest=digest,
        style=Markup(style),
        version=version("l2e"),
    )


def _sections(content: Content) -> dict[str, str]:
    """Titles of the sections by id, in their order; without those that have nothing to say."""
    titles = {
        "tables": "Tables",
        "figures": "Figures",
        "examples": "Examples",
        "anatomy": "Anatomy of errors",
        "extrapolation": "Beyond the target",
        "published": "Published by others",
        "again": "How to make it again",
    }
    silent = {
        "anatomy": not (content.anatomy or content.without_anatomy),
        "extrapolation": not content.extrapolation,
        "published": not content.published,
    }
    return {section: title for section, title in titles.items() if not silent.get(section)}


def table_of(answers: Answers) -> Table:
    """Answers as a table whose cells are escaped, with markup around their wrong characters alone."""
    table = marked_table(answers)
    shown = [[Markup(unmark(str(escape(text)), "html")) for text in row] for row in table.frame.itertuples(index=False)]
    # As objects: a column of texts would keep the characters alone, and forget that they are escaped.
    return replace(table, frame=pd.DataFrame(shown, columns=table.frame.columns, dtype=object))


def json_for_script(content: Any) -> Markup:
    r"""JSON that may stand in a script element, whatever the texts in it.

    >>> print(json_for_script("</script>"))
    "\u003c/script\u003e"
    """
    return Markup(json.dumps(content, separators=(",", ":")).translate(UNSAFE_IN_SCRIPT))
