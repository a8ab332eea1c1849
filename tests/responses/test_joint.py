"""Several hands of an institution write one response, one signs it, whoever asked reopens it."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from sqlalchemy import func, select, update

from consult.audit.models import Entry
from consult.core.access import Actor
from consult.core.errors import Refused
from consult.core.questionnaire.answers import decode
from consult.core.questionnaire.pages import Page as Questions
from consult.core.questionnaire.routing import Sheet
from consult.core.questionnaire.uploads import Upload
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.processes.models import Activity
from consult.responses.joint import answering, asking, queries, signing
from consult.responses.joint.models import Change, Hand, Joint, Signature
from consult.responses.models import Response, Tombstone
from consult.responses.queries import all_held
from tests.factories.joint import make_joint
from tests.factories.questionnaires import make_edition

KEY = b"c" * 32
SHEET = Sheet(Questions(1, None, ()))
CONTEXT = {"today": "2026-03-02", "seed": "s", "once": {}}


class Institution:
    """An institution with three hands, and what they do."""

    def __init__(self, database: Database, now: dt.datetime) -> None:
        self.database, self.now = database, now
        with database.transaction() as session:
            self.joint, *people = make_joint(session, make_edition(session))
            self.which = queries.of(self.joint)
            self.hands = [Actor(person.id, person.name) for person in people]

    def see(self) -> queries.State:
        with self.database.reading() as session:
            return queries.state(session, self.which)

    def write(self, hand: int, seen: queries.State, **answers: object) -> answering.Written | None:
        """Send a page that was seen in a state, with these answers changed."""
        by = self.hands[hand]
        mine = {**seen.answers, **answers}
        page = answering.Page(SHEET, seen.version, seen.answers, mine, 1, CONTEXT)  # type: ignore[arg-type]
        with self.database.transaction() as session:
            wanted = answering.put(session, self.which, page, by)
            return answering.write(session, self.joint, wanted, complete=lambda _all: True, by=by, now=self.now)

    def settle(self, place: tuple[int, str], *, take: bool, seen: int, hand: int = 2) -> bool:
        with self.database.transaction() as session:
            return answering.settle(
                session, self.joint, place, take=take, seen=seen, complete=lambda _: True, by=self.hands[hand],
                now=self.now,
            )  # fmt: skip

    def sign(self, seen: int | None = None) -> Signature:
        state = self.see()
        wanted = signing.Signing(state.version if seen is None else seen, "Ama, director", "en", state.answers)
        with self.database.transaction() as session:
            return signing.sign(session, self.joint, wanted, key=KEY, by=self.hands[0], now=self.now)

    def reopen(self) -> None:
        with self.database.transaction() as session:
            signing.reopen(session, self.joint, "A figure is missing", by=self.hands[0], now=self.now)

    def history(self) -> list[Change]:
        with self.database.reading() as session:
            return list(queries.history(session, self.which))

    def responses(self) -> list[Response]:
        with self.database.reading() as session:
            return list(session.scalars(select(Response)))


@pytest.fixture
def institution(database: Database, now: dt.datetime) -> Institution:
    return Institution(database, now)


def test_two_hands_on_different_questions_of_a_page_lose_nothing(institution: Institution) -> None:
    seen = institution.see()
    institution.write(0, seen, q1="a", q2=None)
    institution.write(1, seen, q1=None, q2="b")
    assert institution.see().answers == {"q1": "a", "q2": "b"}
    assert [(change.key, change.user.name) for change in institution.history()] == [("q2", "Hand 2"), ("q1", "Hand 1")]


def test_two_answers_to_one_question_are_both_kept_until_somebody_decides(institution: Institution) -> None:
    seen = institution.see()
    institution.write(0, seen, q1="a")
    written = institution.write(1, seen, q1="b")
    assert written is not None
    assert [clash.key for clash in written.clashes] == ["q1"]
    state = institution.see()
    assert state.answers == {"q1": "a"}
    with pytest.raises(Refused, match=r"responses\.joint\.changed"):
        institution.sign()
    assert not institution.settle((2, "q1"), take=True, seen=0), "the answer has changed since they looked"
    assert institution.settle((2, "q1"), take=True, seen=state.version)
    assert not institution.settle((2, "q1"), take=False, seen=state.version), "decided once"
    assert institution.see().answers == {"q1": "b"}
    told = [(change.version, change.after, change.user.name, change.outcome) for change in institution.history()]
    assert told == [
        (3, '{"q1":"b"}', "Hand 3", "stored"),
        (2, '{"q1":"b"}', "Hand 2", "taken"),
        (1, '{"q1":"a"}', "Hand 1", "stored"),
    ]


def test_whoever_writes_again_replaces_their_own_disputed_answer(institution: Institution) -> None:
    seen = institution.see()
    institution.write(0, seen, q1="a")
    institution.write(1, seen, q1="b")
    institution.write(1, seen, q1="c")
    with institution.database.reading() as session:
        assert [decode(one.after) for one in queries.held(session, institution.which)] == [{"q1": "c"}]
    assert institution.settle((3, "q1"), take=False, seen=institution.see().version)
    assert institution.see().answers == {"q1": "a"}
    outcomes = {change.after: change.outcome for change in institution.history()}
    assert outcomes == {'{"q1":"a"}': "stored", '{"q1":"b"}': "dropped", '{"q1":"c"}': "dropped"}


def test_three_hands_at_once_lose_nothing_and_one_signs(institution: Institution) -> None:
    rounds, failed = 8, []
    start = threading.Barrier(3)

    def work(hand: int) -> None:
        try:
            start.wait()
            for turn in range(rounds):
                seen = institution.see()
                institution.write(hand, seen, **{f"q{hand}x{turn}": f"{hand}", "q9": f"{hand} {turn}"})
        except BaseException as error:  # told in the main thread
            failed.append(error)

    threads = [threading.Thread(target=work, args=(hand,)) for hand in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    answers, history = institution.see().answers, institution.history()
    assert {f"q{hand}x{turn}": f"{hand}" for hand in range(3) for turn in range(rounds)}.items() <= answers.items()
    wrote = {(change.user_id, decode(change.after)["q9"]) for change in history if change.key == "q9"}
    hands = institution.hands
    assert {(hands[hand].id, f"{hand} {turn}") for hand in range(3) for turn in range(rounds)} <= wrote
    assert institution.see().version == 3 * rounds
    with institution.database.reading() as session:
        held = list(queries.held(session, institution.which))
    for change in held:
        assert institution.settle((change.version, "q9"), take=False, seen=institution.see().version)
    institution.sign()
    (response,) = institution.responses()
    assert decode(response.answers) == answers


def test_what_is_signed_is_the_response_and_nothing_is_written_any_more(institution: Institution) -> None:
    seen = institution.see()
    institution.write(0, seen, q1="a")
    with pytest.raises(Refused, match=r"responses\.joint\.changed"):
        institution.sign(seen=seen.version)
    institution.sign()
    (response,) = institution.responses()
    assert (response.channel, response.answers, response.day) == ("invited", '{"q1":"a"}', institution.now.date())
    assert institution.write(1, institution.see(), q2="late") is None
    with pytest.raises(Refused):
        institution.sign()
    assert len(institution.history()) == 1


def test_what_was_signed_counts_until_it_is_signed_again(institution: Institution) -> None:
    institution.write(0, institution.see(), q1="a")
    institution.sign()
    (first,) = institution.responses()
    with institution.database.transaction() as session:
        session.execute(update(Response).values(stored=True))
    institution.reopen()
    with pytest.raises(Refused, match=r"responses\.joint\.not_signed"):
        institution.reopen()
    institution.write(1, institution.see(), q1="b")
    assert [found.answers for found in institution.responses()] == ['{"q1":"a"}']
    institution.sign()
    (second,) = institution.responses()
    assert second.answers == '{"q1":"b"}'
    with institution.database.reading() as session:
        assert session.scalars(select(Tombstone.id)).all() == [first.id]
        numbers = [(one.number, one.answers, one.reason) for one in queries.signatures(session, institution.which)]
        told = queries.signatories(session, institution.which.activity_id)
    assert numbers == [(2, '{"q1":"b"}', ""), (1, '{"q1":"a"}', "A figure is missing")]
    place = str(institution.which.institution_id)
    assert told == {one.id: (place, LocalisedText({"en": "Ministry of Labour"})) for one in (first, second)}


def test_nothing_is_written_or_signed_after_closing(institution: Institution) -> None:
    institution.write(0, institution.see(), q1="a")
    with institution.database.transaction() as session:
        session.execute(update(Activity).values(closes_at=institution.now))
    assert institution.write(1, institution.see(), q2="late") is None
    with pytest.raises(Refused):
        institution.sign()
    with institution.database.reading() as session:
        (found,) = queries.invited(session, institution.which.activity_id)
        assert found.standing(institution.now) == "unsigned"


def test_how_far_an_institution_is(institution: Institution) -> None:
    def standing() -> str:
        with institution.database.reading() as session:
            (found,) = queries.invited(session, institution.which.activity_id)
            return found.standing(institution.now)

    steps = [standing()]
    for step in (lambda: institution.write(0, institution.see(), q1="a"), institution.sign, institution.reopen):
        step()
        steps.append(standing())
    assert steps == ["invited", "complete", "signed", "reopened"]


def test_only_who_has_not_begun_is_asked_no_more(institution: Institution) -> None:
    database, now = institution.database, institution.now
    with database.transaction() as session:
        activity = session.get_one(Activity, institution.which.activity_id)
        place = institution.which.institution_id
        asking.invite(session, activity, place, by=None, now=now)
        assert session.scalar(select(func.count()).select_from(Joint)) == 1, "asked twice is asked once"
        asking.uninvite(session, activity, institution.which, by=None, now=now)
        assert session.scalar(select(func.count()).select_from(Hand)) == 0
        asking.invite(session, activity, place, by=None, now=now)
    institution.write(0, institution.see(), q1="a")
    with database.transaction() as session, pytest.raises(Refused, match=r"responses\.joint\.begun"):
        activity = session.get_one(Activity, institution.which.activity_id)
        asking.uninvite(session, activity, institution.which, by=None, now=now)


def test_the_trail_says_who_wrote_and_signed_and_holds_no_answer(institution: Institution) -> None:
    institution.write(0, institution.see(), q1="the secret")
    institution.sign()
    institution.reopen()
    with institution.database.reading() as session:
        entries = session.scalars(select(Entry)).all()
        names = {entry.action: entry.actor_name for entry in entries}
        inside = {entry.action for entry in entries if entry.process_id is None}
    assert names == {
        "responses.write_jointly": "Hand 1",
        "responses.sign": "Hand 1",
        "responses.reopen": "Hand 1",
    }
    assert inside == {"responses.write_jointly"}, "what happens inside an institution is in its trail alone"
    assert "secret" not in repr([entry.details for entry in entries])


def test_files_of_institutions_are_not_swept(institution: Institution) -> None:
    for name in ("one", "two"):
        institution.write(0, institution.see(), q1=Upload(name, "application/pdf", 3))
    with institution.database.reading() as session:
        assert all_held(session, institution.which.activity_id) == {"one", "two"}
