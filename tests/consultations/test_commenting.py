"""People comment on a part of the text, answer and share what others wrote, without an account."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from consult.consultations import alike, comments
from consult.consultations.comments import Author, Said
from consult.consultations.models.asked import Consultation
from consult.consultations.models.contributed import AlikeMark, Comment, CommentTranslation, Endorsement, Participant
from consult.db.session import Database
from consult.processes.models import Activity
from tests.consultations.giving import ROOT, give, hidden, kept, show, token
from tests.factories.consultations import make_comment
from tests.factories.texts import make_text
from tests.responses.journey import visible

PART = f"{ROOT}/text/p1"
DAY = dt.date(2026, 3, 2)


def test_a_comment_waits_for_a_moderator_and_is_shown_then(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    gone = give(client, body="Two years  are\r\ntoo long\u202e.", stance="oppose", stakeholder="ngo")
    assert gone.status_code == 303 and gone.location == f"{ROOT}/receipt?part=p1"
    receipt = visible(client.get(gone.location))
    code = client.get_cookie("part-draft").value
    assert code[:4] in receipt and "once a moderator has read it" in receipt
    (comment,) = kept(database)
    assert (comment.state, comment.stance, comment.body) == ("waiting", "oppose", "Two years  are\ntoo long.")
    assert (comment.day, comment.locale, comment.stakeholder, comment.version) == (DAY, "en", "ngo", 1)
    assert "too long" not in visible(client.get(PART))
    show(database)
    page = visible(client.get(PART))
    assert "I oppose this A non-governmental organisation Two years are too long" in page
    assert "For whom do you speak?" not in page, "that is asked once"


def test_who_suggests_other_words_sees_them_as_a_difference(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    suggestion = "Citizens abroad may vote within one year."
    give(client, suggestion=suggestion, body="")
    show(database)
    (comment,) = kept(database)
    assert (comment.stance, comment.suggestion) == ("suggest", suggestion)
    assert "may vote [Left out: in two years ] [New: within one year ] ." in visible(client.get(PART))
    with database.transaction() as session:
        make_text(session, activity, 2, p1={"en": "All citizens abroad vote at once."})
    page = visible(client.get(PART))
    assert "The text has changed since this was written" in page and "[Left out: in two years ]" in page


def test_a_version_that_is_published_while_somebody_writes_puts_no_words_in_their_mouth(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    form = {"form": token(client, PART), "version": hidden(client.get(PART), "version")}
    with database.transaction() as session:
        make_text(session, activity, 2, p1={"en": "Citizens abroad may vote at once."})
    unchanged = {"suggestion": "Citizens abroad may vote in two years.", "body": "Why wait?"}
    wrong = client.post(PART, data=form | unchanged | {"stance": "suggest"})
    assert wrong.status_code == 422 and hidden(wrong, "version") == "1"
    assert "in two years" in visible(wrong), "what they read stays beside what they wrote"
    assert client.post(PART, data=form | unchanged).status_code == 303
    (comment,) = kept(database)
    assert (comment.stance, comment.suggestion, comment.version) == ("", "", 1)
    for unknown in ("3", "", "x", "9" * 30):
        page = client.post(PART, data=form | {"version": unknown, "body": "Why wait so long?"})
        assert page.status_code == 422 and "Look at it again" in visible(page)
        assert "Why wait so long?" in page.text and hidden(page, "version") == "2"
    with database.transaction() as session:
        make_text(session, activity, 3, p9={"en": "Something else."})
    gone = client.post(PART, data=form | {"body": "To what is gone by now."})
    assert gone.status_code == 303 and client.get(gone.location).status_code == 200
    assert client.get(PART).status_code == 404


def test_what_was_typed_stays_beside_what_is_wrong_with_it(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    for typed, told in (
        ({"body": " "}, "Write what you want to say."),
        ({"body": "x" * 5_001}, "Shorten it to at most 5000 characters"),
        (
            {"body": "Why?", "stance": "support", "suggestion": "Nobody votes."},
            "You have changed the words of the text",
        ),
        ({"body": "Why?", "stance": "suggest"}, "Change the words of the text"),
    ):
        page = give(client, **typed)
        assert page.status_code == 422 and told in visible(page)
        assert typed["body"].strip() in page.text and "<title>Error:" in " ".join(page.text.split()).replace("> ", ">")
    assert kept(database) == []


def test_a_form_that_is_sent_twice_is_stored_once_under_one_code(
    app: Flask, client: FlaskClient, database: Database, activity: Activity
) -> None:
    form = {"form": token(client, PART), "version": "1", "body": "Once."}
    first, again = app.test_client(), app.test_client()
    answers = [browser.post(PART, data=form) for browser in (first, again, first)]
    assert [answer.status_code for answer in answers] == [303] * 3
    assert first.get_cookie("part-draft").value == again.get_cookie("part-draft").value
    assert first.post(PART, data=form | {"body": "Another thing."}).status_code == 303
    assert [comment.body for comment in kept(database)] == ["Another thing.", "Once."]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Participant)) == 1


def test_answers_hang_on_a_comment_one_level_deep(client: FlaskClient, database: Database, activity: Activity) -> None:
    with database.transaction() as session:
        comment = make_comment(session, activity, "Two years are too long.", part="p1")
        make_comment(session, activity, "Elsewhere.", part="p2")
    page = f"/comments/{comment.id}"
    give(client, page, body="Not for the consulates.")
    show(database)
    (answer,) = [one for one in kept(database) if one.parent_id]
    assert (answer.parent_id, answer.part) == (comment.id, "p1")
    seen = visible(client.get(PART))
    assert "Not for the consulates." in seen and "Elsewhere" not in seen
    assert "Not for the consulates." in visible(client.get(ROOT + page))
    assert client.get(f"{ROOT}/comments/{answer.id}").status_code == 404, "answers have no answers"
    with database.transaction() as session:
        session.get_one(Comment, (activity.id, comment.id)).state = "refused"
    seen = visible(client.get(PART))
    assert "A moderator refused what stood here" in seen and "too long" not in seen and "consulates" in seen


def test_a_comment_keeps_its_language_and_has_translations_by_people_beside_it(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    with database.transaction() as session:
        comment = make_comment(session, activity, "Deux ans, c’est long.", part="p1", locale="fr", stance="oppose")
        row = {"activity_id": activity.id, "comment_id": comment.id, "locale": "en"}
        session.add(CommentTranslation(**row, body="Two years are long.", suggestion=""))
        make_comment(session, activity, "Fine.", part="p1", stance="support", redacted=[[0, 4]])
    page = client.get(PART)
    assert 'lang="fr" dir="auto">Deux ans' in page.text and "Fine" not in page.text
    assert "Translated by a person: English Two years are long." in visible(page)
    assert 'aria-label="Blackened by a moderator">▮▮▮</span>.' in page.text
    for wanted, there in (("stance=oppose", True), ("language=en", False), ("stance=oppose&language=fr", True)):
        assert ("Deux ans" in client.get(f"{PART}?{wanted}").text) is there


def test_long_lists_are_paged_by_key(client: FlaskClient, database: Database, activity: Activity) -> None:
    with database.transaction() as session:
        for number in range(45):
            make_comment(session, activity, f"Comment {number} says something of its own: {number**5}.", part="p1")
    seen, page, pages = [], client.get(PART).text, 1
    while True:
        seen += [line.partition("<")[0] for line in page.split('dir="auto">Comment ')[1:]]
        if 'rel="next"' not in page:
            break
        page = client.get(page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")).text
        pages += 1
    assert pages == 3 and len(set(seen)) == 45
    back = page.partition('rel="prev" href="')[2].partition('"')[0]
    assert client.get(back).text.count('<article class="comment"') == 20


def test_others_share_a_comment_once_and_never_their_own(
    app: Flask, client: FlaskClient, database: Database, activity: Activity
) -> None:
    give(client, body="Mine.")
    show(database)
    (comment,) = kept(database)
    share = f"{ROOT}/comments/{comment.id}/share"
    assert client.post(share).status_code == 303
    form = {"form": token(app.test_client(), PART)}
    other = app.test_client()
    assert other.post(share, data=form).location == f"{ROOT}/receipt"
    for _ in range(2):
        other.post(share, data=form)
    app.test_client().post(share, data=form)  # the same form, before the first answer came
    assert kept(database)[0].endorsed == 1
    assert "A few others share this" in visible(other.get(PART))
    other.post(share, data={"back": "yes"})
    assert kept(database)[0].endorsed == 0


def test_fifty_times_at_once_one_person_counts_once(database: Database, activity: Activity) -> None:
    with database.transaction() as session:
        comment = make_comment(session, activity, part="p1")
    author = Author(activity.id, b"e" * 32, "open", "en", DAY)
    done: list[bool] = []

    def endorse() -> None:
        with database.transaction() as session:
            done.append(comments.endorse(session, author, comment.id))

    threads = [threading.Thread(target=endorse) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False] * 49 + [True]
    with database.reading() as session:
        assert session.get_one(Comment, (activity.id, comment.id)).endorsed == 1
        assert session.scalar(select(func.count()).select_from(Endorsement)) == 1


PASTED = "We pay consular fees and send money home every month, and still we cannot vote for the parliament."


def test_what_says_nearly_the_same_stands_as_one_with_its_signatories(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    for number, body in enumerate([PASTED, PASTED.upper(), f"{PASTED} Thanks", "Something of its own, said alone."]):
        author = Author(activity.id, bytes([number]) * 32, "open", "en", DAY)
        with database.transaction() as session:
            key = uuid.UUID(int=number + 1)
            comments.write(session, author, Said(body, part="p1", version=1), key=key, before=False)
    page = visible(client.get(PART))
    assert page.lower().count("consular fees") == 1 and "A few people say nearly the same" in page
    assert visible(client.get(f"{ROOT}/comments/{uuid.UUID(int=1)}/alike")).lower().count("consular fees") == 3
    with database.transaction() as session:
        first = session.get_one(Comment, (activity.id, uuid.UUID(int=1)))
        first.state = "refused"
        session.flush()
        alike.settle(session, activity.id, first.alike_id)
        leaders = {one.alike_id for one in session.scalars(select(Comment).where(Comment.alike_id.is_not(None)))}
        marked = set(session.scalars(select(AlikeMark.comment_id)))
    assert leaders == {uuid.UUID(int=2)} and marked == {uuid.UUID(int=2), uuid.UUID(int=4)}
    assert visible(client.get(PART)).lower().count("consular fees") == 1


def test_the_same_words_for_and_against_are_not_the_same(database: Database, activity: Activity) -> None:
    with database.transaction() as session:
        for number, stance in enumerate(("support", "oppose")):
            author = Author(activity.id, bytes([number]) * 32, "open", "en", DAY)
            said = Said(PASTED, part="p1", version=1, stance=stance)
            comments.write(session, author, said, key=uuid.uuid4(), before=False)
        assert set(session.scalars(select(Comment.alike_id))) == {None}


def test_without_moderation_it_is_shown_at_once_and_after_closing_nothing_is_taken(
    client: FlaskClient, database: Database, activity: Activity, now: dt.datetime
) -> None:
    with database.transaction() as session:
        session.get_one(Consultation, activity.id).before = False
    give(client, "/text/whole", body="All of it is good.")
    assert "All of it is good." in visible(client.get(f"{ROOT}/text/whole"))
    form = token(client, PART)
    with database.transaction() as session:
        session.get_one(Activity, activity.id).closes_at = now
    late = client.post(PART, data={"form": form, "version": "1", "body": "Too late."})
    assert late.status_code == 410 and "was not stored" in visible(late)
    assert "Write a comment" not in visible(client.get(PART))
    assert len(kept(database)) == 1
