"""A rule for the number of seeds: fixed beside the runs before it looks at them."""

import json
from pathlib import Path

import pytest

from l2e.experiments.run import RunError
from l2e.experiments.stopping import RECORD, StoppingRule, check_seeds_are_free, stopping_rule_of
from l2e.metrics import Rule

RULE = StoppingRule(rule=Rule.EXACT_MATCH, width=2, most=12)


@pytest.mark.parametrize(("most", "looks"), [(2, [2]), (5, [5]), (12, [5, 10, 12])])
def test_intervals_are_looked_at_after_every_block_and_at_the_end(most: int, looks: list[int]) -> None:
    assert list(RULE.model_copy(update={"most": most}).looks()) == looks


def test_it_lies_beside_the_runs_and_is_not_changed(tmp_path: Path) -> None:
    assert stopping_rule_of(tmp_path) is None
    check_seeds_are_free(tmp_path)
    for _ in range(2):
        RULE.fix(tmp_path)
    written = json.loads((tmp_path / RECORD).read_text())
    assert {"rule": "exact_match", "width": 2.0, "block": 5, "most": 12}.items() <= written.items()
    assert stopping_rule_of(tmp_path) == RULE
    with pytest.raises(RunError, match=r"have another rule: .* narrower than 2 points, at most 12 seeds; keep to it"):
        RULE.model_copy(update={"width": 3.0}).fix(tmp_path)
    with pytest.raises(RunError, match="give --until-width 2 --most-seeds 12, or another --out"):
        check_seeds_are_free(tmp_path)


@pytest.mark.parametrize("text", ["{", "{}", '{"rule": "exact_match", "width": -1, "most": 5}'])
def test_a_rule_that_cannot_be_read_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / RECORD).write_text(text)
    with pytest.raises(RunError, match=rf"{RECORD} cannot be read"):
        stopping_rule_of(tmp_path)
