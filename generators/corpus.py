"""A long text to be modelled: train, validation and test are places in it, with a gap between them.

Neighbouring characters depend on each other, so the parts of a text cannot be chosen by a hash of stretches: a stretch
of the test part would share all but one character with a stretch of the training part. The parts lie one after the
other, and what lies in the gaps belongs to none.
"""

from __future__ import annotations

from importlib.resources import files

from generators.errors import TextError
from generators.files import files_at
from generators.splits import Split

UNITS = ("characters", "words", "pieces")
HELD_OUT = 0.1  # of the text for validation, and as much for the test
GAP = 200  # characters between two parts
SHORTEST = 2000


class Corpus:
    """A text of your own to be modelled; by default a small one that comes with l2e.

    It has no questions with answers, so it is no `Task`: networks read it and predict what comes next.

    Args:
        path: a UTF-8 file, or a folder whose files are read in the order of their paths, a line end after each.
        units: what is predicted: characters, words, or pieces of words (byte pairs).
        pieces: how many pieces there are, the 256 bytes among them; of units=pieces alone.

    Raises:
        TextError: there is no such file, it is not UTF-8, or too short; units of no such name; too few pieces.
    """

    name = "text"

    def __init__(self, path: str | None = None, units: str = "characters", pieces: int = 512) -> None:
        if units not in UNITS:
            raise TextError(f"unknown units {units!r}; legal: {', '.join(UNITS)}")
        if pieces <= 256:
            raise TextError(f"pieces is {pieces}; there are more than 256, as every byte is one")
        self.units = units
        self.pieces = pieces
        self.text = _shipped() if path is None else read_text(path)
        if len(self.text) < SHORTEST:
            raise TextError(
                f"{path} has {len(self.text):,} characters; a text to be modelled has {SHORTEST:,} or more, since a "
                "part of it is held out"
            )

    def part(self, split: Split) -> str:
        """The characters of a split; no two parts touch."""
        held_out = int((len(self.text) - 2 * GAP) * HELD_OUT)
        test = len(self.text) - held_out
        validation = test - GAP - held_out
        starts = {Split.TRAIN: 0, Split.VALIDATION: validation, Split.TEST: test}
        ends = {Split.TRAIN: validation - GAP, Split.VALIDATION: validation + held_out, Split.TEST: len(self.text)}
        return self.text[starts[split] : ends[split]]


def read_text(path: str) -> str:
    """The text of a file, or of all files of a folder.

    Raises:
        TextError: there is none, or one is not UTF-8.
    """
    found = files_at(path)
    if not found:
        raise TextError(f"there is no file at {path}; give a text file in UTF-8, or a folder of such files")
    return "\n".join(decoded(file.read_bytes(), str(file)) for file in found)


def decoded(content: bytes, name: str) -> str:
    """The text of bytes, with line ends as Python has them and without a byte order mark.

    Raises:
        TextError: they are not UTF-8; `name` says where they are from.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise TextError(
            f"{name} is not UTF-8: byte {content[error.start]:#04x} at position {error.start} ({error.reason}); "
            "convert it, as with: iconv -f latin1 -t utf-8"
        ) from None
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _shipped() -> str:
    return (files("generators") / "texts" / "island.txt").read_text(encoding="utf-8")
