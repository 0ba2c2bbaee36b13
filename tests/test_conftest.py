"""The files whose tests run in both types of products are there."""

from pathlib import Path

from tests.conftest import NUMERICS


def test_every_file_that_is_tried_in_both_types_of_products_is_there() -> None:
    assert {path.name for path in Path(__file__).parent.rglob("test_*.py")} >= NUMERICS
