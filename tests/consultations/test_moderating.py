"""Moderators decide, authors appeal, the focal point alone reads concerns: what becomes of contributions."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.audit.models import Entry
from consult.consultations import appealing, concerns, counting, limits, listing, log, moderating, queue, translating
from consult.consultations.listing import Filter
from consult.consultations.models.contributed import Comment, CommentTranslation, State
from consult.consultations.models.moderated import Act, Decision, Reason
from consult.consultations.moderating import Which
from consult.consultations.queue import Wanted
from consult.core.access import Actor
from consult.core.bands import Band
from consult.core.errors import Refused
from consult.db.session import Database
from consult.processes.models import Activity, Seat
from tests.factories import accounts as make
from tests.factories.consultations import make_comment, make_consultation, make_participant, make_statement
from tests.factories.processes import make_member

BODY = "Kofi Mensah hit me."
NAME = [[0, 11]]


@pytest.fixture
def activity(session: Session) -> Activity:
    return make_consultation(session, locales=("en", "fr"))


def moderator(session: Session, activity: Activity) -> Actor:
    person = make.user(session, activity.process.lead_institution, "officer")
    return Actor(person.id, person.name)


def states(session: Session, *comments: Comment) -> list[str]:
    return [session.scalar(select(Comment.state).where(Comment.id == comment.id)) or "" for comment in comments]


def acts(session: Session, comment: Comment) -> list[tuple[str, str, bool]]:
    found = select(Decision.act, Decision.reason, Decision.current).where(Decision.object_id == comment.id)
    return [tuple(row) for row in session.execute(found.order_by(Decision.current, Decision.act))]


def test_a_decision_takes_effect_where_the_state_is_still_what_was_seen(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    by, there, gone = moderator(session, activity), make_comment(session, activity, state="waiting"), None
    gone = make_comment(session, activity, state="withdrawn")
    which = Which("comment", [there.id, gone.id])
    assert moderating.decide(session, activity, which, Act.SHOW, seen=State.WAITING, by=by, now=now) == 1
    assert moderating.decide(
        session, activity, which, Act.REFUSE, seen=State.WAITING, reason="insult", by=by, now=now
    ) == 0  # fmt: skip
    assert states(session, there, gone) == ["shown", "withdrawn"]
    assert acts(session, there) == [("show", "", True)] and acts(session, gone) == []


@pytest.mark.parametrize(
    ("act", "seen", "reason", "code"),
    [
        (Act.REFUSE, State.WAITING, "", "reason"),
        (Act.REFUSE, State.WAITING, "because", "reason"),
        (Act.SHOW, State.SHOWN, "", "act"),
        (Act.SHOW, State.CONCERN, "", "act"),
        (Act.SHOW, State.WITHDRAWN, "", "act"),
        (Act.CONCERN, State.SHOWN, "", "act"),
        (Act.REDACT, State.SHOWN, "insult", "act"),
        (Act.GIVE_BACK, State.CONCERN, "", "act"),
    ],
)
def test_acts_lead_on_only_from_where_they_can(
    session: Session, activity: Activity, now: dt.datetime, act: Act, seen: State, reason: str, code: str
) -> None:
    comment, by = make_comment(session, activity, state=seen), moderator(session, activity)
    with pytest.raises(Refused, match=f"moderate.{code}"):
        moderating.decide(
            session, activity, Which("comment", [comment.id]), act, seen=seen, reason=reason, by=by, now=now
        )  # fmt: skip
    assert states(session, comment) == [seen] and acts(session, comment) == []


def test_a_group_of_near_duplicates_goes_and_comes_back_at_once(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    by, group = moderator(session, activity), uuid.uuid4()
    first = make_comment(session, activity, "We all say so.", id=group, alike_id=group, state="waiting")
    others = [make_comment(session, activity, alike_id=group, state="waiting") for _ in range(queue.CAMPAIGN - 1)]
    make_comment(session, activity, state="waiting")
    (found,) = queue.campaigns(session, activity.id)
    assert (found.alike_id, found.words, found.size) == (group, "We all say so.", 10)
    which = Which("comment", alike_id=group)
    assert moderating.decide(session, activity, which, Act.SET_APART, seen=State.WAITING, by=by, now=now) == 10
    assert states(session, first, *others) == ["set_apart"] * 10
    assert queue.counts(session, activity.id, State.WAITING) == {("comment", "en"): 1}
    assert moderating.decide(session, activity, which, Act.BRING_BACK, seen=State.SET_APART, by=by, now=now) == 10
    assert acts(session, first) == [("set_apart", "", False), ("bring_back", "", True)]
    assert queue.counts(session, activity.id, State.WAITING) == {("comment", "en"): 11}


def test_another_stands_for_near_duplicates_once_the_first_is_not_shown_any_more(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    by, group = moderator(session, activity), uuid.uuid4()
    make_comment(session, activity, "We all say so.", id=group, alike_id=group, code=b"one" * 10)
    other = make_comment(session, activity, "We all say so!", alike_id=group, code=b"other" * 6)
    which = Which("comment", [group])
    moderating.decide(session, activity, which, Act.REFUSE, seen=State.SHOWN, reason="insult", by=by, now=now)
    page = listing.comments(session, activity.id, {other.part: ()}, Filter(), None)
    assert [row.comment.id for row in page.rows] == [other.id]
    moderating.decide(session, activity, which, Act.SHOW, seen=State.REFUSED, by=by, now=now)
    page = listing.comments(session, activity.id, {other.part: ()}, Filter(), None)
    assert [(row.comment.id, row.signatories) for row in page.rows] == [(other.id, 2)]


def test_blackened_words_take_translations_along_and_two_moderators_do_not_overwrite_one_another(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    by, comment = moderator(session, activity), make_comment(session, activity, BODY)
    translating.translate(session, activity, comment, "fr", ("Kofi m’a frappé.", ""), seen=[], by=by, now=now)
    seen = (State.SHOWN, [])
    moderating.redact(session, activity, "comment", comment.id, NAME, seen=seen, reason="personal_data", by=by, now=now)
    assert session.scalars(select(CommentTranslation)).all() == []
    with pytest.raises(Refused, match="moved"):
        moderating.redact(
            session, activity, "comment", comment.id, [[12, 15]], seen=seen, reason="insult", by=by, now=now
        )  # fmt: skip
    with pytest.raises(Refused, match=r"translation\.moved"):
        translating.translate(session, activity, comment, "fr", ("Kofi m’a frappé.", ""), seen=[], by=by, now=now)
    session.refresh(comment)
    assert comment.redacted == NAME and acts(session, comment) == [("redact", "personal_data", True)]


def test_a_statement_is_shown_whole_or_not_at_all(session: Session, activity: Activity, now: dt.datetime) -> None:
    statement, by = make_statement(session, activity), moderator(session, activity)
    with pytest.raises(Refused, match=r"moderate\.act"):
        moderating.redact(
            session, activity, "statement", statement.id, NAME, seen=(State.SHOWN, []), reason="insult", by=by, now=now
        )  # fmt: skip


def refused(session: Session, activity: Activity, by: Actor, now: dt.datetime) -> tuple[Comment, Decision]:
    comment = make_comment(session, activity, code=make_participant(session, activity).code)
    which = Which("comment", [comment.id])
    moderating.decide(session, activity, which, Act.REFUSE, seen=State.SHOWN, reason="insult", by=by, now=now)
    return comment, session.scalars(select(Decision).where(Decision.object_id == comment.id)).one()


def test_the_author_appeals_once_and_another_moderator_looks(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    first, second = moderator(session, activity), moderator(session, activity)
    comment, decision = refused(session, activity, first, now)
    assert comment.code is not None
    with pytest.raises(Refused, match=r"appeal\.gone"):
        appealing.appeal(session, activity.id, b"x" * 32, decision.id, "I am somebody else.")
    appealing.appeal(session, activity.id, comment.code, decision.id, "It is true.")
    with pytest.raises(Refused, match=r"appeal\.gone"):
        appealing.appeal(session, activity.id, comment.code, decision.id, "It is still true.")
    with pytest.raises(Refused, match=r"appeal\.same"):
        appealing.settle(session, activity, decision.id, upheld=False, by=first, now=now)
    appealing.settle(session, activity, decision.id, upheld=False, by=second, now=now)
    with pytest.raises(Refused, match=r"moderate\.moved"):
        appealing.settle(session, activity, decision.id, upheld=True, by=second, now=now)
    assert states(session, comment) == ["shown"]
    assert acts(session, comment) == [("refuse", "insult", False), ("show", "", True)]


def test_an_appeal_goes_with_what_it_was_about(session: Session, activity: Activity, now: dt.datetime) -> None:
    comment, decision = refused(session, activity, moderator(session, activity), now)
    assert comment.code is not None
    appealing.appeal(session, activity.id, comment.code, decision.id, "It is true.")
    appealing.forget(session, activity.id, [comment.id])
    session.refresh(decision)
    assert (decision.appeal, decision.appeal_words) == ("", "")
    assert appealing.waiting(session, activity.id, None, 9) == []


def test_the_log_counts_decisions_by_day_and_is_silent_about_concerns(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    by = moderator(session, activity)
    for day in range(3):
        for _ in range(2):
            refused(session, activity, by, now + dt.timedelta(days=day))
    comment = make_comment(session, activity)
    concerns.flag(session, activity, "comment", comment.id, "He is afraid.", seen=State.SHOWN, by=by, now=now)
    lines, further = log.lines(session, activity.id, threshold=2, days=2)
    assert [(line.day.day, line.act, line.reason, line.number) for line in lines] == [
        (4, "refuse", "insult", Band(2, 9)),
        (3, "refuse", "insult", Band(2, 9)),
    ]
    assert further == dt.date(2026, 3, 3)
    (last,) = log.lines(session, activity.id, threshold=2, before=further)[0]
    assert (last.day.day, last.number) == (2, Band(2, 9))
    assert log.totals(session, activity.id, threshold=2) == [("refuse", "insult", "", Band(2, 9))]


def test_the_log_tells_of_nobody_alone(session: Session, activity: Activity, now: dt.datetime) -> None:
    by = moderator(session, activity)
    for number in range(6):
        comment, decision = refused(session, activity, by, now)
        decision.locale = "en" if number else "ar"
        if number == 1:
            appealing.appeal(session, activity.id, comment.code or b"", decision.id, "It is true.")
        if number == 2:
            decision.appeal = "upheld"
    lines, _further = log.lines(session, activity.id, threshold=3)
    assert sorted((line.locale, line.appeal, line.number) for line in lines) == [
        ("", "", Band(1, 2)),
        ("en", "", Band(3, 9)),
        ("en", "upheld", Band(1, 2)),
    ]
    assert log.totals(session, activity.id, threshold=3) == [
        ("refuse", "insult", "", Band(3, 9)),
        ("refuse", "insult", "upheld", Band(1, 2)),
    ]


def test_staff_take_a_concern_out_of_the_flow_and_the_focal_point_gives_it_back(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    by, comment = moderator(session, activity), make_comment(session, activity, state="waiting")
    concerns.flag(session, activity, "comment", comment.id, "He is afraid.", seen=State.WAITING, by=by, now=now)
    with pytest.raises(Refused, match="moved"):
        concerns.flag(session, activity, "comment", comment.id, "Again.", seen=State.WAITING, by=by, now=now)
    assert states(session, comment) == ["concern"]
    settle = {"by": by, "now": now}
    concerns.settle(session, activity, "comment", comment.id, "Called.", away=True, seen=State.CONCERN, **settle)
    assert states(session, comment) == ["concern"]
    concerns.settle(session, activity, "comment", comment.id, "Safe.", away=False, seen=State.CONCERN, **settle)
    assert states(session, comment) == ["waiting"]
    (note,) = concerns.of(session, activity.id, comment.id)
    assert note.done == "Called.\n\nSafe."


def test_a_participant_cannot_silence_anybody_but_is_heard(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    by, comment = moderator(session, activity), make_comment(session, activity)
    concerns.flag_as_participant(session, activity.id, "comment", comment.id, "She needs help.", today=now.date())
    assert states(session, comment) == ["shown"]
    assert concerns.unlooked(session, activity.id) == [("comment", comment.id)]
    concerns.let_stand(session, activity, "comment", comment.id, by=by, now=now)
    assert concerns.unlooked(session, activity.id) == []
    assert concerns.listed(session, activity.id, settled=False, after=None, limit=9) == [("comment", comment.id, 1)]
    concerns.settle(session, activity, "comment", comment.id, "Met her.", away=True, seen=State.SHOWN, by=by, now=now)
    assert states(session, comment) == ["concern"]
    concerns.settle(session, activity, "comment", comment.id, "Safe.", away=False, seen=State.CONCERN, by=by, now=now)
    assert states(session, comment) == ["shown"]


def test_concerns_go_to_the_focal_point_else_to_leads_else_to_whoever_runs_the_process(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    officer, focal = moderator(session, activity), moderator(session, activity)
    today = now.date()
    assert {user.id for user in concerns.readers(session, activity, today)} == {officer.id, focal.id}
    lead = make.user(session)
    make_member(session, activity.process, lead, seat=Seat.LEAD)
    assert [user.id for user in concerns.readers(session, activity, today)] == [lead.id]
    queue_of = session.get_one(type(concerns.queries.consultation(session, activity.id)), activity.id)
    queue_of.focal_id = focal.id
    session.flush()
    assert [user.id for user in concerns.readers(session, activity, today)] == [focal.id]


def test_results_have_what_is_shown_and_if_wanted_what_was_set_apart(session: Session, activity: Activity) -> None:
    made = {state: make_comment(session, activity, state=state).id for state in State}
    statement = make_statement(session, activity).id
    assert {one.id for one in counting.counted(session, activity.id, apart=False)} == {made[State.SHOWN], statement}
    with_apart = {one.id for one in counting.counted(session, activity.id, apart=True)}
    assert with_apart == {made[State.SHOWN], made[State.SET_APART], statement}


def test_a_day_has_an_allowance_and_the_next_day_another(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    code, today = make_participant(session, activity).code, now.date()

    def tries(kind: str, times: int, day: dt.date) -> int:
        return sum(limits.may_contribute(session, activity.id, code, kind, today=day) for _ in range(times))

    assert (tries("submission", 2, today), tries("statement", 9, today), tries("comment", 9, today)) == (2, 3, 1)
    assert tries("submission", 9, today + dt.timedelta(days=1)) == 3
    assert not limits.may_contribute(session, activity.id, b"nobody" * 5, "comment", today=today)


def test_the_queue_is_paged_by_key_in_the_languages_that_somebody_chose(session: Session, activity: Activity) -> None:
    for number in range(5):
        make_comment(session, activity, state="waiting", locale="fr" if number % 2 else "en")
    english = Wanted(locales=["en"])
    pages, after = [], None
    while found := queue.page(session, activity.id, Wanted(locales=["en"], after=after), limit=2):
        pages.append([item.id for item in found])
        after = found[-1].id
    assert [len(page) for page in pages] == [2, 1]
    assert [one for page in pages for one in page] == [item.id for item in queue.page(session, activity.id, english)]


def test_nothing_changes_its_state_without_a_decision_and_an_entry_of_the_trail(
    database: Database, now: dt.datetime
) -> None:
    """Every way through the services by which a state changes, each followed by a look at what it left."""
    with database.transaction() as session:
        activity = make_consultation(session)
        one, two = moderator(session, activity), moderator(session, activity)
        for state, (to, start) in ((seen, move) for move in moderating.MOVES.values() for seen in move[1]):
            act = next(act for act, move in moderating.MOVES.items() if move == (to, start))
            comment = make_comment(session, activity, BODY, state=state, code=b"a" * 32)
            which = Which("comment", [comment.id])
            if act is Act.CONCERN:
                concerns.flag(session, activity, "comment", comment.id, "Look.", seen=state, by=one, now=now)
                concerns.settle(
                    session, activity, "comment", comment.id, "Done.", away=False, seen=State.CONCERN, by=two, now=now
                )  # fmt: skip
                assert states(session, comment) == [state]
            elif act is Act.REDACT:
                moderating.redact(
                    session, activity, "comment", comment.id, NAME, seen=(state, []), reason="insult", by=one, now=now
                )  # fmt: skip
            else:
                moderating.decide(session, activity, which, act, seen=state, reason="insult", by=one, now=now)
            if act in appealing.APPEALABLE:
                decision = session.scalars(select(Decision).where(Decision.object_id == comment.id)).one()
                appealing.appeal(session, activity.id, b"a" * 32, decision.id, "Why?")
                appealing.settle(session, activity, decision.id, upheld=False, by=two, now=now)
            made = session.scalars(select(Decision.act).where(Decision.object_id == comment.id)).all()
            entries = session.scalars(select(Entry)).all()
            noted = [entry.action for entry in entries if str(comment.id) in entry.details.get("ids", ())]
            assert sorted(set(made)) == sorted({name.partition(".")[2] for name in noted} & set(Act))
            assert act in made and not any(BODY in str(entry.details) for entry in entries)
        assert {reason for _act, reason, _appeal, _number in log.totals(session, activity.id, threshold=9)} <= {
            "",
            *Reason,
        }
