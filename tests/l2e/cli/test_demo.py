"""`l2e demo`: what small networks write as they learn."""

import json

from tests.l2e.cli.conftest import CommandLine


def test_hello_shows_how_far_the_network_is_until_it_writes_the_word(l2e: CommandLine) -> None:
    done = l2e("demo", "hello", "--seed", 3, "--every", 50)
    assert done.code == 0
    first, _, _, _, *rows = done.output.splitlines()
    assert first == "An Elman network of 40 parameters."
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]
    assert [(update, text) for update, _, text in cells] == [("0", "HEEEE"), ("50", "HELLO"), ("100", "HELLO")]


def test_hello_as_json_has_the_same_looks(l2e: CommandLine) -> None:
    found = json.loads(l2e("demo", "hello", "--updates", 5, "--every", 5, "--json").output)
    assert found["parameters"] == 40
    assert [(look["update"], set(look)) for look in found["looks"]] == [
        (0, {"update", "loss", "text"}),
        (5, {"update", "loss", "text"}),
    ]


def test_hello_without_updates_shows_the_untrained_network(l2e: CommandLine) -> None:
    assert len(json.loads(l2e("demo", "hello", "--updates", 0, "--json").output)["looks"]) == 1
