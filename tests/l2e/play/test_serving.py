"""The page is served to this machine alone, at a port that is free."""

from __future__ import annotations

import json
import urllib.request

import pytest

from l2e.play.app import make_app
from l2e.play.errors import PlayError
from l2e.play.serving import listen, serving


def test_it_answers_at_the_address_until_it_ends() -> None:
    with listen(0) as listening:
        host, port = listening.getsockname()
        with serving(make_app({}), listening) as address:
            assert (host, address) == ("127.0.0.1", f"http://127.0.0.1:{port}/")
            with urllib.request.urlopen(f"{address}tasks") as response:
                assert json.load(response) == []
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"{address}tasks")


def test_requests_that_go_well_are_not_told(capfd: pytest.CaptureFixture[str]) -> None:
    with listen(0) as listening, serving(make_app({}), listening) as address:
        urllib.request.urlopen(f"{address}tasks").close()
    assert capfd.readouterr() == ("", "")


def test_a_port_that_another_has_is_refused_with_a_way_out() -> None:
    with listen(0) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(PlayError, match=rf"port {port} is not available .*--port 0"):
            listen(port)


def test_ports_are_free_again_afterwards() -> None:
    with listen(0) as listening:
        port = listening.getsockname()[1]
    listen(port).close()
