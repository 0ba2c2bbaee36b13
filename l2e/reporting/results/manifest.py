"""A manifest: the content of a folder of results, and how it was made."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from l2e.experiments.records import Kind, read_record
from l2e.metrics import NamedRule

MANIFEST = "manifest.json"


class Spent(BaseModel):
    """The cost of the runs; runs that trained in parallel each count their common time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seconds: float = Field(description="of training, added up over runs and over a run's sessions")
    shortest: float = Field(description="seconds of the run that took the least")
    longest: float = Field(description="seconds of the run that took the most")
    updates: int = Field(description="added up over runs")
    characters: int = Field(description="that were trained on, added up over runs")


class Manifest(BaseModel):
    """The content of a folder of results.

    The manifest of a folder without runs, as of measurements, is written by hand.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(description="of the suite, with its scale; or what was measured")
    about: str = Field(description="what was run or measured, in a sentence")
    commands: list[str] = Field(min_length=1, description="that make all of it, in order, for a shell")
    verdicts: list[str] = Field(default=[], description="what was found, in a few sentences")
    files: dict[str, str] = Field(min_length=1, description="all other files of the folder, each with what it shows")
    picture: str | None = Field(default=None, description="the file that shows most; one of files")
    rules: list[NamedRule] = Field(default=[], description="by which tables and figures count")
    runs: int | None = Field(default=None, description="how many")
    seeds: list[int] = Field(default=[], description="of the runs, each once")
    spent: Spent | None = None
    precisions: list[str] = Field(default=[], description="types in which products were computed in training")
    commits: list[str] = Field(default=[], description="of the runs, each once; + where there were changes")
    versions: dict[str, list[str]] = Field(default={}, description="of python and packages, each once")
    machines: list[str] = Field(default=[], description="each once")

    @model_validator(mode="after")
    def _files_are_of_this_folder(self) -> Self:
        for name in self.files:
            if Path(name).name != name or name == MANIFEST:
                raise ValueError(f"files: {name!r} is not the name of another file in this folder")
        if self.picture is not None and self.picture not in self.files:
            raise ValueError(f"picture: {self.picture!r} is not one of the files")
        return self

    def written(self) -> bytes:
        """As JSON, without unknown fields."""
        return (self.model_dump_json(indent=1, exclude_defaults=True) + "\n").encode()


MADE = Kind(Manifest, "")


def read_manifest(folder: Path) -> Manifest | None:
    """The folder's manifest; None where there is none.

    Raises:
        RunError: it cannot be read; says what is wrong.
    """
    path = folder / MANIFEST
    if not path.exists():
        return None
    return Manifest.model_validate(read_record(path, MADE))
