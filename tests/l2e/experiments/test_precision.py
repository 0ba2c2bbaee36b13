"""Products in float32 or bfloat16: what `auto` means, and that a run learns in either."""

import pytest
import torch

from l2e.batches import pair_batches
from l2e.experiments.precision import device_named, has_bfloat16, product_type, products_in, resolved, wide
from l2e.experiments.recipes import FAST
from l2e.registry import Group, create
from l2e.training.optimizer import make_optimizer, update
from l2e.vocabulary import SYMBOLS
from tests.toys import samples_of

CPU = torch.device("cpu")


def test_auto_is_bfloat16_exactly_where_the_processor_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("L2E_PRECISION", raising=False)
    for flags, expected in (
        ({}, torch.float32),
        ({"avx512_bf16": True}, torch.bfloat16),
        ({"amx_bf16": True}, torch.bfloat16),
    ):
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda flags=flags: flags)
        assert has_bfloat16(CPU) is (expected == torch.bfloat16)
        assert product_type("auto", CPU) == expected


def test_a_user_may_say_which() -> None:
    assert product_type("bfloat16", CPU) == torch.bfloat16
    assert product_type("float32", CPU) == torch.float32
    assert not has_bfloat16(torch.device("meta"))


def test_products_alone_have_the_type() -> None:
    a = torch.randn(3, 3)
    with products_in("bfloat16", CPU):
        assert (a @ a).dtype == torch.bfloat16
    with products_in("float32", CPU):
        assert (a @ a).dtype == torch.float32
    assert wide((a @ a).bfloat16()).dtype == torch.float32
    assert wide(a.double()).dtype == torch.float64


@pytest.mark.parametrize("name", ["seq2seq", "lstm"])
def test_an_update_in_bfloat16_is_nearly_that_in_float32(name: str) -> None:
    samples = samples_of(*[(f"print({a}+{b})", f"{a + b}.") for a in range(8) for b in range(8)])
    from l2e.batches import stream_batches

    batch = (pair_batches(samples, 64) if name == "seq2seq" else stream_batches(samples, 16, 50))[0]
    losses, parameters = {}, {}
    for precision in ("float32", "bfloat16"):
        recipe = FAST.model_copy(update={"precision": precision, "optimizer": "sgd"})
        torch.manual_seed(0)
        learner = create(Group.LEARNER, name, {"cells": 32}, SYMBOLS)
        before = torch.cat([p.detach().clone().ravel() for p in learner.parameters()])
        step = update(learner, make_optimizer(recipe, learner.parameters()), recipe, batch, None, 1.0)
        losses[precision] = step.loss.item()
        parameters[precision] = torch.cat([p.detach().ravel() for p in learner.parameters()]) - before
        assert all(p.dtype == torch.float32 for p in learner.parameters())
        assert step.state is None or all(part.dtype == torch.float32 for part in step.state)
    assert losses["bfloat16"] != losses["float32"]
    assert losses["bfloat16"] == pytest.approx(losses["float32"], rel=0.01)
    difference = parameters["bfloat16"] - parameters["float32"]
    assert difference.norm() < 0.03 * parameters["float32"].norm()


def test_the_environment_says_what_auto_means_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for said in ("float32", "bfloat16"):
        monkeypatch.setenv("L2E_PRECISION", said)
        assert [resolved(asked, CPU) for asked in ("auto", "float32", "bfloat16")] == [said, "float32", "bfloat16"]
    monkeypatch.setenv("L2E_PRECISION", "float16")
    with pytest.raises(ValueError, match="L2E_PRECISION is 'float16'; legal: float32, bfloat16"):
        resolved("auto", CPU)


def test_a_device_that_nothing_is_called_is_refused() -> None:
    assert device_named("cuda:1").index == 1
    with pytest.raises(ValueError, match="no device 'cudda'; legal: cpu, cuda"):
        device_named("cudda")
