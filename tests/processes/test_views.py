"""Pages of a process: its officers run it from the desk, the public sees what is meant for it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.accounts.models import Institution, Role, User
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.processes import queries
from consult.processes.models import Activity, Member, Process, Seat, Theme
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.processes import make_activity, make_member, make_process, make_theme


@pytest.fixture
def ministry(database: Database) -> Institution:
    with database.transaction() as session:
        return make.institution(session, "Ministry of Foreign Affairs")


@pytest.fixture
def officer(database: Database, ministry: Institution, client: FlaskClient) -> User:
    """An officer of the ministry, signed in."""
    with database.transaction() as session:
        person = make.user(session, ministry, Role.OFFICER, name="Esi")
    sign_in(client, person)
    return person


@pytest.fixture
def process(database: Database, ministry: Institution) -> Process:
    """A process of the ministry in English and French."""
    with database.transaction() as session:
        lead = session.get_one(Institution, ministry.id)
        made = make_process(session, lead=lead, slug="labour", title="Labour policy", locales=("en", "fr"))
        make_theme(session, made, "pay")
        make_activity(session, made, slug="survey")
        return made


def post(client: FlaskClient, path: str, **fields: object):
    """Send a form."""
    return client.post(path, data={"csrf_token": token(client), **fields})


def settings(**changes: object) -> dict[str, object]:
    """What the form of a process's settings sends."""
    form: dict[str, object] = {
        "title-en": "Labour policy",
        "title-fr": "Politique du travail",
        "mandate-en": "Mandate",
        "mandate-fr": "Mandat",
        "public_name-en": "Ghanaians abroad",
        "public_name-fr": "Ghanéens",
        "further": ["fr"],
        "stage": "drafting",
        "country": "GH",
        "contact": "policy@example.org",
        "threshold": "12",
        "public": "y",
    }
    return {**form, **changes}


def test_a_process_is_begun_and_described(
    client: FlaskClient, officer: User, ministry: Institution, database: Database
) -> None:
    begun = post(
        client,
        "/en/desk/processes/new",
        title="Return policy",
        locale="en",
        country="GH",
        lead_institution_id=str(ministry.id),
    )
    assert begun.headers["Location"] == "/en/desk/processes/return-policy/settings"
    address = begun.headers["Location"]
    assert client.get("/en/p/return-policy").status_code == 404
    assert post(client, address, **settings(lead_institution_id=str(ministry.id), public="")).status_code == 302
    described = post(client, address, **settings(lead_institution_id=str(ministry.id)))
    assert described.status_code == 302
    with database.reading() as session:
        process = queries.public_process(session, "return-policy")
        assert process is not None
        assert (process.stage, process.threshold, process.locales) == ("drafting", 12, ["en", "fr"])
        assert process.title == LocalisedText({"en": "Labour policy", "fr": "Politique du travail"})
    assert "Politique du travail" in client.get("/fr/p/return-policy").text
    assert client.get("/ar/p/return-policy").status_code == 404


def test_what_is_refused_stands_at_its_field_and_nothing_typed_is_lost(
    client: FlaskClient, officer: User, process: Process, ministry: Institution, database: Database
) -> None:
    answer = post(
        client,
        "/en/desk/processes/labour/settings",
        **settings(**{"lead_institution_id": str(ministry.id), "threshold": "3", "mandate-fr": "", "contact": "new"}),
    )
    assert answer.status_code == 200
    assert 'href="#threshold"' in answer.text
    assert 'href="#mandate-fr"' in answer.text
    assert 'value="new"' in answer.text
    with database.reading() as session:
        assert session.get_one(Process, process.id).contact == "policy@example.org"


