"""What texts are coded with: codes with labels, definitions and themes, two levels deep.

A published version is canonical JSON and never changes; what was coded with one counts in a later one as the later
one says (`counted`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, cast

import msgspec

from consult.core.errors import Place, Problem, Refused
from consult.core.text import LocalisedText, plain

SCHEMA_VERSION: Final = 1
NO_TEXT: Final = LocalisedText()
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")


class Code(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One code: what it is called, when it is given, to which theme it belongs, under which code it stands."""

    code: str
    label: LocalisedText
    definition: LocalisedText = NO_TEXT
    theme: str = ""
    """Code of a theme of the process."""
    parent: str = ""
    """Another code, which stands under none itself."""


class Codebook(msgspec.Struct, frozen=True, kw_only=True):
    """The codes in the order in which coders see them."""

    schema_version: int = SCHEMA_VERSION
    codes: tuple[Code, ...] = ()

    def named(self) -> Mapping[str, Code]:
        """The codes by what they are called in files."""
        return {one.code: one for one in self.codes}

    def tree(self) -> Iterator[tuple[Code, int]]:
        """The codes in reading order, each with its depth (0 or 1)."""
        for top in self.codes:
            if not top.parent:
                yield top, 0
                yield from ((one, 1) for one in self.codes if one.parent == top.code)

    def themes(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The themes of some codes, a code without one having its parent's; each once, in alphabetical order."""
        named = self.named()
        found = set()
        for code in codes:
            one = named.get(code)
            above = named.get(one.parent) if one else None
            found.add((one.theme if one else "") or (above.theme if above else ""))
        return tuple(sorted(found - {""}))

    def with_code(self, code: Code, *, instead: str = "") -> Codebook:
        """The same with one code more, or with one changed, which those under it and its place follow."""
        if not instead:
            return msgspec.structs.replace(self, codes=(*self.codes, code))
        moved = (
            msgspec.structs.replace(one, parent=code.code) if one.parent == instead else one
            for one in (code if one.code == instead else one for one in self.codes)
        )
        return msgspec.structs.replace(self, codes=tuple(moved))

    def without(self, code: str) -> Codebook:
        """The same without a code and those under it."""
        return msgspec.structs.replace(
            self, codes=tuple(one for one in self.codes if code not in (one.code, one.parent))
        )


_LEARNT: Final = msgspec.json.Decoder(Codebook)
"""As in `core.questionnaire.document`: msgspec works out a type when the module is loaded, not in a request."""


def encode(codebook: Codebook) -> bytes:
    """Canonical JSON in UTF-8: keys sorted, no space, empty texts left out; the same codebook, the same bytes."""
    found = cast("dict[str, object]", msgspec.to_builtins(codebook, enc_hook=plain))
    codes = cast("Sequence[dict[str, object]]", found["codes"])
    found["codes"] = [{name: value for name, value in one.items() if value not in ({}, "")} for one in codes]
    return msgspec.json.encode(found, order="sorted")


def decode(document: bytes) -> Codebook:
    """The codebook of a document. Raises `Refused` with `document.malformed`."""
    try:
        return msgspec.convert(msgspec.json.decode(document), Codebook, dec_hook=_typed)
    except msgspec.MsgspecError as error:
        raise Refused.because("document.malformed") from error


def digest(document: bytes) -> str:
    """SHA-256 of a document in hexadecimal digits."""
    return hashlib.sha256(document).hexdigest()


def problems(codebook: Codebook, *, source: str, themes: Collection[str]) -> list[Problem]:
    """What is wrong with a codebook; `source` is the locale in which it is written, `themes` those of the process.

    `codebook.code` (unreadable), `codebook.code_twice`, `codebook.label` (none in the source locale), `codebook.theme`
    (no theme of the process), `codebook.parent` (no code, or one that stands under another); the places name the code.
    """
    found: list[Problem] = []
    seen: set[str] = set()
    named = codebook.named()
    for one in codebook.codes:
        above = named.get(one.parent)
        wrong = {
            "codebook.code": not _CODE.fullmatch(one.code),
            "codebook.code_twice": one.code in seen,
            "codebook.label": bool(one.label.missing([source])),
            "codebook.theme": bool(one.theme) and one.theme not in themes,
            "codebook.parent": bool(one.parent) and (above is None or bool(above.parent) or above is one),
        }
        found += [Problem(code, {"code": one.code}, Place(field=one.code)) for code, is_so in wrong.items() if is_so]
        seen.add(one.code)
    return found


Maps = Mapping[int, Mapping[str, str]]
"""By version: how the codes of the version before count in it; a code that is not named counts as itself, one that
stands for the empty text counts no more."""


def counted(codes: Iterable[str], version: int, latest: int, maps: Maps, known: Collection[str]) -> tuple[str, ...]:
    """Codes that were given with one version, as they count in the latest one; in alphabetical order."""
    found = set(codes)
    for number in range(version + 1, latest + 1):
        step = maps.get(number, {})
        found = {step.get(code, code) for code in found}
    return tuple(sorted(found.intersection(known)))


def _typed(kind: type, value: object) -> object:
    """Raises `TypeError`, which msgspec reports as a validation error."""
    if kind is LocalisedText and isinstance(value, dict) and all(isinstance(text, str) for text in value.values()):
        return LocalisedText(value)
    raise TypeError(f"no {kind.__name__}")
