"""The README says nothing that its sources do not."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_the_readme_shows_the_committed_table_of_the_demo() -> None:
    (shown,) = re.findall(r"<!-- table: .* -->\n(.*?)<!-- end of table -->", README, re.DOTALL)
    assert shown.strip() == (ROOT / "results" / "quick" / "table.md").read_text().strip()


@pytest.mark.parametrize("path", re.findall(r"\]\((?!http)([^)]+)\)", README))
def test_the_readme_links_to_what_is_there(path: str) -> None:
    assert (ROOT / path).exists()
