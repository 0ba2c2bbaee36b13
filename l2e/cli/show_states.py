"""`l2e show states`: a network in action."""

from __future__ import annotations

from pathlib import Path

import click

from l2e.cli import options
from l2e.cli.tables import show_tables


@click.command()
@click.argument("run", type=options.FilledPath(path_type=Path))
@click.argument("input")
@click.option("--answer", help="What the network is to write; by default its own answer.")
@click.option("--max-characters", type=click.IntRange(min=1), default=50, show_default=True, help="Longest own answer.")
@click.option(
    "--units",
    type=click.IntRange(min=1),
    default=8,
    show_default=True,
    help="Units of a layer, of those that change most.",
)
@options.picture("--out", "Draw heat maps")
@options.as_json
@click.pass_context
def states(
    ctx: click.Context,
    run: Path,
    input: str,
    answer: str | None,
    max_characters: int,
    units: int,
    picture: Path | None,
    as_json: bool,
) -> None:
    """Show RUN's network in action on INPUT, character by character.

    Of recurrent layers the gates, cells and hidden units that change most; of attention the weights, head by head; and
    the four likeliest next characters. Higher bars stand for greater values. RUN need not be complete: the newest
    checkpoint is used. A network that was trained with --text reads INPUT and writes nothing. A backslash and an n in
    INPUT or --answer stand for a line end.

    \b
    Example:
      l2e show states runs/sums 'print(123+456)'
      l2e show states runs/sums 'print(123+456)' --answer 579. --units 20 --out states.png
    """
    from l2e.experiments.run import Run

    opened = Run(run)
    experiment = opened.experiment()  # report a missing run before importing torch
    if experiment.of_text and (idle := options.given(ctx, "answer", "max_characters")):
        raise click.UsageError(f"{', '.join(idle)}: not of a network of texts, which reads INPUT and writes nothing")
    from l2e.evaluation.checkpoint import trained_learner
    from l2e.evaluation.observation import observe, observe_text

    learner, text = trained_learner(opened), _with_line_ends(input)
    if experiment.of_text:
        from l2e.experiments.texts import kept_vocabulary

        observation = observe_text(learner, text, kept_vocabulary(opened))
    else:
        from generators.scrambling import Scrambling

        view = None if experiment.scramble is None else Scrambling(experiment.scramble)
        forced = answer if answer is None else _with_line_ends(answer)
        observation = observe(learner, text, forced, max_characters, view)
    if picture:
        from l2e.reporting.plots.states import draw_states

        trained = f"{experiment.learner}, trained on {experiment.task} {experiment.target}"
        doing = f"reads an input and writes {observation.answer}" if observation.answer else "reads a text"
        draw_states(picture, observation, units, f"{trained}, {doing}")
    if as_json:
        options.write_line(observation.told(units))
    elif not picture:
        from l2e.reporting.states import bar_maps, likeliest_table

        show_tables([likeliest_table(observation)], None)
        click.echo("\n" + bar_maps(observation, units), nl=False)


def _with_line_ends(text: str) -> str:
    return text.replace("\\n", "\n")
