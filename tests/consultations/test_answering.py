"""You said, we did: drafted, approved by somebody else, published together, found by those who wrote."""

from __future__ import annotations

import datetime as dt
import uuid

import msgspec
import pytest
from sqlalchemy.orm import Session

from consult.consultations import answering, choosing, following
from consult.consultations.answering import Wording
from consult.consultations.choosing import Filter
from consult.consultations.models.answered import OfficialAnswer
from consult.consultations.models.asked import OpenQuestion, TextVersion
from consult.consultations.models.contributed import Submission
from consult.consultations.parts import WHOLE
from consult.core.access import Actor
from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.processes.models import Activity
from tests.factories.accounts import user
from tests.factories.consultations import make_comment, make_consultation
from tests.factories.processes import make_theme

SAID = LocalisedText({"en": "Voting is too hard."})
DID = LocalisedText({"en": "Embassies will count votes."})
MINE, OTHER = b"m" * 32, b"o" * 32


def wording(activity: Activity, **given: object) -> Wording:
    places = [str(activity.process.lead_institution_id)]
    row = {"said": SAID, "did": DID, "outcome": "accepted", "institutions": places, "themes": ["rights"]}
    return Wording(**{**row, **given})  # type: ignore[arg-type]  # its fields


def make_answer(
    session: Session, activity: Activity, *, by: Actor | None, now: dt.datetime, **given: object
) -> OfficialAnswer:
    wanted = wording(activity, **given)
    return answering.write(session, activity, wanted, wanted.institutions, by=by, now=now)


def published(session: Session, activity: Activity, now: dt.datetime, **given: object) -> OfficialAnswer:
    answer = make_answer(session, activity, by=None, now=now, **given)
    answering.approve(session, activity, answer, seen=answer.revision, by=_actor(session), now=now)
    answering.publish(session, activity, by=None, now=now)
    session.refresh(answer)
    return answer


def _actor(session: Session) -> Actor:
    person = user(session)
    return Actor(person.id, person.name)


def test_who_changed_it_last_cannot_approve_and_nobody_approves_of_what_they_have_not_read(
    session: Session, now: dt.datetime
) -> None:
    activity = make_consultation(session)
    drafter, lead = _actor(session), _actor(session)
    answer = make_answer(session, activity, by=drafter, now=now)
    with pytest.raises(Refused, match=r"consultations\.answer\.own"):
        answering.approve(session, activity, answer, seen=1, by=drafter, now=now)
    change = wording(activity, outcome="noted")
    answering.write(session, activity, change, change.institutions, answer=answer, seen=1, by=drafter, now=now)
    with pytest.raises(Refused, match=r"consultations\.answer\.moved"):
        answering.approve(session, activity, answer, seen=1, by=lead, now=now)
    answering.approve(session, activity, answer, seen=2, by=lead, now=now)
    assert (answer.state, answer.approved_by) == ("approved", lead.id)
    answering.write(session, activity, change, change.institutions, answer=answer, seen=2, by=lead, now=now)
    assert (answer.state, answer.approved_by, answer.drafted_by) == ("draft", None, lead.id), "a change is a new draft"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"did": LocalisedText()}, r"consultations\.answer\.incomplete"),
        ({"outcome": ""}, r"consultations\.answer\.outcome"),
        ({"themes": []}, r"consultations\.answer\.targets"),
    ],
)
def test_what_is_not_whole_is_not_approved(
    session: Session, now: dt.datetime, given: dict[str, object], code: str
) -> None:
    activity = make_consultation(session)
    answer = make_answer(session, activity, by=None, now=now, **given)
    with pytest.raises(Refused, match=code):
        answering.approve(session, activity, answer, seen=1, by=_actor(session), now=now)


def test_only_institutions_of_the_core_group_answer(session: Session, now: dt.datetime) -> None:
    activity = make_consultation(session)
    with pytest.raises(Refused, match=r"consultations\.answer\.institutions"):
        answering.write(session, activity, wording(activity), [str(uuid.uuid4())], by=None, now=now)


def test_everything_approved_is_published_in_one_act_and_never_changes(session: Session, now: dt.datetime) -> None:
    activity = make_consultation(session)
    with pytest.raises(Refused, match=r"consultations\.answer\.none"):
        answering.publish(session, activity, by=None, now=now)
    ready = [make_answer(session, activity, by=None, now=now) for _ in range(2)]
    draft = make_answer(session, activity, by=None, now=now)
    for answer in ready:
        answering.approve(session, activity, answer, seen=1, by=_actor(session), now=now)
    assert answering.publish(session, activity, by=None, now=now) == 2
    session.expire_all()
    assert [answer.state for answer in (*ready, draft)] == ["published", "published", "draft"]
    change = wording(activity)
    with pytest.raises(Refused, match=r"consultations\.answer\.moved"):
        answering.write(session, activity, change, change.institutions, answer=ready[0], seen=1, by=None, now=now)
    with pytest.raises(Refused, match=r"consultations\.answer\.moved"):
        answering.discard(session, activity, ready[0], seen=1, by=None, now=now)
    answering.discard(session, activity, draft, seen=1, by=None, now=now)
    assert len(answering.listed(session, activity.id, "draft", "approved", "published")) == 2


