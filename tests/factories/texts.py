"""Draft texts in a row of a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy.orm import Session

from consult.consultations.models.asked import TextVersion
from consult.core.drafting.document import Block, Draft, Kind, digest, encode
from consult.core.text import LocalisedText
from consult.processes.models import Activity

VOTING = {"en": "Citizens abroad may vote in two years.", "fr": "Les citoyens à l’étranger votent dans deux ans."}


def make_text(session: Session, activity: Activity, number: int = 1, **blocks: Mapping[str, str]) -> TextVersion:
    """A version of a draft text with paragraphs under ids that a test chooses; one, `p1`, unless told otherwise."""
    written = (blocks or {"p1": VOTING}).items()
    draft = Draft(
        source=activity.locales[0],
        blocks=tuple(Block(id=name, kind=Kind.PARAGRAPH, words=LocalisedText(words)) for name, words in written),
    )
    document = encode(draft)
    made = TextVersion(
        activity_id=activity.id,
        number=number,
        document=document,
        hash=digest(document),
        published_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )
    session.add(made)
    session.flush()
    return made
