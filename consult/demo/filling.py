"""Fills an empty installation with the demo, through the same services that people use."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator

from sqlalchemy.orm import Session

from consult.accounts.models import Institution, Role, User
from consult.accounts.service import people
from consult.config import Keys
from consult.core.exchange import xlsform
from consult.core.policy.stages import Stage
from consult.core.questionnaire import answers
from consult.core.questionnaire.definition import Questionnaire
from consult.core.questionnaire.routing import Context, stand
from consult.core.questionnaire.steps import Compiled
from consult.demo import consultation, content, events
from consult.demo.notices import notice
from consult.demo.synthetic import synthetic_answers
from consult.participation import codes, interviewers
from consult.participation import service as participation
from consult.privacy import helping
from consult.privacy import service as privacy
from consult.processes import group, themes
from consult.processes import service as processes
from consult.processes.models import Activity, Kind, Process, Seat, Unit
from consult.questionnaires import fieldwork
from consult.questionnaires import service as questionnaires

RESPONSES = 1_200
SEED = 2026
OPEN_FOR = dt.timedelta(days=90)


def fill(
    session: Session,
    keys: Keys,
    password_hash: str,
    *,
    floor: int,
    count: int,
    rng: random.Random,
    now: dt.datetime,
) -> Process:
    """The demo's institutions, users (all with one password), process, opened questionnaire with its responses, the
    consultation that was opened before, and the events.

    `floor` is the lowest threshold. The responses wait in intake, as those of people do; the mixing job takes them from
    there.
    """
    demo = content.load()
    began = now - dt.timedelta(days=consultation.DAYS)
    institutions = {key: _institution(session, facts, began) for key, facts in demo.institutions.items()}
    process = _process(session, demo, institutions[demo.process.lead], floor, began)
    consultation.hold(session, keys, process, seed=SEED, rng=rng, now=now)
    events.hold(session, keys, process, seed=SEED, rng=rng, now=now)
    activity = _activity(session, demo, process, now)
    for person in demo.users:
        place = institutions[person.institution]
        user = _person(session, person, place, process, password_hash, now)
        if Role.INTERVIEWER in person.roles:
            interviewers.add(session, activity, user_id=user.id, institution_id=place.id, by=None, now=now)
    questionnaire = _publish(session, demo, activity, now)
    _answer(session, keys, activity, questionnaire, count, rng, now)
    return process


def questionnaire_of(process: Process) -> Activity:
    """The demo's activity with a questionnaire."""
    return next(activity for activity in process.activities if activity.kind == Kind.QUESTIONNAIRE)


def _institution(session: Session, facts: content.DemoInstitution, now: dt.datetime) -> Institution:
    described = people.InstitutionFacts(facts.name, facts.kind, facts.country)
    return people.create_institution(session, described, by=None, now=now, operates=facts.operates)


def _process(session: Session, demo: content.Demo, lead: Institution, floor: int, now: dt.datetime) -> Process:
    facts = demo.process
    process = processes.begin(
        session,
        title=facts.title["en"],
        locale="en",
        lead_institution_id=lead.id,
        country=facts.country,
        floor=floor,
        by=None,
        now=now,
    )
    process.slug, process.synthetic = facts.slug, True
    particulars = processes.Particulars(
        title=facts.title,
        mandate=facts.mandate,
        public_name=facts.public_name,
        lead_institution_id=lead.id,
        country=facts.country,
        locales=demo.locales,
        stage=Stage(facts.stage),
        contact=facts.contact,
        threshold=floor,
        public=True,
    )
    processes.describe(session, process, particulars, floor=floor, by=None, now=now)
    for line in facts.helplines:
        helping.put(session, process, None, line, by=None, now=now)
    added: dict[str, uuid.UUID] = {}
    for top in facts.themes:
        for parent, theme in top.walk():
            outline = themes.Outline(
                label=theme.label,
                code=theme.code,
                parent_id=added.get(parent),
                objectives=theme.objectives,
                targets=theme.targets,
            )
            added[theme.code] = themes.add(session, process, outline, by=None, now=now).id
    return process


def _person(
    session: Session,
    person: content.DemoUser,
    institution: Institution,
    process: Process,
    password_hash: str,
    now: dt.datetime,
) -> User:
    invitee = people.Invitee(person.email, person.name, "en", frozenset(person.roles))
    user = people.invite(session, institution, invitee, by=None, now=now)
    user.password = password_hash
    if person.seat:
        expires_on = None if person.seat_days is None else now.date() + dt.timedelta(days=person.seat_days)
        group.seat(
            session,
            process,
            user_id=user.id,
            institution_id=institution.id,
            seat=Seat(person.seat),
            expires_on=expires_on,
            by=None,
            now=now,
        )
    return user


def _activity(session: Session, demo: content.Demo, process: Process, now: dt.datetime) -> Activity:
    facts = demo.activity
    activity = processes.plan(
        session,
        process,
        kind=Kind.QUESTIONNAIRE,
        title=facts.title["en"],
        unit=Unit(facts.unit),
        time_zone=facts.time_zone,
        by=None,
        now=now,
    )
    activity.slug, activity.title, activity.locales = facts.slug, facts.title, list(demo.locales)
    privacy.write(session, activity, notice(facts.notice, activity), by=None, now=now)
    return activity


def _publish(session: Session, demo: content.Demo, activity: Activity, now: dt.datetime) -> Questionnaire:
    name = demo.activity.questionnaire
    imported = xlsform.read(content.questionnaire_file(demo), filename=name)
    questionnaires.save_draft(
        session, activity, imported.questionnaire, origin=name, warnings=imported.warnings, by=None, now=now
    )
    questionnaires.publish(session, activity, by=None, now=now)
    fieldwork.open_now(session, activity, by=None, now=now)
    closes_at = now.replace(minute=0, second=0, microsecond=0) + OPEN_FOR
    fieldwork.schedule(session, activity, opens_at=activity.opens_at, closes_at=closes_at, by=None, now=now)
    return imported.questionnaire


def _answer(
    session: Session,
    keys: Keys,
    activity: Activity,
    questionnaire: Questionnaire,
    count: int,
    rng: random.Random,
    now: dt.datetime,
) -> None:
    today = participation.day(now, activity.time_zone)
    for locale, document in documents(questionnaire, count=count, today=today):
        digest = codes.digest(keys.codes, activity.id, codes.spell(rng.randbytes(16)))
        coming = participation.Coming(
            edition=1, locale=locale, day=today, context={}, answers=document, state="submitted"
        )
        participation.begin(session, activity.id, digest, coming, now=now)


def documents(questionnaire: Questionnaire, *, count: int, today: dt.date) -> Iterator[tuple[str, str]]:
    """Synthetic responses as they are stored: the locale and the answers' document, checked as people's are."""
    compiled = Compiled(questionnaire)
    drawn = synthetic_answers(
        questionnaire, content.population(), content.opinions(), count=count, seed=SEED, today=today
    )
    for locale, by_name in drawn:
        typed = {
            step.id: answers.from_text(step.question, by_name[step.name], tuple(step.rows))
            for step in compiled.answerable
            if step.question is not None and step.name in by_name
        }
        yield locale, answers.encode(stand(compiled, typed, Context(today=today)).document())
