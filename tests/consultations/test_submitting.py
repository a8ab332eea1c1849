"""Organisations send written submissions with files, and say how they may be published; open questions are answered."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from consult.config import Keys, Settings
from consult.consultations import questions, submissions, tasks
from consult.consultations.models.asked import OpenQuestion
from consult.consultations.models.contributed import Comment, Submission
from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.db.installation import Installation
from consult.db.session import Database
from consult.files import GRACE
from consult.processes.models import Activity
from tests.consultations.giving import ROOT, give, kept, token
from tests.responses.journey import Clock, visible

SENT = {"stakeholder": "ngo", "permission": "named", "name": "Home Abroad", "title": "Our view", "body": "We agree."}


def file(text: str = "What we think of it.", name: str = "Amina Hassan.txt") -> tuple[io.BytesIO, str]:
    """A file as a browser sends it."""
    return io.BytesIO(text.encode()), name


def sent(database: Database, **values: str) -> Submission:
    """The only submission, shown with these values from now on."""
    with database.transaction() as session:
        session.execute(update(Submission).values(state="shown", **values))
        return session.scalars(select(Submission)).one()


def test_it_is_published_as_its_sender_permits(
    client: FlaskClient, database: Database, activity: Activity, settings: Settings
) -> None:
    assert give(client, "/submit", **SENT, files=[file()]).location == f"{ROOT}/receipt"
    assert "Our view" not in client.get(f"{ROOT}/submissions").text, "it waits for a moderator"
    submission = sent(database)
    assert [(one["name"], one["type"]) for one in submission.files] == [("1.txt", "text/plain")]
    page = f"{ROOT}/submissions/{submission.id}"
    assert "Our view Home Abroad" in visible(client.get(f"{ROOT}/submissions"))
    assert "We agree." in visible(client.get(page)) and "Hassan" not in client.get(page).text
    got = client.get(f"{page}/files/1.txt")
    assert got.data == b"What we think of it."
    assert got.headers["Content-Disposition"] == 'attachment; filename="1.txt"'
    assert got.headers["Content-Security-Policy"].startswith("sandbox") and got.headers["X-Content-Type-Options"]
    sent(database, permission="anonymous")
    shown = visible(client.get(f"{ROOT}/submissions")) + visible(client.get(page))
    assert "Our view" in shown and "Home Abroad" not in shown and "1.txt" not in shown
    assert client.get(f"{page}/files/1.txt").status_code == 404
    sent(database, permission="not")
    assert "Our view" not in client.get(f"{ROOT}/submissions").text
    assert client.get(page).status_code == 404


def test_the_same_words_with_other_files_are_another_submission(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    form = SENT | {"form": token(client, f"{ROOT}/submit")}

    def send(*contents: str) -> None:
        files = {"files": [file(content) for content in contents]} if contents else {}
        assert client.post(f"{ROOT}/submit", data=form | files).status_code == 303

    for contents in ((), ("One.",), ("One.", "Two."), ("One.",)):
        send(*contents)
    with database.reading() as session:
        assert sorted(len(one.files) for one in session.scalars(select(Submission))) == [0, 1, 2]


def test_what_was_taken_back_and_is_sent_again_from_the_same_page_is_stored(
    app: Flask, client: FlaskClient, database: Database, activity: Activity
) -> None:
    form = SENT | {"form": token(client, f"{ROOT}/submit")}
    client.post(f"{ROOT}/submit", data=form | {"files": [file()]})
    client.post(f"{ROOT}/own/take-back/{sent(database).id}")
    for _ in range(2):
        assert client.post(f"{ROOT}/submit", data=form | {"files": [file()]}).status_code == 303
    with database.reading() as session:
        found = [(one.state, len(one.files)) for one in session.scalars(select(Submission))]
    assert ("withdrawn", 0) in found and ("waiting", 1) in found


def test_a_name_is_kept_only_where_it_may_be_published(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    give(client, "/submit", **{**SENT, "permission": "anonymous"})
    assert sent(database).name == ""


def test_what_is_missing_or_wrong_is_said_at_its_field(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    page = give(client, "/submit", name="", title="", body="")
    told = visible(page)
    assert page.status_code == 422
    for words in (
        "Say for whom you speak",
        "Say whether it may be published",
        "Give your submission a title",
        "add a file",
    ):
        assert words in told
    for files, words in (
        ([file("x", "a.txt")] * 6, "Add at most 5 files"),
        ([file("", "empty.txt")], "This file is empty"),
        ([(io.BytesIO(b"\x00\x01\x02MZ"), "a.exe")], "Files of this kind are not taken"),
    ):
        page = give(client, "/submit", **SENT, files=files)
        assert page.status_code == 422 and words in visible(page), visible(page)
        assert 'value="Home Abroad"' in page.text
    with database.reading() as session:
        assert session.scalars(select(Submission)).all() == []


def test_taking_it_back_takes_its_files_and_the_sweeper_those_that_nobody_has(
    client: FlaskClient,
    database: Database,
    activity: Activity,
    settings: Settings,
    keys: Keys,
    clock: Clock,
    now: dt.datetime,
) -> None:
    give(client, "/submit", **SENT, files=[file()])
    folder = submissions.folder(settings.uploads, activity.id)
    orphan = folder.put(b"nobody's")
    assert len(set(folder.names())) == 2
    later = dt.datetime.now(dt.UTC)
    tasks.tidy(Installation(settings, keys, database), {}, later + dt.timedelta(days=9999, seconds=GRACE))
    assert orphan not in set(folder.names()) and len(set(folder.names())) == 1
    client.post(f"{ROOT}/own/take-back/{sent(database).id}")
    with database.reading() as session:
        gone = session.scalars(select(Submission)).one()
    assert (gone.state, gone.title, gone.body, gone.name, gone.files) == ("withdrawn", "", "", "", [])
    assert set(folder.names()) == set()


def test_open_questions_are_answered_once_each(
    app: Flask, client: FlaskClient, database: Database, activity: Activity
) -> None:
    with database.reading() as session:
        question = session.scalars(select(OpenQuestion)).one()
    field = f"answer-{question.id}"
    nothing = give(client, "/questions", **{field: " "})
    assert nothing.status_code == 422 and "Answer at least one question" in visible(nothing)
    give(client, "/questions", **{field: "The consulates."})
    (answer,) = kept(database)
    assert (answer.target, answer.part, answer.body) == ("question", str(question.id), "The consulates.")
    page = visible(client.get(f"{ROOT}/questions"))
    assert "You have answered this" in page and "consulates" not in page
    assert "The consulates." in visible(client.get(f"{ROOT}/own"))
    assert "consulates" not in client.get(f"{ROOT}/text/whole").text, "answers are not shown one by one"
    other = visible(app.test_client().get("/fr/c/draft/questions"))
    assert "Que manque-t-il" in other


def test_officers_write_questions_in_every_offered_locale(
    database: Database, activity: Activity, now: dt.datetime
) -> None:
    with database.transaction() as session:
        here = session.get_one(Activity, activity.id)
        with pytest.raises(Refused, match=r"consultations\.question"):
            questions.put(session, here, None, label=LocalisedText({"en": "Why?"}), theme="", by=None, now=now)
        both = LocalisedText({"en": "Why?", "fr": "Pourquoi ?"})
        second = questions.put(session, here, None, label=both, theme="", by=None, now=now)
        assert second.position == 2
        questions.raise_up(session, here, second, by=None, now=now)
        assert (
            second.position,
            session.scalars(select(OpenQuestion).where(OpenQuestion.position == 2)).one().label,
        ) == (
            1,
            LocalisedText({"en": "What is missing?", "fr": "Que manque-t-il ?"}),
        )
        session.add(
            Comment(
                activity_id=here.id, id=second.id, target="question", part=str(second.id), stance="", body="Because.",
                suggestion="", redacted=[], locale="en", day=now.date(), channel="open", state="shown", endorsed=0,
            )
        )  # fmt: skip
        session.flush()
        with pytest.raises(Refused, match=r"consultations\.question\.answered"):
            questions.remove(session, here, second, by=None, now=now)
