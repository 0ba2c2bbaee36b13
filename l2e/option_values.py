"""Values of options: how one types them, and whether they are of the kind that the option says it takes."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from types import NoneType, SimpleNamespace, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from l2e.errors import BAD_USAGE, ExplainedError

if TYPE_CHECKING:
    from pydantic import JsonValue


class OptionError(ExplainedError, ValueError):
    """A value that an option does not take; the message says what would be right."""

    exit_code = BAD_USAGE


def typed(value: Any) -> str:
    """A value as one types it on the command line: as JSON, or a text that is no JSON as it is.

    >>> [typed(value) for value in (True, None, 0.5, [1, 2], "lstm", "12")]
    ['true', 'null', '0.5', '[1,2]', 'lstm', '"12"']
    """
    if isinstance(value, str) and parse(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=repr)


def parse(text: str) -> JsonValue:
    """The value that was typed: JSON, else the text itself."""
    try:
        value: JsonValue = json.loads(text)
    except json.JSONDecodeError:
        return text
    return value


def check_values(section: str, make: Callable[..., Any], options: Mapping[str, JsonValue]) -> None:
    """Find a value that is not of the kind its parameter is annotated with.

    Kinds are strict, but for a whole number where any number is taken: a text is no boolean, and a boolean no number.
    A parameter without an annotation, or with one that means nothing here, takes any value.

    Args:
        section: what the options are of, as a message calls it: `learner`.
        make: takes the options.
        options: JSON values by name.

    Raises:
        OptionError: names the option, its value and what would be right.
    """
    if not options:
        return
    from pydantic import TypeAdapter, ValidationError

    parameters = inspect.signature(make).parameters
    for option, value in options.items():
        hint = _hint(make, parameters[option])
        try:
            adapter = TypeAdapter[Any](hint)
        except Exception:  # an annotation may be any object; one that is no type says nothing of values
            continue
        try:
            adapter.validate_json(json.dumps(value), strict=True)
        except ValidationError as error:
            shown = repr(value) if isinstance(value, str) else typed(value)
            right = _words(hint)
            says = f"it is {right}" if right else error.errors()[0]["msg"]
            raise OptionError(f"{section}.{option} is {shown}; {says}") from None


def _hint(make: Callable[..., Any], parameter: inspect.Parameter) -> Any:
    """What a parameter is annotated with; Any where that is nothing, or a name that its file does not know."""
    if parameter.annotation is inspect.Parameter.empty:
        return Any
    function = inspect.unwrap(make.__init__ if inspect.isclass(make) else make)
    alone = SimpleNamespace(__annotations__={parameter.name: parameter.annotation})
    try:
        return get_type_hints(alone, getattr(function, "__globals__", {}), include_extras=True)[parameter.name]
    except Exception:  # whatever a user's annotation raises when it is looked up
        return Any


_KINDS = {
    bool: "true or false, written `true` or `false`",
    int: "a whole number",
    float: "a number",
    str: "a text, written in quotes where it could be read as something else, as '\"12\"'",
    NoneType: "null",
}


def _words(hint: Any) -> str:
    """What an annotation takes; empty where there are no words for it."""
    if get_origin(hint) is Literal:
        return " or ".join(map(typed, get_args(hint)))
    if get_origin(hint) in (Union, UnionType):
        parts = [_words(part) for part in get_args(hint)]
        return ", or ".join(parts) if all(parts) else ""
    return _KINDS.get(hint, "")
