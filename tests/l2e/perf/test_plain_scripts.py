"""The plain scripts learn, so that they are worth being measured against."""

from collections.abc import Callable
from itertools import islice

import pytest
import torch

from l2e.batches import stream_batches
from l2e.evaluation.scoring import evaluate, teacher_forced
from l2e.metrics import Rule
from l2e.perf.plain_networks import PlainAttention, PlainSeq2Seq
from l2e.perf.plain_scripts import TYPES, PlainScript, PlainStream
from l2e.vocabulary import SYMBOLS
from tests.toys import samples_of

SAMPLES = samples_of(*[(f"{a}{b}", f"{b}.") for a in range(4) for b in range(4)])


@pytest.mark.parametrize("dtype", TYPES.values(), ids=TYPES)
@pytest.mark.parametrize(
    "network", [lambda: PlainSeq2Seq(SYMBOLS, 16), lambda: PlainAttention(SYMBOLS, 16)], ids=["seq2seq", "attention"]
)
def test_a_plain_script_learns_and_is_the_same_every_time(
    network: Callable[[], PlainSeq2Seq | PlainAttention], dtype: torch.dtype
) -> None:
    found = []
    for _ in range(2):
        torch.manual_seed(0)
        script = PlainScript(network(), lambda: list(SAMPLES), 16, 0.02, True, dtype)
        updates = script.train()
        list(islice(updates, 1))
        found.append(script.predict_teacher_forced(SAMPLES))
        list(islice(updates, 150))
        assert teacher_forced(script, SAMPLES).accuracy == 1
    assert found[0] == found[1]


def test_without_help_the_plain_encoder_and_decoder_write_whole_answers() -> None:
    torch.manual_seed(0)
    script = PlainScript(PlainSeq2Seq(SYMBOLS, 16), lambda: list(SAMPLES), 16, 0.02, False, torch.float32)
    list(islice(script.train(), 150))
    assert evaluate(script, SAMPLES).total(Rule.EXACT_MATCH).accuracy == 1


def test_a_plain_stream_learns() -> None:
    torch.manual_seed(0)
    script = PlainStream(torch.device("cpu"), 16, 1, 1.0, torch.float32)
    batches = stream_batches(SAMPLES, 4, 10)
    losses = []
    for _ in range(60):
        script.train(batches)
        with torch.no_grad():
            logits = script.model(batches[0].symbols.T)[0].transpose(0, 1).flatten(0, 1)[batches[0].positions]
            losses.append(torch.nn.functional.cross_entropy(logits, batches[0].answers).item())
    assert losses[-1] < 0.7 * losses[0]
