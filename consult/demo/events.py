"""Fills the demo's events: two series of focus groups, a public hearing, a meeting with associations."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

import msgspec
from sqlalchemy.orm import Session

from consult.config import Keys
from consult.core import localtime
from consult.core.exchange import xlsform
from consult.core.questionnaire.definition import Questionnaire
from consult.demo import content, event_content
from consult.demo.event_content import DemoEvent, DemoEvents, DemoOccasion, DemoReport
from consult.demo.notices import notice
from consult.demo.occasions import Happening
from consult.events import grid, guiding, planning, programme, service
from consult.events.models.held import GuideBlock
from consult.events.models.planned import Form, Need, Occasion, Provision, Selection
from consult.privacy import service as privacy
from consult.processes import service as processes
from consult.processes.models import Activity, Kind, Process, Unit
from consult.questionnaires import fieldwork
from consult.questionnaires import service as questionnaires


def hold(session: Session, keys: Keys, process: Process, *, seed: int, rng: random.Random, now: dt.datetime) -> None:
    """The demo's events: planned before, held or still open now, with those who signed up and what was said.

    People and what they answer are drawn from the seed; codes, by which they would come back, are drawn by `rng`.
    """
    facts = event_content.events()
    opinion = _opinion()
    said = {(report.event, report.number): report for report in event_content.reports()}
    for event in facts.events:
        opened = now + dt.timedelta(days=event.opens)
        activity = _plan(session, process, facts, event, opened)
        screening = event_content.screening(facts.screening, event.screened, opinion)
        if event.screened:
            _screen(session, activity, screening, event, opened)
        guide = [_block(session, activity, block, opened) for block in event.guide]
        occasions = [_occasion(session, activity, event, one, opened, now) for one in event.occasions]
        _open(session, activity, event, opened, now)
        for one, occasion in zip(event.occasions, occasions, strict=True):
            happening = Happening(session, keys, activity, occasion, event, one, screening, rng, opened, now)
            _happen(happening, facts, said.get((event.slug, occasion.number)), guide, seed)


def _opinion() -> Questionnaire:
    demo = content.load()
    return xlsform.read(content.questionnaire_file(demo), filename=demo.activity.questionnaire).questionnaire


def _plan(session: Session, process: Process, facts: DemoEvents, event: DemoEvent, opened: dt.datetime) -> Activity:
    activity = processes.plan(
        session,
        process,
        kind=Kind.EVENT,
        title=event.title["en"],
        unit=Unit.PERSON,
        time_zone=event.time_zone,
        by=None,
        now=opened,
    )
    activity.slug, activity.title = event.slug, event.title
    wanted = service.Particulars(
        form=Form(event.form),
        selection=Selection(event.selection),
        about=event.about,
        consent=facts.consents[event.consent],
        locales=process.locales,
        seed_source=event.seed_source,
        companions=event.companions,
        needs=[Need(need) for need in event.needs],
        speaking=event.speaking,
    )
    service.describe(session, activity, wanted, by=None, now=opened)
    usual = content.load().activity.notice
    told = notice(msgspec.structs.replace(usual, purpose=facts.uses), activity)
    privacy.write(session, activity, told, by=None, now=opened)
    return activity


def _screen(
    session: Session, activity: Activity, screening: Questionnaire, event: DemoEvent, opened: dt.datetime
) -> None:
    """Publish what is asked at sign-up, and say of whom there should be how many."""
    questionnaires.save_draft(session, activity, screening, origin="events.json", by=None, now=opened)
    questionnaires.publish(session, activity, by=None, now=opened)
    ids = event_content.ids(screening)
    for target in event.targets:
        grid.put(
            session,
            activity,
            None,
            cell={ids[name]: codes for name, codes in target.cell.items()},
            minimum=target.minimum,
            maximum=target.maximum,
            by=None,
            now=opened,
        )


def _block(
    session: Session, activity: Activity, facts: event_content.DemoGuideBlock, opened: dt.datetime
) -> GuideBlock:
    outline = guiding.Outline(facts.theme, facts.title, facts.questions, facts.probes, facts.minutes)
    return guiding.put(session, activity, None, outline, by=None, now=opened)


def _occasion(
    session: Session,
    activity: Activity,
    event: DemoEvent,
    facts: DemoOccasion,
    opened: dt.datetime,
    now: dt.datetime,
) -> Occasion:
    starts = facts.when.local(now, facts.zone)
    plan = planning.Plan(
        title=facts.title,
        time_zone=facts.zone,
        starts=starts,
        minutes=facts.minutes,
        capacity=facts.capacity,
        in_place=bool(facts.place),
        place=facts.place,
        online=bool(facts.link),
        link=facts.link,
        sign_up_until=starts - dt.timedelta(days=facts.closing),
        languages=facts.languages,
        interpretation=facts.interpretation,
        provisions=[Provision(one) for one in facts.provisions],
    )
    occasion = planning.put(session, activity, None, plan, by=None, now=opened)
    for slot in event.programme:
        programme.put(
            session,
            activity,
            occasion,
            None,
            title=slot.title,
            minutes=slot.minutes,
            theme=slot.theme,
            by=None,
            now=opened,
        )
    return occasion


def _open(session: Session, activity: Activity, event: DemoEvent, opened: dt.datetime, now: dt.datetime) -> None:
    fieldwork.open_now(session, activity, by=None, now=opened)
    closes_at = localtime.moment(event.closes.local(now, event.time_zone), event.time_zone)
    fieldwork.schedule(session, activity, opens_at=activity.opens_at, closes_at=closes_at, by=None, now=opened)


def _happen(
    happening: Happening, facts: DemoEvents, report: DemoReport | None, guide: Sequence[GuideBlock], seed: int
) -> None:
    """Let people sign up and, where the occasion is over, be chosen, come and speak."""
    happening.sign_up(facts.names, seed)
    if report is not None:
        if happening.event.selection == Selection.DRAW:
            happening.draw()
        else:
            happening.choose(facts.reasons)
        happening.make_room()
        happening.come()
        happening.note(report, guide)
        happening.sum_up(report)
    happening.tell()
