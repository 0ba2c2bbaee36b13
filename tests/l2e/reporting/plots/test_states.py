"""A network in action as a picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from l2e.evaluation.observation import observe
from l2e.reporting.plots.states import draw_states, states_figure
from tests.l2e.evaluation.test_observation import made
from tests.l2e.reporting.plots.test_style import texts_in
from tests.l2e.reporting.test_states import observation


def test_every_layer_and_head_has_a_panel_with_its_name(tmp_path: Path) -> None:
    draw_states(tmp_path / "states.svg", observation(), 1, "A title")
    texts = set(texts_in(tmp_path / "states.svg"))
    assert {"likeliest, %", "next", "75", "▷", "␣"} <= texts
    assert any("A title" in text for text in texts)
    assert any("forget gate" in text for text in texts)


@pytest.mark.parametrize(("name", "panels"), [("lstm", 7), ("seq2seq", 13), ("attention", 5), ("transformer", 13)])
def test_there_is_a_panel_a_kind_of_unit_and_a_head(name: str, panels: int) -> None:
    assert len(states_figure(observe(made(name), "1+2$", "3."), 2, "").axes) == panels


def test_what_a_decoder_did_stands_above_the_answer_alone() -> None:
    figure = states_figure(observe(made("seq2seq"), "1+2", "3."), 2, "")
    tiles = figure.axes[-1].collections[0].get_array()
    assert tiles is not None
    assert tiles.mask.tolist() == [[True, True, True, False, False]] * 2


def test_an_empty_input_is_drawn_too(tmp_path: Path) -> None:
    for name in ("seq2seq", "transformer"):
        draw_states(tmp_path / f"{name}.png", observe(made(name), "", "3."), 2, "")
        assert (tmp_path / f"{name}.png").stat().st_size > 2000