def test_a_seat_goes_to_an_account_that_exists(
    client: FlaskClient, officer: User, process: Process, ministry: Institution, database: Database
) -> None:
    with database.transaction() as session:
        make.user(session, email="ama@example.org", name="Ama")
    form = {"email": " Ama@Example.org", "institution_id": str(ministry.id), "seat": "adviser"}
    refused = post(client, "/en/desk/processes/labour/group", **form)
    assert 'href="#expires_on"' in refused.text
    given = post(client, "/en/desk/processes/labour/group", **form, expires_on="2999-01-01")
    assert given.status_code == 302
    page = client.get("/en/desk/processes/labour/group").text
    assert "Ama" in page
    with database.reading() as session:
        member = session.scalars(select(Member)).one()
        assert (member.seat, member.expires_on) == ("adviser", dt.date(2999, 1, 1))
    removal = f"/en/desk/processes/labour/group/{member.user_id}/remove"
    assert "Ama" in client.get(removal).text
    assert post(client, removal).status_code == 302
    assert client.get(removal).status_code == 404


def test_a_seat_for_a_stranger_makes_an_account_and_a_link_to_copy(
    client: FlaskClient, officer: User, process: Process, ministry: Institution, database: Database
) -> None:
    form = {"email": "kofi@example.org", "institution_id": str(ministry.id), "seat": "member"}
    assert 'href="#name"' in post(client, "/en/desk/processes/labour/group", **form).text
    with database.reading() as session:
        assert session.scalars(select(User).where(User.email == "kofi@example.org")).first() is None
    answer = post(client, "/en/desk/processes/labour/group", **form, name="Kofi")
    link = re.search(r"http://localhost(/en/staff/link/[\w-]+)", answer.text)
    assert link is not None
    with database.reading() as session:
        kofi = session.scalars(select(User).where(User.email == "kofi@example.org")).one()
        assert (kofi.name, kofi.grants, kofi.password) == ("Kofi", [], "")
        assert session.get(Member, (process.id, kofi.id)) is not None
    other = client.application.test_client()
    assert other.get(link[1]).status_code in (200, 302)


def test_the_theme_tree_is_edited(client: FlaskClient, officer: User, process: Process, database: Database) -> None:
    address = "/en/desk/processes/labour/themes"
    assert (
        post(
            client,
            address,
            **{"label-en": "Skills", "objectives": ["5", "18"], "targets": "10.7, 8.8", "parent_id": ""},
        ).status_code
        == 302
    )
    with database.reading() as session:
        pay, skills = session.scalars(select(Theme).order_by(Theme.position)).all()
    assert (skills.code, skills.objectives, skills.targets) == ("skills", [5, 18], ["10.7", "8.8"])
    assert post(client, f"{address}/{skills.id}/move", way="up").status_code == 302
    assert post(client, f"{address}/{skills.id}/move", way="sideways").status_code == 400
    changed = post(client, f"{address}/{pay.id}", **{"label-en": "Wages", "code": "pay", "parent_id": str(skills.id)})
    assert changed.status_code == 302
    page = client.get(address).text
    assert page.index("Skills") < page.index("Wages")
    assert "Wages" in client.get(f"{address}/{skills.id}/delete").text
    assert post(client, f"{address}/{skills.id}/delete").status_code == 302
    assert post(client, f"{address}/adopt", starter="global_compact").status_code == 302
    assert post(client, f"{address}/adopt", starter="nonsense").status_code == 400
    with database.reading() as session:
        assert len(session.scalars(select(Theme)).all()) == 23


def test_a_questionnaire_is_planned_and_renamed(
    client: FlaskClient, officer: User, process: Process, database: Database
) -> None:
    form = {"unit": "person", "time_zone": "Africa/Accra"}
    planned = post(client, "/en/desk/processes/labour/activities/new", title="Opinion survey", **form)
    assert planned.headers["Location"] == "/en/desk/activities/opinion-survey"
    address = "/en/desk/activities/opinion-survey/settings"
    assert 'selected value="Africa/Accra"' in client.get(address).text
    renamed = post(client, address, **{"title-en": "Survey 2026", "unit": "event", "time_zone": "Europe/Paris"})
    assert renamed.status_code == 302
    with database.reading() as session:
        found = session.scalars(select(Activity).where(Activity.slug == "opinion-survey")).one()
        assert (found.title["en"], found.unit, found.time_zone) == ("Survey 2026", "event", "Europe/Paris")
    bad = post(client, "/en/desk/processes/labour/activities/new", title="X", unit="planet", time_zone="Mars/Base")
    assert bad.status_code == 200


