"""The sounds and pictures that a questionnaire names: which files it wants, and what becomes of those that come."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec
from PIL import Image

from consult.core.errors import Place, Problem, Refused
from consult.core.filetypes import picture
from consult.core.questionnaire.definition import Choice, Node, Questionnaire
from consult.core.sounds import sound
from consult.core.text import LocalisedText, clean

MEGABYTES: Final = 5
"""Size of a file as it comes."""
_NAME: Final = 255
"""Characters of a name that file systems take."""
LONGER_SIDE: Final = 1_600
"""Pixels of a picture’s longer side: twice what a page is wide."""


class Kind(StrEnum):
    """What a file must be."""

    SOUND = "audio"
    PICTURE = "image"

    def takes(self, media_type: str) -> bool:
        """Whether content of a media type is this."""
        return media_type.startswith(f"{self}/")


KINDS: Final[Mapping[str, Kind]] = {"image": Kind.PICTURE, "big-image": Kind.PICTURE, "audio": Kind.SOUND}
"""What is shown of `definition.MEDIA`: a video is not."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that a questionnaire names."""

    kind: Kind
    locales: tuple[str, ...]
    """Of the languages in whose columns it is named."""


@dataclass(frozen=True, slots=True)
class Medium:
    """A file that came, as it is kept."""

    name: str
    data: bytes
    media_type: str
    width: int | None = None
    height: int | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of the content, hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


def file_name(text: str) -> str:
    """The name of a file without the folders that may be written before it and the dots that would hide it."""
    return clean(text).replace("\\", "/").rpartition("/")[2].strip().lstrip(".")


def bearers(questionnaire: Questionnaire) -> Iterator[Node | Choice]:
    """Everything beside which a sound or picture can stand."""
    yield from (node for node, _ in questionnaire.walk())
    for choices in questionnaire.choice_lists:
        yield from choices.choices


def wanted(questionnaire: Questionnaire) -> dict[str, Wanted]:
    """The files that a questionnaire names, in the order of their first mention."""
    found: dict[str, tuple[Kind, dict[str, None]]] = {}
    for kind, names in _named(questionnaire):
        for locale, text in names.items():
            if name := file_name(text):
                found.setdefault(name, (kind, {}))[1][locale] = None
    order = {locale: place for place, locale in enumerate(questionnaire.locales)}
    return {
        name: Wanted(kind, tuple(sorted(locales, key=lambda locale: order.get(locale, len(order)))))
        for name, (kind, locales) in found.items()
    }


def _named(questionnaire: Questionnaire) -> Iterator[tuple[Kind, LocalisedText]]:
    for bearer in bearers(questionnaire):
        yield from ((KINDS[medium], names) for medium, names in bearer.media.items() if medium in KINDS)


def missing(questionnaire: Questionnaire, types: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """By language the files that its columns name and that are not there. `types`: media types of those there are."""
    found: dict[str, list[str]] = {}
    for name, want in wanted(questionnaire).items():
        if not want.kind.takes(types.get(name, "")):
            for locale in want.locales:
                found.setdefault(locale, []).append(name)
    return {locale: tuple(names) for locale, names in found.items()}


def among(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Of the files that come with a form those that are no tables of choices."""
    return {name: data for name, data in files.items() if not name.lower().endswith(".csv")}


def accept(questionnaire: Questionnaire, files: Mapping[str, bytes]) -> list[Medium]:
    """Files as they are kept: what they are told by their content, without what they carry besides.

    Refuses, with the name of the file as the place, `media.unused` (nothing names it), `media.size`, `file.sound`,
    `file.image` and `file.image.size`, all problems at once.
    """
    wants, problems, found = wanted(questionnaire), list[Problem](), list[Medium]()
    for path, data in files.items():
        name = file_name(path)
        try:
            found.append(_accept(name, data, wants))
        except Refused as refused:
            problems += (Problem(problem.code, problem.params, Place(name)) for problem in refused.problems)
    if problems:
        raise Refused(*problems)
    return found


def _accept(name: str, data: bytes, wants: Mapping[str, Wanted]) -> Medium:
    if name not in wants or len(name) > _NAME:
        raise Refused.because("media.unused")
    if len(data) > MEGABYTES * 1_000_000:
        raise Refused.because("media.size", megabytes=MEGABYTES)
    if wants[name].kind is Kind.SOUND:
        return Medium(name, *sound(data))
    bare, media_type = picture(data, most=LONGER_SIDE)
    with Image.open(io.BytesIO(bare)) as image:
        return Medium(name, bare, media_type, *image.size)


def digest(manifest: Mapping[str, str]) -> str:
    """SHA-256 of which content stands under which name: canonical JSON of names and hashes."""
    return hashlib.sha256(msgspec.json.encode(dict(manifest), order="sorted")).hexdigest()


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What is different between the files of two editions, by names."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    replaced: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.replaced)


def exchanged(before: Mapping[str, str], after: Mapping[str, str]) -> Exchanged:
    """Compare which contents stand under which names."""
    return Exchanged(
        tuple(name for name in after if name not in before),
        tuple(name for name in before if name not in after),
        tuple(name for name in after if name in before and before[name] != after[name]),
    )
