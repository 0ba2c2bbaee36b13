"""A plain implementation of samples: one at a time, with `random` and f-strings."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence

from l2e.vocabulary import CHARACTERS

Pair = tuple[str, str]  # an input and its target


def write_programs(n: int, length: int, nesting: int, rng: random.Random) -> list[Pair]:
    """Generate programs, and keep those of the training split."""
    most, repeats = 10**length, 4 * length
    kept: list[Pair] = []
    for _ in range(n):
        statements, text, value = "", "", 0
        letters = rng.sample("abcdefghij", nesting)
        for depth in range(nesting):
            kind = rng.randrange(6)
            arity = (2, 1, 1, 2, 2, 4)[kind]
            numbers = [rng.randint(1, most) for _ in range(arity)]
            texts = [str(number) for number in numbers]
            if depth:
                slot = rng.randrange(arity)
                numbers[slot], texts[slot] = value, text
            plus = rng.random() < 0.5
            sign, factor = ("+", 1) if plus else ("-", -1)
            if kind == 0:
                text, value = f"({texts[0]}{sign}{texts[1]})", numbers[0] + factor * numbers[1]
            elif kind == 1:
                k = rng.randint(1, repeats)
                text, value = (f"({texts[0]}*{k})" if plus else f"({k}*{texts[0]})"), numbers[0] * k
            elif kind == 2:
                text, value = texts[0], numbers[0]
            elif kind == 3:
                v = letters.pop()
                statements += f"{v}={texts[0]};\n"
                text, value = f"({v}{sign}{texts[1]})", numbers[0] + factor * numbers[1]
            elif kind == 4:
                v, k = letters.pop(), rng.randint(1, repeats)
                statements += f"{v}={texts[0]}\nfor x in range({k}):{v}{sign}={texts[1]}\n"
                text, value = v, numbers[0] + factor * k * numbers[1]
            else:
                holds = numbers[0] > numbers[1] if plus else numbers[0] < numbers[1]
                text = f"({texts[2]} if {texts[0]}{'>' if plus else '<'}{texts[1]} else {texts[3]})"
                value = numbers[2] if holds else numbers[3]
        program = f"{statements}print({text})"
        if zlib.crc32(program.encode()) % 3 == 0:
            kept.append((program, f"{value}."))
    return kept


def write_sums(n: int, digits: int, rng: random.Random) -> list[Pair]:
    """Generate sums of numbers of up to the given digits, and keep those of the training split."""
    kept: list[Pair] = []
    for _ in range(n):
        a, b = (rng.randint(1, 10 ** rng.randint(1, digits)) for _ in range(2))
        text = f"print({a}+{b})"
        if zlib.crc32(text.encode()) % 3 == 0:
            kept.append((text, f"{a + b}."))
    return kept


SYMBOL = {character: number for number, character in enumerate(CHARACTERS, 2)}


def to_ids(texts: Sequence[str]) -> list[list[int]]:
    """Texts as lists of symbols, character by character."""
    return [[SYMBOL[character] for character in text] for text in texts]
