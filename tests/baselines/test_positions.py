"""Sinusoids and rotary positions, number by number."""

import cmath
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from baselines.positions import rotate, sinusoids

WIDTH = 8


def test_sinusoids_are_those_of_the_paper() -> None:
    found = sinusoids(torch.tensor([0, 1, 7, 250]), WIDTH, torch.float64)
    for row, place in zip(found.tolist(), [0, 1, 7, 250], strict=True):
        for i in range(WIDTH // 2):
            angle = place / 10000 ** (2 * i / WIDTH)
            assert row[2 * i : 2 * i + 2] == pytest.approx([math.sin(angle), math.cos(angle)])


def test_rotating_is_multiplying_pairs_as_complex_numbers() -> None:
    vector = torch.randn(WIDTH, dtype=torch.float64)
    found = rotate(vector, torch.tensor(5)).tolist()
    for i in range(WIDTH // 2):
        turned = complex(*vector[2 * i : 2 * i + 2].tolist()) * cmath.exp(1j * 5 / 10000 ** (2 * i / WIDTH))
        assert found[2 * i : 2 * i + 2] == pytest.approx([turned.real, turned.imag])


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_a_product_of_rotated_vectors_depends_on_their_distance_alone(query: int, key: int, shift: int) -> None:
    vectors = torch.randn(2, WIDTH, dtype=torch.float64)
    here = rotate(vectors, torch.tensor([query, key]))
    there = rotate(vectors, torch.tensor([query + shift, key + shift]))
    torch.testing.assert_close(here[0] @ here[1], there[0] @ there[1])


def test_a_product_of_rotated_vectors_does_depend_on_their_distance() -> None:
    vectors = torch.ones(2, WIDTH, dtype=torch.float64)
    near, far = (rotate(vectors, torch.tensor([3, place])) for place in (4, 5))
    assert not torch.isclose(near[0] @ near[1], far[0] @ far[1])


def test_the_first_place_turns_nothing() -> None:
    vector = torch.randn(WIDTH)
    assert rotate(vector, torch.tensor(0)).equal(vector)


def test_in_bfloat16_too_a_product_depends_on_the_distance_alone() -> None:
    torch.manual_seed(0)
    query, key = torch.randn(2, 32).bfloat16()
    places = torch.tensor([0, 100, 255, 301, 1000])
    products = (rotate(query.expand(5, -1), places) * rotate(key.expand(5, -1), places + 1)).float().sum(-1)
    assert products.tolist() == pytest.approx([products[0].item()] * 5, abs=0.05)
