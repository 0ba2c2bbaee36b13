"""Damaged and random files, suites and requests: each is read as it was written, or refused in words of ours.

`make fuzz` tries many more, and as many more programs of tests/generators/test_interpreter.py.
"""

import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from l2e.analysis.run_set import CompleteRun, find_runs
from l2e.evaluation.generalization import FILE, saved_rows
from l2e.experiments.run import Run, RunError
from l2e.experiments.suite import Suite, SuiteError, parse_suite
from l2e.metrics import Rule
from l2e.play.app import make_app
from l2e.play.playground import open_playgrounds
from tests.l2e.play.conftest import saved_run
from tests.toys import check, experiment, finished_run, row, untrained

anywhere = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
QUICK = files("l2e.experiments.suites").joinpath("quick.toml").read_text("utf-8")
PIECES = [*'[]{}"=,\n\0é', "true", "-1", "nan", "1e400", "9" * 30, "[]", '""', "[[grid]]"]


@st.composite
def changed(draw: st.DrawFn, content: bytes, pieces: list[bytes]) -> bytes:
    """The content with a few pieces put in, taken out or overwritten."""
    for _ in range(draw(st.integers(1, 3))):
        at, gone = draw(st.integers(0, len(content))), draw(st.sampled_from([0, 0, 1, 5, 100, len(content)]))
        piece = draw(st.sampled_from(pieces) | st.binary(max_size=4))
        content = content[:at] + piece + content[at + gone :]
    return content


@given(changed(QUICK.encode(), [piece.encode() for piece in PIECES]))
def test_a_changed_suite_is_read_or_refused(content: bytes) -> None:
    try:
        read = parse_suite("quick", content.decode(errors="replace"), "here")
        assert isinstance(read, Suite)
    except SuiteError as error:
        event("refused")
        refusal = str(error)
    else:
        refusal = "here"
    assert refusal.startswith("here")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A complete run with one of every file."""
    rules = [row("seq2seq", "baseline", 0, 0.5, rule=rule.value) for rule in Rule]
    run = finished_run(tmp_path_factory.mktemp("whole") / "run", experiment(), rules)
    result = run.result()
    for update in (50, 100):
        run.append_metrics(check(update))
    answer = {"length": 1, "nesting": 1, "input": "1+2", "target": "3.", "answer": "4.", "teacher_forced": "4."}
    run.write_predictions([answer] * 3)
    run.write_json(FILE, {"update": 100, "n": 5, "rows": [], "left_out": []})
    run.save_checkpoint(100, untrained(run.experiment().make_learner(), 100))
    run.write_result(result)
    return run


def content_of(run: Run) -> list[Any]:
    """All that the files of a run hold."""
    complete, checkpoint = CompleteRun.at(run), run.load_checkpoint()
    assert checkpoint is not None
    tensors = {name: tensor.tolist() for name, tensor in checkpoint.tensors.items()}
    return [complete.experiment, complete.result, complete.checks, complete.predictions, saved_rows(run), tensors]


FILES = ["experiment.json", "metrics.jsonl", "predictions.jsonl", "result.json", FILE]
FILES += ["checkpoints/100.json", "checkpoints/100.safetensors"]


@given(data=st.data(), file=st.sampled_from(FILES))
@anywhere
def test_a_changed_file_of_a_run_is_told_from_what_was_written(
    data: st.DataObject, file: str, whole: Run, tmp_path: Path
) -> None:
    run = Run(tmp_path / "copy")
    shutil.rmtree(run.path, ignore_errors=True)
    shutil.copytree(whole.path, run.path)
    pieces = [piece.encode() for piece in PIECES]
    (run / file).write_bytes(data.draw(changed((run / file).read_bytes(), pieces)))
    try:
        assert content_of(run) == content_of(whole)
    except RunError as error:
        event(f"{file} is refused")
        refusal = str(error)
    else:
        refusal = str(run)
    assert str(run) in refusal


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("runs")
    saved_run(folder)
    return make_app(open_playgrounds(find_runs([folder]))[0]).test_client()


ANY_JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9), st.lists)
ASKED = st.fixed_dictionaries(
    {"task": st.just("addition") | ANY_JSON},
    optional=dict.fromkeys(("input", "title", "length", "nesting", "odd"), ANY_JSON),
)


@given(path=st.sampled_from(["/answers", "/sample"]), asked=ASKED | ANY_JSON | st.binary(max_size=20))
@anywhere
def test_no_request_is_an_error_of_the_page(client: FlaskClient, path: str, asked: Any) -> None:
    body = {"data": asked, "content_type": "application/json"} if isinstance(asked, bytes) else {"json": asked}
    assert client.post(path, **body).status_code < 500
