"""The desk of coders, translators and stewards, and who may see what of it."""

from __future__ import annotations

import dataclasses
import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.accounts.models import Role, User
from consult.audit.models import Entry
from consult.coding.models import AnswerTranslation, Coding, Item
from consult.core.exchange import sheets
from consult.db.session import Database
from consult.processes.models import Process, Seat
from tests.factories.accounts import institution, sign_in, token, user
from tests.factories.coding import gathered, make_answered, make_codebook, make_coder
from tests.factories.processes import make_member, make_process
from tests.responses.journey import visible

ANSWERS = [{"wish": "<b>Voter</b>", "worry": "Les frais"}, {"wish": "Voter plus vite"}]


class House:
    """A process with texts, and somebody in each role."""

    def __init__(self, database: Database) -> None:
        with database.transaction() as session:
            process: Process = make_process(session, slug="policy", locales=("en", "fr"), threshold=5)
            make_codebook(session, process, twice=100)
            activity = make_answered(session, process, ANSWERS, locales=("fr",))
            roles = (Role.CODER, Role.OFFICER, Role.STEWARD, Role.TRANSLATOR)
            self.people: dict[str, User] = {str(role): make_coder(session, process, role) for role in roles}
            self.people["other coder"] = make_coder(session, process)
            self.people["member"] = user(session)
            make_member(session, process, self.people["member"], seat=Seat.MEMBER)
            self.people["foreign coder"] = user(session, institution(session, "Elsewhere"), Role.CODER, Role.OFFICER)
        self.items = gathered(database, activity)
        self.slug = activity.slug
        self.text = f"/en/desk/processes/policy/coding/texts/{self.slug}/{self.items[0].id}"


DESK = "/en/desk/processes/policy/coding"
EVERYBODY = {"coder", "officer", "steward", "translator", "member", "foreign coder"}


@pytest.mark.parametrize(
    ("page", "who"),
    [
        ("", {"coder", "officer", "steward", "translator"}),
        ("/agreement", {"coder", "officer", "steward"}),
        ("/codebook", {"officer"}),
        ("/codebook/publish", {"officer"}),
        ("/codebook/1", {"coder", "officer", "steward"}),
        ("/codebook.csv", {"coder", "officer", "steward"}),
        ("/next", {"coder", "steward"}),
        ("/differences", {"coder", "steward"}),
        ("/translations", {"coder", "officer", "steward", "translator"}),
        ("/concerns", {"steward"}),
    ],
)
def test_everybody_sees_their_pages_and_nobody_those_of_others(
    client: FlaskClient, database: Database, page: str, who: set[str]
) -> None:
    house = House(database)
    found = set()
    for name in EVERYBODY:
        sign_in(client, house.people[name])
        if client.get(DESK + page, follow_redirects=True).status_code == 200:
            found.add(name)
    assert found == who


def test_a_coder_codes_one_text_after_the_other_without_javascript(client: FlaskClient, database: Database) -> None:
    house = House(database)
    sign_in(client, house.people["coder"])
    first = client.get(f"{DESK}/next?language=fr")
    assert first.status_code == 302 and first.location.startswith(house.text)
    page = client.get(first.location).text
    assert "&lt;b&gt;" in page or "<b>Voter" not in page, "what people wrote is shown as they wrote it"
    assert 'accesskey="1"' in page and 'lang="fr"' in page
    sent = {"csrf_token": token(client), "code": ["vote"], "proposed": ["vote"], "act": "save"}
    going = client.post(house.text, data=sent)
    after = client.get(going.location)
    assert after.location != first.location
    second = visible(client.get(after.location))
    assert "The text before this one" in second
    back = client.get(house.text)
    assert re.search(r'value="vote"[^>]*checked', back.text), "a mistake can be mended"
    client.post(house.text, data={"csrf_token": token(client), "act": "back"})
    with database.reading() as session:
        assert session.scalars(select(Coding)).all() == []
    wrong = client.post(house.text, data={"csrf_token": token(client), "code": ["forged"]})
    assert "has no code" in visible(wrong)


def test_two_coders_differ_and_a_third_decides(client: FlaskClient, database: Database) -> None:
    house = House(database)
    for who, code in (("coder", "vote"), ("other coder", "cost")):
        sign_in(client, house.people[who])
        client.post(house.text, data={"csrf_token": token(client), "code": [code]})
    assert "Nothing is left for you to decide" in visible(client.get(f"{DESK}/differences"))
    sign_in(client, house.people["steward"])
    found = client.get(f"{DESK}/differences")
    page = visible(client.get(found.location))
    assert "Coder 1" in page and house.people["coder"].name not in page, "whose codes they are is not said"
    client.post(found.location, data={"csrf_token": token(client), "code": ["cost"]})
    wanted = {"form": "csv", "csrf_token": token(client)}
    rows = client.post(f"{DESK}/codings", data=wanted).text.splitlines()
    assert sum(",decided,1,cost,cost" in row for row in rows) == 1 and "Voter" not in "".join(rows)
    with database.reading() as session:
        kept = session.scalars(select(Entry).where(Entry.action == "coding.export")).one()
        assert kept.details == {"form": "csv", "about": 0}
    for who in ("coder", "officer"):
        sign_in(client, house.people[who])
        assert client.post(f"{DESK}/codings", data=wanted).status_code == 404, "only stewards get single records"


