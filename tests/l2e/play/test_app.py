"""What the page's script is told, and who may ask."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import create_environ, run_wsgi_app

from generators.splits import Split, split_of
from l2e.analysis.run_set import find_runs
from l2e.play.app import HEADERS, MOST_BYTES, make_app
from l2e.play.playground import open_playgrounds
from tests.l2e.play.conftest import saved_run

SUM: dict[str, Any] = {"task": "addition", "input": "print(1+2)"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Asks about two networks of addition and one of copy."""
    folder = tmp_path_factory.mktemp("runs")
    for changes in ({}, {"length": 2}, {"task": "copy", "length": 4}):
        saved_run(folder, **changes)
    return make_app(open_playgrounds(find_runs([folder]))[0]).test_client()


def test_the_page_takes_its_script_and_style_from_here_alone(client: FlaskClient) -> None:
    text = client.get("/").text
    addresses = re.findall(r'(?:src|href)="([^"]*)"', text)
    assert sorted(addresses) == ["/static/play.css", "/static/play.js", "data:,"]
    for address in ("/static/play.css", "/static/play.js"):
        with client.get(address) as response:
            assert response.status_code == 200
    assert not re.search(r"<style|<script>|style=|\son\w+=", text)


@pytest.mark.parametrize("path", ["/", "/tasks", "/static/play.js", "/missing"])
def test_every_response_forbids_what_is_not_ours(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        headers = response.headers
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in headers


def test_tasks_are_told_with_what_their_networks_were_trained_for(client: FlaskClient) -> None:
    assert client.get("/tasks").json == [
        {
            "task": "addition",
            "networks": 2,
            "targets": [
                {"title": "addition (1, 1)", "length": 1, "nesting": 1},
                {"title": "addition (2, 1)", "length": 2, "nesting": 1},
            ],
        },
        {"task": "copy", "networks": 1, "targets": [{"title": "copy (4, 1)", "length": 4, "nesting": 1}]},
    ]


def test_answers_come_with_the_likeliest_characters_of_each_place(client: FlaskClient) -> None:
    told = client.post("/answers", json=SUM).json
    assert (told["target"], told["error"]) == ("3.", None)
    assert [one["title"] for one in told["answers"]] == ["addition (1, 1)", "addition (2, 1)"]
    for one in told["answers"]:
        assert one["answer"] == "".join(character["character"] for character in one["characters"])
        assert one["right"] == (one["answer"] == "3.")
        for character in one["characters"]:
            probabilities = [probability for _, probability in character["likeliest"]]
            assert probabilities == sorted(probabilities, reverse=True)
            assert character["likeliest"][0][0] == character["character"]
            assert 0 < sum(probabilities) <= 1
        assert [character["right"] is not None for character in one["characters"]][:2] == [True, True][
            : len(one["characters"])
        ]


def test_of_one_network_the_states_are_told_as_it_answers(client: FlaskClient) -> None:
    [asked] = client.post("/answers", json={**SUM, "title": "addition (2, 1)"}).json["answers"]
    look = {**SUM, "title": "addition (2, 1)", "strategy": asked["strategy"]}
    told = client.post("/states", json=look).json
    assert told["answer"] == asked["answer"]
    assert told["characters"] == [*SUM["input"], "\x01", *asked["answer"][:-1]]
    parts = {(one["part"], one["kind"]) for one in told["units"]}
    assert {("encoder layer 1", "cell"), ("decoder layer 1", "forget gate")} <= parts
    assert all(len(one["units"]) == 8 for one in told["units"])


def test_a_look_into_a_network_that_is_not_there_or_at_what_it_cannot_read_is_explained(client: FlaskClient) -> None:
    look = {**SUM, "title": "addition (2, 1)", "strategy": "naive"}
    response = client.post("/states", json=look)
    assert (response.status_code, "unknown network" in response.json["problem"]) == (404, True)
    [asked] = client.post("/answers", json={**SUM, "title": "addition (2, 1)"}).json["answers"]
    unreadable = client.post("/states", json={**look, "strategy": asked["strategy"], "input": "é"})
    assert "'é' is not in the vocabulary" in unreadable.json["problem"]
    assert (
        "strategy: Field required" in client.post("/states", json={**SUM, "title": "addition (2, 1)"}).json["problem"]
    )


def test_one_title_is_asked_alone(client: FlaskClient) -> None:
    told = client.post("/answers", json={**SUM, "title": "addition (2, 1)"}).json
    assert [one["title"] for one in told["answers"]] == ["addition (2, 1)"]


def test_a_mistake_is_told_with_its_place_and_a_caret(client: FlaskClient) -> None:
    told = client.post("/answers", json={**SUM, "input": "print(1/2)"}).json
    assert told["target"] is None
    assert (told["error"]["line"], told["error"]["column"]) == (1, 8)
    assert told["error"]["excerpt"] == "print(1/2)\n       ^"
    assert "'/'" in told["error"]["message"]
    assert [one["right"] for one in told["answers"]] == [None, None]


def test_a_character_outside_the_alphabet_is_told_and_not_asked(client: FlaskClient) -> None:
    told = client.post("/answers", json={**SUM, "input": "print(\ud83d\ude00)"}).json
    assert told["error"]["message"].startswith("'😀' is not in the vocabulary")
    assert (told["target"], told["answers"]) == (None, [])


def test_a_sample_is_of_the_test_split_and_another_each_time(client: FlaskClient) -> None:
    drawn = [client.post("/sample", json={"task": "copy", "length": 9, "nesting": 1}).json for _ in range(3)]
    assert len({one["input"] for one in drawn}) == 3
    for one in drawn:
        assert len(one["input"]) == 9
        assert split_of(one["input"]) is Split.TEST
        assert one["command"] == f"l2e generate copy --length 9 --nesting 1 -n 1 --seed {one['seed']} --split test"


@pytest.mark.parametrize(
    ("path", "question", "problem"),
    [
        ("/sample", {"task": "copy", "length": 0, "nesting": 1}, "length: Input should be greater than or equal to 1"),
        ("/sample", {"task": "copy", "length": "4", "nesting": 1}, "length: Input should be a valid integer"),
        ("/sample", {"task": "copy"}, "length: Field required; nesting: Field required"),
        ("/answers", {"task": "addition"}, "input: Field required"),
        ("/answers", {**SUM, "seed": 1}, "seed: Extra inputs are not permitted"),
        ("/answers", [SUM], "Input should be"),
        ("/answers", "print(1+2)", "Input should be"),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong(client: FlaskClient, path: str, question: Any, problem: str) -> None:
    response = client.post(path, json=question)
    assert response.status_code == 400
    assert problem in response.json["problem"]


def test_a_difficulty_that_the_task_cannot_serve_is_told_what_it_can(client: FlaskClient) -> None:
    response = client.post("/sample", json={"task": "copy", "length": 4, "nesting": 2})
    assert (response.status_code, response.json) == (
        200,
        {"problem": "nesting 2 is outside what task 'copy' can do: 1 to 1"},
    )


def test_a_task_that_no_network_was_trained_on_is_told_those_there_are(client: FlaskClient) -> None:
    response = client.post("/answers", json={**SUM, "task": "program"})
    assert (response.status_code, response.json["problem"]) == (
        404,
        "no network here was trained on program; there are those of addition, copy",
    )


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8642", "127.0.0.1.evil.example", "[::1]", "0.0.0.0"])
@pytest.mark.parametrize("path", ["/", "/tasks", "/static/play.js"])
def test_a_request_by_another_name_of_this_machine_is_refused(client: FlaskClient, path: str, host: str) -> None:
    response = client.get(path, headers={"Host": host})
    assert (response.status_code, "served to 127.0.0.1 and localhost alone" in response.text) == (403, True)


@pytest.mark.parametrize("host", ["127.0.0.1:8642", "localhost:9000", "LOCALHOST"])
def test_this_machines_own_names_are_served_at_any_port(client: FlaskClient, host: str) -> None:
    assert client.get("/tasks", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://localhost", "http://localhost:81", "http://127.0.0.1", ""]
)
def test_a_question_from_another_page_is_refused(client: FlaskClient, origin: str) -> None:
    response = client.post("/answers", json=SUM, headers={"Host": "localhost", "Origin": origin})
    assert response.status_code == 403


def test_a_question_from_this_page_is_answered(client: FlaskClient) -> None:
    headers = {"Host": "localhost:81", "Origin": "http://localhost:81"}
    assert client.post("/answers", json=SUM, headers=headers).status_code == 200


def test_states_are_told_to_this_page_alone(client: FlaskClient) -> None:
    look = {**SUM, "title": "addition (2, 1)", "strategy": "baseline"}
    assert client.post("/states", json=look, headers={"Host": "localhost", "Origin": "null"}).status_code == 403
    assert client.post("/states", json=look, headers={"Host": "evil.example"}).status_code == 403
    assert client.get("/states").status_code == 405


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_what_a_form_can_send_is_refused(client: FlaskClient, kind: str) -> None:
    response = client.post("/answers", data='{"task": "addition", "input": "1"}', content_type=kind)
    assert response.status_code == 415
    assert response.json["problem"]


def test_a_request_that_names_no_host_is_refused(client: FlaskClient) -> None:
    environment = {key: value for key, value in create_environ("/tasks").items() if key != "HTTP_HOST"}
    assert run_wsgi_app(client.application, environment)[1] == "403 FORBIDDEN"


def test_a_question_is_posted_and_nothing_else(client: FlaskClient) -> None:
    assert [client.open("/answers", method=method).status_code for method in ("GET", "PUT", "DELETE")] == [405] * 3


def test_a_request_that_is_too_large_is_refused_unread(client: FlaskClient) -> None:
    assert client.post("/answers", json={**SUM, "input": "1" * MOST_BYTES}).status_code == 413


@pytest.mark.parametrize("text", ["{", "[" * 9000, b"\xff", "9" * 5000])
def test_a_text_that_is_not_json_is_refused(client: FlaskClient, text: str | bytes) -> None:
    response = client.post("/answers", data=text, content_type="application/json")
    assert response.status_code == 400
    assert response.json["problem"]
