"""Clean a document in a process of its own: what a hostile file makes a parser do ends with that process."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from consult.core.documents import WORDS
from consult.core.documents.apart import MOST_SECONDS, REFUSED
from consult.core.documents.words import words
from consult.core.errors import Refused

_PROGRAMS: Final = {b"%PDF-": "consult.core.documents.pdf", b"PK\x03\x04": "consult.core.documents.office"}
"""By the first bytes of a file, what cleans it. They are not imported here: that takes longer than all else."""
_SAID: Final = frozenset({"file.active", "file.damaged", "file.kind", "file.large", "file.locked"})


def clean(data: bytes, *, megabytes: int) -> tuple[bytes, str]:
    """A document without what it says of its author, with its media type (`documents.EXTENSIONS`).

    Refuses `file.kind` (a kind that is not kept), `file.damaged`, `file.locked` (it asks for a password), `file.active`
    (it has macros or other files in it), `file.large` (limit): its parts written anew take more than `megabytes`.
    """
    program = next((program for begins, program in _PROGRAMS.items() if data.startswith(begins)), "")
    if not program:
        return words(data), WORDS
    command = [sys.executable, "-P", "-m", program, str(megabytes)]
    try:
        done = subprocess.run(  # noqa: S603  # our own module, and no argument of its sender's
            command, input=data, capture_output=True, timeout=3 * MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Refused.because("file.damaged") from error
    if done.returncode == REFUSED and (code := done.stdout.decode()) in _SAID:
        raise Refused.because(code, limit=megabytes)
    kind, line_end, content = done.stdout.partition(b"\n")
    if done.returncode or not line_end:
        raise Refused.because("file.damaged")
    return content, kind.decode()
