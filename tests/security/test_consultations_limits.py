"""Attacks on what one person can send in a day: by every form, and by sending again what was taken back."""

from __future__ import annotations

import datetime as dt

from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from consult.consultations.limits import ALLOWANCE
from consult.consultations.models.contributed import Comment, Endorsement, Participant, Submission
from consult.consultations.models.opinions import Statement
from consult.db.session import Database
from consult.processes.models import Activity
from tests.consultations.conftest import activity, clock  # noqa: F401  # the same consultation
from tests.consultations.giving import ROOT, give, kept, token
from tests.consultations.test_own import question
from tests.factories.consultations import make_comment
from tests.responses.journey import Clock, visible

ENOUGH = "That is as much as one person can send in a day."
MORE = "Something more of mine."


def stored(database: Database) -> list[int]:
    """How many comments, submissions, statements and shared comments there are."""
    with database.reading() as session:
        tables = (Comment, Submission, Statement, Endorsement)
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_whoever_has_sent_enough_keeps_what_they_typed_until_tomorrow(
    client: FlaskClient,
    database: Database,
    activity: Activity,  # noqa: F811  # the fixture
    clock: Clock,  # noqa: F811  # the fixture
) -> None:
    give(client, body="First.")
    with database.transaction() as session:
        comment = make_comment(session, activity, "Of somebody else.", part="p1").id
        session.execute(update(Participant).values(spent=ALLOWANCE))
    submission = {"stakeholder": "ngo", "permission": "not", "title": "Ours", "body": MORE}
    for page, typed in (
        ("/text/p1", {"body": MORE}),
        (f"/comments/{comment}", {"body": MORE}),
        ("/questions", {f"answer-{question(database)}": MORE}),
        ("/submit", submission),
    ):
        refused = give(client, page, **typed)
        assert (refused.status_code, ENOUGH in visible(refused), MORE in refused.text) == (422, True, True), page
    refused = client.post(f"{ROOT}/vote/propose", data={"statement": MORE})
    assert refused.status_code == 422 and ENOUGH in visible(refused) and MORE in refused.text
    refused = client.post(f"{ROOT}/comments/{comment}/share")
    assert refused.status_code == 422 and ENOUGH in visible(refused)
    assert stored(database) == [2, 0, 0, 0]
    clock(dt.timedelta(days=1))
    assert give(client, body=MORE).status_code == 303
    assert client.post(f"{ROOT}/comments/{comment}/share").status_code == 303
    assert stored(database) == [3, 0, 0, 1]


def test_what_was_taken_back_and_is_sent_again_is_measured_again(
    client: FlaskClient,
    database: Database,
    activity: Activity,  # noqa: F811  # the fixture
) -> None:
    form = {"form": token(client, f"{ROOT}/text/p1"), "version": "1", "body": MORE}
    assert [client.post(f"{ROOT}/text/p1", data=form).status_code for _ in range(3)] == [303] * 3
    with database.reading() as session:
        assert session.scalar(select(Participant.spent)) == 2, "a form that is sent three times is one comment"
    client.post(f"{ROOT}/own/take-back/{kept(database)[0].id}")
    sent = [client.post(f"{ROOT}/text/p1", data=form).status_code for _ in range(ALLOWANCE)]
    assert (sent.count(303), sent[-1]) == (ALLOWANCE // 2 - 1, 422)
