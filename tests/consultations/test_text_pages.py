"""Pages of the draft text: where staff work on it, and where people read it and what changed."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult.accounts.models import Role
from consult.consultations import queries, texts
from consult.db.session import Database
from consult.processes.models import Activity, Process
from tests.factories import accounts as make
from tests.factories.consultations import make_comment, make_consultation, make_version
from tests.factories.processes import make_process, make_theme
from tests.responses.journey import visible

FIRST = (
    "# Policy\n\n## Cards\n\nCards are renewed by consulates within sixty days.\n\n- (i) by post\n- (ii) in person\n"
)
SECOND = f"{FIRST.replace('sixty', 'thirty').replace('- (i) by post', '')}- (i) by post\n- (iii) online\n"


@pytest.fixture
def activity(database: Database) -> Activity:
    """An open consultation in English and Arabic."""
    with database.transaction() as session:
        process = make_process(session, locales=("en", "ar"), public=True)
        make_theme(session, process, "cards")
        return make_consultation(session, process, locales=("en", "ar"))


@pytest.fixture
def two(database: Database, activity: Activity) -> str:
    """Its address, once two versions are published."""
    with database.transaction() as session:
        activity = session.merge(activity)
        first = texts.opened(make_version(session, activity, markdown=FIRST).document)
        make_comment(session, activity, part=first.blocks[2].id, version=1)
        make_version(session, activity, markdown=SECOND)
        return activity.slug


@pytest.fixture
def officer(client: FlaskClient, database: Database, activity: Activity) -> FlaskClient:
    """The browser of an officer of the lead institution."""
    with database.transaction() as session:
        process = session.get_one(Process, activity.process_id)
        user = make.user(session, process.lead_institution, Role.OFFICER)
    make.sign_in(client, user)
    return client


def post(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={"csrf_token": make.token(client), **fields})


def hidden(page: str) -> str:
    """What the form says was looked at."""
    return page.partition('name="seen" type="hidden" value="')[2].partition('"')[0]


def test_the_public_reads_the_latest_version(client: FlaskClient, two: str) -> None:
    response = client.get(f"/en/c/{two}/text")
    page = visible(response)
    assert "Version 2 of" in page and "within thirty days" in page and "Contents" in page
    assert "1 comment" in page and f'href="/en/c/{two}/text/whole"' in response.text
    assert f'href="/en/c/{two}/text"' in client.get(f"/en/c/{two}").text
    arabic = client.get(f"/ar/c/{two}/text").text
    assert '<p class="said" lang="en" dir="ltr">Cards are' in arabic, "what is not translated is marked"
    assert response.headers["Cache-Control"] == "no-store" and "Set-Cookie" not in response.headers


def test_what_changed_is_said_in_words(client: FlaskClient, two: str) -> None:
    assert f"/en/c/{two}/text/versions/1-2" in client.get(f"/en/c/{two}/text/versions").text
    response = client.get(f"/en/c/{two}/text/versions/1-2")
    page = visible(response)
    assert "Changed: 1" in page and "New: 1" in page and "Moved: 1" in page
    assert "[Left out: sixty ]" in page and "[New: thirty ]" in page
    assert "<del>" in response.text and "<ins>" in response.text
    for wrong in ("2-1", "1-1", "1-3", "0-1", "x-y"):
        assert client.get(f"/en/c/{two}/text/versions/{wrong}").status_code == 404


def test_nothing_is_read_before_it_opens_or_is_published(
    client: FlaskClient, database: Database, now: dt.datetime
) -> None:
    with database.transaction() as session:
        early = make_consultation(session, opens_at=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))
        make_version(session, early, "Later.")
        silent = make_consultation(session, phases=())
        make_version(session, silent, "Never.")
        empty = make_consultation(session)
        slugs = [activity.slug for activity in (early, silent, empty)]
    for slug in slugs:
        for path in ("text", "text/versions", "text/versions/1-2"):
            assert client.get(f"/en/c/{slug}/{path}").status_code == 404


def test_an_officer_brings_edits_and_publishes(officer: FlaskClient, activity: Activity, database: Database) -> None:
    desk = f"/en/desk/consultations/{activity.slug}/text"
    assert "There is no draft text yet" in officer.get(desk).text
    wrong = post(officer, f"{desk}/import", file=(io.BytesIO(b"%PDF"), "policy.pdf"), locale="en")
    assert "neither a Word file" in wrong.text
    right = post(officer, f"{desk}/import", file=(io.BytesIO(FIRST.encode()), "policy.md"), locale="en")
    assert right.headers["Location"] == desk
    with database.reading() as session:
        draft = texts.draft_of(session, activity.id)
        assert draft is not None
        block = draft.blocks[2].id
    form = officer.get(f"{desk}/{block}").text
    assert "within sixty days" in form and "Cards</option>" in form
    seen = texts.mark(draft, draft.blocks[2])
    assert hidden(form) == seen or seen in form
    assert post(officer, f"{desk}/{block}", text="Cards are free.", theme="cards", seen=seen).status_code == 302
    assert "Somebody else has changed this" in post(officer, f"{desk}/{block}", text="Mine", theme="", seen=seen).text
    assert officer.get(f"{desk}/nothing").status_code == 404
    page = officer.get(f"{desk}/publish").text
    with database.reading() as session:
        assert queries.latest_version(session, activity.id) is None
    assert (
        post(officer, f"{desk}/publish", seen=page.partition('name="seen"')[2].partition('value="')[2][:64]).status_code
        == 302
    )
    assert "Version 1 of" in officer.get(desk).text
    assert "Nothing has changed since version 1" in officer.get(f"{desk}/publish").text
    post(officer, f"{desk}/import", file=(io.BytesIO(SECOND.encode()), "policy.md"), locale="en")
    assert "What changed since version 1" in officer.get(f"{desk}/publish").text
    translations = officer.get(
        f"/en/desk/processes/{activity.process.slug}/translations/ar?activity={activity.slug}"
    ).text
    assert "Draft text – Cards" in translations


def test_a_translator_sees_the_draft_and_changes_nothing(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    with database.transaction() as session:
        process = session.get_one(Process, activity.process_id)
        user = make.user(session, process.lead_institution, Role.TRANSLATOR)
    make.sign_in(client, user)
    desk = f"/en/desk/consultations/{activity.slug}/text"
    page = client.get(desk)
    assert page.status_code == 200 and "Import a file" not in page.text
    for path in ("import", "publish"):
        assert post(client, f"{desk}/{path}").status_code in (403, 404)
