"""Random numbers by key: pinned, because every published data set hangs on them, and unrelated between keys."""

import itertools

import numpy as np
import pytest

from generators.seeding import keyed_generator

GOLDEN = {
    (0, 1): [1725238630, 1602986104, 1029487064, 3929495069],
    (1, 0): [4142582959, 1122330398, 3260069425, 654721504],
    ("01",): [3341125256, 705376477, 3076211327, 1791751373],
    ("0", "1"): [476094701, 1586938511, 3649654340, 2431771624],
    ("program", 0, "train", 7): [1634118029, 1626739356, 3306150038, 477099772],
}


def drawn(*key: str | int) -> list[int]:
    numbers: list[int] = keyed_generator(*key).integers(0, 2**32, 4).tolist()
    return numbers


@pytest.mark.parametrize("key", GOLDEN)
def test_a_key_gives_these_numbers_for_ever(key: tuple[str | int, ...]) -> None:
    assert drawn(*key) == GOLDEN[key]


def test_the_bits_are_philox_of_the_hash_of_the_key_as_json() -> None:
    # b2sum -l 128 of ["program", 0, "train", 7]
    key = int.from_bytes(bytes.fromhex("10b2a20b68d6f3185a82848d51f7b68e"), "little")
    bits = keyed_generator("program", 0, "train", 7).bit_generator.random_raw(8)
    assert bits.tolist() == np.random.Philox(key=key).random_raw(8).tolist()


def test_keys_of_the_same_characters_but_other_parts_differ() -> None:
    keys: list[tuple[str | int, ...]] = [
        (0, 1),
        (1, 0),
        ("01",),
        ("0", "1"),
        (0, "1"),
        (1,),
        ("1",),
        (10,),
        (1, 0, 0),
        (),
    ]
    assert len({tuple(drawn(*key)) for key in keys}) == len(keys)


def test_keys_are_not_added_up() -> None:
    grid = [tuple(drawn("program", seed, part)) for seed, part in itertools.product(range(30), range(30))]
    assert len(set(grid)) == 900


def test_neighbouring_seeds_are_unrelated() -> None:
    a, b = (keyed_generator("program", seed).random(10_000) for seed in (0, 1))
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.05
    assert np.intersect1d(a, b).size == 0


def test_generators_of_one_key_do_not_share_state() -> None:
    first, second = keyed_generator(0), keyed_generator(0)
    first.random(3)
    assert second.random() == keyed_generator(0).random()
