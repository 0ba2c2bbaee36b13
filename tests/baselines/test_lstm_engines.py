"""The rule by which an LSTM's layers get their engine, and that the engines agree."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from baselines import lstm_engines
from baselines.lstm import StackedLSTM
from baselines.lstm_engines import engine_for, fused, one_hot, run_lstm_layer, step_by_step
from baselines.recurrent import Inputs
from l2e.learner import stacked_models

CPU, CUDA = torch.device("cpu"), torch.device("cuda")
AVX512 = {"avx512_bw": True, "avx512_vl": True, "avx512_dq": True}
CELLS = 8


@pytest.mark.parametrize(
    ("dtype", "device", "features", "expected"),
    [
        (torch.float32, CPU, {}, "oneDNN"),
        (torch.bfloat16, CPU, AVX512, "oneDNN"),
        (torch.bfloat16, CPU, {**AVX512, "avx512_vl": False}, "steps"),
        (torch.bfloat16, CPU, {}, "steps"),
        (torch.float64, CPU, AVX512, "torch"),
        (torch.bfloat16, CUDA, {}, "cuDNN"),
        (torch.float32, CUDA, {}, "cuDNN"),
    ],
)
def test_the_engine_follows_from_the_machine_and_the_type(
    dtype: torch.dtype,
    device: torch.device,
    features: dict[str, bool],
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: features)
    assert engine_for(dtype, device) == expected
    with stacked_models():
        assert engine_for(dtype, device) == "steps"


def weight_and_states(rows: int) -> list[Tensor]:
    shapes = ((4 * CELLS, CELLS), (rows, CELLS), (rows, CELLS))
    return [(0.5 * torch.randn(shape)).requires_grad_() for shape in shapes]


@given(st.integers(0, 99), st.sampled_from(["symbols", "below", "both"]), st.integers(1, 5), st.integers(1, 4))
def test_torchs_layer_and_plain_steps_agree(seed: int, reads: str, time: int, rows: int) -> None:
    torch.manual_seed(seed)
    below = torch.randn(time, rows, CELLS, requires_grad=True)
    of_below, table = (torch.randn(shape, requires_grad=True) for shape in ((4 * CELLS, CELLS), (5, 4 * CELLS)))
    codes = torch.randint(5, (time, rows))
    inputs = {
        "symbols": Inputs(None, None, codes, table),
        "below": Inputs(below, of_below, None, table[:1]),
        "both": Inputs(below, of_below, codes, table),
    }[reads]
    own = weight_and_states(rows)
    found = []
    for results in (fused(inputs, *own), step_by_step(inputs, *own)):
        wanted = [table, *own, *([] if reads == "symbols" else [below, of_below])]
        found.append([*results, *torch.autograd.grad(sum(x.sin().sum() for x in results), wanted)])
    for ours, theirs in zip(*found, strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("engine", ["oneDNN", "steps"])
def test_bfloat16_products_leave_states_in_float32(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where oneDNN has none, plain steps multiply in emulated ones."""
    if engine == "oneDNN" and engine_for(torch.bfloat16, CPU) != "oneDNN":
        pytest.skip("oneDNN has no bfloat16 LSTM on this processor")
    monkeypatch.setattr(lstm_engines, "engine_for", lambda dtype, device: engine)
    torch.manual_seed(0)
    table, own = torch.randn(5, 4 * CELLS), weight_and_states(3)
    inputs = Inputs(None, None, torch.randint(5, (6, 3)), table.bfloat16())
    outputs, hidden, cell = run_lstm_layer(inputs, *own)
    assert (outputs.dtype, hidden.dtype, cell.dtype) == (torch.bfloat16, torch.float32, torch.float32)
    exact, _, exact_cell = step_by_step(inputs._replace(table=table), *own)
    assert (outputs.float() - exact).norm() < 0.02 * exact.norm()
    assert (cell - exact_cell).norm() < 0.02 * exact_cell.norm()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
def test_a_rows_state_does_not_depend_on_the_rows_beside_it_nor_on_their_order(dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    stack = StackedLSTM(30, 32, 2)
    symbols, lengths = torch.randint(30, (12, 40)), torch.randint(1, 13, (40,))
    order = torch.randperm(40)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=dtype == torch.bfloat16):
        together = stack.read(symbols, lengths)
        shuffled = stack.read(symbols[:, order], lengths[order])
        alone = [stack.read(symbols[:, row : row + 1], lengths[row : row + 1]) for row in range(40)]
    tolerance = 1e-5 if dtype == torch.float32 else 0.02
    for part, others, single in zip(together, shuffled, zip(*alone, strict=True), strict=True):
        torch.testing.assert_close(others, part[:, order], atol=tolerance, rtol=tolerance)
        torch.testing.assert_close(torch.cat(single, 1), part, atol=tolerance, rtol=tolerance)


def test_one_hot_vectors_have_a_one_at_each_code() -> None:
    codes = torch.tensor([[0, 2], [1, 1]])
    assert one_hot(codes, 3, torch.float32).equal(torch.nn.functional.one_hot(codes, 3).float())


def test_rows_of_a_bfloat16_table_sum_their_gradients_in_float32() -> None:
    table = torch.zeros(1, 8, dtype=torch.bfloat16, requires_grad=True)
    inputs = Inputs(None, None, torch.zeros(1000, 3, dtype=torch.int64), table)
    (gradient,) = torch.autograd.grad(inputs.products().sum(), table)
    assert gradient.float().tolist() == [[3008.0] * 8]  # 3000, rounded once; summed in bfloat16 it would stop at 256


def test_on_either_engine_every_layer_has_products_and_states_of_one_type(monkeypatch: pytest.MonkeyPatch) -> None:
    if engine_for(torch.bfloat16, CPU) != "oneDNN":
        pytest.skip("oneDNN has no bfloat16 LSTM on this processor")
    torch.manual_seed(0)
    stack, symbols = StackedLSTM(30, 32, 2), torch.randint(30, (12, 5))
    found = []
    for features in (AVX512, {}):
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda features=features: features)
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            outputs, state = stack(symbols)
        assert outputs.dtype == torch.bfloat16
        found.append(torch.cat([outputs.float().flatten(), *[part.flatten() for part in state]]))
    exact = stack(symbols)[0].detach().flatten()
    fused_outputs, stepped = (x[: len(exact)] for x in found)
    # What is left between the engines is the order of sums: less than what rounding itself costs.
    assert (fused_outputs - stepped).norm() < (fused_outputs - exact).norm()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_cuda_agrees_with_the_processor() -> None:
    torch.manual_seed(0)
    stack = StackedLSTM(30, 32, 2)
    symbols, lengths = torch.randint(30, (12, 40)), torch.randint(1, 13, (40,))
    here = stack.read(symbols, lengths)
    there = stack.cuda().read(symbols.cuda(), lengths)
    torch.testing.assert_close(tuple(part.cpu() for part in there), here, atol=1e-4, rtol=1e-4)
