"""`l2e generate`: generate samples of a task."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any

import click

from generators.samples import Difficulties, Difficulty, Samples
from l2e.cli import completion, options

BLOCK = 1024
FORMATS = ("text", "jsonl", "parquet")


@click.command()
@click.argument("task", shell_complete=completion.tasks)
@options.difficulty(4, 1)
@click.option("-n", "--number", type=click.IntRange(min=0), default=5, show_default=True, help="How many samples.")
@options.seed
@click.option("--split", type=click.Choice(["train", "validation", "test"]), help="Only samples of this split.")
@click.option(
    "--scramble", type=options.SEED, is_flag=False, flag_value=0, metavar="[SEED]", help="As a scrambled view."
)
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--out", type=options.FilledPath(dir_okay=False, path_type=Path), help="Write to this file (parquet needs one)."
)
@options.settings
def command(
    task: str,
    length: int,
    nesting: int,
    number: int,
    seed: int,
    split: str | None,
    scramble: int | None,
    format_: str,
    out: Path | None,
    settings: tuple[str, ...],
) -> None:
    """Generate samples of TASK: the same for the same options on any machine; a greater -n appends to them.

    \b
    Example:
      l2e generate program --length 4 --nesting 3 -n 5
      l2e generate copy --length 20 --set task.scheme=reversed --format jsonl
    """
    options.keep_output_clean(click.get_current_context())
    made = options.make_task(task, options.task_settings(settings))
    blocks = _blocks(made, Difficulty(length, nesting), number, seed, split, scramble)
    if format_ == "parquet":
        _write_parquet(blocks, out)
        return
    write = _as_text if format_ == "text" else _as_json_lines
    if out is None or str(out) == "-":
        for block in blocks:
            options.write_text(write(block))
        return
    with _opened(out) as file:
        for block in blocks:
            file.write(write(block).encode())


def _opened(out: Path) -> AbstractContextManager[IO[bytes]]:
    """The file to write, which takes its name when it is complete; a device or pipe as it is."""
    from l2e.experiments.run import written_whole

    return out.open("wb") if out.exists() and not out.is_file() else written_whole(out.resolve())


def _blocks(
    task: Any, difficulty: Difficulty, number: int, seed: int, split: str | None, scramble: int | None
) -> Iterator[Samples]:
    from generators.scrambling import Scrambling
    from generators.splits import Split, draw_samples

    chosen = Split[split.upper()] if split else None
    for block in range(-(-number // BLOCK)):
        drawn = draw_samples(task, chosen, BLOCK, lambda n, _: Difficulties.constant(difficulty, n), (seed, block))
        samples = drawn.samples[: number - block * BLOCK]
        yield samples if scramble is None else Scrambling(scramble).view(samples)


def _as_text(samples: Samples) -> str:
    return "".join(f"Input:\n{text}\nTarget: {target}\n\n" for text, target in samples)


def _rows(samples: Samples) -> list[dict[str, Any]]:
    return [
        {"length": length, "nesting": nesting, "input": text, "target": target}
        for length, nesting, (text, target) in zip(
            samples.lengths.tolist(), samples.nestings.tolist(), samples, strict=True
        )
    ]


def _as_json_lines(samples: Samples) -> str:
    return "".join(json.dumps(row) + "\n" for row in _rows(samples))


def _write_parquet(blocks: Iterator[Samples], out: Path | None) -> None:
    if out is None:
        raise click.UsageError("--format parquet needs --out FILE")
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise click.ClickException("--format parquet needs pyarrow: pip install 'l2e[parquet]'") from None
    schema = pa.schema(
        [("length", pa.int64()), ("nesting", pa.int64()), ("input", pa.string()), ("target", pa.string())]
    )
    with _opened(out) as file, pq.ParquetWriter(file, schema) as writer:
        for block in blocks:
            writer.write_table(pa.Table.from_pylist(_rows(block), schema))
