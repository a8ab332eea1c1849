"""Answer maps: how answers given to earlier editions of a questionnaire count among those to a new one.

Nobody's answer is changed by a map. It is published with its edition, never changed, and applied when answers are
counted; `core.aggregation.readings` composes the maps of several editions.
"""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from consult.core.errors import Refused


class AnswerMap(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What becomes of the answers before an edition. A code that is not named stays what it is."""

    codes: dict[str, dict[str, tuple[str, ...]]] = {}
    """By id of the question and old code: the codes it counts as from now on; none: kept apart as it was."""
    apart: tuple[str, ...] = ()
    """Ids of questions whose earlier answers are kept apart as a whole: another meaning, or another type."""


UNCHANGED: Final = AnswerMap()
_DECODER: Final = msgspec.json.Decoder(AnswerMap)


def encode(answer_map: AnswerMap) -> bytes:
    """Canonical JSON in UTF-8: keys sorted, no space, defaults left out."""
    return msgspec.json.encode(answer_map, order="sorted")


def decode(raw: bytes) -> AnswerMap:
    """Read a map back; raises `Refused` with `document.malformed`."""
    try:
        return _DECODER.decode(raw)
    except msgspec.MsgspecError as error:
        raise Refused.because("document.malformed") from error


def digest(raw: bytes) -> str:
    """SHA-256 of a map in hexadecimal digits: what a release names it by."""
    return hashlib.sha256(raw).hexdigest()
