"""Interviewers: named for an activity, signed in, interviewing."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consult.accounts.models import Institution, Role, User
from consult.participation.models import Interviewer
from consult.processes.models import Activity
from tests.factories import accounts as make
from tests.factories.accounts import token


def make_interviewer(session: Session, activity: Activity, *, consulate: Institution | None = None) -> User:
    """A person of a consulate who is named for an activity and nobody else in its process."""
    place = consulate or make.institution(session, "Consulate in Leeds")
    person = make.user(session, place, Role.INTERVIEWER)
    session.add(Interviewer(activity_id=activity.id, user_id=person.id, institution_id=place.id))
    session.flush()
    return person


def begin_interview(client: FlaskClient, slug: str = "survey", **form: str) -> TestResponse:
    """Begin an interview, from the desk in English."""
    return client.post(f"/en/desk/activities/{slug}/interview", data={"csrf_token": token(client), **form})
