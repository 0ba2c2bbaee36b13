"""The page and what its script asks for, as a Flask application.

Only this machine may ask, and only by its own name: a request that names another host comes from a page whose owner
pointed a name of theirs here (DNS rebinding). Questions are JSON from this very page: a browser lets no other page send
such content without asking first, and nothing here says yes.
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
from l2e.play.playground import MOST_CHARACTERS, Playground, Reply, new_seed

HOSTS = ("127.0.0.1", "localhost")
MOST_BYTES = 16 * MOST_CHARACTERS  # of a request; somewhat longer texts come through, to be refused with a reason
GREATEST = 10_000  # length or nesting that may be asked for; each task has its own limits below
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
    """What is asked of the networks of a task, or those of one target among them."""

    model_config = ConfigDict(extra="forbid", strict=True)

    task: str
    input: str
    title: str | None = None


class _Wish(BaseModel):
    """For a sample of a task."""

    model_config = ConfigDict(extra="forbid", strict=True)

    task: str
    length: int = Field(ge=1, le=GREATEST)
    nesting: int = Field(ge=1, le=GREATEST)


def make_app(playgrounds: Mapping[str, Playground]) -> Flask:
    """The application.

    Args:
        playgrounds: by what the page calls their tasks.
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

    @app.post("/sample")
    def sample() -> Response:
        wish = _Wish.model_validate(request.get_json())
        playground, seed = playground_of(wish.task), new_seed()
        with one_at_a_time:
            drawn = playground.sample(Difficulty(wish.length, wish.nesting), seed)
        return jsonify(input=drawn.input, seed=seed, command=drawn.command)

    return app


def _guard(app: Flask) -> None:
    """Let nobody ask but this page, and the page nothing but this server."""

    @app.before_request
    def refuse_strangers() -> None:
        if urlsplit(f"//{request.host}").hostname not in HOSTS:
            abort(403, f"this page is served to {' and '.join(HOSTS)} alone")
        if request.headers.get("Origin", own := request.host_url.rstrip("/")) != own:
            abort(403, "this page takes questions from itself alone")

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response


def _explain_errors(app: Flask) -> None:
    """Say as JSON what was wrong with a question."""

    @app.errorhandler(HTTPException)
    def explain_refusal(error: HTTPException) -> tuple[Response, int]:
        return jsonify(problem=error.description), error.code or 500

    @app.errorhandler(DifficultyError)
    def explain_difficulty(error: DifficultyError) -> Response:
        return jsonify(problem=str(error))  # the question was well put, and this is its answer

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
