"""The environment of a run: versions, commit, machine, threads."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

RECORDED = ("l2e", "torch", "numpy", "pandas")
FEATURES = ("avx2", "avx512_f", "avx512_bf16", "amx_bf16")  # that decide how matrix products are computed


def processor() -> str:
    """The processor's name."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [
            line.partition(":")[2].strip() for line in cpuinfo.read_text("utf-8").splitlines() if "model name" in line
        ]
        if names:
            return names[0]
    return platform.processor() or platform.machine()


def processor_features() -> list[str]:
    """The FEATURES that the processor has."""
    import torch

    capabilities = torch.cpu.get_capabilities()
    return [feature for feature in FEATURES if capabilities.get(feature)]


def commit() -> str | None:
    """The commit of the source tree, with "+" if it has changes; None where there is no source tree."""
    root = Path(__file__).resolve().parent.parent.parent

    def git(*arguments: str) -> str | None:
        try:
            done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False)
        except FileNotFoundError:
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    head = git("rev-parse", "HEAD")
    return head and head + ("+" if git("status", "--porcelain", "--untracked-files=no") else "")


def describe_environment() -> dict[str, Any]:
    """Versions, commit and machine, as JSON."""
    import torch

    return {
        "python": sys.version.split()[0],
        "packages": {name: version(name) for name in RECORDED},
        "commit": commit(),
        "machine": {
            "processor": processor(),
            "features": processor_features(),
            "cores": os.cpu_count(),
            "system": platform.platform(),
            "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
        },
        "threads": torch.get_num_threads(),
    }
