import resource

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.func import functional_call, grad, vmap

from baselines.kernels import embed_gates, lstm_layer

TIME, ROWS, CELLS = 6, 5, 4
TOLERANCE = {torch.float64: 1e-10, torch.float32: 1e-5}


def plain(gates, weight, hidden, cell):
    outputs = []
    for gates_t in gates:
        i, f, g, o = (gates_t + hidden @ weight.T).chunk(4, -1)
        cell = f.sigmoid() * cell + i.sigmoid() * g.tanh()
        hidden = o.sigmoid() * cell.tanh()
        outputs.append(hidden)
    return torch.stack(outputs), hidden, cell


def make(seed, *, time=TIME, rows=ROWS, cells=CELLS, dtype=torch.float64, members=()):
    random = torch.Generator().manual_seed(seed)
    shapes = ((time, rows, 4 * cells), (4 * cells, cells), (rows, cells), (rows, cells))
    return [torch.randn(*members, *s, dtype=dtype, generator=random, requires_grad=True) for s in shapes]


def results_and_gradients(layer, arguments, used=(0, 1, 2)):
    results = layer(*arguments)
    loss = sum((results[k].sin() * (k + 1)).sum() for k in used)
    return [x.detach() for x in results], torch.autograd.grad(loss, arguments)


def assert_close(ours, theirs, tolerance):
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, rtol=tolerance, atol=tolerance)


def loss(*arguments):
    return sum((x.sin() * (k + 1)).sum() for k, x in enumerate(lstm_layer(*arguments)))


@st.composite
def problems(draw):
    time, rows, cells = draw(st.integers(1, 7)), draw(st.integers(1, 6)), draw(st.integers(1, 9))
    dtype = draw(st.sampled_from([*TOLERANCE]))
    return make(draw(st.integers(0, 99)), time=time, rows=rows, cells=cells, dtype=dtype)


@settings(max_examples=80, deadline=None)
@given(problems())
def test_results_and_gradients_are_those_of_plain_autograd(arguments):
    (ours, our_gradients), (theirs, their_gradients) = (
        results_and_gradients(layer, arguments) for layer in (lstm_layer, plain)
    )
    tolerance = TOLERANCE[arguments[0].dtype]
    assert_close(ours, theirs, tolerance)
    assert_close(our_gradients, their_gradients, tolerance * 5 if tolerance > 1e-6 else tolerance)


@pytest.mark.parametrize("used", [(0,), (1,), (2,)], ids=["outputs", "last_hidden", "last_cell"])
def test_gradient_flows_through_each_result_alone(used):
    arguments = make(1)
    ours, theirs = (results_and_gradients(layer, arguments, used)[1] for layer in (lstm_layer, plain))
    assert_close(ours, theirs, 1e-10)
    assert all(x.abs().sum() > 0 for x in ours)


def test_gradcheck():
    assert torch.autograd.gradcheck(lstm_layer, make(2, time=3))


@pytest.mark.parametrize("dtype", TOLERANCE, ids=str)
def test_two_layers_agree_with_torch(dtype):
    torch.manual_seed(3)
    theirs = nn.LSTM(CELLS, CELLS, num_layers=2).to(dtype)
    inputs = torch.randn(TIME, ROWS, CELLS, dtype=dtype, requires_grad=True)
    hidden, cell = torch.randn(2, 2, ROWS, CELLS, dtype=dtype).unbind(0)
    expected, (last_hidden, last_cell) = theirs(inputs, (hidden, cell))
    below, states = inputs, []
    for layer in range(2):
        weight_ih, weight_hh, bias_ih, bias_hh = theirs.all_weights[layer]
        gates = nn.functional.linear(below, weight_ih, bias_ih + bias_hh)
        below, *state = lstm_layer(gates, weight_hh, hidden[layer], cell[layer])
        states.append(state)
    assert_close([below], [expected], TOLERANCE[dtype])
    for layer in range(2):
        assert_close(states[layer], [last_hidden[layer], last_cell[layer]], TOLERANCE[dtype])
    wanted = [inputs, *theirs.parameters()]
    assert_close(
        torch.autograd.grad(below.square().sum(), wanted),
        torch.autograd.grad(expected.square().sum(), wanted),
        5 * TOLERANCE[dtype],
    )


