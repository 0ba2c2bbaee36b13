"""Reference predictors: oracle and trivial baselines, and predictors that are not trained by gradients."""

from __future__ import annotations

from collections.abc import Sequence

from generators.samples import Difficulties, Samples
from generators.scrambling import Scrambling
from generators.splits import Split, draw_samples
from l2e.evaluation.language_model import bits_per_character
from l2e.experiments.experiment import Choice, Experiment
from l2e.learner import Learner, Predictor
from l2e.registry import Group, create
from l2e.vocabulary import running_texts

FITTING_SAMPLES = 5000
REFERENCES = ("uniform", "most_frequent", "ngram", "nearest", "interpreter")


def bits(experiment: Experiment, learner: Learner, samples: Samples) -> dict[str, float]:
    """Bits per character of a language model and of n-grams on samples, by name."""
    ngram = create(Group.PREDICTOR, "ngram", {}, _fitting_samples(experiment), experiment.make_task().answer)
    plain = samples if experiment.scramble is None else Scrambling(experiment.scramble).unview(samples)
    return {
        str(experiment.learner): bits_per_character(learner, samples),
        "ngram": ngram.bits_per_character(running_texts(plain)),
    }


def _fitting_samples(experiment: Experiment) -> Samples:
    return draw_samples(
        experiment.make_task(),
        Split.TRAIN,
        FITTING_SAMPLES,
        lambda n, _: Difficulties.constant(experiment.target, n),
        ("reference predictors", *experiment.target),
    ).samples


def reference_predictors(experiment: Experiment) -> dict[str, Predictor]:
    """Those that every run is scored with, and those that the experiment names, for its task and target, by name."""
    chosen = [*(Choice(name=name) for name in REFERENCES), *experiment.predictors]
    return _made(experiment, chosen)


def named_predictors(experiment: Experiment) -> dict[str, Predictor]:
    """Those that the experiment names alone."""
    return _made(experiment, experiment.predictors)


def _made(experiment: Experiment, chosen: Sequence[Choice]) -> dict[str, Predictor]:
    if not chosen:
        return {}
    training, answer = _fitting_samples(experiment), experiment.make_task().answer
    plain: dict[str, Predictor] = {
        str(choice): choice.make(Group.PREDICTOR, choice.options, training, answer) for choice in chosen
    }
    if experiment.scramble is None:
        return plain
    view = Scrambling(experiment.scramble)
    return {name: _Viewed(predictor, view) for name, predictor in plain.items()}


class _Viewed:
    """A predictor of plain texts, applied to a scrambled view of them."""

    def __init__(self, predictor: Predictor, view: Scrambling) -> None:
        self.predictor = predictor
        self.view = view

    def predict(self, inputs: Sequence[str], max_characters: int) -> list[str]:
        plain = [self.view.unscramble(text) for text in inputs]
        return [self.view.scramble(text) for text in self.predictor.predict(plain, max_characters)]

    def predict_teacher_forced(self, samples: Samples) -> list[str]:
        plain = self.view.unview(samples)
        return [self.view.scramble(text) for text in self.predictor.predict_teacher_forced(plain)]
