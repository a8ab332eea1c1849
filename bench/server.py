"""Serve one of the two apps exactly as `consult serve` does: `python bench/server.py MODULE:FACTORY PORT`."""

from __future__ import annotations

import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

if __name__ == "__main__":
    Granian(
        sys.argv[1],
        address="127.0.0.1",
        port=int(sys.argv[2]),
        interface=Interfaces.WSGI,
        factory=True,
        workers=2,
        blocking_threads=4,
        websockets=False,
        log_level=LogLevels.error,
        log_access=False,
    ).serve()
