"""Nonsense is refused in a sentence before anything is written; so are plug-ins that do not work."""

import json
import os
from pathlib import Path

import pytest

from tests.l2e.cli.conftest import CommandLine
from tests.processes import CommandProcess

TRAIN = ("train", "--task", "addition", "--length", "1", "--budget", "2updates", "--test-samples", "5")
TINY = ("--set", "recipe.batch_size=10", "--set", "recipe.batches_per_load=3", "--set", "recipe.validation_samples=10")
HUGE = "9" * 30

NONSENSE = {
    ("--length", HUGE): "not in the range x<=1000000",
    ("--length", "1000000"): "outside what task 'addition' can do: 1 to 1000",
    ("--threads", HUGE): "not in the range 1<=x<=1024",
    ("--test-samples", HUGE): "not in the range",
    ("--scramble=-1",): "",
    ("--checkpoint-seconds", "nan"): "nan is not a finite number",
    ("--checkpoint-seconds", "-1"): "not in the range x>=0",
    ("--out", ""): "the path is empty",
    ("--budget", "1.5updates"): "characters and updates are whole",
    ("--device", "meta"): "there is no device 'meta'; legal: cpu",
    ("--device", "cpu:7"): "there is no device 'cpu:7'",
    ("--set", "task.name=x"): "task.name is no option; the task is chosen by its name",
    ("--set", "learner.cells=true"): "learner.cells is true; it is a whole number",
    ("--set", f"learner.cells={HUGE}"): "learner 'seq2seq' cannot be made with",
    ("--set", f"learner.cells={'9' * 5000}"): "it is a whole number",
    ("--set", f"learner.cells={'[' * 9000}"): "it is a whole number",
    ("--set", "learner.forget_bias=NaN"): "learner.forget_bias is nan; it is a finite number",
    ("--set", "recipe.check_offset=50"): "check_offset is 50, not less than check_every, 50",
    ("--set", "recipe.batch_size=10000000000"): "batch_size: Input should be less than or equal to 1000000",
    ("--set", "recipe.adam_betas=[2,3]"): "adam_betas.0: Input should be less than 1",
    ("--set", "recipe.adam_betas=[NaN,0.9]"): "adam_betas.0: Input should be a finite number",
    ("--set", "recipe.initial_range=Infinity"): "initial_range: Input should be a finite number",
}


@pytest.mark.parametrize("words", NONSENSE, ids=lambda words: " ".join(words)[:40])
def test_nonsense_is_refused_in_one_sentence(words: tuple[str, ...], l2e: CommandLine, tmp_path: Path) -> None:
    done = l2e(*TRAIN, *words)
    assert (done.code, done.output) == (2, "")
    assert NONSENSE[words] in done.errors.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


SUITE = "title = 'x'\ntask = 'addition'\nlearner = 'seq2seq'\ncurriculum = 'naive'\nrecipe = 'fast'\nlength = 1\n"
SUITES = {
    bytes(range(256)): "is not TOML: it is not UTF-8 at byte 128",
    b"a = " + b"[" * 5000: "is not TOML: maximum recursion depth",
    SUITE.replace("length = 1", "length = true").encode(): "length is True",
    f"scramble = -1\n{SUITE}".encode(): "scramble is -1",
    f"rules = []\n{SUITE}".encode(): "rules is an empty list",
    f"seeds = []\n{SUITE}".encode(): "seeds is an empty list",
    f"seeds = [9223372036854775808]\n{SUITE}".encode(): "seeds is 9223372036854775808",
    SUITE.replace("'seq2seq'", "{ name = 'seq2seq', forget_bias = nan }").encode(): "learner.forget_bias is nan",
}


