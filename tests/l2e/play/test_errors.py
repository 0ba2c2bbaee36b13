"""What keeps the page from being shown."""

from __future__ import annotations

import sys

import pytest

from l2e.play.errors import PlayError, check_flask


def test_without_flask_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "flask", None)
    with pytest.raises(PlayError, match=r"pip install 'l2e\[play\]'"):
        check_flask()
