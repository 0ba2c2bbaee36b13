"""Debian's Chromium, driven by Playwright, for the pages that are tested in a browser; and a small text."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import toys


@pytest.fixture(scope="session")
def text_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A text with words that are there once."""
    path = tmp_path_factory.mktemp("text") / "goats.txt"
    path.write_text(toys.written_text())
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    chromium = shutil.which("chromium")
    if chromium is None:
        missing = "there is no chromium on this machine: apt-get install chromium"
        if os.environ.get("L2E_BROWSER") == "required":
            pytest.fail(missing)
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium)
        yield launched
        launched.close()
