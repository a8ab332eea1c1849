"""Which sound and picture stand beside a text, for readers of a locale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from consult.core.questionnaire.definition import Choice, Node
from consult.core.questionnaire.media import KINDS, Kind, file_name
from consult.core.text import LocalisedText
from consult.questionnaires.models import Media
from consult.responses.texts import Texts


@dataclass(frozen=True, slots=True)
class Shown:
    """A sound or picture as a page shows it."""

    url: str
    language: str
    """Where it is not that of the page: the locale in which the form names it."""
    width: int | None
    height: int | None


MediaOf = Callable[[Node | Choice], Mapping[str, Shown]]
"""What stands beside a text, by what it is: `image`, `big-image`, `audio`."""


def media_of(words: Texts, files: Mapping[str, Media], url: Callable[[str], str]) -> MediaOf:
    """Of the files there are those for readers of a locale, as its texts fall back; `url` takes its address."""

    def shown(kind: Kind, names: LocalisedText) -> Shown | None:
        named = ((locale, file_name(name)) for locale, name in names.items())
        there = LocalisedText(
            (locale, name) for locale, name in named if name in files and kind.takes(files[name].media_type)
        )
        if not there:
            return None
        chosen = there.resolve(words.locale, words.source)
        medium, own = files[chosen.text], chosen.locale in (words.locale, words.locale.split("-")[0])
        return Shown(url(medium.address), "" if own else chosen.locale, medium.width, medium.height)

    def found(bearer: Node | Choice) -> dict[str, Shown]:
        beside = {medium: shown(KINDS[medium], names) for medium, names in bearer.media.items() if medium in KINDS}
        return {medium: one for medium, one in beside.items() if one is not None}

    return found
