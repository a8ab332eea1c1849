"""Another institution's process does not exist; what officers type becomes no markup and reaches nothing else."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.accounts.models import Institution, Role, User
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.processes.models import Activity, Member, Process, Seat, Theme
from consult.web.rules import PERMISSIONS
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.interviews import make_interviewer
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_member, make_process, make_theme
from tests.factories.questionnaires import make_draft, make_edition, make_questionnaire

SCRIPT = "<script>alert(1)</script>"
SPOOF = "pay\u202epay\u200b\x00"


@pytest.fixture
def database(sqlite: Database) -> Database:
    """Whom a route lets in does not depend on the database; queries are narrowed to a scope on both."""
    return sqlite


@pytest.fixture
def place(database: Database) -> tuple[Institution, Process, Theme]:
    """A ministry's process with everything in it."""
    with database.transaction() as session:
        ministry = make.institution(session)
        process = make_process(session, lead=ministry, slug="labour", locales=("en",))
        theme = make_theme(session, process, "pay")
        activity = make_activity(session, process, slug="survey", opens_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        make_draft(session, activity, make_questionnaire(locales=("en",)))
        make_edition(session, activity, make_questionnaire(locales=("en",)))
        make_notice(session, activity)
        return ministry, process, theme


def _staff_routes(app: Flask) -> list[tuple[str, str]]:
    """Every route of staff that names a process or an activity, with its method."""
    return [
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        if not PERMISSIONS[rule.endpoint].public and "slug" in rule.arguments
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
    ]


ANYTHING = {"int": 1, "uuid": uuid.UUID(int=1), "any": "comment"}
"""Something for each kind of part of an address."""


def _paths(app: Flask, process: Process, theme: Theme, member: uuid.UUID) -> dict[str, str]:
    with app.test_request_context():
        found = {}
        for endpoint, _method in _staff_routes(app):
            rule = next(rule for rule in app.url_map.iter_rules(endpoint))
            known = {"slug": "survey" if "/activities/<slug>" in rule.rule else process.slug, "number": 1}
            known |= {"theme_id": theme.id, "user_id": member, "locale": "en"}
            kinds = {name: kind for kind, name in re.findall(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>", rule.rule)}
            values = {name: known.get(name, ANYTHING.get(kinds[name], "x")) for name in rule.arguments}
            found[endpoint] = app.url_for(endpoint, **values)
        return found


@pytest.mark.parametrize("who", ["officer", "administrator", "seat", "expired", "nobody"])
def test_another_institutions_process_is_404_on_every_route(
    app: Flask, client: FlaskClient, database: Database, place: tuple[Institution, Process, Theme], who: str
) -> None:
    _ministry, process, theme = place
    with database.transaction() as session:
        other = make.institution(session, "Other ministry")
        held = {"officer": Role.OFFICER, "administrator": Role.ADMINISTRATOR}.get(who, Role.OFFICER)
        person = make.user(session, other, held) if who != "nobody" else make.user(session)
        if who == "seat":
            make_member(session, make_process(session, lead=other), person, seat=Seat.LEAD)
        if who == "expired":
            make_member(
                session, session.get_one(Process, process.id), person, seat=Seat.ADVISER,
                expires_on=dt.date(2020, 1, 1), institution=other,
            )  # fmt: skip
        if who == "administrator":
            make.grant(session, person, other, Role.OFFICER)
    sign_in(client, person)
    routes = _staff_routes(app)
    assert len(routes) > 20
    paths = _paths(app, process, theme, person.id)
    for endpoint, method in routes:
        answer = client.open(
            paths[endpoint], method=method, data={"csrf_token": token(client)} if method == "POST" else {}
        )
        assert answer.status_code == 404, (endpoint, method)
    with database.reading() as session:
        assert [found.code for found in session.scalars(select(Theme))] == ["pay"]


def test_an_interviewer_begins_interviews_and_everything_else_of_the_process_is_404(
    app: Flask, client: FlaskClient, database: Database, place: tuple[Institution, Process, Theme]
) -> None:
    ministry, process, theme = place
    with database.transaction() as session:
        activity = session.scalars(select(Activity)).one()
        ours = session.get_one(Institution, ministry.id)
        people = [make_interviewer(session, activity), make_interviewer(session, activity, consulate=ours)]
    paths = _paths(app, process, theme, people[0].id)
    for person in people:
        sign_in(client, person)
        for endpoint, method in _staff_routes(app):
            form = {"csrf_token": token(client)} if method == "POST" else {}
            answer = client.open(paths[endpoint], method=method, data=form)
            assert answer.status_code == (303 if endpoint == "responses.begin_interview" else 404), (endpoint, method)
        client.delete_cookie("interview-survey")
        assert "labour" not in client.get("/en/desk/").text
        assert "/desk/interviews" in client.get("/en/desk/").text


def test_a_member_of_the_core_group_looks_and_changes_nothing(
    app: Flask, client: FlaskClient, database: Database, place: tuple[Institution, Process, Theme]
) -> None:
    _ministry, process, theme = place
    with database.transaction() as session:
        person = make.user(session)
        make_member(session, session.get_one(Process, process.id), person, seat=Seat.MEMBER)
    sign_in(client, person)
    paths = _paths(app, process, theme, person.id)
    for endpoint in ("processes.show", "questionnaires.show", "responses.preview"):
        assert client.get(paths[endpoint]).status_code == 200, endpoint
    for endpoint, method in _staff_routes(app):
        if method == "POST" and endpoint.split(".")[0] in ("processes", "privacy", "questionnaires", "participation"):
            answer = client.post(paths[endpoint], data={"csrf_token": token(client)})
            assert answer.status_code == 404, endpoint


def test_every_writing_route_wants_the_token(
    app: Flask, client: FlaskClient, database: Database, place: tuple[Institution, Process, Theme]
) -> None:
    ministry, process, theme = place
    with database.transaction() as session:
        person = make.user(session, session.get_one(Institution, ministry.id), Role.OFFICER)
    sign_in(client, person)
    paths = _paths(app, process, theme, person.id)
    slices = ("processes", "privacy", "questionnaires", "participation")
    for endpoint, method in _staff_routes(app):
        if method == "POST" and endpoint.split(".")[0] in slices:
            assert client.post(paths[endpoint], data={"starter": "global_compact"}).status_code == 400, endpoint
    with database.transaction() as session:
        interviewer = make_interviewer(session, session.scalars(select(Activity)).one())
    sign_in(client, interviewer)
    assert client.post(paths["responses.begin_interview"]).status_code == 400


@pytest.fixture
def officer(database: Database, place: tuple[Institution, Process, Theme], client: FlaskClient) -> User:
    """An officer of the ministry, signed in."""
    with database.transaction() as session:
        person = make.user(session, session.get_one(Institution, place[0].id), Role.OFFICER)
    sign_in(client, person)
    return person


def test_what_officers_type_is_text_on_every_page(
    client: FlaskClient, database: Database, place: tuple[Institution, Process, Theme], officer: User
) -> None:
    _ministry, process, theme = place
    with database.transaction() as session:
        found = session.get_one(Process, process.id)
        found.title = found.public_name = LocalisedText({"en": SCRIPT})
        found.mandate = LocalisedText(
            {
                "en": f"{SCRIPT}\n\n[a](javascript:alert(1)) <img src=x onerror=alert(1)> ![x](https://evil.example/x.png)"
            }
        )
        found.contact = SCRIPT
        found.lead_institution.name = LocalisedText({"en": SCRIPT})
        session.get_one(Theme, theme.id).label = LocalisedText({"en": SCRIPT})
        activity = session.scalars(select(Activity)).one()
        activity.title = LocalisedText({"en": SCRIPT})
        notice = make_notice(session, activity)
        notice.controller = notice.purpose = LocalisedText({"en": SCRIPT})
        notice.contact = SCRIPT
        stranger = make.user(session, name=SCRIPT)
        make_member(session, found, stranger)
    pages = [
        "/en/", "/en/contact", "/en/p/labour", "/en/q/survey", "/en/q/survey/privacy", "/en/desk/",
        "/en/desk/processes/labour", "/en/desk/processes/labour/settings", "/en/desk/processes/labour/group",
        f"/en/desk/processes/labour/group/{stranger.id}/remove", "/en/desk/processes/labour/themes",
        f"/en/desk/processes/labour/themes/{theme.id}", f"/en/desk/processes/labour/themes/{theme.id}/delete",
        "/en/desk/activities/survey", "/en/desk/activities/survey/notice", "/en/desk/activities/survey/preview",
        "/en/desk/activities/survey/settings", "/en/desk/activities/survey/close",
    ]  # fmt: skip
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        html = answer.text
        assert "<script>alert" not in html, page
        assert 'href="javascript' not in html, page
        assert "<img src=x" not in html, page
        assert 'src="https://evil' not in html, page


def test_marks_that_hide_or_reorder_are_not_stored(
    client: FlaskClient, database: Database, place: tuple[Institution, Process, Theme], officer: User
) -> None:
    form = {"csrf_token": token(client), "label-en": SPOOF, "code": "spoof", "parent_id": ""}
    assert client.post("/en/desk/processes/labour/themes", data=form).status_code == 302
    with database.reading() as session:
        stored = session.scalars(select(Theme).where(Theme.code == "spoof")).one()
        assert stored.label["en"] == "paypay"


def test_fields_that_no_form_has_change_nothing(
    client: FlaskClient, database: Database, place: tuple[Institution, Process, Theme], officer: User
) -> None:
    ministry, process, theme = place
    with database.transaction() as session:
        foreign = make.institution(session, "Other ministry")
        elsewhere = make_process(session, lead=foreign, slug="elsewhere")
        theirs = make_theme(session, elsewhere, "theirs")
    settings = {
        "csrf_token": token(client), "title-en": "New", "mandate-en": "M", "public_name-en": "P", "stage": "drafting",
        "lead_institution_id": str(ministry.id), "country": "GH", "contact": "c", "threshold": "10", "public": "y",
        "id": str(uuid.uuid4()), "slug": "hijacked", "synthetic": "y", "locales": "ru", "title-ru": "Spam",
    }  # fmt: skip
    assert client.post("/en/desk/processes/labour/settings", data=settings).status_code == 302
    settings["lead_institution_id"] = str(foreign.id)
    assert client.post("/en/desk/processes/labour/settings", data=settings).status_code == 200
    form = {"csrf_token": token(client), "label-en": "Mine", "code": "mine", "parent_id": str(theirs.id)}
    assert client.post("/en/desk/processes/labour/themes", data=form).status_code == 200
    form |= {"parent_id": "", "process_id": str(elsewhere.id), "position": "99"}
    assert client.post(f"/en/desk/processes/labour/themes/{theirs.id}", data=form).status_code == 404
    assert client.post(f"/en/desk/processes/labour/themes/{theme.id}", data=form).status_code == 302
    renamed = {"csrf_token": token(client), "title-en": "New", "unit": "person", "time_zone": "UTC"}
    renamed |= {"slug": "hijacked", "opens_at": "", "process_id": str(elsewhere.id), "locales": "ru"}
    assert client.post("/en/desk/activities/survey/settings", data=renamed).status_code == 302
    with database.reading() as session:
        found = session.get_one(Process, process.id)
        assert (found.slug, found.synthetic, found.locales, set(found.title)) == ("labour", False, ["en"], {"en"})
        assert found.lead_institution_id == ministry.id
        kept = session.get_one(Theme, theme.id)
        assert (kept.process_id, kept.position, kept.code) == (process.id, 0, "mine")
        activity = session.scalars(select(Activity)).one()
        assert (activity.slug, activity.process_id, activity.locales) == ("survey", process.id, ["en"])
        assert activity.opens_at is not None
        assert session.scalars(select(Member)).all() == []


def test_an_officer_begins_processes_for_their_own_institution_only(
    client: FlaskClient, database: Database, officer: User
) -> None:
    with database.transaction() as session:
        foreign = make.institution(session, "Other ministry")
    form = {"csrf_token": token(client), "title": "Spam", "locale": "en", "country": "GH"}
    answer = client.post("/en/desk/processes/new", data={**form, "lead_institution_id": str(foreign.id)})
    assert answer.status_code == 200
    with database.reading() as session:
        assert len(session.scalars(select(Process)).all()) == 1
