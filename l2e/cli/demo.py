"""`l2e demo`: networks small enough to be watched."""

from __future__ import annotations

import json

import click

from l2e.cli import options


@click.group()
def command() -> None:
    """Watch a small network learn.

    \b
    Example:
      l2e demo hello
    """


@command.command()
@click.option("--updates", type=click.IntRange(min=0), default=100, show_default=True, help="How long to train.")
@click.option("--every", type=click.IntRange(min=1), default=10, show_default=True, help="Updates from look to look.")
@options.seed_of("Of the initial parameters.")
@options.as_json
def hello(updates: int, every: int, seed: int, as_json: bool) -> None:
    """Train 40 parameters to write HELLO, and show what they write as they learn.

    \b
    Example:
      l2e demo hello --seed 2
    """
    from l2e.training.hello import hello_network, learn_hello

    network = hello_network(seed)
    looks = learn_hello(network, updates, every)
    parameters = sum(parameter.numel() for parameter in network.parameters())
    if as_json:
        click.echo(json.dumps({"parameters": parameters, "looks": [look._asdict() for look in looks]}))
        return
    click.echo(f"An Elman network of {parameters} parameters.\n")
    click.echo("| updates | loss  | writes |\n|--------:|------:|:-------|")
    for look in looks:
        click.echo(f"| {look.update:>7} | {look.loss:.3f} | {look.text}  |")
