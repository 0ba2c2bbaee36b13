"""Serves an application to the browsers of this machine alone."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from l2e.play.errors import PlayError

HOST = "127.0.0.1"


def listen(port: int) -> socket.socket:
    """A socket that listens at this port, on the loopback interface only.

    Args:
        port: 0 for any that is free.

    Raises:
        PlayError: the port is not available.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise PlayError(
            f"port {port} is not available ({error.strerror}); give another --port, or --port 0 for any that is free"
        ) from None
    return listening


class _QuietHandler(WSGIRequestHandler):
    """Does not log successful requests."""

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Nothing."""


@contextmanager
def serving(app: Flask, listening: socket.socket) -> Iterator[str]:
    """Answer requests in the background; yields the page's address.

    Args:
        app: to serve.
        listening: from `listen`; stays open.
    """
    server = make_server(HOST, 0, app, threaded=True, request_handler=_QuietHandler, fd=listening.fileno())
    answering = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    answering.start()
    try:
        yield f"http://{HOST}:{server.port}/"
    finally:
        server.shutdown()
        answering.join()
