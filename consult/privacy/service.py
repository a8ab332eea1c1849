"""Writing the notice of an activity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any, Final

from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.core.errors import Place, Problem, refuse_if_any
from consult.core.text import LocalisedText
from consult.core.translation import Text
from consult.privacy.models import MONTHS, Notice
from consult.privacy.template import FURTHER, TEXTS
from consult.privacy.told import RIGHTS
from consult.privacy.words import BASES, PARTS, SPECIAL
from consult.processes import wordings
from consult.processes.models import Activity
from consult.processes.service import lock
from consult.processes.wordings import Owner, Stamp, Written

LONGEST: Final = 120
"""Months for which responses can be kept at most."""
_NOTHING: Final = LocalisedText()

AsksConsent = Callable[[Session, Activity], bool]
"""Whether what people answer in an activity asks them for consent to special categories of data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What a notice says; the fields are those of `models.Notice`."""

    controller: LocalisedText = _NOTHING
    purpose: LocalisedText = _NOTHING
    basis: str = ""
    law: LocalisedText = _NOTHING
    special: str = ""
    recipients: LocalisedText = _NOTHING
    transfers: LocalisedText = _NOTHING
    automated: LocalisedText = _NOTHING
    source: LocalisedText = _NOTHING
    rights: tuple[str, ...] = ()
    authority: LocalisedText = _NOTHING
    contact: str = ""
    months: int = MONTHS

    @classmethod
    def of(cls, notice: Notice) -> Particulars:
        """What a notice says now."""
        said = {field.name: getattr(notice, field.name) for field in fields(cls)}
        return cls(**{**said, "rights": tuple(notice.rights)})


def write(
    session: Session,
    activity: Activity,
    said: Particulars,
    *,
    asks_consent: bool = False,
    by: Actor | None,
    now: dt.datetime,
) -> Notice:
    """Write an activity's notice or change it; before opening it may be incomplete.

    `asks_consent`: whether what people answer asks them for consent to special categories of data.

    Refuses `privacy.months` (outside 1–120), `privacy.months.promised` (longer than was said to whoever could answer
    already), `privacy.unknown` (no such ground or right), and while people can answer `privacy.incomplete` for whatever
    would be missing, and `questionnaires.consent.missing` where it would say from now on that people are asked.
    """
    lock(session, activity)
    notice = session.get(Notice, activity.id) or Notice(activity_id=activity.id)
    answerable = activity.state(now) in ("open", "closed")
    found = list(_wrong(said, promised=notice.months if answerable else None))
    if activity.state(now) in ("scheduled", "open"):
        found += _lacking(said, activity)
        if said.special == "consent" != notice.special and not asks_consent:
            found.append(Problem("questionnaires.consent.missing", place=Place(field="special")))
    refuse_if_any(found)
    before = texts(notice)
    for name, value in _columns(said).items():
        setattr(notice, name, value)
    notice.confirmed = True
    session.add(notice)
    session.flush()
    wordings.renew(session, activity, "notice", (before, texts(notice)), activity.locales[0], Stamp(by, now))
    record(
        session,
        actor=by,
        action="privacy.write",
        subject=activity.slug,
        now=now,
        process_id=activity.process_id,
        details={
            "months": said.months,
            "basis": said.basis,
            "special": said.special,
            "locales": sorted(set.intersection(*(set(getattr(said, part)) for part in TEXTS))),
        },
    )
    return notice


def _columns(said: Particulars) -> dict[str, Any]:
    return {field.name: getattr(said, field.name) for field in fields(said)} | {"rights": list(said.rights)}


def _wrong(said: Particulars, *, promised: int | None) -> Iterator[Problem]:
    if not 1 <= said.months <= LONGEST:
        yield Problem("privacy.months", {"longest": LONGEST}, Place(field="months"))
    elif promised is not None and said.months > promised:
        yield Problem("privacy.months.promised", {"longest": promised}, Place(field="months"))
    for name, value, known in (("basis", said.basis, BASES), ("special", said.special, SPECIAL)):
        if value and value not in known:
            yield Problem("privacy.unknown", place=Place(field=name))
    if not set(said.rights) <= RIGHTS.keys():
        yield Problem("privacy.unknown", place=Place(field="rights"))


def _lacking(said: Particulars, activity: Activity) -> Iterator[Problem]:
    for part in PARTS:
        value = getattr(said, part)
        if part in TEXTS:
            for locale in value.missing(activity.locales):
                yield Problem("privacy.incomplete", place=Place(field=f"{part}-{locale}"))
        elif not value:
            yield Problem("privacy.incomplete", place=Place(field=part))


def texts(notice: Notice) -> list[Text]:
    """What is translated of a notice."""
    return wordings.attributes(TEXTS | FURTHER, notice) if notice.controller is not None else []


def _read(session: Session, owner: Owner) -> list[Text]:
    notice = session.get(Notice, owner.id)
    return texts(notice) if notice else []


def _write(session: Session, owner: Owner, words: Written, _by: Actor | None, _now: dt.datetime) -> None:
    wordings.set_attributes(session, session.get_one(Notice, owner.id), words)


KINDS = (wordings.Texts("notice", Activity, _read, _write),)


def take_over(session: Session, activity: Activity, earlier: Activity) -> None:
    """Copy the notice of an earlier round. It is not complete before somebody has looked at it and saved it."""
    found = session.get(Notice, earlier.id)
    if found is not None:
        session.add(Notice(activity_id=activity.id, confirmed=False, **_columns(Particulars.of(found))))
        session.flush()
