"""Readable addresses: ASCII, unique, made from a title and settled by the unique constraint."""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.processes.models import Activity, Process

_LONGEST = 60
_WITHOUT_DECOMPOSITION = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ı": "i", "ŋ": "ng"}
)


def slug(title: str, fallback: str) -> str:
    """A title in lower-case ASCII letters, digits and hyphens; the fallback where no letter has a Latin base."""
    latin = unicodedata.normalize("NFKD", title.lower().translate(_WITHOUT_DECOMPOSITION))
    words = re.findall(r"[a-z0-9]+", "".join(sign for sign in latin if not unicodedata.combining(sign)))
    chosen = ""
    for word in words:
        if len(chosen) + 1 + len(word) > _LONGEST:
            break
        chosen = f"{chosen}-{word}" if chosen else word
    return chosen or (words[0][:_LONGEST] if words else fallback)


def add_with_slug(session: Session, row: Process | Activity, title: str, fallback: str) -> None:
    """Add a row under the first free address: the title's, else the same with a number."""
    stem = slug(title, fallback)
    model = type(row)
    taken = set(session.scalars(select(model.slug).where(model.slug.startswith(stem, autoescape=True))))
    number = 1
    while True:
        candidate = stem if number == 1 else f"{stem}-{number}"
        number += 1
        if candidate in taken:
            continue
        row.slug = candidate
        try:
            with session.begin_nested():
                session.add(row)
            return
        except IntegrityError:
            # Somebody took the address in this moment; whatever else is wrong shows once the address is free.
            if session.scalar(select(model.id).where(model.slug == candidate)) is None:
                raise
