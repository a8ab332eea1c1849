"""Draft texts are translated block by block, as all that authors write is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from sqlalchemy.orm import Session

from consult.consultations import queries
from consult.core.access import Actor
from consult.core.drafting.document import Draft, Kind, decode, encode
from consult.core.drafting.reading import CHARACTERS
from consult.core.text import LocalisedText
from consult.core.translation import State, Text, stored
from consult.processes import wordings
from consult.processes.models import Activity
from consult.processes.wordings import Owner, Stamp, Texts, Written

_KIND: Final = "text"


def texts(draft: Draft) -> Iterator[Text]:
    """What is translated of a draft text, each under the heading that it stands under."""
    within = LocalisedText()
    for block in draft.blocks:
        if block.kind is Kind.HEADING:
            within = block.words
        yield Text(f"{block.id}/text", str(block.kind), block.words, within=within, longest=CHARACTERS)


def renew(session: Session, activity: Activity, before: Draft | None, after: Draft, stamp: Stamp) -> None:
    """Keep what there was of translations when the text was written anew."""
    both = list(texts(before)) if before else [], list(texts(after))
    wordings.renew(session, activity, _KIND, both, after.source, stamp)


def reviewed(session: Session, activity: Activity, draft: Draft) -> Draft:
    """The same text with those translations alone that are reviewed and not stale: what can be published."""
    history = wordings.history(session, _KIND, activity.id)
    kept = {
        block.id: replace(
            block,
            words=LocalisedText(
                {
                    locale: words
                    for locale, words in block.words.items()
                    if locale == draft.source
                    or stored(text, locale, draft.source, history[locale].get(text.path, ())).state is State.REVIEWED
                }
            ),
        )
        for block, text in zip(draft.blocks, texts(draft), strict=True)
    }
    return draft.with_blocks(kept)


def _read(session: Session, owner: Owner) -> list[Text]:
    kept = queries.draft_text(session, owner.id)
    return list(texts(decode(kept.document))) if kept else []


def _write(session: Session, owner: Owner, words: Written, _by: Actor | None, _now: dt.datetime) -> None:
    kept = queries.draft_text(session, owner.id)
    assert kept is not None, "it was read"
    draft = decode(kept.document)
    changed = {
        block.id: replace(block, words=words[path]) for block in draft.blocks if (path := f"{block.id}/text") in words
    }
    kept.document = encode(draft.with_blocks(changed))
    session.flush()


KINDS: Final = (Texts(_KIND, Activity, _read, _write, live=False),)
