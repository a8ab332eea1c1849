"""The words of the interface that participants see, as the sources have them (`translations/catalogues.py`)."""

from __future__ import annotations

from functools import cache
from pathlib import PurePosixPath

from babel.messages.pofile import read_po

from consult import paths
from consult.core.vocabulary import Vocabulary, Word
from consult.core.vocabulary import pseudo as made_of


@cache
def catalogue() -> tuple[Word, ...]:
    """Every word, in the order in which participants meet them."""
    with (paths.TRANSLATIONS / "participants.pot").open("rb") as file:
        return tuple(
            Word(singular, plural, _where(message.locations[0][0]), " ".join(message.auto_comments))
            for message in read_po(file)
            for singular, plural in [(message.id, "") if isinstance(message.id, str) else message.id]
            if singular
        )


def _where(place: str) -> str:
    """Folder and name of the template or module: `responses/receipt`."""
    return "/".join(PurePosixPath(place).with_suffix("").parts[-2:])


@cache
def pseudo() -> dict[str, Vocabulary]:
    """The pseudo-locales by their codes."""
    return {one.code: one for one in made_of(catalogue())}
