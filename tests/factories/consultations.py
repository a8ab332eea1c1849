"""Consultations in a row of a table."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy.orm import Session

from consult.consultations import texts
from consult.consultations.models.asked import Consultation, Phase, TextVersion
from consult.consultations.models.contributed import Comment, Participant
from consult.consultations.models.opinions import Statement, Vote
from consult.core.text import LocalisedText
from consult.processes.models import Activity, Kind, Process
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process

OPENED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def make_consultation(
    session: Session,
    process: Process | None = None,
    *,
    phases: Sequence[Phase] = tuple(Phase),
    locales: tuple[str, ...] = ("en",),
    opens_at: dt.datetime | None = OPENED,
    before: bool = True,
    **given: object,
) -> Activity:
    """An open consultation with a purpose, a policy and a notice; nothing is in its phases yet."""
    process = process or make_process(session, locales=locales, public=True)
    activity = make_activity(
        session,
        process,
        kind=Kind.CONSULTATION,
        title="Draft policy",
        locales=locales,
        opens_at=opens_at,
        **given,  # type: ignore[arg-type]  # what make_activity takes
    )
    make_notice(session, activity)
    session.add(
        Consultation(
            activity_id=activity.id,
            purpose=LocalisedText(dict.fromkeys(locales, "We want to hear you.")),
            policy=LocalisedText(dict.fromkeys(locales, "No insults, no names of others.")),
            phases=[str(phase) for phase in phases],
            before=before,
            propose=True,
        )
    )
    session.flush()
    return activity


def make_participant(session: Session, activity: Activity, code: bytes = b"", **given: object) -> Participant:
    """Somebody who contributed."""
    row = {"channel": "open", "locale": activity.locales[0], "day": OPENED.date(), "stakeholder": "", "country": ""}
    made = Participant(activity_id=activity.id, code=code or uuid.uuid4().bytes * 2, **{**row, **given})
    session.add(made)
    session.flush()
    return made


def make_comment(session: Session, activity: Activity, body: str = "This helps nobody.", **given: object) -> Comment:
    """A comment that is shown, on the whole text unless a part is given."""
    row = {
        "id": uuid.uuid4(),
        "target": "text",
        "part": "",
        "version": 1,
        "stance": "",
        "suggestion": "",
        "locale": activity.locales[0],
        "day": OPENED.date(),
        "channel": "open",
        "state": "shown",
        "redacted": [],
        "endorsed": 0,
    }
    made = Comment(activity_id=activity.id, body=body, **{**row, **given})
    session.add(made)
    session.flush()
    return made


def make_statement(
    session: Session, activity: Activity, label: str = "Voting should be easier.", **given: object
) -> Statement:
    """A statement that is voted on."""
    locale = activity.locales[0]
    row = {"id": uuid.uuid4(), "locale": locale, "day": OPENED.date(), "channel": "open", "state": "shown", "theme": ""}
    made = Statement(activity_id=activity.id, label=LocalisedText({locale: label}), **{**row, **given})
    session.add(made)
    session.flush()
    return made


def vote(session: Session, participant: Participant, statement: Statement, value: int) -> None:
    """A vote."""
    session.add(Vote(activity_id=statement.activity_id, code=participant.code, statement_id=statement.id, value=value))
    session.flush()


def make_version(session: Session, activity: Activity, *paragraphs: str, markdown: str = "") -> TextVersion:
    """The next version of the draft text, published: of its Markdown, or of some paragraphs."""
    texts.bring(session, activity, (markdown or "\n\n".join(paragraphs)).encode(), "policy.md", by=None, now=OPENED)
    return texts.publish(session, activity, by=None, now=OPENED)
