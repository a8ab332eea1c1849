"""Time passes: data go on their day, and the audit trail proves it."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from consult.accounts.models import Role
from consult.app import RETENTION
from consult.config import Keys, Settings
from consult.core.errors import Refused
from consult.core.questionnaire.answers import decode
from consult.db import emptying
from consult.db.installation import Installation
from consult.db.session import Database
from consult.mail.models import Message
from consult.mail.service import open_message
from consult.participation import service as participation
from consult.participation.models import Intake
from consult.privacy import erasing
from consult.privacy.ledger import Ledger, Line
from consult.privacy.models import Period
from consult.privacy.retention import dues
from consult.processes.models import Activity
from consult.questionnaires import fieldwork
from consult.responses import erasing as responses_erasing
from consult.responses import importing, queries, service, tasks, uploads
from consult.results import columns
from tests.factories import accounts as make
from tests.factories.responses import digest, make_coming, make_open, make_submission
from tests.factories.retention import CLOSES, DAY, DUE, Worker, left, make_sealed, on_disk, trail, with_mail


@pytest.fixture
def installation(settings: Settings, keys: Keys, database: Database) -> Installation:
    return Installation(settings, keys, database)


@pytest.fixture
def worker(installation: Installation) -> Worker:
    return Worker(installation)


# On the day


def test_answers_go_on_their_day_and_not_before(installation: Installation, worker: Worker, now: dt.datetime) -> None:
    activity = make_sealed(installation, now)
    worker.run(CLOSES)
    worker.days(DUE - 20 * DAY, DUE - DAY)
    worker.run(DUE - dt.timedelta(seconds=1))
    assert left(installation.database) == (0, 12, 0, 1)
    worker.run(DUE)
    assert left(installation.database) == (0, 0, 0, 0)
    assert on_disk(installation) == []
    worker.days(DUE, DUE + 3 * DAY)
    assert trail(installation.database) == [
        ("announce", {"kind": "responses", "on": "2028-03-09"}),
        ("begin_erasing", {"kind": "responses"}),
        ("erase", {"kind": "responses", "on": "2028-03-09", "about": 10}),
    ]
    assert list(Ledger(installation.settings.ledger).lines()) == [Line(DUE.date(), activity.id, "responses")]


def test_the_day_begins_where_the_activity_is(installation: Installation, worker: Worker, now: dt.datetime) -> None:
    with installation.database.transaction() as session:
        activity = make_open(session, "types", closes_at=CLOSES, time_zone="Pacific/Kiritimati")
        make_submission(session, activity, now=now)
    midnight = DUE - dt.timedelta(hours=14)
    worker.days(midnight - 14 * DAY, midnight - DAY)
    worker.run(midnight - dt.timedelta(seconds=1))
    assert left(installation.database)[0] == 1
    worker.run(midnight)
    assert left(installation.database)[0] == 0


def test_nothing_goes_that_was_not_announced(installation: Installation, worker: Worker, now: dt.datetime) -> None:
    make_sealed(installation, now)
    late = DUE + 100 * DAY
    worker.run(late)
    worker.days(late, late + 13 * DAY)
    assert left(installation.database)[1] == 12
    worker.run(late + 14 * DAY)
    assert left(installation.database)[1] == 0


def test_other_activities_stay(installation: Installation, worker: Worker, now: dt.datetime) -> None:
    make_sealed(installation, now)
    with installation.database.transaction() as session:
        other = make_open(session, "types", slug="other")
        make_submission(session, other, now=now)
        participation.begin(session, other.id, b"d" * 32, make_coming(day=DUE.date()), now=now)
    worker.days(DUE - 14 * DAY, DUE)
    assert left(installation.database) == (2, 0, 0, 0)


def test_it_goes_in_batches(
    installation: Installation, worker: Worker, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sealed(installation, now, 23)
    monkeypatch.setattr(emptying, "BATCH", 5)
    worker.days(DUE - 14 * DAY, DUE)
    assert left(installation.database) == (0, 0, 0, 0)
    assert trail(installation.database)[-1][1]["about"] == 20


def test_files_can_go_before_the_answers_that_name_them(
    installation: Installation, worker: Worker, now: dt.datetime
) -> None:
    activity = make_sealed(installation, now, feature="uploads")
    folder = uploads.folder(installation.settings.uploads, activity.id)
    folder.put(b"a letter")
    with installation.database.transaction() as session:
        session.add(Period(activity_id=activity.id, kind="files", length=1))
    worker.days(CLOSES, CLOSES + 31 * DAY)
    assert list(folder.names()) == []
    assert left(installation.database)[1] == 12
    assert [details["kind"] for verb, details in trail(installation.database) if verb == "erase"] == ["files"]
    folder.put(b"restored by mistake")
    worker.days(DUE - 14 * DAY, DUE)
    assert list(folder.names()) == []


# Drafts


def test_drafts_go_when_nobody_has_saved_them_for_long(
    installation: Installation, worker: Worker, now: dt.datetime
) -> None:
    today = now.date()
    with installation.database.transaction() as session:
        activity = make_open(session, "types")
        for key, days in ((b"a", 89), (b"b", 90), (b"c", 91)):
            draft = make_coming({"words": key.decode()}, day=today - days * DAY)
            participation.begin(session, activity.id, key * 32, draft, now=now)
        make_submission(session, activity, now=now)
    worker.run(now)
    worker.run(now)
    with installation.database.reading() as session:
        drafts = session.scalars(select(Intake.code).where(Intake.state == "draft")).all()
    assert drafts == [b"a" * 32]
    assert left(installation.database)[0] == 2, "what was sent is no draft"
    assert trail(installation.database) == [("erase", {"kind": "drafts", "before": "2025-12-03", "about": 0})]
    assert list(Ledger(installation.settings.ledger).lines()) == [], "after a restore they are too old again"


@pytest.mark.parametrize("mixed", [False, True])
def test_of_a_correction_that_was_never_sent_what_came_before_stays(
    installation: Installation, worker: Worker, now: dt.datetime, mixed: bool
) -> None:
    database = installation.database
    with database.transaction() as session:
        activity = make_open(session, "types", threshold=1)
        key = digest(activity.id, make_submission(session, activity, {"words": "first"}, now=now))
    if mixed:
        tasks.mix(installation, {}, now)
    with database.transaction() as session:
        own = queries.own(session, activity.id, key)
        assert own is not None
        service.correct(session, activity.id, key, own, context={"today": "", "seed": "", "once": {}}, now=now)
    worker.run(now + 200 * DAY)
    with database.reading() as session:
        own = queries.own(session, activity.id, key)
    assert own is not None
    assert (own.state, decode(own.answers)) == ("mixed" if mixed else "submitted", {"words": "first"})


# Cut off


class Cut(Exception):  # noqa: N818  # not an error
    """The process is killed here."""


@pytest.mark.parametrize("place", ["note", "_begun", "delete_in_steps", "scrub", "clear"])
@pytest.mark.parametrize("after", [False, True])
def test_whoever_is_cut_off_leaves_a_beginning_that_is_finished(
    installation: Installation,
    worker: Worker,
    now: dt.datetime,
    place: str,
    after: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_sealed(installation, now)
    worker.days(DUE - 14 * DAY, DUE - DAY)
    holder = {
        "note": Ledger,
        "_begun": erasing,
        "delete_in_steps": responses_erasing,
        "scrub": Database,
        "clear": columns,
    }[place]
    real = getattr(holder, place)

    def cut(*args: object, **kwargs: object) -> object:
        if after:
            real(*args, **kwargs)
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr(holder, place, cut)
        with pytest.raises(Cut):
            worker.run(DUE)
    worker.run(DUE + DAY)
    assert left(installation.database) == (0, 0, 0, 0)
    assert on_disk(installation) == []
    verbs = [verb for verb, _details in trail(installation.database)]
    assert verbs == ["announce", "begin_erasing", "erase"]


def test_who_opens_it_again_in_that_moment_keeps_it(
    installation: Installation, worker: Worker, now: dt.datetime
) -> None:
    activity = make_sealed(installation, now)
    worker.days(DUE - 14 * DAY, DUE - DAY)
    with installation.database.reading() as session:
        found = dues(session, session.get_one(Activity, activity.id), RETENTION.kinds, now=DUE)
        (due,) = [one for one in found if one.kind.name == "responses"]
        assert (due.on, due.told) == (DUE.date(), True)
    with installation.database.transaction() as session:
        fieldwork.reopen(session, session.get_one(Activity, activity.id), closes_at=None, by=None, now=DUE)
    erasing._erase(installation, RETENTION, activity.id, due, DUE)
    assert left(installation.database)[1] == 12
    assert list(Ledger(installation.settings.ledger).lines()) == [], "after a restore it would be erased"


# Afterwards


def test_it_stays_closed_and_takes_no_other_answers(
    installation: Installation, worker: Worker, now: dt.datetime
) -> None:
    activity = make_sealed(installation, now)
    worker.days(DUE - 14 * DAY, DUE)
    with installation.database.transaction() as session:
        found = session.get_one(Activity, activity.id)
        with pytest.raises(Refused) as refused:
            fieldwork.reopen(session, found, closes_at=None, by=None, now=DUE)
        assert refused.value.problems[0].code == "questionnaires.erased"
    with installation.database.transaction() as session:
        found = session.get_one(Activity, activity.id)
        with pytest.raises(Refused) as refused:
            importing.take_in(session, found, [], edition=1, locale="en", key=b"k", day=DUE.date(), by=None, now=DUE)
        assert refused.value.problems[0].code == "responses.erased"


# Told


def test_officers_are_told_by_mail(installation: Installation, keys: Keys, now: dt.datetime) -> None:
    worker = Worker(with_mail(installation))
    activity = make_sealed(installation, now)
    with installation.database.transaction() as session:
        lead = session.get_one(Activity, activity.id).process.lead_institution
        make.user(session, lead, Role.OFFICER, email="officer@example.org", locale="fr")
        make.user(session, lead, Role.STEWARD, email="steward@example.org")
    worker.days(DUE - 15 * DAY, DUE - DAY)
    with installation.database.reading() as session:
        (mail,) = [open_message(keys, message) for message in session.scalars(select(Message))]
    assert mail.recipient == "officer@example.org"
    assert "/fr/desk/activities/survey/retention" in mail.letter.text
    assert "9 mars 2028" in mail.letter.text
    assert activity.title["en"] not in mail.letter.text
