"""`l2e play`: a page on which trained runs answer inputs."""

from __future__ import annotations

import time
from pathlib import Path

import click

from l2e.cli import options

WATCH_SECONDS = 0.1


@click.command()
@options.runs
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8642,
    show_default=True,
    help="Port to serve at; 0 is any free one.",
)
@click.option("--open", "open_", is_flag=True, help="Open the page in a browser.")
def command(runs: tuple[Path, ...], port: int, open_: bool) -> None:
    """Serve a page, to this machine only, on which the networks at or below RUNS answer inputs.

    It shows the most likely characters at each position, and the correct answer. Runs need not be complete: the newest
    checkpoint is used. Ctrl-C ends it.

    \b
    Example:
      l2e play runs/quick --open
      l2e play runs/mine runs/theirs --port 0
    """
    from l2e.play.errors import check_flask

    check_flask()
    from l2e.analysis.run_set import find_runs
    from l2e.play.serving import listen, serving

    found = find_runs(runs)
    with listen(port) as listening:  # report a missing run or a taken port before importing torch
        from l2e.play.app import make_app
        from l2e.play.playground import open_playgrounds
        from l2e.training.signals import interruptible

        playgrounds, untrained = open_playgrounds(found)
        for path in untrained:
            click.echo(f"no checkpoint yet, left out: {path}", err=True)
        networks = sum(len(playground.networks) for playground in playgrounds.values())
        with interruptible() as interrupted, serving(make_app(playgrounds), listening) as address:
            click.echo(f"{networks} network{'s' if networks != 1 else ''} at {address} until Ctrl-C")
            if open_:
                _open(address)
            while not interrupted():
                time.sleep(WATCH_SECONDS)


def _open(address: str) -> None:
    import webbrowser

    if not webbrowser.open(address):
        click.echo("no browser could be opened; open the address in one", err=True)
