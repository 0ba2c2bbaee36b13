"""docs/lectures.md: its links lead somewhere, its figures are those of the committed tables, its commands exist."""

import re
import shlex
from pathlib import Path

from l2e.cli import COMMANDS

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "lectures.md"
TEXT = PAGE.read_text()
BEYOND = (ROOT / "results" / "lectures" / "by-hand.md").read_text()


def test_every_link_and_picture_is_there() -> None:
    links = re.findall(r"\]\((?!http)([^)]+)\)", TEXT) + re.findall(r'src="([^"]+)"', TEXT)
    assert links
    assert [link for link in links if not (PAGE.parent / link).exists()] == []


def test_every_command_is_one_of_ours() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", "").splitlines()]
    assert lines
    assert all(shlex.split(line)[0] == "l2e" and shlex.split(line)[1] in COMMANDS for line in lines)


def test_accuracies_of_activations_are_those_of_the_table() -> None:
    table = (ROOT / "results" / "lectures" / "activations.md").read_text().partition("\n\n**Exact match")[0]
    found = dict(re.findall(r"activation=(\w+)\] .*\| ([\d.]+)", table))
    text = " ".join(TEXT.split())
    assert len(found) == 7
    assert [name for name, accuracy in found.items() if f"{name} {accuracy}" not in text] == []


def cells(task: str, network: str) -> list[str]:
    """A row of the committed table of a task: at the target, and at the greatest length."""
    table = BEYOND.partition(f"beyond the target, %: {task}**")[2].partition("\n**")[0]
    [row] = [line for line in table.splitlines() if f"| {network} " in line]
    figures = [cell.split("/")[0].strip() for cell in row.split("|")[3:-1]]
    return [figures[0], figures[-1]]


def test_the_table_of_networks_set_by_hand_shows_what_came_out() -> None:
    rows = {"set by hand": "{}_network", "GRU, trained": "gru", "feed-forward, trained": "memoryless"}
    for name, network in rows.items():
        [shown] = re.findall(rf"^\| {name} \|(.*)\|$", TEXT, re.MULTILINE)
        expected = [cell for task in ("parity", "larger", "total") for cell in cells(task, network.format(task))]
        assert [cell.strip() for cell in shown.split("|")] == expected
