"""A ministry, its policy process and an activity, as most tests need them."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid

from sqlalchemy.orm import Session

from consult.accounts.models import Institution, User
from consult.core.policy.stages import Stage
from consult.core.text import LocalisedText
from consult.core.translation import Gate
from consult.processes.models import Activity, Kind, Member, Process, Seat, Theme, Unit

_counter = itertools.count(1)


def make_institution(session: Session, name: str = "Ministry of Foreign Affairs", country: str = "GH") -> Institution:
    """An institution."""
    institution = Institution(name=LocalisedText({"en": name}), kind="ministry", country=country)
    session.add(institution)
    session.flush()
    return institution


def make_process(
    session: Session,
    *,
    lead: Institution | None = None,
    slug: str = "",
    title: LocalisedText | str = "Diaspora engagement policy",
    locales: tuple[str, ...] = ("en", "fr", "ar"),
    public: bool = True,
    threshold: int = 10,
    stage: Stage = Stage.AGENDA_SETTING,
    gate: Gate = Gate.REVIEWED,
) -> Process:
    """A policy process, public unless told otherwise."""
    text = LocalisedText(dict.fromkeys(locales, title)) if isinstance(title, str) else title
    process = Process(
        slug=slug or f"policy-{next(_counter)}",
        title=text,
        mandate=LocalisedText({"en": "The cabinet asked the ministry to draft a **policy**."}),
        public_name=LocalisedText({"en": "Ghanaians abroad"}),
        lead_institution=lead or make_institution(session),
        country="GH",
        locales=list(locales),
        stage=stage,
        contact="policy@example.org",
        threshold=threshold,
        gate=gate,
        public=public,
    )
    session.add(process)
    session.flush()
    return process


def make_member(
    session: Session,
    process: Process,
    user: User,
    *,
    seat: Seat = Seat.MEMBER,
    expires_on: dt.date | None = None,
    institution: Institution | None = None,
) -> Member:
    """A seat in the core group, for the lead institution unless told otherwise."""
    member = Member(
        process_id=process.id,
        user_id=user.id,
        institution_id=(institution or process.lead_institution).id,
        seat=seat,
        expires_on=expires_on,
    )
    session.add(member)
    session.flush()
    return member


def make_theme(session: Session, process: Process, code: str, *, parent_id: uuid.UUID | None = None) -> Theme:
    """A theme of a process."""
    theme = Theme(process_id=process.id, parent_id=parent_id, code=code, label=LocalisedText({"en": code.title()}))
    session.add(theme)
    session.flush()
    return theme


def make_activity(
    session: Session,
    process: Process | None = None,
    *,
    slug: str = "",
    title: LocalisedText | str = "Questionnaire for the diaspora",
    kind: Kind = Kind.QUESTIONNAIRE,
    unit: Unit = Unit.PERSON,
    locales: tuple[str, ...] = ("en",),
    time_zone: str = "UTC",
    opens_at: dt.datetime | None = None,
    closes_at: dt.datetime | None = None,
) -> Activity:
    """An activity, a draft unless it is given a moment of opening."""
    activity = Activity(
        process=process or make_process(session),
        kind=kind,
        unit=unit,
        slug=slug or f"survey-{next(_counter)}",
        title=LocalisedText(dict.fromkeys(locales, title)) if isinstance(title, str) else title,
        locales=list(locales),
        time_zone=time_zone,
        opens_at=opens_at,
        closes_at=closes_at,
    )
    session.add(activity)
    session.flush()
    return activity
