"""`l2e score-text`: how likely a text is to a network that was trained on one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from l2e.cli import options

UNITS_A_LINE = 8


@click.command()
@click.argument("run", type=options.FilledPath(path_type=Path))
@click.argument("file")
@options.as_json
def command(run: Path, file: str, as_json: bool) -> None:
    """Show how likely the text in FILE, or on standard input for -, is to RUN's network, character by character.

    A cost is -log2 of a probability, in bits: 1 for what was as likely as not, 0 for what was certain.

    \b
    Example:
      echo 'The ferry did not sail.' | l2e score-text runs/prose -
      l2e score-text runs/prose chapter.txt --json
    """
    from generators.corpus import decoded, read_text
    from generators.errors import TextError
    from l2e.experiments.run import Run
    from l2e.experiments.texts import kept_vocabulary

    opened = Run(run)
    vocabulary = kept_vocabulary(opened)
    text = decoded(sys.stdin.buffer.read(), "standard input") if file == "-" else read_text(file)
    if not text:
        raise TextError(f"there is no text in {'standard input' if file == '-' else file}")
    from l2e.evaluation.checkpoint import trained_learner
    from l2e.evaluation.text_scoring import predict_text

    reading = vocabulary.read(text)
    costs = (predict_text(trained_learner(opened), reading.symbols).bits + reading.spelling).tolist()
    bits, words = sum(costs), len(text.split())
    if as_json:
        totals = {"bits": bits, "characters": len(text), "words": words, "bits_per_character": bits / len(text)}
        rows = [{"unit": unit, "bits": cost} for unit, cost in zip(reading.units, costs, strict=True)]
        options.write_line({**totals, "unknown": reading.unknown, "units": rows})
        return
    shown = [f"{unit!r} {cost:.2f}" for unit, cost in zip(reading.units, costs, strict=True)]
    for start in range(0, len(shown), UNITS_A_LINE):
        click.echo("  ".join(shown[start : start + UNITS_A_LINE]))
    click.echo(
        f"\n{bits:.1f} bits: {bits / len(text):.3f} a character over {len(text):,} characters"
        + (f", {bits / words:.2f} a word over {words:,} words" if words else "")
        + (f"; {reading.unknown:,} of {len(costs):,} {vocabulary.units} are unknown" if reading.unknown else "")
    )