@pytest.mark.parametrize("content", SUITES, ids=SUITES.values())
def test_a_suite_of_nonsense_is_refused(content: bytes, l2e: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(content)
    done = l2e("bench", "mine.toml")
    assert done.code == 2
    assert SUITES[content] in done.errors
    assert [path.name for path in tmp_path.iterdir()] == ["mine.toml"]


PLUG_INS = {
    "curriculum": {
        "x = 1\0": "mine.py:A' cannot be imported: SyntaxError: source code string cannot contain null bytes",
        "class A(:": "cannot be imported at {file}:1: SyntaxError",
        "\nimport nowhere": "cannot be imported at {file}:2: ModuleNotFoundError: No module named 'nowhere'",
        "raise SystemExit(3)": "cannot be imported at {file}:1: SystemExit: 3",
        "A = 3": "mine.py:A' is 3; wanted is a class or a function that makes one",
        "def A(*target):\n    return None": "{file}:1: curriculum '{file}:A' made None, without draw, update",
        "def A(*target):\n    return 1 / 0": "cannot be made with {{}} at {file}:2: ZeroDivisionError",
        "from l2e.curricula import Baseline\nclass A(Baseline):\n    def draw(self, n, rng): return None": (
            "{file}:3: curriculum mine.py:A was asked for 2 difficulties and drew None; wanted are Difficulties"
        ),
        "from l2e.curricula import Baseline\nclass A(Baseline):\n    def draw(self, n, rng): return n[0]": (
            "a plug-in failed at {file}:3: TypeError: 'int' object is not subscriptable"
        ),
    },
    "learner": {
        "def A(symbols):\n    return None": "{file}:1: learner '{file}:A' made None, without forward, predict",
        "from tests.toys import Asking\nclass A(Asking):\n    def parameters(self): return iter(())": (
            "{file}:2: learner mine.py:A has no parameters to train"
        ),
    },
    "task": {"class A:\n    name = 'a'": "made <{file}.A object at"},
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in PLUG_INS.items() for text in texts])
def test_a_plug_in_that_does_not_work_is_told_where_and_leaves_nothing(
    kind: str, text: str, l2e: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "mine.py"
    file.write_text(text)
    done = l2e(*TRAIN, f"--{kind}", "mine.py:A")
    assert (done.code, done.output) == (1, "")
    first, *trace = done.errors.splitlines()
    assert PLUG_INS[kind][text].format(file=file) in first
    assert not trace or trace[-1].partition(":")[0] in first
    assert "l2e" not in "".join(trace)
    assert {path.name for path in tmp_path.iterdir()} <= {"mine.py", "__pycache__"}


def test_a_loop_of_links_is_no_file(l2e: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "loop.py").symlink_to("loop.py")
    assert "there is no file" in l2e(*TRAIN, "--curriculum", "loop.py:A").errors


def test_a_plug_in_that_prints_does_not_spoil_json(l2e: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "chatty.py").write_text(
        "from l2e.curricula import Baseline\nprint('hello')\nclass A(Baseline):\n"
        "    def draw(self, n, rng):\n        print('drawing')\n        return super().draw(n, rng)\n"
    )
    done = l2e(*TRAIN, *TINY, "--curriculum", "chatty.py:A", "--json")
    assert done.code == 0
    assert json.loads(done.output)["updates"] == 2
    assert {"hello", "drawing"} <= {*done.errors.splitlines()}


def test_every_line_gets_an_answer_or_an_error(l2e: CommandLine) -> None:
    lines = ['{"input": "3", "n": ' + "9" * 5000 + "}", "[" * 9000, '{"input": "12"}']
    done = l2e("answer", "copy", input="\n".join(lines))
    assert done.code == 1
    answers = [json.loads(line) for line in done.output.splitlines()]
    assert ["target" in answer for answer in answers] == [False, False, True]


def test_a_device_is_written_to_as_it_is(l2e: CommandLine, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with CommandProcess(tmp_path, "generate", "copy", "-n", "1", "--out", "pipe"):
        assert (tmp_path / "pipe").read_text().startswith("Input:\n")
    assert (tmp_path / "pipe").is_fifo()