@pytest.mark.parametrize("dtype", TOLERANCE, ids=str)
def test_gradients_of_stacked_members_are_those_of_each(dtype):
    arguments = [x.detach() for x in make(4, dtype=dtype, members=(3,))]
    gradient = grad(loss, argnums=(0, 1, 2, 3))
    together = vmap(gradient)(*arguments)
    for member in range(3):
        assert_close(
            [x[member] for x in together],
            gradient(*(x[member] for x in arguments)),
            1e-6 if dtype == torch.float64 else 1e-5,
        )
    summed = grad(lambda *x: vmap(loss)(*x).sum(), argnums=(0, 1, 2, 3))(*arguments)
    assert_close(summed, together, 1e-6 if dtype == torch.float64 else 1e-5)


def test_members_may_share_tensors_and_have_their_axis_anywhere():
    gates, weight, hidden, cell = (x.detach() for x in make(5, members=(3,)))
    shared = weight[0], hidden[0], cell[0]
    moved = vmap(grad(loss, argnums=1), in_dims=(1, None, None, None))(gates.transpose(0, 1), *shared)
    for member in range(3):
        assert_close([moved[member]], [grad(loss, argnums=1)(gates[member], *shared)], 1e-10)


def test_nested_vmap_is_refused():
    arguments = [x.detach() for x in make(6, members=(2, 2))]
    with pytest.raises(NotImplementedError, match="vmap inside vmap"):
        vmap(vmap(loss))(*arguments)


def test_functional_call_with_stacked_parameters():
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.table, self.weight = (
                nn.Parameter(torch.randn(7, 4 * CELLS)),
                nn.Parameter(torch.randn(4 * CELLS, CELLS)),
            )

        def forward(self, symbols):
            zeros = self.weight.new_zeros(symbols.shape[1], CELLS)
            return lstm_layer(embed_gates(self.table, symbols), self.weight, zeros, zeros)[0].square().sum()

    torch.manual_seed(7)
    models, symbols = [Model() for _ in range(3)], torch.randint(7, (3, TIME, ROWS))
    stacked, _ = torch.func.stack_module_state(models)
    together = vmap(grad(lambda p, s: functional_call(models[0], p, (s,))))(stacked, symbols)
    for member, model in enumerate(models):
        model(symbols[member]).backward()
        for name, parameter in model.named_parameters():
            torch.testing.assert_close(together[name][member], parameter.grad, rtol=1e-5, atol=1e-5)


def test_embed_gates_looks_up_and_sums_back():
    table = torch.randn(7, 8, dtype=torch.float64, requires_grad=True)
    symbols = torch.randint(7, (TIME, ROWS))
    one_hot = nn.functional.one_hot(symbols, 7).double()
    assert torch.equal(embed_gates(table, symbols), table[symbols])
    ours, theirs = (torch.autograd.grad(x.sin().sum(), table) for x in (embed_gates(table, symbols), one_hot @ table))
    assert_close(ours, theirs, 1e-12)


def test_non_contiguous_arguments_stay_untouched_and_twice_gives_the_same_bits():
    def scattered(x: Tensor) -> Tensor:
        return (
            x.detach()
            .repeat_interleave(2, -1)[..., ::2]
            .transpose(0, -1)
            .contiguous()
            .transpose(0, -1)
            .requires_grad_()
        )

    arguments = [scattered(x) for x in make(9)]
    copies = [x.detach().clone() for x in arguments]
    assert not any(x.is_contiguous() for x in arguments)
    first, second = (results_and_gradients(lstm_layer, arguments) for _ in range(2))
    for a, b in zip((*first[0], *first[1]), (*second[0], *second[1]), strict=True):
        assert torch.equal(a, b)
    assert all(torch.equal(x, copy) for x, copy in zip(arguments, copies, strict=True))
    assert_close(first[1], results_and_gradients(plain, arguments)[1], 1e-10)


