"""`l2e sample`: sample programs or text from a language model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from l2e.cli import options

if TYPE_CHECKING:
    from l2e.experiments.experiment import Experiment
    from l2e.experiments.run import Run

COOLEST, HOTTEST = 0.01, 1_000_000  # so that logits divided by it fit in float32


def check_temperature(_ctx: click.Context, _option: click.Parameter, temperature: float) -> float:
    """Reject temperatures out of range, and nan."""
    if temperature != 0 and not COOLEST <= temperature <= HOTTEST:
        raise click.BadParameter(f"{temperature:g} is neither 0 nor from {COOLEST} to {HOTTEST}")
    return temperature


@click.command()
@click.argument("run", type=options.FilledPath(path_type=Path))
@click.option("-n", "--number", type=options.SAMPLES, default=10, show_default=True, help="How many.")
@click.option(
    "--temperature",
    type=float,
    callback=check_temperature,
    default=1.0,
    show_default=True,
    help=f"0: the likeliest; else {COOLEST} to {HOTTEST}, the higher the more random.",
)
@click.option("--max-characters", type=click.IntRange(min=1), default=300, show_default=True, help="Of a text.")
@click.option("--prompt", default="", help="What each text begins with; only of networks trained on a text.")
@click.option("--probabilities", is_flag=True, help="Show those of each place; only of networks trained on a text.")
@options.seed_of("Of the draws.")
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    run: Path,
    number: int,
    temperature: float,
    max_characters: int,
    prompt: str,
    probabilities: bool,
    seed: int,
    as_json: bool,
) -> None:
    """Sample from RUN's network, trained with --text or with --loss all.

    Of a text, writes on from the prompt, in which a backslash and an n stand for a line end. Of programs, samples
    inputs and targets, and counts how many are in the task's language, have a correct target, and belong to the
    training split.

    \b
    Example:
      l2e sample runs/prose --prompt 'The ' -n 3 --temperature 0.7
      l2e sample runs/prose --prompt 'The ' -n 1 --max-characters 20 --probabilities
      l2e sample runs/writer -n 20 --temperature 0.7
    """
    from l2e.experiments.run import Run, RunError

    opened = Run(run)
    experiment = opened.experiment()  # report a missing run before importing torch
    if experiment.of_text:
        texts = _continued(opened, prompt.replace("\\n", "\n"), number, temperature, seed, max_characters)
        if as_json:
            options.write_line({"texts": texts})
        else:
            click.echo(_shown(texts, probabilities))
        return
    if idle := options.given(ctx, "prompt", "probabilities"):
        raise click.UsageError(f"{', '.join(idle)}: only with networks that were trained on a text")
    if not experiment.writes_texts:
        raise RunError(f"the run at {run} was trained on answers alone; train one with --loss all to sample from")
    _programs(opened, experiment, number, temperature, seed, max_characters, as_json)


def _programs(
    run: Run, experiment: Experiment, number: int, temperature: float, seed: int, max_characters: int, as_json: bool
) -> None:
    """Write programs, and count what they are worth."""
    from generators.scrambling import Scrambling
    from l2e.evaluation.checkpoint import trained_learner
    from l2e.evaluation.language_model import judge, write_texts

    pairs = write_texts(trained_learner(run), number, temperature, seed, max_characters)
    if experiment.scramble is not None:
        view = Scrambling(experiment.scramble)
        pairs = [(view.unscramble(input_), view.unscramble(target)) for input_, target in pairs]
    task = experiment.make_task()
    written = [judge(text, task.answer) for text in pairs]
    totals = {
        "written": len(written),
        "parse": sum(text.parses for text in written),
        "agree": sum(text.agrees for text in written),
        "in_training_split": sum(text.in_training_split for text in written),
    }
    if as_json:
        rows = [{"input": text.input, "target": text.target, "right": text.right} for text in written]
        options.write_line({**totals, "texts": rows})
        return
    for text in written:
        verdict = "does not parse" if text.right is None else "right" if text.agrees else f"wrong: {text.right}"
        click.echo(f"{text.input}\n  {text.target or '(nothing)'}  {verdict}\n")
    click.echo(
        f"{totals['written']} written, {totals['parse']} parse, {totals['agree']} print what the network says, "
        f"{totals['in_training_split']} belong to the training split (by chance a third would)"
    )


def _continued(
    run: Run, prompt: str, number: int, temperature: float, seed: int, max_characters: int
) -> list[dict[str, Any]]:
    """Texts that begin with the prompt, each with the probabilities of its places."""
    from l2e.evaluation.checkpoint import trained_learner
    from l2e.evaluation.language_model import draw_symbols
    from l2e.experiments.texts import kept_vocabulary
    from l2e.units import NEVER_WRITTEN, START

    vocabulary, learner = kept_vocabulary(run), trained_learner(run)
    read = [START, *vocabulary.read(prompt).symbols.tolist()]
    drawn = draw_symbols(learner, read, number, temperature, seed, max_characters, NEVER_WRITTEN)
    texts = []
    for symbols, probabilities, likeliest, theirs in zip(*(column.tolist() for column in drawn), strict=True):
        places = [
            {
                "unit": vocabulary.write([symbol]),
                "probability": probability,
                "likeliest": {vocabulary.write([other]): p for other, p in zip(others, ps, strict=True) if p},
            }
            for symbol, probability, others, ps in zip(symbols, probabilities, likeliest, theirs, strict=True)
        ]
        texts.append({"prompt": prompt, "text": vocabulary.write(symbols)[:max_characters], "places": places})
    return texts


def _shown(texts: list[dict[str, Any]], probabilities: bool) -> str:
    parts = []
    for text in texts:
        lines = [text["prompt"] + text["text"]]
        if probabilities:
            lines += [
                f"{place['unit']!r:>12} {place['probability']:6.1%}   of "
                + "  ".join(f"{unit!r} {p:.1%}" for unit, p in place["likeliest"].items())
                for place in text["places"]
            ]
        parts.append("\n".join(lines))
    return "\n---\n".join(parts)
