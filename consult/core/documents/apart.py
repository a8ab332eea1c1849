"""The inside of a process that cleans one document: its limits, what it reads and what it writes.

Its one argument says how many megabytes the clean file may have. It reads the file from its standard input and writes
its media type, a line end and the clean file to its standard output; or, with exit code `REFUSED`, the code of what
stands against it. Nothing touches a disk.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from typing import Final

from consult.core.errors import Refused

MOST_SECONDS: Final = 20
"""Seconds of a processor that a file may take."""
MOST_MEMORY: Final = 2 * 1024**3
"""Bytes of memory that it may take."""
UNPACKED: Final = 40_000_000
"""Bytes that all its parts may have together when unpacked."""
REFUSED: Final = 3


def run(clean: Callable[[bytes], tuple[bytes, str]]) -> int:
    """Clean the one document; the exit code."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        content, kind = clean(sys.stdin.buffer.read())
        if len(content) > int(sys.argv[1]) * 1_000_000:
            raise Refused.because("file.large")
    except Refused as refused:
        sys.stdout.write(refused.problems[0].code)
        return REFUSED
    sys.stdout.buffer.write(kind.encode() + b"\n" + content)
    return 0