def test_a_codebook_is_written_and_published(client: FlaskClient, database: Database) -> None:
    house = House(database)
    sign_in(client, house.people["officer"])
    new = {"label-en": "Return", "code": "return", "theme": "vote", "parent": "", "csrf_token": token(client)}
    assert client.post(f"{DESK}/codebook", data=new).status_code == 302
    assert "is the code of two entries" in visible(client.post(f"{DESK}/codebook", data=new))
    assert "Write a number from 0 to 100" in visible(
        client.post(f"{DESK}/codebook/share", data={"twice": "101", "csrf_token": token(client)})
    )
    assert client.get(f"{DESK}/codebook/codes/gone").status_code == 404
    changed = client.post(f"{DESK}/codebook/codes/return", data={**new, "label-en": "Coming home"})
    assert changed.status_code == 302
    client.post(f"{DESK}/codebook/codes/cost/delete", data={"csrf_token": token(client)})
    page = visible(client.get(f"{DESK}/codebook/publish"))
    assert "Coming home" in page and "As nothing" in page
    client.post(f"{DESK}/codebook/publish", data={"map:cost": "return", "csrf_token": token(client)})
    assert "Coming home" in visible(client.get(f"{DESK}/codebook/2"))
    assert client.get(f"{DESK}/codebook/3").status_code == 404


def test_answers_go_to_translators_and_come_back(client: FlaskClient, database: Database) -> None:
    house = House(database)
    sign_in(client, house.people["steward"])
    wanted = {"which": f"{house.slug}/fr", "csrf_token": token(client)}
    assert client.post(f"{DESK}/translations/new", data=wanted).status_code == 302
    with database.reading() as session:
        batch = session.scalars(select(AnswerTranslation.batch_id).distinct()).one()
    sign_in(client, house.people["translator"])
    fetched = {"form": "xlsx", "csrf_token": token(client)}
    assert f'href="{DESK}/translations"' in client.get(DESK).text and "<table" not in client.get(DESK).text
    file = client.post(f"{DESK}/translations/{batch}/file", data=fetched).data
    exchange = sheets.read(file, "batch.xlsx")
    assert [entry.key for entry in exchange.entries] == [str(item.id) for item in house.items]
    assert client.get(f"{DESK}/next").status_code == 404, "a translator codes nothing"
    refused = client.post(
        f"{DESK}/translations/{batch}",
        data={"csrf_token": token(client), "file": (io.BytesIO(b"no workbook"), "batch.xlsx")},
    )
    assert "The file was not imported" in visible(refused)
    done = sheets.write(type(exchange)("fr", "en", (_translated(exchange.entries[0]),), "batch"))
    sent = {"csrf_token": token(client), "file": (io.BytesIO(done), "batch.xlsx")}
    assert client.post(f"{DESK}/translations/{batch}", data=sent).status_code == 302
    sign_in(client, house.people["coder"])
    assert "She says so" in visible(client.get(house.text)), "coders read both"


def _translated(entry: object) -> object:
    return dataclasses.replace(entry, target="She says so")  # type: ignore[type-var]  # an Entry


def test_somebody_in_danger_is_with_the_stewards_alone(client: FlaskClient, database: Database) -> None:
    house = House(database)
    sign_in(client, house.people["coder"])
    flagged = client.post(f"{house.text}/concern", data={"words": "A threat", "csrf_token": token(client)})
    assert flagged.status_code == 302 and client.get(house.text).status_code == 404
    sign_in(client, house.people["steward"])
    assert "A threat" in visible(client.get(f"{DESK}/concerns"))
    client.post(f"{DESK}/concerns/{house.items[0].id}/back", data={"csrf_token": token(client)})
    with database.reading() as session:
        assert set(session.scalars(select(Item.state))) == {"open"}


def test_what_is_counted_is_shown_in_tens(client: FlaskClient, database: Database) -> None:
    house = House(database)
    assert len(house.items) == 3
    sign_in(client, house.people["officer"])
    row = re.search(r"<tbody>(.*?)</tbody>", client.get(DESK).text, re.DOTALL)
    assert row is not None and re.findall(r'numeric">(\d+)<', row[1]) == ["0", "0"], "3 texts are about 0"
