"""The definition as a document: canonical JSON, whose SHA-256 is the identity of an edition."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Final, cast

import msgspec

from consult.core.errors import Refused
from consult.core.questionnaire.definition import SCHEMA_VERSION, Questionnaire
from consult.core.text import LocalisedText, plain

Document = dict[str, object]

_LEARNT: Final = msgspec.json.Decoder(Questionnaire)
"""msgspec works out a type when it is first read, and two threads that do so at once end the process (SIGSEGV in
0.22): so types are made known here and wherever else a request reads one, as the module is loaded."""

UPGRADES: Final[Mapping[int, Callable[[Document], Document]]] = {}
"""By schema version, what turns a document of that version into one of the next."""


def encode(questionnaire: Questionnaire) -> bytes:
    """Canonical JSON in UTF-8: keys sorted, no space, defaults left out; the same questionnaire, the same bytes."""
    document = cast(Document, msgspec.to_builtins(questionnaire, enc_hook=plain))
    _drop_empty(document)
    document["schema_version"] = questionnaire.schema_version
    document.setdefault("title", {})
    return msgspec.json.encode(document, order="sorted")


def _drop_empty(part: object) -> None:
    """Leave out texts in no language: msgspec knows a default only where it is the very same object."""
    if isinstance(part, dict):
        for name in [name for name, value in part.items() if value == {}]:
            del part[name]
        part = list(part.values())
    if isinstance(part, list | tuple):
        for inner in part:
            _drop_empty(inner)


def decode(document: bytes) -> Questionnaire:
    """The questionnaire of a document, upgraded to the present schema.

    Raises `Refused` with `document.malformed` or `document.version` (made by a newer release).
    """
    try:
        found = msgspec.json.decode(document)
        upgraded = _upgrade(found)
        return msgspec.convert(upgraded, Questionnaire, dec_hook=_typed)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise Refused.because("document.malformed") from error


def digest(document: bytes) -> str:
    """SHA-256 of a document in hexadecimal digits."""
    return hashlib.sha256(document).hexdigest()


def _upgrade(found: object) -> Document:
    if not isinstance(found, dict):
        raise Refused.because("document.malformed")
    version = found.get("schema_version")
    if not isinstance(version, int):
        raise Refused.because("document.malformed")
    while version != SCHEMA_VERSION:
        if version not in UPGRADES:
            raise Refused.because("document.version", version=version, known=SCHEMA_VERSION)
        found = UPGRADES[version](found)
        version += 1
        found["schema_version"] = version
    return found


def _typed(kind: type, value: object) -> object:
    """Raises `TypeError`, which msgspec reports as a validation error."""
    if kind is LocalisedText and isinstance(value, dict) and all(isinstance(text, str) for text in value.values()):
        return LocalisedText(value)
    raise TypeError(f"no {kind.__name__}")
