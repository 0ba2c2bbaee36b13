"""`l2e demo`: networks small enough to be watched."""

from __future__ import annotations

from pathlib import Path

import click

from l2e.cli import options

KEPT = (
    "Whoever guesses a copy pays as many bits as there are in the string; what a predictor pays less has been kept. "
    "Predictors were fitted to all strings, and measured on all. Below zero: it pays more than for a guess, as it does "
    "not know either where the copy ends."
)


@click.group()
def command() -> None:
    """Watch a small network learn.

    \b
    Example:
      l2e demo hello
    """


@command.command()
@click.option("--digits", type=click.IntRange(1, 4), default=3, show_default=True, help="Of the longest strings.")
@click.option(
    "--states",
    type=click.IntRange(min=1),
    multiple=True,
    default=(1, 4, 16, 64),
    show_default=True,
    help="Of a hidden Markov model. Repeatable.",
)
@click.option("--learner", default="lstm", show_default=True, help="The network beside them; one of running text.")
@options.picture("--out", "Draw a picture")
@options.seed_of("Of initial parameters.")
@options.as_json
def memory(digits: int, states: tuple[int, ...], learner: str, picture: Path | None, seed: int, as_json: bool) -> None:
    """Show how many bits of a string hidden Markov models and a network keep until they copy it.

    With N states a hidden Markov model keeps at most log2 N.

    \b
    Example:
      l2e demo memory --states 4 --states 64 --out memory.png
    """
    import pandas as pd

    from l2e.cli.tables import show_tables
    from l2e.reporting.plots.kept_bits import draw_kept_bits
    from l2e.reporting.table import Table
    from l2e.training.kept_bits import kept_bits

    looks = list(kept_bits(digits, states, learner, seed))
    if picture:
        draw_kept_bits(picture, pd.DataFrame(looks))
    if as_json:
        options.write_line([look._asdict() for look in looks])
        return
    lines: dict[str, dict[str, str]] = {}
    for one in looks:
        column = f"of {one.all_bits:.2f} ({one.digits} digit{'s' * (one.digits > 1)})"
        lines.setdefault(one.predictor, {})[column] = f"{one.kept_bits:z.2f} / {100 * one.copied:.1f} %"
    frame = pd.DataFrame([{"predictor": name, **cells} for name, cells in lines.items()])
    show_tables([Table("Bits kept of a string / strings copied without a mistake", frame, KEPT)], None)


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
        options.write_line({"parameters": parameters, "looks": [look._asdict() for look in looks]})
        return
    click.echo(f"An Elman network of {parameters} parameters.\n")
    click.echo("| updates | loss  | writes |\n|--------:|------:|:-------|")
    for look in looks:
        click.echo(f"| {look.update:>7} | {look.loss:.3f} | {look.text}  |")
