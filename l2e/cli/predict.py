"""`l2e predict`: ask a trained run for an answer."""

from __future__ import annotations

from pathlib import Path

import click

from l2e.cli import options


@click.command()
@click.argument("run", type=options.FilledPath(path_type=Path))
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT…")
@click.option("--max-characters", type=click.IntRange(min=1), default=50, show_default=True, help="Longest answer.")
@options.picture("--attention", "Draw the attention weights for one INPUT's answer")
@options.as_json
def command(run: Path, inputs: tuple[str, ...], max_characters: int, picture: Path | None, as_json: bool) -> None:
    """Show the answer of RUN's network to INPUT, and the correct one.

    A backslash and an n in INPUT stand for a line end.

    \b
    Example:
      l2e predict runs/mine 'print((12+34))' 'a=8;\\nprint((a-9))'
      l2e predict runs/attentive 'print((12+34))' --attention looked.png
    """
    if picture and len(inputs) > 1:
        raise click.UsageError(f"--attention draws one INPUT, not {len(inputs)}")
    from l2e.experiments.run import Run

    opened = Run(run)
    experiment = opened.experiment()  # report a missing run before importing torch
    from generators.errors import InputError
    from generators.scrambling import Scrambling
    from l2e.evaluation.checkpoint import trained_learner

    task, learner = experiment.make_task(), trained_learner(opened)
    view = None if experiment.scramble is None else Scrambling(experiment.scramble)
    texts = [text.replace("\\n", "\n") for text in inputs]
    seen = [view.scramble(text) for text in texts] if view else texts
    if picture:
        _draw(picture, learner, seen[0], max_characters)
    answers = learner.predict(seen, max_characters)
    for text, written in zip(texts, answers, strict=True):
        answer = view.unscramble(written) if view else written
        row: dict[str, str | bool] = {"input": text, "answer": answer}
        try:
            row |= {"target": task.answer(text)}
            row |= {"right": answer == row["target"]}
        except InputError as error:
            row |= {"error": str(error)}
        if as_json:
            options.write_line(row)
        else:
            click.echo(_lines(row))


def _draw(picture: Path, learner: object, text: str, max_characters: int) -> None:
    from l2e.learner import Attentive
    from l2e.reporting.plots.style import draw_attention

    if not isinstance(learner, Attentive):
        raise click.UsageError("--attention wants a learner that shows its attention, such as attention or transformer")
    [(answer, weights)] = learner.attention_weights([text], max_characters)
    draw_attention(picture, text, answer, weights)


def _lines(row: dict[str, str | bool]) -> str:
    if "error" in row:
        return f"{row['input']}\n  answer  {row['answer']}\n  no target: {row['error']}"
    verdict = "right" if row["right"] else f"wrong; the target is {row['target']}"
    return f"{row['input']}\n  answer  {row['answer']}  {verdict}"
