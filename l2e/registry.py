"""Tasks, curricula, learners and predictors by name: built-ins and plug-ins are found in the same way.

A name is an entry point of the group (`l2e.tasks`, `l2e.curricula`, `l2e.learners`, `l2e.predictors`,
`l2e.language_models`), or `path/to/file.py:Name`.
"""

from __future__ import annotations

import difflib
import importlib.util
import inspect
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from l2e.errors import BAD_USAGE, ExplainedError, Said
from l2e.option_values import check_values

if TYPE_CHECKING:
    from pydantic import JsonValue


class Group(Enum):
    """Groups of named objects; the value is the entry-point group."""

    TASK = "l2e.tasks"
    CURRICULUM = "l2e.curricula"
    LEARNER = "l2e.learners"
    PREDICTOR = "l2e.predictors"
    LANGUAGE_MODEL = "l2e.language_models"

    @property
    def noun(self) -> str:
        """What messages call a member of the group."""
        return self.name.lower().replace("_", " ")


class UnknownNameError(ExplainedError, ValueError):
    """A name or an option that does not exist; the message names the nearest legal ones."""

    exit_code = BAD_USAGE


class PlugInError(ExplainedError, RuntimeError):
    """A plug-in that does not work: where in its file, and what is wanted; its own traceback follows."""


OURS = {"l2e", "generators", "baselines"}  # packages whose members are no plug-ins
WANTED: dict[Group, list[tuple[str, ...]]] = {
    Group.TASK: [("sample", "answer"), ("part",)],  # questions with answers, or a text
    Group.CURRICULUM: [("draw", "update", "state_dict", "load_state_dict")],
    Group.LEARNER: [("forward", "predict", "parameters")],
    Group.PREDICTOR: [("predict",)],
    Group.LANGUAGE_MODEL: [("bits",)],
}
"""Methods of what a factory makes, or else others."""

_plug_in_files: set[str] = set()


@cache
def _entry_points(group: Group) -> dict[str, EntryPoint]:
    return {point.name: point for point in sorted(entry_points(group=group.value), key=lambda point: point.name)}


def names(group: Group) -> list[str]:
    """All registered names of a group, sorted."""
    return list(_entry_points(group))


def catalogue(group: Group) -> dict[str, Callable[..., Any]]:
    """Every loadable factory of a group by name; a broken plug-in warns and is left out."""
    loaded = {}
    for name, point in _entry_points(group).items():
        try:
            loaded[name] = point.load()
        except Exception as error:
            warnings.warn(f"{group.noun} {name!r} ({point.value}) does not load: {error}", Said, stacklevel=2)
    return loaded


def factory(group: Group, name: str) -> Callable[..., Any]:
    """The factory of the named object.

    Raises:
        UnknownNameError: no such entry point, file, or attribute in the file.
        PlugInError: it cannot be imported, or is nothing to call.
    """
    points = _entry_points(group)
    if ".py:" not in name and name not in points:
        raise UnknownNameError(unknown(group.noun, name, [*points]) + "; or give path/to/file.py:Name")
    try:
        make: Callable[..., Any] = _from_file(group, name) if ".py:" in name else points[name].load()
    except ExplainedError:
        raise
    except (Exception, SystemExit) as error:
        if ".py:" in name:
            _plug_in_files.add(str(file_of(name)[0]))
        raise _blamed(error, f"{group.noun} {name!r} cannot be imported") from error
    if not callable(make):
        raise PlugInError(f"{group.noun} {name!r} is {make!r:.100}; wanted is a class or a function that makes one")
    if not _is_ours(make):
        _plug_in_files.add(inspect.getsourcefile(inspect.unwrap(make)) or "")
    return make


def _is_ours(make: Callable[..., Any]) -> bool:
    return (getattr(make, "__module__", None) or "").partition(".")[0] in OURS


def blamed(error: BaseException) -> PlugInError | None:
    """An error that came about in a plug-in, explained; None for any other."""
    return _blamed(error, "a plug-in failed") if _their_traceback(error) else None


def _blamed(error: BaseException, what: str) -> PlugInError:
    """An error of a plug-in, with where it is and the traceback from there on."""
    theirs = _their_traceback(error)
    frames = [frame for frame in traceback.extract_tb(theirs) if frame.filename in _plug_in_files]
    line = frames[-1].lineno if frames else getattr(error, "lineno", None)
    file = frames[-1].filename if frames else getattr(error, "filename", None)
    place = f" at {file}:{line}" if file else ""
    said = f"{what}{place}: {type(error).__name__}: {error}"
    return PlugInError(
        said + "\n" + "".join(traceback.format_exception(type(error), error, theirs, chain=False)).rstrip()
    )


