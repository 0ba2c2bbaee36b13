"""Every file of a run, damaged in every way, and every command that reads it: this is said, or nothing changes."""

import json
import os
import random
import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from l2e.analysis.run_set import CompleteRun
from l2e.experiments.origin import record_command
from l2e.experiments.run import Run, RunError
from l2e.experiments.stopping import StoppingRule
from l2e.metrics import Rule
from tests.l2e.cli.conftest import CommandLine, Done
from tests.processes import CommandProcess

SMALL = (
    *("train", "--task", "addition", "--length", "1", "--curriculum", "naive", "--learner", "seq2seq"),
    *("--budget", "6updates", "--test-samples", "10", "--set", "learner.cells=64", "--set", "recipe.check_every=2"),
    *("--set", "recipe.batches_per_load=10", "--set", "recipe.batch_size=20", "--set", "recipe.validation_samples=20"),
    *("--checkpoint-seconds", "0", "--json"),
)


def damaged_by(change: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(change(path.read_bytes()))


def flipped(content: bytes) -> bytes:
    at = len(content) // 2
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def replaced_by_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


FAULTS: dict[str, Callable[[Path], object]] = {
    "truncated": damaged_by(lambda content: content[: len(content) // 2]),
    "flipped": damaged_by(flipped),
    "empty": damaged_by(lambda content: b""),
    "of another shape": damaged_by(lambda content: b"[]\n"),
    "nested": damaged_by(lambda content: b"[" * 9000),
    "no text": damaged_by(lambda content: b"\xff\n"),
    "of a later version": damaged_by(lambda content: b'{"format": 1000}\n'),
    "unreadable": replaced_by_a_folder,
    "missing": Path.unlink,
}

TABLE, EXAMPLES = ("table", ".", "--json"), ("show", "examples", ".")
PREDICT, EVALUATE = ("predict", "runs/bad", "1+2", "--json"), ("evaluate", "runs/bad", "-n", "5", "--json")
BEYOND = ("show", "generalization", "runs/bad", "-n", "5", "--length", "2")
AGAIN = (*SMALL, "--out", "runs/bad")

READERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "experiment.json": (TABLE, AGAIN),
    "environment.json": (TABLE,),
    "metrics.jsonl": (TABLE,),
    "predictions.jsonl": (TABLE, EXAMPLES),
    "result.json": (TABLE, BEYOND),
    "extrapolation.json": (BEYOND,),
    "checkpoints/6.json": (PREDICT,),
    "checkpoints/6.safetensors": (EVALUATE,),
    "../suite.json": (("results", ".", "--out", "new"),),
    "../stopping.json": (TABLE,),
    "../title.txt": (TABLE,),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two complete runs, one of them scored beyond its target, and the records of a suite."""
    folder = tmp_path_factory.mktemp("made")
    l2e = CommandLine(folder)
    for seed, name in enumerate(("bad", "good")):
        assert l2e(*SMALL, "--out", f"runs/{name}", "--seed", seed).code == 0
    assert l2e(*BEYOND).code == 0
    record_command(folder / "runs", ["l2e", "bench", "some"], folder / "runs")
    StoppingRule(rule=Rule.EXACT_MATCH, width=5, most=2).fix(folder / "runs")
    (folder / "runs" / "title.txt").write_text("Some runs\n")
    return folder


@pytest.fixture(scope="module")
def sound(made: Path) -> Callable[[tuple[str, ...]], Done]:
    """What a command says where nothing is damaged."""

    @cache
    def run(words: tuple[str, ...]) -> Done:
        return run_in(made.parent / "sound" / str(abs(hash(words))), made, words)

    return run


def run_in(folder: Path, made: Path, words: tuple[str, ...], fault: Callable[[Path], object] | None = None) -> Done:
    """Run a command on a copy, on which the fault has been worked."""
    shutil.copytree(made, folder)
    if fault:
        fault(folder / "runs" / "bad")
    return CommandLine(folder)(*words)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("file", "words"), [(file, words) for file, several in READERS.items() for words in several])
def test_damage_is_said_or_changes_nothing(
    file: str, words: tuple[str, ...], fault: str, made: Path, sound: Callable[..., Done], tmp_path: Path
) -> None:
    done = run_in(tmp_path / "copy", made, words, lambda run: FAULTS[fault](run / file))
    name = Path(file).name
    if done.code:
        assert (done.code, done.output) in ((1, ""), (2, ""))
        assert name in done.errors or "runs/bad" in done.errors or fault == "missing"
    elif name not in done.errors:
        assert done == sound(words) or fault == "missing"


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "unreadable"])
@pytest.mark.parametrize("file", ["metrics.jsonl", "checkpoints/5.json", "checkpoints/6.json"])
def test_what_is_damaged_is_made_anew_by_going_on(file: str, fault: str, made: Path, tmp_path: Path) -> None:
    def worked(run: Path) -> None:
        (run / "result.json").unlink()
        FAULTS[fault](run / file)

    done = run_in(tmp_path / "copy", made, AGAIN, worked)
    said = "the one before it is used" in done.errors
    assert said == (file == "checkpoints/6.json" and fault != "missing")
    assert json.loads(done.output)["rows"] == Run(made / "runs" / "bad").result()["rows"]
    metrics = Run(tmp_path / "copy" / "runs" / "bad").metrics()
    assert [check["update"] for check in metrics] == [2, 4, 6]


@pytest.mark.parametrize("seed", range(20))
def test_no_flipped_bit_of_a_record_is_believed(seed: int, made: Path, tmp_path: Path) -> None:
    run = Run(tmp_path / "run")
    shutil.copytree(made / "runs" / "bad", run.path)
    chance = random.Random(seed)
    path = run / chance.choice(["experiment.json", "environment.json", "result.json", "predictions.jsonl"])
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    with pytest.raises(RunError, match=re.escape(path.name)):
        CompleteRun.at(run)


def test_a_table_of_a_damaged_run_and_a_sound_one_leaves_the_former_out(made: Path, tmp_path: Path) -> None:
    done = run_in(tmp_path / "copy", made, TABLE, lambda run: FAULTS["flipped"](run / "result.json"))
    assert done.code == 0
    assert "damaged, left out: runs/bad/result.json cannot be read: " in done.errors
    assert done.output == run_in(tmp_path / "alone", made, TABLE, shutil.rmtree).output


@pytest.mark.parametrize("format", ["text", "jsonl"])
def test_a_full_disk_leaves_no_part_of_a_data_set(format: str, tmp_path: Path) -> None:
    words = ("generate", "copy", "--length", "20", "-n", "5000", "--format", format, "--out", "data")
    with CommandProcess(tmp_path, *words, most_bytes=50_000) as process:
        code, _, errors = process.end()
    assert code == 1
    assert errors == "Error: [Errno 27] File too large\n"
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == []
    assert not list(tmp_path.glob(".data*"))


def test_names_that_are_no_text_and_a_locale_that_has_none_are_no_obstacle(made: Path, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"r\xff\xc3\xa9 x")
    shutil.copytree(made / "runs", odd)
    for words in (("table", odd), ("report", odd, "-o", odd / "page")):
        with CommandProcess(tmp_path, *words, environment={"LC_ALL": "C", "PYTHONUTF8": "0"}) as process:
            assert process.end()[0] == 0
    assert (odd / "page" / "index.html").is_file()
