"""Training data of a text: stretches of its training part, and of nothing else."""

from pathlib import Path

import numpy as np
import torch

from generators.splits import Split
from l2e.experiments.run import Run
from l2e.training.text_data import TextLoads, stretches
from l2e.training.trainer import Trainer
from l2e.units import START
from tests import toys


def test_a_lane_is_a_start_and_a_stretch_and_after_the_end_comes_the_beginning() -> None:
    streams = stretches(np.arange(10, 30), 50, 31, np.random.default_rng(0))
    assert streams.symbols.shape == (50, 31)
    assert (streams.symbols[:, 0] == START).all()
    steps = np.diff(streams.symbols[:, 1:]) % 20
    assert (steps == 1).all()
    assert len(set(streams.symbols[:, 1].tolist())) > 10


def test_every_character_of_a_load_is_predicted_and_stands_in_the_training_part(text_file: Path) -> None:
    of = toys.text_experiment(text_file)
    text, loads = of.make_text(), TextLoads(of)
    load = loads.make(0, of.make_curriculum())
    loads.close()
    lane = torch.cat([batch.symbols for batch in load.batches], 1)[0].tolist()
    predicted = sum(len(batch.answers) for batch in load.batches)
    assert predicted == of.recipe.batch_size * (of.recipe.lane_characters - 1)
    twice = 2 * text.corpus.part(Split.TRAIN)
    assert lane[0] == START
    assert text.vocabulary.write(lane[1:]) in twice


def test_loads_depend_on_seed_and_number_alone(text_file: Path) -> None:
    def first(seed: int, number: int) -> list[int]:
        of = toys.text_experiment(text_file, seed=seed)
        loads = TextLoads(of)
        try:
            found: list[int] = loads.make(number, of.make_curriculum()).batches[0].symbols.flatten().tolist()  # type: ignore[union-attr]
            return found
        finally:
            loads.close()

    assert first(0, 0) == first(0, 0)
    assert first(0, 0) != first(0, 1)
    assert first(0, 0) != first(1, 0)


def test_a_run_that_goes_on_in_the_middle_of_a_load_ends_in_the_same_bits(text_file: Path, tmp_path: Path) -> None:
    of, whole, broken = toys.text_experiment(text_file), Run(tmp_path / "whole"), Run(tmp_path / "broken")
    for run in (whole, broken):
        run.begin(of)
    with Trainer(of, broken) as trainer:
        for _ in range(7):
            batch = trainer.next_batch()
            assert batch is not None
            trainer.learn(batch)
        trainer.save()
    ends = [Trainer(of, run).train().learner.state_dict() for run in (whole, broken)]
    assert all(torch.equal(one, other) for one, other in zip(*(end.values() for end in ends), strict=True))
