"""Institutions that are asked to answer, and their hands."""

from __future__ import annotations

from sqlalchemy.orm import Session

from consult.accounts.models import Institution, Role, User
from consult.processes.models import Activity, Unit
from consult.questionnaires.models import Edition
from consult.responses.joint.models import Hand, Joint
from tests.factories import accounts as make


def make_joint(
    session: Session, edition: Edition, *, hands: int = 3, place: Institution | None = None
) -> tuple[Joint, *tuple[User, ...]]:
    """An institution that is asked to answer the activity of an edition, and so many hands, of whom the first signs."""
    activity = session.get_one(Activity, edition.activity_id)
    activity.unit = Unit.INSTITUTION
    place = place or make.institution(session, "Ministry of Labour")
    joint = Joint(activity=activity, institution=place)
    session.add(joint)
    session.flush()
    people = [make.user(session, place, Role.RESPONDENT, name=f"Hand {number}") for number in range(1, hands + 1)]
    session.add_all(
        Hand(activity_id=activity.id, institution_id=place.id, user_id=person.id, signs=person is people[0])
        for person in people
    )
    session.flush()
    return joint, *people
