"""`l2e play`: a page on which trained runs answer."""

from __future__ import annotations

import json
import re
import signal
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from l2e.experiments.run import Run
from l2e.play.playground import open_playgrounds
from l2e.play.serving import listen
from tests.l2e.cli.conftest import CommandLine, Trained
from tests.processes import CommandProcess
from tests.toys import experiment, json_lines


def told_address(play: CommandProcess) -> str:
    play.at_work_until(lambda: play.output.endswith("\n"))
    found = re.fullmatch(r"1 network at (http://127\.0\.0\.1:\d+/) until Ctrl-C\n", play.output)
    assert found, play.output
    return found[1]


def post(address: str, question: dict[str, Any]) -> Any:
    headers = {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(address, json.dumps(question).encode(), headers)) as response:
        return json.load(response)


def test_it_serves_what_is_trained_and_names_what_is_not_until_ctrl_c(
    trained: Trained, l2e: CommandLine, tmp_path: Path
) -> None:
    Run(tmp_path / "begun").begin(experiment())
    with CommandProcess(tmp_path, "play", trained.path, "begun", "--port", 0) as play:
        address = told_address(play)
        with urllib.request.urlopen(address) as response:
            assert "Networks that read programs" in response.read().decode()
        told = post(f"{address}answers", {"task": "addition", "input": "print(1+2)"})
        play.send(signal.SIGINT)
        code, output, errors = play.end()
    assert (code, errors) == (0, "no checkpoint yet, left out: begun\n")
    assert output.count("\n") == 1
    asked = json_lines(l2e("predict", trained.path, "print(1+2)", "--max-characters", 7, "--json").output)
    assert ([one["answer"] for one in told["answers"]], told["target"]) == ([asked[0]["answer"]], "3.")


def test_the_command_beside_a_random_sample_writes_it_again(l2e: CommandLine, trained: Trained) -> None:
    playground = open_playgrounds([Run(trained.path)])[0]["addition"]
    drawn = playground.sample(experiment(length=6).target, 7)
    command, *arguments = drawn.command.split()
    assert command == "l2e"
    [sample] = json_lines(l2e(*arguments, "--format", "jsonl").output)
    assert sample["input"] == drawn.input


def test_a_browser_is_opened_on_demand_and_a_polite_kill_ends_it(trained: Trained, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f"#!{sys.executable}\nimport sys\nopen('opened', 'w').write(sys.argv[1])\n")
    browser.chmod(0o755)
    opening = ("play", trained.path, "--port", 0, "--open")
    with CommandProcess(tmp_path, *opening, environment={"BROWSER": f"{browser} %s"}) as play:
        address = told_address(play)
        play.send(signal.SIGTERM)
        code, _, errors = play.end()
    assert (code, errors) == (0, "")
    assert (tmp_path / "opened").read_text() == address


def test_a_port_that_is_taken_is_a_failure(error_of: Callable[..., str], trained: Trained) -> None:
    with listen(0) as taken:
        port = taken.getsockname()[1]
        assert f"port {port} is not available" in error_of(1, "play", trained.path, "--port", port)


def test_without_runs_there_is_nothing_to_serve(error_of: Callable[..., str]) -> None:
    assert "there is no run at or below missing" in error_of(1, "play", "missing", "--port", 0)


def test_no_runs_and_no_port_are_bad_usage(error_of: Callable[..., str]) -> None:
    assert "Missing argument 'RUNS" in error_of(2, "play")
    assert "65536" in error_of(2, "play", "runs", "--port", 65536)


def test_without_flask_it_says_what_to_install(tmp_path: Path) -> None:
    with CommandProcess(tmp_path, "play", "missing", without=["flask"]) as play:
        assert play.end() == (1, "", "Error: play needs Flask: pip install 'l2e[play]'\n")
