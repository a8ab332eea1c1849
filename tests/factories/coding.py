"""A codebook, texts to be coded and those who code them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.models import Role, User
from consult.coding import codebooks, gathering
from consult.coding.models import Item, Version
from consult.core.access import Actor
from consult.core.coding.codebook import Code
from consult.core.questionnaire.definition import QuestionType
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.processes.models import Activity, Process
from tests.factories.accounts import user
from tests.factories.processes import make_activity, make_theme
from tests.factories.questionnaires import make_edition, make_question, make_questionnaire
from tests.factories.responses import OPENED
from tests.factories.results import make_responses

KEY = b"c" * 32
"""HMAC key of codes in the fixture `keys`."""
CODES = ("vote", "cost", "school")


def make_code(name: str, **given: str) -> Code:
    """A code whose label says its name."""
    return Code(code=name, label=LocalisedText({"en": name.title()}), **given)


def make_codebook(
    session: Session, process: Process, *names: str, twice: int = 0, now: dt.datetime = OPENED
) -> Version:
    """The next version of a codebook: codes each with a theme of their own; of these texts are coded twice."""
    there = {theme.code for theme in process.themes}
    for name in names or CODES:
        if name not in there:
            make_theme(session, process, name)
        session.refresh(process)
        if name not in codebooks.written(session, process).named():
            codebooks.write(session, process, make_code(name, theme=name), by=None, now=now)
    codebooks.share(session, process, twice, by=None, now=now)
    return codebooks.publish(session, process, {}, by=None, now=now)


def make_answered(
    session: Session, process: Process, answers: Sequence[dict[str, object]], locales: tuple[str, ...] = ("en",)
) -> Activity:
    """A questionnaire with the open questions `wish` and `worry`, a number, and contact data; mixed responses to it.

    `locales`: of the responses, in turns.
    """
    questions = [make_question(name, QuestionType.TEXT, locales=("en",)) for name in ("wish", "worry")]
    questions.append(make_question("age", QuestionType.INTEGER, locales=("en",)))
    questions.append(make_question("email", QuestionType.TEXT, locales=("en",), contact=True))
    activity = make_activity(session, process, opens_at=OPENED)
    questionnaire = make_questionnaire(*questions, locales=("en",))
    edition = make_edition(session, activity, questionnaire)
    for index, response in enumerate(make_responses(session, edition, questionnaire, answers)):
        response.locale = locales[index % len(locales)]
    session.flush()
    return activity


def gathered(database: Database, activity: Activity) -> Sequence[Item]:
    """The texts of an activity, after they were looked for."""
    gathering.gather(database, KEY, activity.id)
    with database.reading() as session:
        found = session.scalars(select(Item).where(Item.activity_id == activity.id).order_by(Item.id)).all()
        session.expunge_all()
    return found


def make_coder(session: Session, process: Process, *roles: Role, email: str = "") -> User:
    """Somebody who codes for the lead institution."""
    return user(session, process.lead_institution, *(roles or (Role.CODER,)), email=email)


def acting(person: User) -> Actor:
    """The same as who acts."""
    return Actor(person.id, person.name)