def test_comments_are_answered_in_bulk_each_with_those_that_say_nearly_the_same(
    session: Session, now: dt.datetime
) -> None:
    activity, elsewhere = make_consultation(session), make_consultation(session)
    on_part = [make_comment(session, activity, part="p1", stance="oppose") for _ in range(3)]
    on_part[1].alike_id = on_part[0].alike_id = on_part[0].id
    make_comment(session, activity, part="p1", stance="oppose", state="refused")
    make_comment(session, activity, part="p1", stance="support")
    foreign = make_comment(session, elsewhere)
    session.flush()
    found = set(answering.leaders(session, activity.id, "p1", "oppose"))
    assert found == {on_part[0].id, on_part[2].id}
    rows, last = choosing.page(session, activity.id, "comment", Filter("p1", "oppose"), None, whole=True)
    assert {row.id for row in rows} == found and last is None
    answer = make_answer(session, activity, by=None, now=now)
    answering.answer_to(session, activity, answer, "comment", {*found, foreign.id}, seen=1, by=None, now=now)
    with pytest.raises(Refused, match=r"consultations\.answer\.moved"):
        answering.answer_to(session, activity, answer, "comment", found, seen=1, by=None, now=now)
    gone = [on_part[2].id]
    answering.answer_to(session, activity, answer, "comment", [], gone=gone, seen=2, by=None, now=now)
    to = answering.targets(session, [answer.id])[answer.id]
    assert to == {"comment": [str(on_part[0].id)], "theme": ["rights"]}, "nothing of another consultation"


def test_contributors_find_by_their_code_what_answers_them(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        activity = make_consultation(session)
        make_theme(session, activity.process, "rights")
        blocks = [{"id": "p1", "words": {"en": "Article 1"}, "theme": "rights"}, {"id": "p2", "words": {"en": "2"}}]
        document = msgspec.json.encode({"source": "en", "schema_version": 1, "blocks": blocks}).decode()
        session.add(TextVersion(activity_id=activity.id, number=1, document=document, hash="0", published_at=now))
        question = OpenQuestion(activity_id=activity.id, label=SAID, theme="money")
        session.add(question)
        session.flush()
        mine = make_comment(session, activity, part="p1", code=MINE)
        leader = make_comment(session, activity, part="p2", code=OTHER)
        mine.alike_id = leader.alike_id = leader.id
        make_comment(session, activity, target="question", part=str(question.id), version=0, code=MINE)
        sent = Submission(
            activity_id=activity.id, id=uuid.uuid4(), code=MINE, stakeholder="ngo", permission="not", title="T",
            body="B", locale="en", day=now.date(), channel="open", state="shown",
        )  # fmt: skip
        session.add(sent)
        answers = {
            "theme of my paragraph": published(session, activity, now, themes=["rights"]),
            "theme of my question": published(session, activity, now, themes=["money"]),
            "my paragraph": published(session, activity, now, themes=[], parts=["p1"]),
            "another paragraph": published(session, activity, now, themes=[], parts=["p2"]),
            "the whole text": published(session, activity, now, themes=[], parts=[WHOLE]),
            "another theme": published(session, activity, now, themes=["school"]),
        }
        for name, kind, target in (("those alike", "comment", leader.id), ("my submission", "submission", sent.id)):
            answer = make_answer(session, activity, by=None, now=now, themes=[])
            answering.answer_to(session, activity, answer, kind, [target], seen=1, by=None, now=now)
            answering.approve(session, activity, answer, seen=2, by=_actor(session), now=now)
            answers[name] = answer
        make_answer(session, activity, by=None, now=now)
        assert len(following.answers_for(session, activity.id, MINE)) == 3, "what is not published concerns nobody yet"
        answering.publish(session, activity, by=None, now=now)
    with database.reading() as session:
        names = {answer.id: name for name, answer in answers.items()}
        found = {names[answer.id] for answer in following.answers_for(session, activity.id, MINE)}
        assert found == {*names.values()} - {"another paragraph", "the whole text", "another theme"}
        assert following.answers_for(session, activity.id, b"x" * 32) == []
