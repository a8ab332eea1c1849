"""Policy processes and their activities: begin, describe, show to the public."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused, refuse_if_any
from consult.core.policy.stages import Stage
from consult.core.text import LocalisedText
from consult.core.translation import Gate
from consult.languages.models import Language
from consult.processes import wordings
from consult.processes.addresses import add_with_slug
from consult.processes.models import Activity, Kind, Process, Unit
from consult.processes.wordings import Stamp


def lock(session: Session, row: Process | Activity | Language) -> None:
    """Have everybody else who changes this process, activity or language wait until the transaction ends."""
    session.flush()
    model = type(row)
    # Not refresh(with_for_update=True): it repeats the joins with which the row was found.
    session.execute(select(model.id).where(model.id == row.id).with_for_update())
    session.refresh(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """Everything about a process that its officers decide."""

    title: LocalisedText
    mandate: LocalisedText
    public_name: LocalisedText
    lead_institution_id: uuid.UUID
    country: str
    locales: tuple[str, ...]
    """The source locale first."""
    stage: Stage
    contact: str
    threshold: int
    public: bool
    gate: Gate = Gate.REVIEWED
    approval: bool = False


def begin(
    session: Session,
    *,
    title: str,
    locale: str,
    lead_institution_id: uuid.UUID,
    country: str,
    floor: int,
    by: Actor | None,
    now: dt.datetime,
) -> Process:
    """A new process, not shown to the public yet, described in one language; `floor` is the lowest threshold."""
    process = Process(
        title=LocalisedText({locale: title}),
        mandate=LocalisedText(),
        public_name=LocalisedText(),
        lead_institution_id=lead_institution_id,
        country=country,
        locales=[locale],
        threshold=floor,
    )
    add_with_slug(session, process, title, "process")
    record(session, actor=by, action="processes.begin", subject=process.slug, now=now, process_id=process.id)
    return process


def describe(
    session: Session,
    process: Process,
    particulars: Particulars,
    *,
    floor: int,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Write down what the officers decided.

    Refuses `processes.threshold.low`, `processes.title.missing` (the source locale), and for a public process
    `processes.public.incomplete` (a text in an offered locale), `processes.public.contact`; for one taken out of sight
    `processes.public.open`; `processes.approval.scheduled` for approval asked for where something will open without it.
    """
    lock(session, process)
    refuse_if_any(_problems(process, particulars, floor, now))
    values = {spec.name: getattr(particulars, spec.name) for spec in dataclasses.fields(particulars)}
    values["locales"] = list(particulars.locales)
    changed = sorted(name for name, value in values.items() if getattr(process, name) != value)
    before = wordings.attributes(wordings.PROCESS, process)
    for name in changed:
        setattr(process, name, values[name])
    after = wordings.attributes(wordings.PROCESS, process)
    wordings.renew(session, process, "process", (before, after), process.locales[0], Stamp(by, now))
    session.flush()
    session.expire(process, ["lead_institution"])
    if changed:
        details = {"changed": changed, "public": process.public, "threshold": process.threshold, "gate": process.gate}
        details |= {"approval": True} if process.approval else {}
        record(
            session,
            actor=by,
            action="processes.describe",
            subject=process.slug,
            now=now,
            process_id=process.id,
            details=details,
        )


def _problems(process: Process, wanted: Particulars, floor: int, now: dt.datetime) -> list[Problem]:
    found = []
    if wanted.threshold < floor:
        found.append(Problem("processes.threshold.low", {"floor": floor}, Place(field="threshold")))
    if wanted.title.missing(wanted.locales[:1]):
        found.append(Problem("processes.title.missing", place=Place(field="title")))
    if wanted.public:
        for name in ("title", "mandate", "public_name"):
            missing = getattr(wanted, name).missing(wanted.locales)
            found += [
                Problem("processes.public.incomplete", {"locale": locale}, Place(field=f"{name}-{locale}"))
                for locale in missing
                if not (name == "title" and locale == wanted.locales[0])
            ]
        if not wanted.contact:
            found.append(Problem("processes.public.contact", place=Place(field="contact")))
    elif any(activity.state(now) in ("scheduled", "open") for activity in process.activities):
        found.append(Problem("processes.public.open", place=Place(field="public")))
    asked = wanted.approval and not process.approval
    if asked and any(activity.state(now) == "scheduled" for activity in process.activities):
        found.append(Problem("processes.approval.scheduled", place=Place(field="approval")))
    return found


def plan(
    session: Session,
    process: Process,
    *,
    kind: Kind,
    title: str,
    unit: Unit,
    time_zone: str,
    by: Actor | None,
    now: dt.datetime,
) -> Activity:
    """A new activity; a questionnaire's locales come with its first edition."""
    source = process.locales[0]
    activity = Activity(
        process_id=process.id,
        kind=kind,
        unit=unit,
        title=LocalisedText({source: title}),
        locales=[source],
        time_zone=time_zone,
    )
    add_with_slug(session, activity, title, kind)
    record(
        session,
        actor=by,
        action="processes.plan",
        subject=activity.slug,
        now=now,
        process_id=process.id,
        details={"kind": activity.kind, "unit": unit},
    )
    return activity


def rename(
    session: Session,
    activity: Activity,
    *,
    title: LocalisedText,
    unit: Unit,
    time_zone: str,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Change an activity's title, unit and time zone.

    Refuses `processes.activity.title` without a title in the source locale, and `processes.activity.unit` once it was
    opened: what participants were promised about their answers depends on the unit.
    """
    lock(session, activity)
    found = []
    if title.missing(activity.locales[:1]):
        found.append(Problem("processes.activity.title", place=Place(field="title")))
    if unit != activity.unit and activity.state(now) in ("open", "closed"):
        found.append(Problem("processes.activity.unit", place=Place(field="unit")))
    if found:
        raise Refused(*found)
    before = wordings.attributes(wordings.TITLE, activity)
    activity.title, activity.unit, activity.time_zone = title, unit, time_zone
    after = wordings.attributes(wordings.TITLE, activity)
    wordings.renew(session, activity, "title", (before, after), activity.locales[0], Stamp(by, now))
    session.flush()
    details = {"unit": unit, "time_zone": time_zone}
    record(
        session,
        actor=by,
        action="processes.rename",
        subject=activity.slug,
        now=now,
        process_id=activity.process_id,
        details=details,
    )
