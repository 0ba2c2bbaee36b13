"""The learners that all pass one test, each with small options and the documented number of its parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Options = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """A learner with options.

    Attributes:
        id: the test's.
        learner: its registered name.
        options: small ones.
        parameters: how many there are, of the number of symbols and the options.
        refused: options that must not be accepted, each with a word of the message that says what is legal.
        updates: steps of Adam within which it fits 32 samples exactly.
        rate: of Adam.
    """

    id: str
    learner: str
    options: Options
    parameters: Callable[[int, Options], int]
    refused: tuple[tuple[Options, str], ...] = field(default=())
    updates: int = 150
    rate: float = 0.02


# Products of a cell, and biases of a product.
PER_CELL = {"lstm": (4, 2), "gru": (3, 2), "gru_reset_before": (3, 1), "elman": (1, 1)}
HALF = {"crelu"}  # activations that make two cells of a number


def layer(cell: str, n: int, inputs: int) -> int:
    """Of one recurrent layer with n cells."""
    products, biases = PER_CELL[cell]
    return products * n * (inputs + n + biases)


def stack(cell: str, s: int, o: Options, n: int) -> int:
    """Of an embedding and layers with n cells."""
    read = n if o.get("embedding", True) else s
    above = n + read if o.get("skip") else n
    return (s * n if read == n else 0) + layer(cell, n, read) + (o["layers"] - 1) * layer(cell, n, above)


def running_text(cell: str) -> Callable[[int, Options], int]:
    """Of a stack and an output layer."""
    return lambda s, o: stack(cell, s, o, n := o["cells"]) + s * (n * (o["layers"] if o.get("skip") else 1) + 1)


def jordan(s: int, o: Options) -> int:
    """Of an embedding, Elman layers, a layer fed back with s numbers, and an output layer."""
    n = o["cells"]
    return s * n + (o["layers"] - 1) * layer("elman", n, n) + n * (n + s + 1) + s * (n + 1)


def elman(s: int, o: Options) -> int:
    """Of a stack with an activation, an output layer and biases of the first step."""
    n, whole = o["cells"], running_text("elman")(s, o)
    layers = whole - s * n - s * (n + 1)
    numbers = n // 2 if o.get("activation") in HALF else n
    return whole - layers + layers * numbers // n + (o["layers"] * numbers if o.get("first_biases") else 0)


def multiplicative(s: int, o: Options) -> int:
    """Of an embedding, layers with two products in and two back, and an output layer."""
    n = o["cells"]
    read = n if o.get("embedding", True) else s
    layers = 2 * n * (read + n + 1) + (o["layers"] - 1) * 2 * n * (2 * n + 1)
    return (s * n if read == n else 0) + layers + s * (n + 1)


def seq2seq(s: int, o: Options) -> int:
    """Of one or two encoders, a decoder and an output layer."""
    n, cell = o["cells"], o.get("cell", "lstm")
    encoder = 2 * stack(cell, s, o, n // 2) if o.get("bidirectional") else stack(cell, s, o, n)
    return encoder + stack(cell, s, o, n) + s * (n + 1)


def tagger(s: int, o: Options) -> int:
    """Of a stack and an output layer."""
    return stack(o.get("cell", "gru"), s, o, n := o["cells"]) + s * (n + 1)


def transformer_blocks(o: Options, attentions: int) -> int:
    """Of layers with one self-attention, or one to the encoder too; four times as wide inside."""
    n = o["cells"]
    return o["layers"] * (4 * attentions * n**2 + 8 * n**2 + 5 * n + 2 * n * (attentions + 1))


def transformer(s: int, o: Options) -> int:
    """Of an embedding, an encoder, a decoder, their last norms and an output layer."""
    n = o["cells"]
    return s * n + transformer_blocks(o, 1) + transformer_blocks(o, 2) + 4 * n + s * (n + 1)


def decoder_only(s: int, o: Options) -> int:
    """Of an embedding, blocks, their last norm and an output layer."""
    n = o["cells"]
    return s * n + transformer_blocks(o, 1) + 2 * n + s * (n + 1)


def universal(s: int, o: Options) -> int:
    """Of a transformer and, with halting, two units that halt."""
    return transformer(s, o) + (2 * (o["cells"] + 1) if o.get("halting", True) else 0)


def attention(s: int, o: Options) -> int:
    """Of an encoder, a decoder that reads twice its width, scores, what combines them and an output layer."""
    n, gates = o["cells"], 3 if o.get("cell") == "gru" else 4
    width = n // 2 if o.get("bidirectional", True) else n
    encoder = o["layers"] * n // width * gates * (width * n + width**2 + 2 * width)
    decoder = (gates * n**2 if o.get("input_feeding", True) else 0) + o["layers"] * gates * (2 * n**2 + 2 * n)
    score = {"additive": 2 * n**2 + n, "concat": 2 * n**2 + n, "general": n**2, "dot": 0}[o["score"]]
    return 2 * s * n + encoder + decoder + score + 2 * n**2 + s * (n + 1)


def memory(s: int, o: Options) -> int:
    """Of an embedding, an attention, a network, two norms, gates and an output layer over all slots."""
    n, gate = o["cells"], o["cells"] if o.get("gate", "unit") == "unit" else 1
    gates = 2 * gate * (2 * n + 1)
    return s * n + 3 * n**2 + 4 * n + o["layers"] * (n**2 + n) + gates + s * (o["slots"] * n + 1)


def memoryless(s: int, o: Options) -> int:
    """Of an embedding, hidden layers and an output layer."""
    n, width = o["cells"], o["embedding"]
    return s * width + n * (o["order"] * width + 1) + (o["layers"] - 1) * (n**2 + n) + s * (n + 1)


NO_LAYERS = ({"layers": 0}, "at least 1")
NO_CELLS = ({"cells": 0}, "cells must be at least 1")
NO_FRACTION = (({"dropout": 1.0}, "less than 1"), ({"dropout": -0.1}, "at least 0"))
NO_ACTIVATION = ({"activation": "step"}, "crelu, elu, relu, relu6, softplus, softsign, tanh")

CASES = [
    Case("lstm", "lstm", {"cells": 32, "layers": 1}, running_text("lstm"), (NO_LAYERS, NO_CELLS, *NO_FRACTION)),
    Case("lstm, skip", "lstm", {"cells": 16, "layers": 3, "skip": True}, running_text("lstm")),
    Case("lstm, dropout", "lstm", {"cells": 32, "layers": 1, "dropout": 0.1}, running_text("lstm")),
    Case("elman", "elman", {"cells": 32, "layers": 1}, running_text("elman"), (*NO_FRACTION, NO_ACTIVATION)),
    Case("elman, relu", "elman", {"cells": 32, "layers": 2, "activation": "relu"}, running_text("elman")),
    *(
        Case(f"elman, {activation}", "elman", {"cells": 32, "layers": 1, "activation": activation}, elman)
        for activation in ("relu6", "elu", "softplus", "softsign")
    ),
    Case(
        "elman, crelu",
        "elman",
        {"cells": 32, "layers": 2, "activation": "crelu"},
        elman,
        (({"cells": 31}, "2 cells of a number"),),
    ),
    Case("elman, first biases", "elman", {"cells": 32, "layers": 2, "first_biases": True}, elman),
    Case("elman, skip", "elman", {"cells": 32, "layers": 3, "skip": True}, running_text("elman")),
    Case("elman, one-hot", "elman", {"cells": 32, "layers": 2, "embedding": False}, running_text("elman")),
    Case("jordan", "jordan", {"cells": 64, "layers": 1}, jordan, (NO_LAYERS, NO_ACTIVATION), updates=300, rate=0.01),
    Case("jordan, 3 layers", "jordan", {"cells": 32, "layers": 3}, jordan),
    Case("multiplicative", "multiplicative", {"cells": 32, "layers": 1}, multiplicative, (NO_CELLS, *NO_FRACTION)),
    Case("multiplicative, one-hot", "multiplicative", {"cells": 32, "layers": 2, "embedding": False}, multiplicative),
    Case("gru", "gru", {"cells": 32, "layers": 2}, running_text("gru"), (NO_LAYERS, *NO_FRACTION)),
    Case("gru, skip", "gru", {"cells": 16, "layers": 3, "skip": True}, running_text("gru")),
    Case(
        "gru, reset before",
        "gru",
        {"cells": 32, "layers": 2, "reset": "before"},
        running_text("gru_reset_before"),
        (NO_LAYERS, *NO_FRACTION, ({"reset": "never"}, "after, before")),
    ),
    Case(
        "seq2seq",
        "seq2seq",
        {"cells": 32, "layers": 1},
        seq2seq,
        (({"cell": "jordan"}, "elman, gru, gru_reset_before, lstm"),),
    ),
    Case("seq2seq, gru", "seq2seq", {"cells": 32, "layers": 2, "cell": "gru", "reverse": True}, seq2seq),
    Case("seq2seq, gru reset before", "seq2seq", {"cells": 32, "layers": 1, "cell": "gru_reset_before"}, seq2seq),
    Case(
        "seq2seq, elman",
        "seq2seq",
        {"cells": 32, "layers": 1, "cell": "elman"},
        seq2seq,
        (({"forget_bias": 1.0}, "lstm"), *NO_FRACTION),
    ),
    Case(
        "seq2seq, bidirectional",
        "seq2seq",
        {"cells": 32, "layers": 1, "bidirectional": True},
        seq2seq,
        (({"reverse": True}, "no reverse"), ({"cells": 31}, "even number")),
    ),
    Case(
        "tagger",
        "tagger",
        {"cells": 32, "layers": 1},
        tagger,
        (NO_LAYERS, NO_CELLS, *NO_FRACTION, ({"cell": "jordan"}, "elman, gru, gru_reset_before, lstm")),
    ),
    Case("tagger, lstm", "tagger", {"cells": 32, "layers": 1, "cell": "lstm"}, tagger),
    Case(
        "transformer",
        "transformer",
        {"cells": 32, "layers": 1},
        transformer,
        (
            NO_LAYERS,
            *NO_FRACTION,
            ({"positions": "learnt"}, "sinusoidal, rotary"),
            ({"heads": 5}, "divisible by heads"),
            ({"cells": 7, "heads": 7}, "must be even"),
            ({"cells": 6, "heads": 2, "positions": "rotary"}, "cells of one head"),
        ),
        updates=60,
    ),
    Case(
        "transformer, rotary", "transformer", {"cells": 32, "layers": 2, "positions": "rotary"}, transformer, updates=60
    ),
    Case(
        "decoder_only", "decoder_only", {"cells": 32, "layers": 1}, decoder_only, (NO_LAYERS, *NO_FRACTION), updates=60
    ),
    Case(
        "decoder_only, rotary",
        "decoder_only",
        {"cells": 32, "layers": 2, "positions": "rotary"},
        decoder_only,
        updates=60,
    ),
    Case(
        "universal",
        "universal",
        {"cells": 32, "layers": 1, "steps": 3},
        universal,
        (
            NO_LAYERS,
            ({"steps": 0}, "at least 1"),
            *(({"threshold": t}, "above 0 and at most 1") for t in (-1.0, 0.0, 1.01)),
        ),
        updates=60,
    ),
    Case(
        "universal, all steps",
        "universal",
        {"cells": 32, "layers": 1, "steps": 2, "halting": False},
        universal,
        updates=60,
    ),
    Case(
        "attention, additive",
        "attention",
        {"cells": 32, "layers": 1, "score": "additive"},
        attention,
        (
            NO_LAYERS,
            *NO_FRACTION,
            ({"score": "cosine"}, "additive, concat, dot, general"),
            ({"cell": "elman"}, "lstm, gru"),
        ),
    ),
    Case(
        "attention, general",
        "attention",
        {"cells": 32, "layers": 2, "score": "general", "cell": "gru", "bidirectional": False},
        attention,
        rate=0.005,
    ),
    Case("attention, concat", "attention", {"cells": 32, "layers": 1, "score": "concat"}, attention, rate=0.01),
    Case("attention, dot", "attention", {"cells": 32, "layers": 1, "score": "dot", "dropout": 0.1}, attention),
    Case(
        "attention, not fed",
        "attention",
        {"cells": 32, "layers": 1, "score": "general", "input_feeding": False},
        attention,
        (({"score": "additive"}, "wants another"),),
    ),
    Case(
        "memory",
        "memory",
        {"cells": 32, "layers": 2, "slots": 3},
        memory,
        (
            NO_LAYERS,
            ({"heads": 5}, "divisible by heads"),
            ({"slots": 0}, "from 1 to 32"),
            ({"gate": "none"}, "unit, memory"),
        ),
        updates=60,
    ),
    Case(
        "memory, a gate a slot", "memory", {"cells": 32, "layers": 1, "slots": 2, "gate": "memory"}, memory, updates=60
    ),
    Case(
        "memoryless",
        "memoryless",
        {"cells": 64, "layers": 1, "order": 8, "embedding": 16},
        memoryless,
        (NO_LAYERS, ({"order": 0}, "at least 1")),
    ),
    Case("memoryless, 2 layers", "memoryless", {"cells": 64, "layers": 2, "order": 8, "embedding": 16}, memoryless),
]
