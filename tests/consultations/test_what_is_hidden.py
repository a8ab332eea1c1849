"""What is blackened or must not be published reaches nobody but who moderates: neither as words nor as files."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from consult.accounts.models import Role
from consult.config import Settings
from consult.consultations import submissions
from consult.consultations.models.answered import OfficialAnswer
from consult.consultations.models.contributed import Submission
from consult.db.session import Database
from consult.processes.models import Activity, Seat
from tests.consultations.giving import ROOT, give
from tests.consultations.test_submitting import SENT, file, sent
from tests.factories.accounts import institution, sign_in, user
from tests.factories.consultations import make_comment
from tests.factories.processes import make_member
from tests.responses.journey import visible

DESK = "/en/desk/consultations/draft"


def come(client: FlaskClient, database: Database, activity: Activity, seat: Seat | None = None) -> None:
    """Somebody signs in: with a seat from another institution, else an officer of the lead's."""
    with database.transaction() as session:
        process = session.get_one(Activity, activity.id).process
        person = user(session) if seat else user(session, process.lead_institution, Role.OFFICER)
        if seat:
            abroad = institution(session, "Diaspora office")
            make_member(session, process, person, seat=seat, institution=abroad)
    sign_in(client, person)


@pytest.fixture
def submission(client: FlaskClient, database: Database, activity: Activity) -> Submission:
    """With a file, waiting."""
    give(client, "/submit", **SENT, files=[file("Call Amina on 555.")])
    with database.reading() as session:
        return session.query(Submission).one()


def test_a_moderator_reads_files_before_they_are_published(
    client: FlaskClient, database: Database, activity: Activity, submission: Submission
) -> None:
    path = f"{DESK}/moderation/submission/{submission.id}"
    come(client, database, activity, Seat.OBSERVER)
    assert client.get(f"{path}/files/1.txt").status_code == 404
    come(client, database, activity)
    for page in (f"{DESK}/moderation?kind=submission", path):
        assert f'href="{path}/files/1.txt"' in client.get(page).text
    got = client.get(f"{path}/files/1.txt")
    assert got.data == b"Call Amina on 555." and got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["Content-Security-Policy"].startswith("sandbox") and got.headers["X-Content-Type-Options"]
    assert client.get(f"{path}/files/2.txt").status_code == 404
    assert "only refusing" in visible(client.get(path))
    sent(database)
    with database.transaction() as session:
        session.query(Submission).update({"state": "withdrawn"})
    assert client.get(f"{path}/files/1.txt").status_code == 404


def test_no_file_is_published_of_what_is_blackened(
    client: FlaskClient, database: Database, activity: Activity, submission: Submission, settings: Settings
) -> None:
    sent(database)
    page = f"{ROOT}/submissions/{submission.id}"
    assert client.get(f"{page}/files/1.txt").status_code == 200
    with database.transaction() as session:
        session.query(Submission).one().redacted = [[0, 2]]
    assert client.get(f"{page}/files/1.txt").status_code == 404 and "1.txt" not in client.get(page).text
    come(client, database, activity)
    assert "its files are not published" in visible(client.get(f"{DESK}/moderation/submission/{submission.id}"))
    assert len(set(submissions.folder(settings.uploads, activity.id).names())) == 1


def test_who_answers_reads_what_is_public_unless_they_moderate(
    client: FlaskClient, database: Database, activity: Activity, submission: Submission
) -> None:
    sent(database, permission="not")
    with database.transaction() as session:
        make_comment(session, session.get_one(Activity, activity.id), "Kofi hit me.", redacted=[[0, 4]])
        answer = OfficialAnswer(activity_id=activity.id, institutions=[])
        session.add(answer)
    one = f"{DESK}/answers/{answer.id}"
    come(client, database, activity, Seat.MEMBER)
    comments = visible(client.get(f"{one}/comment"))
    assert "▮▮▮ hit me." in comments and "Kofi" not in comments
    assert "Our view" not in client.get(f"{one}/submission").text
    come(client, database, activity)
    assert "Our view" in client.get(f"{one}/submission").text


def test_who_does_not_moderate_finds_nothing_that_must_not_be_published(
    client: FlaskClient, database: Database, activity: Activity, submission: Submission
) -> None:
    sent(database, permission="not")
    come(client, database, activity, Seat.OBSERVER)
    flag = f"{DESK}/flag/submission/{submission.id}"
    assert client.get(flag).status_code == 404
    sent(database, permission="anonymous")
    assert client.get(flag).status_code == 200 and "1.txt" not in client.get(flag).text
    come(client, database, activity)
    sent(database, permission="not")
    assert client.get(flag).status_code == 200
