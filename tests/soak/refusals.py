"""Which programs CPython runs and the interpreter refuses, sorted by reason: the figures of docs/language.md.

python tests/soak/refusals.py --number 100000
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
import random
import re
import signal
from collections import Counter

import numpy as np

from generators.errors import InputError
from generators.interpreter import execute
from generators.program import Program

SAFE = (
    ast.Module,
    ast.Expr,
    ast.Assign,
    ast.AugAssign,
    ast.For,
    ast.Call,
    ast.BinOp,
    ast.UnaryOp,
    ast.Compare,
    ast.IfExp,
)
SAFE += (
    ast.Constant,
    ast.Name,
    ast.Tuple,
    ast.List,
    ast.BoolOp,
    ast.expr_context,
    ast.operator,
    ast.unaryop,
    ast.cmpop,
)
PIECES = [
    *"()+-*=<>:;,.%/0123456789abx #\n\\'",
    "\n ",
    "\n    ",
    "//",
    "**",
    "==",
    "!=",
    "+=",
    "-=",
    "*=",
    " if ",
    " else ",
]
PIECES += [
    " and ",
    "not ",
    " in ",
    "for x in range(",
    "print(",
    "pass",
    "True",
    "1_0",
    "0x1",
    "1.0",
    ": int=",
    "range",
    "é",
]
TOKEN = re.compile(r"\d+|[a-z]+|\s+|[^\w\s]=?")


def changed(text: str, chance: random.Random) -> str:
    """The program with one or two of its tokens taken out, doubled or replaced, or a piece put in."""
    tokens = TOKEN.findall(text)
    for _ in range(chance.choice([1, 1, 2])):
        at = chance.randrange(len(tokens))
        tokens[at : at + chance.choice([0, 0, 1])] = chance.choice([[], [tokens[at]] * 2, [chance.choice(PIECES)]])
    return "".join(tokens)


def cpython(text: str) -> str | None:
    """What CPython prints; None where it refuses, or the program does anything but compute."""
    try:
        tree = ast.parse(text)
        calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        if not all(isinstance(node, SAFE) for node in ast.walk(tree) if not isinstance(node, ast.keyword)):
            return None
        if not all(isinstance(called, ast.Name) and called.id in ("print", "range") for called in calls):
            return None
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            exec(compile(tree, "program", "exec"), {"__builtins__": {"print": print, "range": range}})
        return printed.getvalue()
    except (Exception, KeyboardInterrupt):
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def main() -> None:
    """Count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=100_000)
    number = parser.parse_args().number
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    lengths, nestings = (np.random.default_rng(seed).integers(1, 4, 5000) for seed in (0, 1))
    programs = Program().sample(lengths, nestings, np.random.default_rng(2)).inputs
    chance = random.Random(0)
    reasons: Counter[str] = Counter()
    examples: dict[str, str] = {}
    ran = answered = 0
    for _ in range(number):
        text = changed(chance.choice(programs), chance)
        if (printed := cpython(text)) is None:
            continue
        ran += 1
        try:
            assert execute(text) + "\n" == printed, text
            answered += 1
        except InputError as error:
            note = re.search(r"\(([^()]*(?:\(\.\.\.\))?[^()]*)\)$", error.message)
            reason = note[1] if note else re.sub(r" but found .*| \(U\+.*", "", error.message)
            reasons[reason] += 1
            examples[reason] = min(text, examples.get(reason, text), key=len)
    print(f"{number} changed programs: CPython runs {ran}, of which {answered} are answered alike")
    for reason, count in reasons.most_common():
        print(f"{count:6d}  {reason}: {examples[reason]!r}")


if __name__ == "__main__":
    main()
