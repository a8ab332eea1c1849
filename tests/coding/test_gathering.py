"""Texts are found where they lie, named so that answers of one person join nothing, and forgotten when they go."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import delete, func, select, update

from consult.app import RETENTION
from consult.coding import gathering, queries, service, texts
from consult.coding.models import Coding, Item
from consult.coding.tasks import gather, sweep
from consult.config import Keys, Settings
from consult.consultations.models.contributed import Comment, Submission
from consult.core.coding import unlinking
from consult.core.questionnaire.definition import node_id
from consult.db.installation import Installation
from consult.db.session import Database
from consult.events.models.held import Note
from consult.privacy.kinds import Wanted
from consult.processes.models import Process
from consult.responses.models import Response
from tests.factories.coding import KEY, acting, gathered, make_answered, make_codebook, make_coder
from tests.factories.consultations import make_comment, make_consultation
from tests.factories.events import make_event, make_occasion
from tests.factories.held import make_note
from tests.factories.processes import make_process

WISH, WORRY = node_id("wish"), node_id("worry")
ANSWERS = [{"wish": "To vote", "worry": "Fees", "age": 40, "email": "a@example.org"}, {"wish": "Schools"}]


def test_open_answers_are_found_without_contact_data_and_numbers(database: Database) -> None:
    with database.transaction() as session:
        process = make_process(session, locales=("en",))
        make_codebook(session, process)
        activity = make_answered(session, process, [*ANSWERS, {"wish": "  "}])
        session.execute(update(Response).where(Response.answers.contains("Schools")).values(channel="open"))
    items = gathered(database, activity)
    assert sorted(item.part for item in items) == sorted([WISH, WISH, WORRY])
    assert gathered(database, activity) and len(gathered(database, activity)) == 3, "found again they are the same"
    with database.reading() as session:
        said = {words.body for words in texts.read(session, KEY, items).values()}
        asked = {words.asked["en"] for words in texts.read(session, KEY, items).values()}
    assert said == {"To vote", "Fees", "Schools"}
    assert asked == {"wish in English", "worry in English"}


def test_answers_of_one_person_share_no_name_and_no_place(database: Database) -> None:
    with database.transaction() as session:
        process = make_process(session, locales=("en",))
        make_codebook(session, process)
        activity = make_answered(session, process, [{"wish": f"w{n}", "worry": f"x{n}"} for n in range(60)])
    items = gathered(database, activity)
    with database.reading() as session:
        ids = set(session.scalars(select(Response.id)))
        codes = {uuid.UUID(bytes=code[:16]) for code in session.scalars(select(Response.code))}
        words = texts.read(session, KEY, items)
        columns = {column.name for column in Item.__table__.columns}
    names = {item.id for item in items}
    assert not names & (ids | codes) and len(names) == 120
    assert not columns & {"response_id", "code", "day", "channel", "country"}, "nothing else could join them"
    by_part = {
        part: [int(words[item.activity_id, item.id].body[1:]) for item in items if item.part == part]
        for part in (WISH, WORRY)
    }
    same = sum(one == other for one, other in zip(by_part[WISH], by_part[WORRY], strict=True))
    assert same <= 8, "the place in one list says nothing of that in the other"


def test_contributions_that_are_shown_are_found_and_read_as_the_public_does(database: Database) -> None:
    with database.transaction() as session:
        activity = make_consultation(session)
        make_codebook(session, activity.process)
        make_comment(session, activity, "I am Ama and I agree").redacted = [[5, 8]]
        for state in ("waiting", "refused", "set_apart", "concern"):
            make_comment(session, activity, "Not shown", state=state)
        row = {"code": None, "stakeholder": "ngo", "permission": "not", "channel": "open", "day": dt.date(2026, 1, 1)}
        shown = Submission(
            activity_id=activity.id, id=uuid.uuid4(), title="We say", body="More", locale="en", state="shown", **row
        )
        session.add(shown)
    items = gathered(database, activity)
    with database.reading() as session:
        found = {words.whole for words in texts.read(session, KEY, items).values()}
    assert found == {"I am ███ and I agree", "We say\nMore"}


def test_notes_of_events_are_found_but_for_those_that_are_confidential(database: Database) -> None:
    with database.transaction() as session:
        activity = make_event(session, opens_at=None)
        make_codebook(session, activity.process)
        occasion = make_occasion(session, activity)
        note = make_note(session, occasion, "Papers take a year.", speaker="expert")
        position = {"said": "position", "view": "opposes"}
        make_note(session, occasion, "We said no before.", institution="Port authority", **position)
        make_note(session, occasion, "", institution="Customs", **position)
        make_note(session, occasion, "Between us.", confidential=True)
        coder = acting(make_coder(session, activity.process))
        assert activity.id in gathering.coded(session), "people can be invited to an event that never opens"
    items = gathered(database, activity)
    with database.transaction() as session:
        found = texts.read(session, KEY, items).values()
        assert {(words.body, words.speaker) for words in found} == {
            ("Papers take a year.", "expert"),
            ("We said no before.", "Port authority"),
        }
        latest = queries.latest(session, activity.process_id)
        assert latest is not None
        for item in items:
            service.code(session, item, ["cost"], latest, by=coder)
        session.get_one(Note, note.id).confidential = True
    assert gathering.sweep(database, KEY, activity.id) == 1, "what becomes confidential is forgotten"
    with database.reading() as session:
        assert [given.themes for given in service.codes_of(session, KEY, activity.process_id)] == [("cost",)]


def test_what_goes_is_forgotten_with_all_that_was_said_of_it(
    database: Database, settings: Settings, keys: Keys, now: dt.datetime
) -> None:
    installation = Installation(settings, keys, database)
    with database.transaction() as session:
        activity = make_consultation(session)
        make_codebook(session, activity.process)
        comment = make_comment(session, activity)
        answered = make_answered(session, activity.process, ANSWERS)
        coder = acting(make_coder(session, activity.process))
    gather(installation, {}, now)
    with database.transaction() as session:
        latest = queries.latest(session, activity.process_id)
        assert latest is not None
        for item in session.scalars(select(Item)).all():
            service.code(session, item, ["vote"], latest, by=coder)
        assert len(list(service.codes_of(session, KEY, activity.process_id))) == 4
        session.execute(update(Comment).where(Comment.id == comment.id).values(state="concern"))
        session.execute(delete(Response).where(Response.answers.contains("To vote")))
        left = [given.kind for given in service.codes_of(session, KEY, activity.process_id)]
        assert left == ["answer"], "what is gone does not count, even before it is forgotten"
    sweep(installation, {}, now)
    with database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Coding)) == 1
    RETENTION.erase(installation, "responses", Wanted(answered.id, now.date(), now))
    with database.reading() as session:
        assert session.scalars(select(Item)).all() == [] == session.scalars(select(Coding)).all()


def test_a_share_of_the_texts_wants_two_coders(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        process = make_process(session, locales=("en",))
        make_codebook(session, process, twice=50)
        activity = make_answered(session, process, [{"wish": f"w{n}"} for n in range(80)])
    twice = {item.id for item in gathered(database, activity) if item.wanted == 2}
    assert 20 < len(twice) < 60
    with database.transaction() as session:
        gathering.share_anew(session, process.id, 100)
        assert set(session.scalars(select(Item.wanted))) == {2}
        gathering.share_anew(session, process.id, 50)
        assert set(session.scalars(select(Item.id).where(Item.wanted == 2))) == twice, "it is drawn, not chosen"


def test_names_lead_back_for_who_aggregates_with_the_key(database: Database) -> None:
    with database.transaction() as session:
        process: Process = make_process(session, locales=("en",))
        version = make_codebook(session, process)
        activity = make_answered(session, process, ANSWERS)
        coder = acting(make_coder(session, process))
    items = gathered(database, activity)
    with database.transaction() as session:
        latest = queries.latest(session, process.id)
        assert latest is not None and latest.number == version.number
        for item in items:
            service.code(session, item, ["cost"], latest, by=coder)
        for given in service.codes_of(session, KEY, process.id):
            (response,) = unlinking.responses(KEY, given.activity_id, given.part, [given.item_id])
            assert session.get(Response, (given.activity_id, response)) is not None
            assert (given.codes, given.themes) == (("cost",), ("cost",))
