"""A worker with one long task that writes a file slowly: to be killed."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

from consult.core.progress import Progress
from consult.db.installation import Installation, open_installation
from consult.jobs import long
from consult.jobs.long import Long, Order
from consult.jobs.made import Made, to_file

KIND = "letters.write"
LINES = 40
WHOLE = "".join(f"line {number}\n" for number in range(LINES))


def write(_installation: Installation, _order: Order, target: Path, progress: Progress) -> Made:
    """Line by line, each at once on the disk."""
    with target.open("w", buffering=1) as file:
        for number, line in enumerate(WHOLE.splitlines(keepends=True)):
            progress(number, LINES)
            file.write(line)
            time.sleep(0.02)
    return Made("letters.txt", "text/plain")


def run() -> None:
    """Do what is due."""
    kinds = {KIND: Long(to_file(write), "Writing", needs="results.plan")}
    long.run_due(open_installation(os.environ), kinds, clock=lambda: dt.datetime.now(dt.UTC))
