"""Interviewers are named and removed for one activity, and everything of that is in the trail."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import delete, select

from consult.accounts.models import Grant, Institution, Role, User
from consult.audit.models import Entry
from consult.core.access import Actor
from consult.core.errors import Refused
from consult.db.session import Database
from consult.participation import interviewers, queries
from consult.participation.models import Interviewer
from consult.processes.models import Activity
from consult.web.roles import INTERVIEW
from tests.factories import accounts as make
from tests.factories.interviews import make_interviewer
from tests.factories.processes import make_activity


@pytest.fixture
def activity(database: Database) -> Activity:
    with database.transaction() as session:
        return make_activity(session, slug="survey")


def reached(database: Database, person: User, *places: Institution) -> list[str]:
    """The activities that somebody interviews in who holds the role at these institutions."""
    actor = Actor(person.id, person.name, roles={place.id: frozenset({"interviewer"}) for place in places})
    scope = INTERVIEW.scope(actor)
    if scope is None:
        return []
    with database.reading() as session:
        return [found.slug for found in queries.interviews(session, scope)]


def test_an_interviewer_reaches_what_they_are_named_for_and_nothing_else(
    database: Database, activity: Activity
) -> None:
    with database.transaction() as session:
        make_activity(session, slug="other")
        consulate, elsewhere = make.institution(session, "Consulate"), make.institution(session, "Association")
        person = make_interviewer(session, session.get_one(Activity, activity.id), consulate=consulate)
        another = make.user(session, consulate, Role.INTERVIEWER)
    assert reached(database, person, consulate) == ["survey"]
    assert reached(database, another, consulate) == [], "the role alone is not enough"
    assert reached(database, person, elsewhere) == [], "nor is it at another institution"
    assert reached(database, person) == [], "nor is being named without the role"


def test_naming_and_removing_are_in_the_trail(database: Database, activity: Activity, now: dt.datetime) -> None:
    with database.transaction() as session:
        place = make.institution(session, "Consulate")
        person, found = make.user(session, place, Role.INTERVIEWER), session.get_one(Activity, activity.id)
        for _twice in range(2):
            interviewers.add(session, found, user_id=person.id, institution_id=place.id, by=None, now=now)
        assert len(session.scalars(select(Interviewer)).all()) == 1
        interviewers.remove(session, found, person.id, by=None, now=now)
        assert session.scalars(select(Interviewer)).all() == []
        entries = session.scalars(select(Entry).order_by(Entry.action)).all()
    assert [entry.action for entry in entries] == [
        *["participation.interviewer"] * 2,
        "participation.remove_interviewer",
    ]
    assert {entry.subject for entry in entries} == {str(person.id)}
    assert {entry.process_id for entry in entries} == {activity.process_id}
    assert entries[0].details == {"activity": "survey", "institution": str(place.id)}


def test_whoever_is_not_named_cannot_be_removed(database: Database, activity: Activity, now: dt.datetime) -> None:
    with database.transaction() as session:
        person, found = make.user(session), session.get_one(Activity, activity.id)
        with pytest.raises(Refused, match=r"participation\.interviewer\.missing"):
            interviewers.remove(session, found, person.id, by=None, now=now)


@pytest.mark.parametrize("gone", ["nothing", "account", "role"])
def test_officers_see_who_cannot_interview_any_more(
    database: Database, activity: Activity, now: dt.datetime, gone: str
) -> None:
    with database.transaction() as session:
        person = make_interviewer(session, session.get_one(Activity, activity.id))
        if gone == "account":
            person.disabled_at = now
        if gone == "role":
            session.execute(delete(Grant).where(Grant.user_id == person.id))
    with database.reading() as session:
        (named,) = queries.interviewers(session, activity.id)
        assert (named.interviewer.user.id, named.able) == (person.id, gone == "nothing")
        assert named.interviewer.institution.name["en"] == "Consulate in Leeds"
