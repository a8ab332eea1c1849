"""Pages of whoever facilitates, without JavaScript, and who may see what of them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.accounts.models import Role
from consult.app import LONG
from consult.config import Keys, Settings
from consult.db.installation import Installation
from consult.db.session import Database
from consult.events import vault
from consult.events.models.held import GuideBlock, Note, Summing
from consult.events.vault import Person
from consult.jobs import long
from consult.processes.models import Seat
from tests.factories.accounts import institution, sign_in, token, user
from tests.factories.events import make_event, make_occasion, make_sign_up
from tests.factories.held import make_block, make_note, make_screening
from tests.factories.processes import make_member, make_process, make_theme


@pytest.fixture
def database(sqlite: Database) -> Database:
    """Services are tried on both databases: for what pages show SQLite is enough."""
    return sqlite


class House:
    """A meeting with a guide in English alone, a sign-up, and somebody in each role."""

    def __init__(self, database: Database, keys: Keys) -> None:
        with database.transaction() as session:
            process = make_process(session, slug="policy", locales=("en", "fr"), public=True)
            make_theme(session, process, "papers")
            activity = make_event(session, process, locales=("en", "fr"))
            occasion = make_occasion(session, activity)
            _edition, self.sex = make_screening(session, activity)
            vault.keep(session, keys, activity.id, make_sign_up(session, occasion).code, Person("Ama Mensah"))
            make_block(session, activity, theme="papers")
            self.note = make_note(session, occasion)
            lead = process.lead_institution
            self.people = {str(role): user(session, lead, role) for role in (Role.FACILITATOR, Role.CODER)}
            self.people["member"] = user(session)
            make_member(session, process, self.people["member"], seat=Seat.MEMBER)
            self.people["foreigner"] = user(session, institution(session, "Elsewhere"), Role.FACILITATOR, Role.OFFICER)
            self.desk = f"/desk/events/{activity.slug}"
            self.report = f"/desk/processes/policy/results/events/{activity.slug}"
        self.notes = f"{self.desk}/occasions/1/notes"


@pytest.fixture
def house(database: Database, keys: Keys) -> House:
    return House(database, keys)


def test_everybody_sees_their_pages_and_nobody_those_of_others(client: FlaskClient, house: House) -> None:
    pages = {
        f"{house.desk}/guide": {"facilitator", "coder", "member"},
        f"{house.desk}/guide/new": {"facilitator"},
        house.notes: {"facilitator"},
        f"{house.notes}/{house.note.id}": {"facilitator"},
        f"{house.desk}/occasions/1/positions": {"facilitator"},
        f"{house.desk}/occasions/1/sum-up": {"facilitator"},
        house.report: {"facilitator", "member"},
        f"{house.report}?occasion=1": {"facilitator", "member"},
        f"{house.report}?occasion=7": set(),
    }
    found: dict[str, set[str]] = {page: set() for page in pages}
    for name, person in house.people.items():
        sign_in(client, person)
        for page, who in found.items():
            if client.get(f"/en{page}").status_code == 200:
                who.add(name)
    assert found == pages


def test_a_facilitator_prepares_notes_and_sums_up(client: FlaskClient, house: House, database: Database) -> None:
    sign_in(client, house.people["facilitator"])

    def send(path: str, **fields: object) -> str:
        answer = client.post(f"/en{path}", data={"csrf_token": token(client), **fields}, follow_redirects=True)
        return answer.get_data(as_text=True)

    block = {"title-en": "Coming back", "questions-en": "Would you?\nWhen?", "minutes": 200, "theme": ""}
    assert "there are only 120 minutes." in send(f"{house.desk}/guide/new", **block)
    page = client.get(f"/en{house.notes}").get_data(as_text=True)
    key = re.search(r'name="key" type="hidden" value="([^"]+)"', page)
    assert key is not None and '<option selected value="papers">' in page, "the theme of the block is set"
    note = {"key": key[1], "body": "Then Mensah said no.", "said": "note", "speaker": f"{house.sex}=woman"}
    refused = send(house.notes, **note)
    assert "Then Mensah said no." in refused and 'name="sure"' in refused and "part of the name" in refused
    for _ in range(2):
        assert "The note is kept." in send(house.notes, **note, sure="y", theme="papers", people="7")
    position = {"institution": "Port authority", "view": "opposes", "body": "", "theme": "papers"}
    assert "Opposes it" in send(f"{house.desk}/occasions/1/positions", **position)
    send(f"{house.desk}/occasions/1/sum-up", **{"summary-en": "Papers.", "theme-papers": "Too slow.", "seen": 0})
    with database.reading() as session:
        kept = {(one.body, one.speaker, one.people, one.theme, one.view) for one in session.scalars(select(Note))}
        assert [block.position for block in session.scalars(select(GuideBlock).order_by(GuideBlock.position))] == [1, 2]
        assert session.scalars(select(Summing.themes)).all() == [{"papers": "Too slow."}]
    assert ("Then Mensah said no.", f"{house.sex}=woman", 7, "papers", "") in kept and len(kept) == 3
    assert ("", "", None, "papers", "opposes") in kept


def test_what_was_typed_stays_beside_what_somebody_else_made_of_it(
    client: FlaskClient, house: House, database: Database
) -> None:
    sign_in(client, house.people["facilitator"])
    with database.transaction() as session:
        note = session.get_one(Note, house.note.id)
        note.body, note.revision = "Papers take two years.", 1
    path, fields = f"/en{house.notes}/{house.note.id}", {"body": "Three years.", "said": "note"}
    answer = client.post(path, data={"csrf_token": token(client), "seen": "0", **fields}).get_data(as_text=True)
    assert (
        "Papers take two years." in answer
        and "Three years." in answer
        and 'name="seen" type="hidden" value="1"' in answer
    )
    client.post(path, data={"csrf_token": token(client), "seen": "1", **fields})
    client.post(f"{path}/remove", data={"csrf_token": token(client)})
    with database.reading() as session:
        assert session.scalars(select(Note)).all() == []
    gone = client.post(path, data={"csrf_token": token(client), "seen": "2", **fields}).get_data(as_text=True)
    assert "Three years." in gone, "even of a note that is deleted"


def test_what_is_not_translated_falls_back_and_says_so(client: FlaskClient, house: House) -> None:
    sign_in(client, house.people["facilitator"])
    page = client.get(f"/fr{house.desk}/guide").get_data(as_text=True)
    assert '<p class="hint" lang="en">English</p>' in page and '<ul class="asking" lang="en" dir="ltr">' in page


def test_a_report_is_made_as_a_file(
    client: FlaskClient, house: House, database: Database, keys: Keys, settings: Settings
) -> None:
    sign_in(client, house.people["facilitator"])
    job = client.post(f"/ar{house.report}/report.pdf?occasion=1", data={"csrf_token": token(client)}).location
    clock = dt.datetime.now(dt.UTC)
    long.run_due(Installation(settings, keys, database), LONG, clock=lambda: clock)
    made = client.get(f"{job}/file")
    assert made.data.startswith(b"%PDF") and made.headers["Content-Disposition"].endswith("-1-ar.pdf")
    sign_in(client, house.people["member"])
    assert client.get(f"{job}/file").status_code == 404, "it is theirs who asked"
    assert client.post(f"/en{house.report}/report.exe", data={"csrf_token": token(client)}).status_code == 404
