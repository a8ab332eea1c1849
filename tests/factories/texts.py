"""Draft texts in a row of a table."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

from sqlalchemy.orm import Session

from consult.consultations.models.asked import TextVersion
from consult.processes.models import Activity

VOTING = {"en": "Citizens abroad may vote in two years.", "fr": "Les citoyens à l’étranger votent dans deux ans."}


def make_version(session: Session, activity: Activity, number: int = 1, **blocks: Mapping[str, str]) -> TextVersion:
    """A version of a draft text with these paragraphs; one, `p1`, unless told otherwise."""
    written = [{"id": name, "kind": "paragraph", "text": words} for name, words in (blocks or {"p1": VOTING}).items()]
    made = TextVersion(
        activity_id=activity.id,
        number=number,
        document=json.dumps({"blocks": written}),
        hash="0" * 64,
        published_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )
    session.add(made)
    session.flush()
    return made
