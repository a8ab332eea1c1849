"""Officers decide who comes in, take in contacts, send mails, set quotas; other institutions see nothing of it."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from consult.accounts.models import Role
from consult.audit.models import Entry
from consult.cli import main
from consult.config import Keys, Settings
from consult.core.translation import State
from consult.db.installation import Installation
from consult.db.session import Database
from consult.jobs.models import Job
from consult.participation import inviting, tasks
from consult.participation.models import Contact, Entrance, Invitation, InvitationList
from consult.processes.models import Activity
from consult.questionnaires import translating
from consult.questionnaires.translating import Typed
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.invitations import make_codes
from tests.factories.processes import make_activity, make_process

PAGE = "/en/desk/processes/policy/invitations/survey"
TABLE = b"address,locale,profile\na@example.org,fr,Gulf\nb@example.org,,\nnobody,,\n"


@pytest.fixture
def activity(database: Database, client: FlaskClient) -> Activity:
    """An activity that is open, and its officer, signed in."""
    with database.transaction() as session:
        ministry = make.institution(session)
        process = make_process(session, lead=ministry, slug="policy", threshold=5)
        opened = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        made = make_activity(session, process, slug="survey", locales=("en", "fr"), opens_at=opened)
        officer = make.user(session, ministry, Role.OFFICER)
    sign_in(client, officer)
    return made


def send(client: FlaskClient, path: str, **form: object) -> str:
    """A form, sent; the page to which it leads."""
    answer = client.post(f"{PAGE}{path}", data={"csrf_token": token(client), **form}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def take_in(client: FlaskClient, table: bytes = TABLE) -> str:
    return send(client, "/contacts", name="Associations", file=(io.BytesIO(table), "people.csv"))


def listed(database: Database) -> InvitationList:
    with database.reading() as session:
        return session.scalars(select(InvitationList)).one()


def test_an_officer_decides_which_ways_lead_in(client: FlaskClient, database: Database, activity: Activity) -> None:
    page = client.get(PAGE).text
    assert re.search(r'<input[^>]*checked[^>]*name="open_link"', page)
    assert not re.search(r'<input[^>]*checked[^>]*name="invited"', page)
    assert "Leave at least one way in" in send(client, "")
    send(client, "", invited="y")
    with database.reading() as session:
        assert session.execute(select(Entrance.open_link, Entrance.invited)).all() == [(False, True)]
    send(client, "/words", **{"invitation-en": "Come", "invitation-fr": "Venez", "reminder-en": "Still time"})
    with database.reading() as session:
        entrance = session.scalars(select(Entrance)).one()
        assert dict(entrance.invitation) == {"en": "Come", "fr": "Venez"}
        actions = session.scalars(select(Entry.action).where(Entry.action.startswith("participation"))).all()
    assert sorted(actions) == ["participation.entrance", "participation.word"]


def test_what_letters_say_is_translated_like_all_that_authors_write(
    client: FlaskClient, database: Database, activity: Activity, now: dt.datetime
) -> None:
    send(client, "/words", **{"invitation-en": "Come", "reminder-en": "Still time", "reminder-fr": "Encore"})
    with database.transaction() as session:
        process = session.get_one(Activity, activity.id).process
        process.locales = [*process.locales, "sw"]
    page = client.get("/en/desk/processes/policy/translations/sw?activity=survey").text
    assert "Still time" in page
    keys = ["invitations:invitation", "invitations:reminder"]
    with database.transaction() as session:
        here = session.get_one(Activity, activity.id)
        found = {item.key: item.here.text for item in translating.items(session, here, "fr")}
        assert [found[key] for key in keys] == ["", "Encore"]
        typed = [Typed(keys[0], "Njoo", reviewed=True), Typed(keys[1], "Bado", reviewed=False)]
        translating.save(session, here, "sw", typed, by=None, now=now)
        entrance = session.get_one(Entrance, activity.id)
        assert dict(entrance.invitation) == {"en": "Come", "sw": "Njoo"}
        assert "sw" not in entrance.reminder, "a draft is sent to nobody"
    send(client, "/words", **{"invitation-en": "Do come", "reminder-en": "Still time"})
    with database.reading() as session:
        here = session.get_one(Activity, activity.id)
        states = {item.key: item.here.state for item in translating.items(session, here, "sw")}
    assert [states[key] for key in keys] == [State.STALE, State.DRAFT]


def test_contacts_are_taken_in_and_who_cannot_be_is_listed(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    page = take_in(client)
    assert "2 people were taken in" in page
    assert "This is not an e-mail address" in page
    with database.reading() as session:
        assert len(session.scalars(select(Contact)).all()) == 2
        assert sorted(session.scalars(select(Invitation.profile))) == ["", "Gulf"]
        assert not session.scalar(text("SELECT count(*) FROM contacts WHERE CAST(sealed AS TEXT) LIKE '%example%'"))
    assert "There is a list with this name already" in take_in(client)
    assert "needs a column" in send(client, "/contacts", name="x", file=(io.BytesIO(b"name\nAma\n"), "p.csv"))


def test_without_a_mail_server_there_is_the_mail_merge(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    take_in(client)
    send(client, "", invited="y", open_link="y")
    page = client.get(PAGE).text
    made = listed(database)
    assert f"/lists/{made.id}/mail" not in page
    assert "This installation sends no mail" in send(client, f"/lists/{made.id}/mail")
    send(client, f"/lists/{made.id}/merge")
    with database.reading() as session:
        assert session.scalars(select(Job.kind)).all() == ["participation.merge"]


def test_a_list_of_letters_has_no_mails(client: FlaskClient, database: Database, activity: Activity) -> None:
    with database.transaction() as session:
        make_codes(session, session.get_one(Activity, activity.id), 2)
    assert client.get(f"{PAGE}/lists/{listed(database).id}/merge").status_code == 404


def test_a_deleted_list_takes_its_codes_and_contacts_along(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    take_in(client)
    made = listed(database)
    assert "Delete the list Associations?" in client.get(f"{PAGE}/lists/{made.id}/remove").text
    send(client, f"/lists/{made.id}/remove")
    with database.reading() as session:
        for model in (InvitationList, Contact, Invitation):
            assert session.scalars(select(model)).all() == []


@pytest.mark.parametrize(("used", "shown"), [(4, 0), (5, 0), (9, 0), (10, 10), (19, 10), (20, 20)])
def test_used_codes_are_counted_once_a_day_and_rounded_down(
    client: FlaskClient,
    database: Database,
    activity: Activity,
    settings: Settings,
    keys: Keys,
    now: dt.datetime,
    used: int,
    shown: int,
) -> None:
    installation = Installation(settings, keys, database)
    with database.transaction() as session:
        make_codes(session, session.get_one(Activity, activity.id), 25)
        some = select(Invitation.code).limit(used).scalar_subquery()
        session.execute(Invitation.__table__.update().where(Invitation.code.in_(some)).values(state="used"))  # type: ignore[attr-defined]
    tasks.count(installation, {}, now)
    assert listed(database).used == shown
    with database.transaction() as session:
        session.execute(text("UPDATE invitations SET state = 'used'"))
    tasks.count(installation, {}, now + dt.timedelta(hours=1))
    assert listed(database).used == shown, "those of a day stay as they were first made"
    tasks.count(installation, {}, now + dt.timedelta(days=1))
    assert listed(database).used == 20
    assert "20 or more" in client.get(PAGE).text


def test_quotas_are_set_and_taken_away(client: FlaskClient, activity: Activity) -> None:
    assert "A quota lets in at least 5 people." in send(client, "/quotas", channel="open", profile="", most="4")
    page = send(client, "/quotas", channel="open", profile="", most="500")
    assert "The quota is set" in page
    assert "Takes people in" in page
    assert "There are no quotas" in send(client, "/quotas/remove", channel="open", profile="")


def test_wrong_guesses_are_forgotten_each_minute(
    database: Database, activity: Activity, settings: Settings, keys: Keys, now: dt.datetime
) -> None:
    with database.transaction() as session:
        for _ in range(inviting.GUESSES):
            assert not inviting.guessed(session, activity.id)
        assert inviting.guessed(session, activity.id)
    tasks.tidy(Installation(settings, keys, database), {}, now)
    with database.reading() as session:
        assert not inviting.too_many_guesses(session, activity.id)


@pytest.mark.parametrize("path", ["", "/words", "/codes", "/contacts", "/quotas"])
def test_another_institution_finds_nothing(app: Flask, database: Database, activity: Activity, path: str) -> None:
    with database.transaction() as session:
        stranger = make.user(session, make.institution(session, "Elsewhere"), Role.OFFICER)
        steward = make.user(session, session.get_one(Activity, activity.id).process.lead_institution, Role.STEWARD)
    for person in (stranger, steward):
        device = app.test_client()
        sign_in(device, person)
        assert device.get(f"{PAGE}{path}").status_code == 404
        assert device.post(f"{PAGE}{path}", data={"csrf_token": token(device)}).status_code == 404


def test_the_address_of_another_process_leads_nowhere(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    with database.transaction() as session:
        make_process(session, lead=session.get_one(Activity, activity.id).process.lead_institution, slug="other")
    assert client.get(PAGE.replace("policy", "other")).status_code == 404


# The command line


def test_codes_and_letters_from_the_command_line(
    database: Database, activity: Activity, settings: Settings, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consult.cli.open_installation", lambda _: Installation(settings, keys, database))
    made, printed = settings.data / "codes.zip", settings.data / "letters.zip"
    where = ["policy", "survey"]

    def run(*words: object) -> tuple[int, str]:
        found = CliRunner().invoke(main, ["invitations", *map(str, words)])
        return found.exit_code, found.output

    wanted = ("--list", "Letters", "--count", 3, "--locale", "fr", "--letters", "--out", made)
    assert run("generate", *where, *wanted) == (0, "")
    with zipfile.ZipFile(made) as archive:
        assert archive.namelist() == ["codes.csv", "codes.xlsx", "letters-fr-000001-000003.pdf"]
        (settings.data / "codes.csv").write_bytes(archive.read("codes.csv"))
    assert run("letters", *where, settings.data / "codes.csv", "--out", printed) == (0, "")
    with zipfile.ZipFile(printed) as archive:
        assert archive.namelist() == ["letters-fr-000001-000003.pdf"]
    assert run("generate", *where, *wanted)[0] == 1, "there is a list of that name"
    code, told = run("remind", *where, "--list", "Letters")
    assert (code, "sends no mail" in told) == (1, True)
    assert run("remind", *where, "--list", "Nobody")[0] == 1
    assert run("generate", "policy", "nothing", *wanted)[0] == 1
