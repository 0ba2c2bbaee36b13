"""Memory is that of a process of its own, over the updates of a real training."""

import pytest

from l2e.perf import memory
from l2e.perf.memory import memory_over_time, resident_mib


@pytest.mark.slow
def test_memory_is_told_over_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "SHOWN", (100, 200, 300))
    line = memory_over_time("float32", updates=300)
    assert "MiB at 100, " in line.note
    assert line.note.endswith("MiB at 300")
    assert 0.8 < line.ours < 1.3


def test_resident_memory_grows_with_what_is_written() -> None:
    before = resident_mib()
    kept = bytearray(64 * 2**20)
    kept[::4096] = b"x" * len(kept[::4096])
    assert 60 < resident_mib() - before < 80
