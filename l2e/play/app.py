"""The page and the API of its script, as a Flask application.

Requests for other host names are rejected, against DNS rebinding. Requests are JSON from the same origin: browsers let
no other page send it without a CORS preflight, which is never granted.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, jsonify, render_template, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.exceptions import HTTPException

from generators.errors import DifficultyError, InputError
from generators.samples import Difficulty
from l2e.evaluation.observation import UnwatchableError
from l2e.play.playground import MOST_CHARACTERS, Playground, Reply, new_seed
from l2e.registry import UnknownNameError

HOSTS = ("127.0.0.1", "localhost")
MOST_BYTES = 16 * MOST_CHARACTERS  # of a request; somewhat longer texts are let through, for a better message
UNITS = 8  # of a layer, in a look inside
GREATEST = 10_000  # greatest length or nesting; each task has its own limits below
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class _Question(BaseModel):
    """A question to the networks of a task, or to those of one target."""

    model_config = ConfigDict(extra="forbid", strict=True)

    task: str
    input: str
    title: str | None = None


class _Look(_Question):
    """A question to one network, and a look inside."""

    title: str
    strategy: str


class _Wish(BaseModel):
    """A request for a sample of a task."""

    model_config = ConfigDict(extra="forbid", strict=True)

    task: str
    length: int = Field(ge=1, le=GREATEST)
    nesting: int = Field(ge=1, le=GREATEST)


def make_app(playgrounds: Mapping[str, Playground]) -> Flask:
    """The application.

    Args:
        playgrounds: by the page's names of their tasks.
    """
    app = Flask("l2e.play")
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    one_at_a_time = Lock()  # a network already uses all cores

    _guard(app)
    _explain_errors(app)

    def playground_of(task: str) -> Playground:
        if task not in playgrounds:
            abort(404, f"no network here was trained on {task}; there are those of {', '.join(playgrounds)}")
        return playgrounds[task]

    @app.get("/")
    def page() -> str:
        return render_template("play.html.j2", version=version("l2e"), most_characters=MOST_CHARACTERS)

    @app.get("/tasks")
    def tasks() -> Response:
        return jsonify([_told_task(name, playground) for name, playground in playgrounds.items()])

    @app.post("/answers")
    def answers() -> Response:
        question = _Question.model_validate(request.get_json())
        playground = playground_of(question.task)
        with one_at_a_time:
            asked = playground.ask(question.input, question.title)
        return jsonify(
            target=asked.target,
            error=None if asked.error is None else _told_error(asked.error),
            answers=[_told_reply(reply, asked.target) for reply in asked.replies],
        )

    @app.post("/states")
    def states() -> Response:
        look = _Look.model_validate(request.get_json())
        playground = playground_of(look.task)
        with one_at_a_time:
            seen = playground.watch(look.input, look.title, look.strategy)
        return jsonify(seen.told(UNITS))

    @app.post("/sample")
    def sample() -> Response:
        wish = _Wish.model_validate(request.get_json())
        playground, seed = playground_of(wish.task), new_seed()
        with one_at_a_time:
            drawn = playground.sample(Difficulty(wish.length, wish.nesting), seed)
        return jsonify(input=drawn.input, seed=seed, command=drawn.command)

    return app


def _guard(app: Flask) -> None:
    """Restrict requests to this page, and the page to this server."""

    @app.before_request
    def refuse_strangers() -> None:
        if "Host" not in request.headers or urlsplit(f"//{request.host}").hostname not in HOSTS:
            abort(403, f"this page is served to {' and '.join(HOSTS)} alone")
        if request.headers.get("Origin", own := request.host_url.rstrip("/")) != own:
            abort(403, "this page takes questions from itself alone")

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response


def _explain_errors(app: Flask) -> None:
    """Report errors of requests as JSON."""

    @app.errorhandler(HTTPException)
    def explain_refusal(error: HTTPException) -> tuple[Response, int]:
        return jsonify(problem=error.description), error.code or 500

    @app.errorhandler(RecursionError)
    def explain_depth(error: RecursionError) -> tuple[Response, int]:
        return jsonify(problem="the question is nested too deeply"), 400

    @app.errorhandler(DifficultyError)
    @app.errorhandler(UnwatchableError)
    @app.errorhandler(InputError)
    def explain_what_cannot_be(error: Exception) -> Response:
        return jsonify(problem=str(error))  # the request itself is valid

    @app.errorhandler(UnknownNameError)
    def explain_unknown(error: UnknownNameError) -> tuple[Response, int]:
        return jsonify(problem=str(error)), 404

    @app.errorhandler(ValidationError)
    def explain_question(error: ValidationError) -> tuple[Response, int]:
        said = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        return jsonify(problem=said), 400


def _told_task(name: str, playground: Playground) -> dict[str, Any]:
    targets = [{"title": title, **at._asdict()} for title, at in playground.targets.items()]
    return {"task": name, "networks": len(playground.networks), "targets": targets}


def _told_error(error: InputError) -> dict[str, Any]:
    """The message, where it is, and the line with a caret below the place."""
    excerpt = str(error).partition("\n")[2]
    return {"message": error.message, "line": error.line, "column": error.column, "excerpt": excerpt}


def _told_reply(reply: Reply, target: str | None) -> dict[str, Any]:
    return {
        "strategy": reply.network.strategy,
        "title": reply.network.title,
        "answer": reply.answer,
        "right": None if target is None else reply.answer == target,
        "characters": [
            {"character": one.character, "likeliest": one.likeliest, "right": one.right} for one in reply.characters
        ],
    }
