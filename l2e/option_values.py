"""Values of options: how they are typed on the command line, and whether they have the annotated type."""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Callable, Mapping
from types import NoneType, SimpleNamespace, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from l2e.errors import BAD_USAGE, ExplainedError

if TYPE_CHECKING:
    from pydantic import JsonValue


class OptionError(ExplainedError, ValueError):
    """An illegal value of an option; the message names the legal ones."""

    exit_code = BAD_USAGE


def typed(value: Any) -> str:
    """A value as one types it on the command line: as JSON, or a text that is not JSON as it is.

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
    except (ValueError, RecursionError):
        return text
    return value


def check_values(section: str, make: Callable[..., Any], options: Mapping[str, JsonValue]) -> None:
    """Check that values have the types that their parameters are annotated with.

    Types are strict, except that an int may stand for a float. Parameters without a usable annotation take any value.

    Args:
        section: prefix of the options in messages, as `learner`.
        make: the callable that takes the options.
        options: JSON values by name.

    Raises:
        OptionError: names the option, its value and what is legal.
    """
    if not options:
        return
    from pydantic import TypeAdapter, ValidationError

    parameters = inspect.signature(make).parameters
    for option, value in options.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise OptionError(f"{section}.{option} is {value}; it is a finite number")
        hint = _hint(make, parameters[option])
        try:
            adapter = TypeAdapter[Any](hint)
        except Exception:  # an annotation may be any object; only types restrict values
            continue
        try:
            adapter.validate_json(json.dumps(value), strict=True)
        except ValidationError as error:
            shown = repr(value) if isinstance(value, str) else typed(value)
            right = _words(hint)
            says = f"it is {right}" if right else error.errors()[0]["msg"]
            raise OptionError(f"{section}.{option} is {shown:.100}; {says}") from None


def _hint(make: Callable[..., Any], parameter: inspect.Parameter) -> Any:
    """A parameter's annotation; Any where there is none or its name cannot be resolved."""
    if parameter.annotation is inspect.Parameter.empty:
        return Any
    function = inspect.unwrap(make.__init__ if inspect.isclass(make) else make)
    alone = SimpleNamespace(__annotations__={parameter.name: parameter.annotation})
    try:
        return get_type_hints(alone, getattr(function, "__globals__", {}), include_extras=True)[parameter.name]
    except Exception:  # a user's annotation may raise anything when it is resolved
        return Any


_KINDS = {
    bool: "true or false, written `true` or `false`",
    int: "a whole number",
    float: "a number",
    str: "a text, written in quotes where it could be read as something else, as '\"12\"'",
    NoneType: "null",
}


def _words(hint: Any) -> str:
    """A description of what an annotation accepts, or an empty text."""
    if get_origin(hint) is Literal:
        return " or ".join(map(typed, get_args(hint)))
    if get_origin(hint) in (Union, UnionType):
        parts = [_words(part) for part in get_args(hint)]
        return ", or ".join(parts) if all(parts) else ""
    return _KINDS.get(hint, "")
