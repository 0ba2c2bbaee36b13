"""The README says nothing that its sources do not."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


TABLES = re.findall(r"<!-- (results/\S+): .*? -->\n(.*?)<!-- end of table -->", README, re.DOTALL)


@pytest.mark.parametrize(("path", "shown"), TABLES, ids=[path for path, _ in TABLES])
def test_the_readme_shows_a_part_of_what_is_committed(path: str, shown: str) -> None:
    part = shown.removeprefix("```text\n").strip().removesuffix("\n```")
    assert len(part.splitlines()) > 3
    assert part in (ROOT / path).read_text()


@pytest.mark.parametrize("path", re.findall(r"\]\((?!http)([^)]+)\)", README) + re.findall(r'src="([^"]+)"', README))
def test_the_readme_links_to_what_is_there(path: str) -> None:
    assert (ROOT / path).exists()
