"""JSON: the frozen content itself, byte for byte, so that its hash can be checked."""

from __future__ import annotations

from collections.abc import Iterator

from consult.results.content import Content
from consult.results.presentation import Reader


def write(_content: Content, frozen: bytes, _hash: str, _reader: Reader) -> Iterator[bytes]:
    """The content as it was frozen."""
    yield frozen
