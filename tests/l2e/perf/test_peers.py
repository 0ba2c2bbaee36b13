"""The plain peers do the same work as ours: programs that print their targets, symbols of the alphabet, learning."""

import contextlib
import io
import zlib

import pytest

from l2e.alphabet import encode
from l2e.perf.peers import to_ids, write_programs


@pytest.mark.parametrize("nesting", [1, 3])
def test_programs_of_the_scalar_writer_print_their_targets(nesting: int) -> None:
    programs = write_programs(300, 4, nesting, seed=0)
    assert len(programs) > 60
    for program, target in programs:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(program, {})
        assert printed.getvalue().strip() + "." == target
        assert zlib.crc32(program.encode()) % 3 == 0


def test_its_symbols_are_the_alphabets() -> None:
    texts = ["print((12+34))", "a=7;\nprint(a)"]
    assert [symbol for ids in to_ids(texts) for symbol in ids] == encode(texts)[0].tolist()