@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize(
    "path",
    [
        "/desk/",
        "/desk/processes/new",
        "/desk/processes/labour",
        "/desk/processes/labour/settings",
        "/desk/processes/labour/group",
        "/desk/processes/labour/themes",
        "/desk/processes/labour/activities/new",
        "/desk/activities/survey/settings",
    ],
)
def test_desk_pages_show_what_the_officer_works_on(
    client: FlaskClient, officer: User, process: Process, path: str, locale: str
) -> None:
    answer = client.get(f"/{locale}{path}")
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_observer_sees_the_process_without_links_that_lead_nowhere(
    client: FlaskClient, process: Process, database: Database, ministry: Institution
) -> None:
    with database.transaction() as session:
        elsewhere = make.institution(session, "Statistics office")
        person = make.user(session, elsewhere, Role.OFFICER)
        make_member(session, session.get_one(Process, process.id), person, seat=Seat.OBSERVER)
    sign_in(client, person)
    page = client.get("/en/desk/processes/labour").text
    assert "Labour policy" in page
    assert "/settings" not in page
    assert "/activities/new" not in page
    assert client.get("/en/desk/processes/labour/settings").status_code == 404
    assert "Labour policy" in client.get("/en/desk/").text


def test_a_seat_is_not_enough_to_give_a_process_to_another_institution(
    client: FlaskClient, process: Process, database: Database, ministry: Institution
) -> None:
    with database.transaction() as session:
        elsewhere = make.institution(session, "Statistics office")
        person = make.user(session, elsewhere, Role.OFFICER)
        make_member(session, session.get_one(Process, process.id), person, seat=Seat.LEAD)
    sign_in(client, person)
    address = "/en/desk/processes/labour/settings"
    taken = post(client, address, **settings(lead_institution_id=str(elsewhere.id)))
    assert taken.status_code == 200
    assert 'href="#lead_institution_id"' in taken.text
    assert post(client, address, **settings(lead_institution_id=str(ministry.id))).status_code == 302
    with database.reading() as session:
        assert session.get_one(Process, process.id).lead_institution_id == ministry.id


def test_the_public_page_says_what_can_be_done_until_when(
    client: FlaskClient, process: Process, database: Database
) -> None:
    year = dt.datetime.now(dt.UTC).year
    with database.transaction() as session:
        labour = session.get_one(Process, process.id)
        table = {
            "Open one": (dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(year + 1, 6, 1, 10, tzinfo=dt.UTC)),
            "Coming one": (dt.datetime(year + 1, 1, 1, tzinfo=dt.UTC), None),
            "Closed one": (dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2020, 2, 1, tzinfo=dt.UTC)),
        }
        for title, (opens_at, closes_at) in table.items():
            make_activity(
                session, labour, title=title, opens_at=opens_at, closes_at=closes_at, time_zone="Europe/Berlin"
            )
    page = client.get("/en/p/labour").text
    assert page.index("Open one") < page.index("Coming one") < page.index("Closed one")
    assert re.search(rf"(1 June|June 1,) {year + 1}", page)
    assert "12:00" in page
    assert "Europe/Berlin" in page
    assert "Questionnaire for the diaspora" not in page, "a draft"
    assert "<strong>policy</strong>" in page
    assert client.get("/en/p/nothing").status_code == 404
    assert "Labour policy" in client.get("/en/").text


def test_a_hidden_process_does_not_exist_for_the_public(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        make_process(session, slug="hidden", title="Secret plan", public=False)
    assert client.get("/en/p/hidden").status_code == 404
    assert "Secret plan" not in client.get("/en/").text
    assert "Secret plan" not in client.get("/en/contact").text
