"""Invitations: a hundred thousand codes drawn, stored, listed and printed as letters, beside ten thousand.

    python -m bench.invitations

Prints JSON: seconds, and the peak of memory of the process that makes them, for both.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FEW, MANY = 10_000, 100_000


def made(count: int) -> dict[str, float]:
    """So many codes and letters, made in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.participation.bulk", folder, str(count)]
        begun = time.perf_counter()
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, cwd=Path(__file__).resolve().parents[1]
        )
        seconds = time.perf_counter() - begun
    found: dict[str, float] = json.loads(done.stdout)
    assert found["stored"] == found["in_csv"] == found["letters"] == count
    return {"megabytes": found["megabytes"], "seconds": round(seconds, 1)}


def main() -> dict[str, object]:
    """Both."""
    few, many = made(FEW), made(MANY)
    return {
        "few": FEW,
        "many": MANY,
        **{f"few_{name}": figure for name, figure in few.items()},
        **{f"many_{name}": figure for name, figure in many.items()},
    }


if __name__ == "__main__":
    print(json.dumps(main(), indent=1))
