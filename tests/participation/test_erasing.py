"""Who was invited is erased a month after closing; what institutions wrote together goes with the responses."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select, update

from consult.app import LONG
from consult.config import Keys, Settings
from consult.core.errors import Refused
from consult.db.installation import Installation
from consult.db.session import Database
from consult.jobs import long
from consult.jobs.models import Job
from consult.participation import entrances, erasing, generating, tasks
from consult.participation.contacts import Person
from consult.participation.models import Contact, Invitation, InvitationList
from consult.privacy.kinds import Wanted
from consult.privacy.ledger import Ledger
from consult.privacy.models import Period
from consult.processes.models import Activity
from consult.questionnaires.models import Edition
from consult.responses.joint import asking
from consult.responses.joint.models import Hand, Joint
from tests.factories.invitations import invite, make_contacts
from tests.factories.joint import make_joint
from tests.factories.privacy import make_notice
from tests.factories.questionnaires import make_edition
from tests.factories.retention import CLOSES, DAY, DUE, Worker

A_MONTH = CLOSES + 31 * DAY


@pytest.fixture
def installation(settings: Settings, keys: Keys, database: Database) -> Installation:
    return Installation(settings, keys, database)


def counted(database: Database, *models: type) -> list[int | None]:
    with database.reading() as session:
        return [session.scalar(select(func.count()).select_from(model)) for model in models]


def opened(database: Database, now: dt.datetime) -> Activity:
    with database.transaction() as session:
        activity = session.get_one(Activity, make_edition(session).activity_id)
        make_notice(session, activity)
        session.execute(
            update(Activity).where(Activity.id == activity.id).values(opens_at=now, closes_at=CLOSES, sealed_at=CLOSES)
        )
        return activity


def test_addresses_and_codes_go_a_month_after_closing(installation: Installation, keys: Keys, now: dt.datetime) -> None:
    database, activity = installation.database, opened(installation.database, now)
    with database.transaction() as session:
        make_contacts(
            session, keys, invite(session, session.get_one(Activity, activity.id)), Person("a@example.org", "en", "")
        )
    worker = Worker(installation)
    worker.days(A_MONTH - 15 * DAY, A_MONTH - 3 * DAY)
    assert counted(database, Contact, Invitation) == [1, 1]
    worker.days(A_MONTH - 2 * DAY, A_MONTH)
    assert counted(database, Contact, Invitation, InvitationList) == [0, 0, 1], "how many there were is no secret"
    assert [line.kind for line in Ledger(installation.settings.ledger).lines()] == ["contacts"]


def test_what_institutions_wrote_together_goes_with_the_responses(installation: Installation, now: dt.datetime) -> None:
    database, activity = installation.database, opened(installation.database, now)
    with database.transaction() as session:
        make_joint(session, session.scalars(select(Edition).where(Edition.activity_id == activity.id)).one())
    Worker(installation).days(DUE - 14 * DAY, DUE)
    assert counted(database, Joint, Hand) == [0, 0]


def test_nobody_is_invited_once_data_were_erased(installation: Installation, now: dt.datetime) -> None:
    """What came after the erasure would stay for good."""
    database, activity = installation.database, opened(installation.database, now)
    with database.transaction() as session:
        session.add(Period(activity_id=activity.id, kind="contacts", begun_on=now.date()))
    for asked in (
        lambda session, here: entrances.begin_list(session, here, "Late", size=1, contacts=True),
        lambda session, here: asking.invite(session, here, here.process.lead_institution_id, by=None, now=now),
    ):
        with database.reading() as session, pytest.raises(Refused, match=r"questionnaires\.erased"):
            asked(session, session.get_one(Activity, activity.id))


@pytest.mark.parametrize("way", ["erased", "deleted"])
def test_files_that_name_people_go_with_them(
    installation: Installation, keys: Keys, now: dt.datetime, way: str
) -> None:
    database, activity = installation.database, opened(installation.database, now)
    with database.transaction() as session:
        here = invite(session, session.get_one(Activity, activity.id))
        made = make_contacts(session, keys, here, Person("a@example.org", "en", ""))
        other = make_contacts(session, keys, here, Person("b@example.org", "en", ""), name="Others")
        jobs = [generating.ask_merge(session, here, one, by=None, now=now).id for one in (made, other)]
    long.run_due(installation, LONG, clock=lambda: now)
    files = installation.settings.made
    assert {path.name for path in files.iterdir()} == {job.hex for job in jobs}
    with database.transaction() as session:
        waiting = generating.ask_merge(session, here, made, by=None, now=now).id
        if way == "deleted":
            entrances.remove_list(session, session.get_one(Activity, activity.id), made.id, by=None, now=now)
    if way == "erased":
        erasing.contacts(installation, Wanted(activity.id, dt.date.max, now))
    else:
        with database.reading() as session:
            (payload,) = session.scalars(select(Job.payload).where(Job.kind == "participation.forget_list"))
        tasks.TASKS["participation.forget_list"](installation, payload, now)
    assert {path.name for path in files.iterdir()} == ({jobs[1].hex} if way == "deleted" else set())
    with database.reading() as session:
        assert session.get_one(Job, waiting).state == "cancelled"
