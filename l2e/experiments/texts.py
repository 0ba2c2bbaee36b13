"""Texts of experiments: read once a process, with their vocabularies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Self

from pydantic import BaseModel, model_validator

from generators.corpus import Corpus
from generators.splits import Split
from l2e.experiments.experiment import Choice
from l2e.experiments.records import Kind, read_record
from l2e.experiments.run import AGAIN, Run, RunError
from l2e.registry import Group
from l2e.units import Reading, Vocabulary, vocabulary_from, vocabulary_of

VOCABULARY = "vocabulary.json"


class Kept(BaseModel):
    """The content of `vocabulary.json`: listed units, or a tokenizer of pieces."""

    units: str
    known: list[str] | None = None
    rare: list[str] | None = None
    tokenizer: str | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.tokenizer if self.units == "pieces" else self.known) is None:
            raise ValueError(f"it has no {'tokenizer' if self.units == 'pieces' else 'known units'}")
        return self


KEPT = Kind(Kept, f"{AGAIN} to go on, which writes it")


@dataclass(frozen=True)
class Text:
    """A text and how it is read.

    Attributes:
        corpus: the text, by its parts.
        vocabulary: of its training part.
    """

    corpus: Corpus
    vocabulary: Vocabulary

    @cached_property
    def training(self) -> Reading:
        """The training part."""
        return self.vocabulary.read(self.corpus.part(Split.TRAIN))

    @cached_property
    def validation(self) -> Reading:
        """The validation part."""
        return self.vocabulary.read(self.corpus.part(Split.VALIDATION))

    @cached_property
    def test(self) -> Reading:
        """The test part."""
        return self.vocabulary.read(self.corpus.part(Split.TEST))


def text_of(task: Choice) -> Text:
    """The text that an experiment's task names.

    Raises:
        TextError: it cannot be read.
        UnitsError: its units want a package that is not installed.
        ValueError: it has changed since the experiment was made.
    """
    return _text_of(task.model_dump_json())


@lru_cache(maxsize=4)
def _text_of(task: str) -> Text:
    choice = Choice.model_validate_json(task)
    corpus: Corpus = choice.make(Group.TASK, choice.options)
    return Text(corpus, vocabulary_of(corpus.units, corpus.pieces, corpus.part(Split.TRAIN)))


def keep_vocabulary(run: Run, text: Text) -> None:
    """Write the vocabulary into the run's folder, so that its network can be asked where the text is not."""
    run.write_json(VOCABULARY, text.vocabulary.to_json())


def kept_vocabulary(run: Run) -> Vocabulary:
    """The vocabulary of a run that was trained on a text.

    Raises:
        RunError: it was not, or its vocabulary is gone.
    """
    if not run.experiment().of_text:
        raise RunError(f"the run at {run} was not trained on a text; train one with l2e train --text FILE")
    return vocabulary_from(read_record(run / VOCABULARY, KEPT))
