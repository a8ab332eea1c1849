"""Processes are begun, described and shown; their addresses are readable and unique."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.audit.models import Entry
from consult.core.errors import Refused
from consult.core.policy.stages import Stage
from consult.core.text import LocalisedText
from consult.processes import service
from consult.processes.addresses import slug
from consult.processes.models import Kind, Process, Unit
from tests.factories.processes import make_activity, make_institution, make_process


@pytest.mark.parametrize(
    ("title", "address"),
    [
        ("Diaspora engagement policy of Ghana", "diaspora-engagement-policy-of-ghana"),
        ("Politique d'émigration – Côte d’Ivoire", "politique-d-emigration-cote-d-ivoire"),
        ("Straße & Fjørd", "strasse-fjord"),
        ("سياسة الهجرة", "process"),
        ("  ../../etc/passwd ", "etc-passwd"),
        ("word " * 40, "-".join(["word"] * 12)),
        ("x" * 200, "x" * 60),
    ],
)
def test_an_address_is_made_of_ascii_words(title: str, address: str) -> None:
    assert slug(title, "process") == address


def _begin(session: Session, title: str, now: dt.datetime) -> Process:
    institution = make_institution(session)
    return service.begin(
        session, title=title, locale="en", lead_institution_id=institution.id, country="GH", floor=10, by=None, now=now
    )


def test_a_new_process_is_hidden_and_keeps_the_floor(session: Session, now: dt.datetime) -> None:
    process = _begin(session, "Labour migration", now)
    assert (process.slug, process.public, process.threshold) == ("labour-migration", False, 10)
    assert process.title == LocalisedText({"en": "Labour migration"})
    assert [(entry.action, entry.process_id) for entry in session.scalars(select(Entry))] == [
        ("processes.begin", process.id)
    ]


def test_the_same_title_gets_the_next_free_address(session: Session, now: dt.datetime) -> None:
    assert [_begin(session, "Labour", now).slug for _ in range(3)] == ["labour", "labour-2", "labour-3"]


def _particulars(process: Process, **changes: object) -> service.Particulars:
    particulars = service.Particulars(
        title=process.title,
        mandate=process.mandate,
        public_name=process.public_name,
        lead_institution_id=process.lead_institution_id,
        country=process.country,
        locales=tuple(process.locales),
        stage=Stage(process.stage),
        contact=process.contact,
        threshold=process.threshold,
        public=process.public,
    )
    return dataclasses.replace(particulars, **changes)  # type: ignore[arg-type]


def test_what_changed_is_in_the_trail(session: Session, now: dt.datetime) -> None:
    process = make_process(session, public=False)
    wanted = _particulars(process, stage=Stage.DRAFTING, threshold=20)
    service.describe(session, process, wanted, floor=10, by=None, now=now)
    assert (process.stage, process.threshold) == ("drafting", 20)
    (entry,) = session.scalars(select(Entry))
    assert entry.details["changed"] == ["stage", "threshold"]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"threshold": 9}, {"processes.threshold.low"}),
        ({"title": LocalisedText({"fr": "Titre"})}, {"processes.title.missing"}),
        ({"public": True}, {"processes.public.incomplete"}),
        ({"public": True, "locales": ("en",), "contact": ""}, {"processes.public.contact"}),
        ({"public": True, "locales": ("en",), "contact": "x", "threshold": 3}, {"processes.threshold.low"}),
    ],
)
def test_what_cannot_be_is_refused_with_every_reason(
    session: Session, now: dt.datetime, changes: dict[str, object], codes: set[str]
) -> None:
    process = make_process(session, public=False)
    with pytest.raises(Refused) as refusal:
        service.describe(session, process, _particulars(process, **changes), floor=10, by=None, now=now)
    assert {problem.code for problem in refusal.value.problems} == codes


def test_a_process_with_something_open_stays_in_sight(session: Session, now: dt.datetime) -> None:
    process = make_process(session, locales=("en",))
    make_activity(session, process, opens_at=now - dt.timedelta(days=1))
    with pytest.raises(Refused, match=r"processes\.public\.open"):
        service.describe(session, process, _particulars(process, public=False), floor=10, by=None, now=now)


def test_approval_is_not_asked_for_once_something_would_open_without_it(session: Session, now: dt.datetime) -> None:
    process = make_process(session, locales=("en",))
    activity = make_activity(session, process, opens_at=now + dt.timedelta(days=1))
    with pytest.raises(Refused, match=r"processes\.approval\.scheduled"):
        service.describe(session, process, _particulars(process, approval=True), floor=10, by=None, now=now)
    activity.opens_at = None
    service.describe(session, process, _particulars(process, approval=True), floor=10, by=None, now=now)
    activity.opens_at = now + dt.timedelta(days=1)
    service.describe(session, process, _particulars(process, approval=True), floor=10, by=None, now=now)


def test_an_activity_is_planned_in_the_source_locale(session: Session, now: dt.datetime) -> None:
    process = make_process(session, locales=("fr", "en"))
    activity = service.plan(
        session,
        process,
        kind=Kind.QUESTIONNAIRE,
        title="Enquête",
        unit=Unit.PERSON,
        time_zone="Africa/Accra",
        by=None,
        now=now,
    )
    assert (activity.slug, activity.locales, activity.state(now)) == ("enquete", ["fr"], "draft")


def test_the_unit_stays_once_people_could_answer(session: Session, now: dt.datetime) -> None:
    activity = make_activity(session, opens_at=now)
    with pytest.raises(Refused, match=r"processes\.activity\.unit"):
        service.rename(
            session, activity, title=activity.title, unit=Unit.INSTITUTION, time_zone="UTC", by=None, now=now
        )
