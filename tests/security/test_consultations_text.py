"""Attacks on draft texts: markup, spoofing and names of files that come in, pages of others, forged requests."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient

from consult.accounts.models import Role
from consult.consultations import texts
from consult.db.session import Database
from consult.processes.models import Activity, Process
from tests.factories import accounts as make
from tests.factories.consultations import make_consultation, make_version
from tests.factories.processes import make_institution

SCRIPT, LINK = "<script>alert(1)</script>", "[click](javascript:alert(1))"
HOSTILE = f"# {SCRIPT}\n\n{LINK} <img src=x onerror=alert(1)> {{{{7*7}}}} ${{age}} \u202e\u200bend\n"


@pytest.fixture
def activity(database: Database) -> Activity:
    """An open consultation."""
    with database.transaction() as session:
        return make_consultation(session)


def sign_in(client: FlaskClient, database: Database, activity: Activity | None) -> None:
    """As an officer of the lead institution, or of another where no consultation is given."""
    with database.transaction() as session:
        if activity:
            place = session.get_one(Process, activity.process_id).lead_institution
        else:
            place = make_institution(session, "Another ministry")
        user = make.user(session, place, Role.OFFICER)
    make.sign_in(client, user)


def test_markup_in_a_text_stays_text(client: FlaskClient, database: Database, activity: Activity) -> None:
    with database.transaction() as session:
        activity = session.merge(activity)
        make_version(session, activity, markdown=HOSTILE)
        make_version(session, activity, markdown=HOSTILE.replace("click", "<b>press</b>"))
        block = texts.opened(texts.queries.versions(session, activity.id)[0].document).blocks[1]
    assert block.words["en"] == "[<b>press</b>](javascript:alert(1)) <img src=x onerror=alert(1)> {{7*7}} ${age} end"
    sign_in(client, database, activity)
    desk = f"/en/desk/consultations/{activity.slug}/text"
    public = f"/en/c/{activity.slug}/text"
    for path in (public, f"{public}/versions/1-2", desk, f"{desk}/{block.id}"):
        page = client.get(path).text
        assert "{{7*7}}" in page and 'href="javascript:' not in page, path
        assert not any(markup in page for markup in ("<script>alert", "<img src=x", "<b>press")), path


def test_the_name_of_a_file_is_only_shown(client: FlaskClient, database: Database, activity: Activity) -> None:
    sign_in(client, database, activity)
    desk = f"/en/desk/consultations/{activity.slug}/text"
    file = io.BytesIO(b"Free."), "../../<svg onload=alert(1)>.md"
    client.post(f"{desk}/import", data={"csrf_token": make.token(client), "file": file, "locale": "en"})
    page = client.get(desk).text
    assert "Read from the file" in page and "<svg onload" not in page


def test_others_and_forged_requests_reach_nothing(client: FlaskClient, database: Database, activity: Activity) -> None:
    desk = f"/en/desk/consultations/{activity.slug}/text"
    assert client.get(desk).status_code == 302, "to the door"
    sign_in(client, database, None)
    for path in (desk, f"{desk}/import", f"{desk}/publish", f"{desk}/p0"):
        assert client.get(path).status_code == 404
    sign_in(client, database, activity)
    file = io.BytesIO(b"Free."), "policy.md"
    client.post(f"{desk}/import", data={"file": file, "locale": "en"})
    with database.reading() as session:
        assert texts.draft_of(session, activity.id) is None


def test_a_bomb_is_refused_unopened(client: FlaskClient, database: Database, activity: Activity) -> None:
    sign_in(client, database, activity)
    desk = f"/en/desk/consultations/{activity.slug}/text"
    answer = client.post(
        f"{desk}/import",
        data={"csrf_token": make.token(client), "file": (io.BytesIO(b"a" * 6_000_000), "policy.md"), "locale": "en"},
    )
    assert answer.status_code in (200, 413)
    with database.reading() as session:
        assert texts.draft_of(session, activity.id) is None