def _their_traceback(error: BaseException) -> TracebackType | None:
    """The part of a traceback that begins in a plug-in."""
    part = error.__traceback__
    while part is not None and part.tb_frame.f_code.co_filename not in _plug_in_files:
        part = part.tb_next
    return part


def _line(error: Exception) -> str:
    """The first line of a message, as torch adds its own stack."""
    return str(error).partition("\n")[0]


def place_of(method: Callable[..., Any]) -> str:
    """File and line of a method, for messages; empty where there is no source."""
    try:
        function = inspect.unwrap(method)
        return f"{inspect.getsourcefile(function)}:{inspect.getsourcelines(function)[1]}"
    except (TypeError, OSError):
        return ""


def create(group: Group, name: str, options: Mapping[str, JsonValue], *arguments: Any) -> Any:
    """Make the named object with these options, after any positional arguments.

    Raises:
        UnknownNameError: an unknown name, or an option the object does not take.
        OptionError: an option's value of the wrong type.
        ValueError: an option's value that the object rejects.
        PlugInError: it fails, or makes something else.
    """
    make = checked_factory(group, name, options, len(arguments))
    try:
        made = make(*arguments, **options)
    except (ValueError, ExplainedError):
        raise
    except Exception as error:
        if not _is_ours(make):
            raise _blamed(error, f"{group.noun} {name!r} cannot be made with {dict(options)}") from error
        raise ValueError(f"{group.noun} {name!r} cannot be made with {dict(options)}: {_line(error)}") from error
    lacking = [[one for one in methods if not callable(getattr(made, one, None))] for methods in WANTED[group]]
    if all(lacking):
        raise PlugInError(
            f"{place_of(make)}: {group.noun} {name!r} made {made!r:.100}, without {', '.join(lacking[0])}"
        )
    return made


def checked_factory(group: Group, name: str, options: Mapping[str, JsonValue], arguments: int) -> Callable[..., Any]:
    """The factory of the named object, after a check that it takes these options after this many positional arguments.

    Raises:
        UnknownNameError: an unknown name, or an option the object does not take.
        OptionError: an option's value of the wrong type.
    """
    make = factory(group, name)
    legal = option_names(make)[arguments:]
    for option in options:
        if option not in legal:
            raise UnknownNameError(unknown(f"option of {group.noun} {name!r}", option, legal))
    check_values(group.noun, make, options)
    return make


def option_names(make: Callable[..., Any]) -> list[str]:
    """The parameters a factory takes, in order."""
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [name for name, parameter in inspect.signature(make).parameters.items() if parameter.kind in kinds]


def unknown(what: str, value: str, legal: Sequence[str]) -> str:
    """A sentence that names what is unknown and the nearest legal one.

    >>> unknown("curriculum", "niave", ["mix", "naive"])
    "unknown curriculum 'niave'; did you mean 'naive'? (legal: mix, naive)"
    """
    near = difflib.get_close_matches(value, legal, 1, cutoff=0.5)
    choices = f"legal: {', '.join(legal) or 'none'}"
    return f"unknown {what} {value!r}; " + (f"did you mean {near[0]!r}? ({choices})" if near else choices)


def file_of(name: str) -> tuple[Path, str]:
    """The whole path and the attribute of a name like `path/to/file.py:Name`."""
    location, _, attribute = name.rpartition(":")
    return Path(os.path.realpath(location)), attribute  # a loop of links is no file, and no error here


def _from_file(group: Group, name: str) -> Callable[..., Any]:
    path, attribute = file_of(name)
    if not path.is_file():
        raise UnknownNameError(f"{group.noun} {name!r}: there is no file {path}")
    module = _load_module(path)
    if not hasattr(module, attribute):
        public = [key for key, value in vars(module).items() if inspect.isclass(value) or inspect.isfunction(value)]
        raise UnknownNameError(f"{path}: {unknown('name', attribute, public)}")
    made: Callable[..., Any] = getattr(module, attribute)
    return made


@cache
def _load_module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(str(path), path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look for their module there
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[spec.name]
        raise
    return module
