"""The README says nothing that its sources do not."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


TABLES = re.findall(r"<!-- (results/\S+): .*? -->\n(.*?)<!-- end of table -->", README, re.DOTALL)


def test_the_readme_shows_tables() -> None:
    assert [path for path, _ in TABLES] == [
        "results/quick/table.md",
        "results/learners-quick/exact_match.md",
        "results/perf/report.txt",
    ]


@pytest.mark.parametrize(("path", "shown"), TABLES, ids=[path for path, _ in TABLES])
def test_the_readme_shows_the_committed_table(path: str, shown: str) -> None:
    assert shown.removeprefix("```text\n").strip().removesuffix("\n```") == (ROOT / path).read_text().strip()


@pytest.mark.parametrize("path", re.findall(r"\]\((?!http)([^)]+)\)", README))
def test_the_readme_links_to_what_is_there(path: str) -> None:
    assert (ROOT / path).exists()
