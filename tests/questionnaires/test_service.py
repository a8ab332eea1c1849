"""A draft is saved, checked and published once; an edition never changes."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.audit.models import Entry
from consult.core.errors import Place, Problem, Refused
from consult.core.questionnaire.definition import Questionnaire, QuestionType
from consult.core.text import LocalisedText
from consult.processes.models import Activity
from consult.questionnaires import queries, service
from consult.questionnaires.overview import overview
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity
from tests.factories.questionnaires import make_draft, make_edition, make_question, make_questionnaire


def _save(session: Session, activity: Activity, questionnaire: Questionnaire, now: dt.datetime) -> int:
    saved = service.save_draft(session, activity, questionnaire, origin="a.xlsx", by=None, now=now)
    return saved.number


def test_every_state_of_the_draft_is_kept(session: Session, now: dt.datetime) -> None:
    activity = make_activity(session)
    first = make_questionnaire()
    other = make_questionnaire(make_question("age", QuestionType.INTEGER))
    assert [_save(session, activity, wanted, now) for wanted in (first, first, other, first)] == [1, 1, 2, 3]
    draft = queries.draft(session, activity.id)
    assert draft is not None
    assert draft.number == 3
    assert [found.number for found in queries.revisions(session, activity.id)] == [3, 2, 1]


def test_what_an_import_left_out_is_remembered_with_its_place(session: Session, now: dt.datetime) -> None:
    warning = Problem("questionnaires.draft.missing", {"x": 1}, Place(sheet="survey", row=4, column="type"))
    activity = make_activity(session)
    service.save_draft(
        session, activity, make_questionnaire(), origin="\u202eevil\x00.xlsx", warnings=[warning], by=None, now=now
    )
    session.expire_all()
    draft = queries.draft(session, activity.id)
    assert draft is not None
    assert overview(draft).warnings[0] == warning
    assert draft.origin == "evil.xlsx"


def test_the_overview_counts_and_tells_what_is_missing_in_which_language(session: Session) -> None:
    whole = make_question("age", QuestionType.INTEGER, locales=("en", "fr"))
    half = make_question("job", QuestionType.TEXT, locales=("en",))
    draft = make_draft(session, make_activity(session), make_questionnaire(whole, half, locales=("en", "fr")))
    found = overview(draft)
    assert (found.summary.questions, found.summary.languages) == (2, ["en", "fr"])
    assert [(part.locale, part.texts, part.total) for part in found.completeness] == [("en", 3, 3), ("fr", 2, 3)]


def test_publishing_numbers_hashes_and_sets_the_locales(session: Session, now: dt.datetime) -> None:
    activity = make_activity(session, title=LocalisedText({"en": "Our title"}))
    make_draft(session, activity, make_questionnaire())
    edition = service.publish(session, activity, by=None, now=now)
    assert (edition.number, edition.hash) == (1, hashlib.sha256(edition.document).hexdigest())
    assert activity.locales == ["en", "fr", "ar"]
    assert activity.title["en"] == "Our title"
    assert set(activity.title) == {"en", "fr", "ar"}
    make_draft(session, activity, make_questionnaire(make_question("age", QuestionType.INTEGER)), number=2)
    assert service.publish(session, activity, by=None, now=now).number == 2
    entries = session.scalars(select(Entry).order_by(Entry.at)).all()
    assert {entry.details["edition"]: entry.details["hash"] for entry in entries} == {
        found.number: found.hash for found in queries.editions(session, activity.id)
    }


def test_publishing_needs_a_draft_that_is_new_and_sound(session: Session, now: dt.datetime) -> None:
    activity = make_activity(session)
    with pytest.raises(Refused, match=r"questionnaires\.draft\.missing"):
        service.publish(session, activity, by=None, now=now)
    make_draft(session, activity, make_questionnaire())
    service.publish(session, activity, by=None, now=now)
    with pytest.raises(Refused, match=r"questionnaires\.edition\.same"):
        service.publish(session, activity, by=None, now=now)
    broken = make_question("age", QuestionType.INTEGER, relevant="${nobody} = 1")
    make_draft(session, activity, make_questionnaire(broken), number=2)
    with pytest.raises(Refused) as refusal:
        service.publish(session, activity, by=None, now=now)
    assert all(problem.code.startswith(("expression.", "questionnaire.")) for problem in refusal.value.problems)
    assert [edition.number for edition in queries.editions(session, activity.id)] == [1]


def test_an_open_questionnaire_gets_no_language_without_a_notice(session: Session, now: dt.datetime) -> None:
    edition = make_edition(session, questionnaire=make_questionnaire(locales=("en",)))
    activity = _activity(session, edition.activity_id)
    make_notice(session, activity, locales=("en",))
    make_draft(session, activity, make_questionnaire(locales=("en", "fr")))
    with pytest.raises(Refused) as refusal:
        service.publish(session, activity, by=None, now=now)
    (problem,) = refusal.value.problems
    assert (problem.code, dict(problem.params)) == ("questionnaires.notice.missing", {"locale": "fr"})
    make_notice(session, activity, locales=("en", "fr"))
    assert service.publish(session, activity, by=None, now=now).number == 2


def _activity(session: Session, activity_id: uuid.UUID) -> Activity:
    return session.get_one(Activity, activity_id)
