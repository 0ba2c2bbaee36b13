"""What others have published on these tasks; each figure and answer as it stands in the text that is named.

Their tasks, sizes and ways of counting differ from one another's and from ours, so a row is comparable only where it
says that it was scored by the same rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

DEHGHANI = "Dehghani et al. 2018"
SANTORO = "Santoro et al. 2018, quoted"
ZAREMBA = "Zaremba & Sutskever 2014"
BOTH_FREE_RUNNING = "free-running characters / whole answers, %"
BEST_BATCH = "free-running characters of the best test batch, answers modulo a number, %"
TEACHER_FORCED = "teacher-forced characters, %"


class Published(NamedTuple):
    """A figure.

    Attributes:
        source: the paper; "quoted" where it was read in a text that quotes it.
        learner: as the paper calls it.
        task: ours that is most like it.
        size: the difficulty of the samples, or "up to" a length.
        figure: as it was printed, in percent.
        rule: how it was counted.
    """

    source: str
    learner: str
    task: str
    size: str
    figure: str
    rule: str


def _dehghani(learner: str, **figures: str) -> list[Published]:
    sizes = dict.fromkeys(("program", "control", "addition"), "(5, 2)")
    return [
        Published(DEHGHANI, learner, task, sizes.get(task, "up to 55"), figure, BOTH_FREE_RUNNING)
        for task, figure in figures.items()
    ]


PUBLISHED = (
    *_dehghani(
        "LSTM",
        program="53 / 12",
        control="68 / 21",
        addition="83 / 11",
        copy="78 / 11",
        double="51 / 4.7",
        reverse="91 / 32",
    ),
    *_dehghani(
        "Transformer",
        program="71 / 29",
        control="93 / 66",
        addition="100 / 100",
        copy="98 / 63",
        double="94 / 55",
        reverse="81 / 26",
    ),
    *_dehghani(
        "Universal Transformer",
        program="89 / 63",
        control="100 / 100",
        addition="100 / 100",
        copy="100 / 100",
        double="100 / 100",
        reverse="100 / 100",
    ),
    Published(SANTORO, "relational memory core", "control", "(5, 2)", "99.6", BEST_BATCH),
    Published(SANTORO, "DNC", "control", "(5, 2)", "83.8", BEST_BATCH),
    Published(ZAREMBA, "LSTM, combined", "addition", "(9, 1)", "99", TEACHER_FORCED),
)


class PublishedAnswers(NamedTuple):
    """What the networks of a paper answered to one program.

    Attributes:
        input: the program.
        length: of its difficulty.
        nesting: of the same.
        answers: by curriculum, in the paper's order.
    """

    input: str
    length: int
    nesting: int
    answers: Mapping[str, str]


def _zaremba(input: str, nesting: int, baseline: str, naive: str, mix: str, combined: str) -> PublishedAnswers:
    answers = {"baseline": baseline, "naive": naive, "mix": mix, "combined": combined}
    return PublishedAnswers(input, 4, nesting, answers)


# Read in lecture notes that quote the paper's appendix.
PROGRAMS = (
    _zaremba("print(6652)", 1, "6652.", "6652.", "6652.", "6652."),
    _zaremba("print((5997-738))", 1, "5101.", "5101.", "5249.", "5229."),
    _zaremba("print(((1090-3305)+9466))", 2, "7111.", "7099.", "7595.", "7699."),
    _zaremba(
        "d=5446\nfor x in range(8):d+=(2678 if 4803<2829 else 9848)\nprint((d if 5935<4845 else 3043))",
        3,
        *("3043.", "3043.", "3043.", "3043."),
    ),
)
