"""Activities that are answered, and what comes in through their doors."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from consult.core.questionnaire.answers import Answer, encode
from consult.participation import codes, service
from consult.participation.models import Channel
from consult.participation.service import Coming
from consult.processes.models import Activity
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_edition
from tests.questionnaires import load

OPENED = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
FIRST_DAY = OPENED.date()
KEY = b"c" * 32
"""HMAC key of codes in the fixture `keys`."""


def make_open(
    session: Session,
    feature: str,
    *,
    locales: tuple[str, ...] = ("en",),
    slug: str = "",
    closes_at: dt.datetime | None = None,
    threshold: int = 10,
    time_zone: str = "UTC",
    opens_at: dt.datetime | None = OPENED,
) -> Activity:
    """An activity that has been open for a day and publishes the questionnaire of a feature."""
    activity = make_activity(
        session,
        make_process(session, locales=("en", "fr", "ar"), threshold=threshold),
        slug=slug,
        locales=locales,
        opens_at=opens_at,
        closes_at=closes_at,
        time_zone=time_zone,
    )
    make_edition(session, activity, load(feature, locales=locales))
    make_notice(session, activity)
    return activity


def make_coming(answers: Mapping[str, Answer] | None = None, *, day: dt.date = FIRST_DAY, **rest: object) -> Coming:
    """A draft on the first edition."""
    context = {"today": day.isoformat(), "seed": "seed", "once": {}}
    return replace(Coming(1, "en", day, context, encode(answers or {})), **rest)  # type: ignore[arg-type]


def make_submission(
    session: Session,
    activity: Activity,
    answers: Mapping[str, Answer] | None = None,
    *,
    now: dt.datetime,
    code: str = "",
    channel: str = Channel.OPEN,
) -> str:
    """A submission that waits to be mixed; its code."""
    code = code or codes.spell(secrets.token_bytes(16))
    coming = make_coming(answers, state="submitted", channel=channel)
    assert service.begin(session, activity.id, codes.digest(KEY, activity.id, code), coming, now=now)
    return code


def digest(activity_id: uuid.UUID, code: str) -> bytes:
    """What the database keeps of a code."""
    return codes.digest(KEY, activity_id, code)