def test_the_same_graph_can_be_differentiated_twice_but_not_to_second_order():
    arguments = make(10)
    value = loss(*arguments)
    first = torch.autograd.grad(value, arguments, retain_graph=True)
    second = torch.autograd.grad(value, arguments, create_graph=True)
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))
    with pytest.raises(NotImplementedError, match="first derivatives only"):
        torch.autograd.grad(second[0].sum(), arguments)


def test_one_layer_run_twice_in_a_graph():
    gates, weight, hidden, cell = make(11)
    ours, theirs = (
        torch.autograd.grad(
            layer(gates, weight, *layer(gates, weight, hidden, cell)[1:])[0].sum(), [gates, weight, hidden]
        )
        for layer in (lstm_layer, plain)
    )
    assert_close(ours, theirs, 1e-10)


def test_no_steps_are_refused():
    with pytest.raises(ValueError, match="at least one step"):
        lstm_layer(*make(13, time=0))


def test_gradients_disabled_gives_the_same_results():
    arguments = make(14)
    expected = lstm_layer(*arguments)
    with torch.no_grad():
        results = lstm_layer(*arguments)
        inside = grad(loss)(*(x.detach() for x in arguments))  # torch.func.grad enables gradients itself
    assert all(torch.equal(a, b) for a, b in zip(results, expected, strict=True))
    assert inside.abs().sum() > 0


def test_memory_stays_flat():
    arguments = make(15, time=20, rows=64, cells=64, dtype=torch.float32)  # a call saves two megabytes

    def peak_after(calls):
        for _ in range(calls):
            torch.autograd.grad(loss(*arguments), arguments)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert peak_after(60) - peak_after(10) < 40_000  # kilobytes


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_cuda_agrees_with_cpu():
    arguments = make(16)
    there = [x.detach().cuda().requires_grad_() for x in arguments]
    ours, theirs = (results_and_gradients(lstm_layer, x) for x in (there, arguments))
    assert_close([x.cpu() for x in (*ours[0], *ours[1])], (*theirs[0], *theirs[1]), 1e-10)


def in_bfloat16(arguments):
    gates, weight, *states = [x.detach().float() for x in arguments]
    weight /= weight.shape[-1] ** 0.5  # as large as after an initialisation, or rounding grows from step to step
    return [x.requires_grad_() for x in (gates.bfloat16(), weight, *states)]


@pytest.mark.parametrize("members", [None, 3], ids=["one", "members"])
def test_bfloat16_products_with_float32_states(members):
    arguments = in_bfloat16(make(17, rows=5, cells=32, members=() if members is None else (members,)))
    exact = [x.detach().double().requires_grad_() for x in arguments]

    def both(arguments):
        results = (lstm_layer if members is None else vmap(lstm_layer))(*arguments)
        return results, torch.autograd.grad(sum(x.double().sin().sum() for x in results), arguments)

    (ours, our_gradients), (theirs, their_gradients) = both(arguments), both(exact)
    assert [x.dtype for x in ours] == [torch.bfloat16, torch.float32, torch.float32]
    assert [x.dtype for x in our_gradients] == [torch.bfloat16, *3 * [torch.float32]]
    for a, b in zip((*ours, *our_gradients), (*theirs, *their_gradients), strict=True):
        # A bfloat16 has 8 bits; relative to the whole tensor, as small entries are sums of great ones.
        assert (a.double() - b).norm() <= 0.02 * b.norm()


def test_rows_of_a_bfloat16_table_sum_their_gradients_in_float32():
    table = torch.zeros(1, 8, dtype=torch.bfloat16, requires_grad=True)
    symbols = torch.zeros(1000, 3, dtype=torch.int64)
    (gradient,) = torch.autograd.grad(embed_gates(table, symbols).sum(), table)
    assert gradient.float().tolist() == [[3008.0] * 8]  # 3000, rounded once; summed in bfloat16 it would stop at 256
