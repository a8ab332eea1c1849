"""Participants say how it was: in a questionnaire of its own, linked to the event."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consult.accounts.models import Role
from consult.config import LOCALES
from consult.core.aggregation.tables import Summary, Table
from consult.core.aggregation.variables import variables
from consult.core.errors import Refused
from consult.core.questionnaire import lint
from consult.core.questionnaire.definition import Questionnaire
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.events import feedback
from consult.events.models.planned import Event
from consult.privacy import queries as privacy
from consult.questionnaires import fieldwork
from consult.questionnaires import queries as questionnaires
from consult.questionnaires import service as publishing
from consult.results import expected
from consult.results.presentation import Reader
from tests.factories import accounts as make
from tests.factories.events import make_event
from tests.factories.releases import release


def texts(found: Questionnaire) -> list[LocalisedText]:
    return [found.title, *(text for node, _ in found.walk() for text in (node.label, node.hint) if text)]


def test_it_is_written_in_every_locale_of_the_interface() -> None:
    whole = feedback.questionnaire(LOCALES)
    assert whole.locales == LOCALES
    assert {frozenset(text) for text in texts(whole)} == {frozenset(LOCALES)}
    assert lint.lint(whole) == lint.Findings((), ())
    some = feedback.questionnaire(("fr", "fa", "ar"))
    assert {tuple(text) for text in texts(some)} == {("fr", "ar")}
    assert feedback.questionnaire(("fa",)).locales == ("en",)


def test_an_event_gets_one_questionnaire_which_officers_complete_and_open(session: Session, now: dt.datetime) -> None:
    activity = make_event(session, locales=("en", "ar"))
    made = feedback.make(session, activity, by=None, now=now)
    assert (made.title["en"], made.locales, made.state(now)) == ("Feedback: Life abroad", ["en", "ar"], "draft")
    assert feedback.asked(session, session.get_one(Event, activity.id)) is made
    taken = privacy.notice(session, made.id)
    assert taken is not None and not taken.confirmed
    publishing.publish(session, made, by=None, now=now)
    lacking = [problem.code for problem in fieldwork.hindrances(session, made, now=now)]
    assert lacking == ["questionnaires.notice.missing"] * 2
    assert questionnaires.latest_edition(session, made.id) is not None
    with pytest.raises(Refused, match=r"events\.feedback\.there"):
        feedback.make(session, activity, by=None, now=now)
    with pytest.raises(Refused, match=r"events\.feedback\.scale"):
        feedback.expect(session, activity, {"welcome": 5.5}, by=None, now=now)


def test_what_is_expected_stands_beside_what_was_released(session: Session, now: dt.datetime) -> None:
    activity = make_event(session)
    made = feedback.make(session, activity, by=None, now=now)
    feedback.expect(session, activity, {"welcome": 4.5}, by=None, now=now)
    welcome = next(one for one in variables([feedback.questionnaire(("en",))]) if one.name == "welcome")
    tables = (Table(variable=welcome.id, totals=(15,), threshold=10, rows=(), summary=Summary(mean=4.2)),)
    whole = release()
    dataset = msgspec.structs.replace(
        whole.datasets[0], activity=str(made.id), source="en", responses=15, variables=(welcome,), tables=tables
    )
    content = msgspec.structs.replace(whole, datasets=(dataset,))
    (line,) = expected.feedback(session, activity.process, content, Reader("en", str)).lines
    assert (line.question, line.mean, line.expected) == ("Did you feel welcome?", 4.2, 4.5)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_officers_make_it_and_say_what_they_expect(database: Database, client: FlaskClient) -> None:
    with database.transaction() as session:
        activity = make_event(session)
        who = make.user(session, activity.process.lead_institution, Role.OFFICER)
    make.sign_in(client, who)
    address, token = f"/en/desk/events/{activity.slug}/feedback", {"csrf_token": make.token(client)}
    assert "Did you feel welcome?" in client.get(address).text
    assert "هل شعرت بالترحيب؟" in client.get(address.replace("/en/", "/ar/")).text
    assert client.post(f"{address}/questionnaire", data=token).status_code == 302
    assert (
        "has a feedback questionnaire already"
        in client.post(f"{address}/questionnaire", data=token, follow_redirects=True).text
    )
    assert 'href="#welcome"' in client.post(address, data={**token, "welcome": "7"}).text
    assert client.post(address, data={**token, "welcome": "4.5"}).status_code == 302
    assert 'value="4.5"' in client.get(address).text
