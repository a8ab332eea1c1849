"""Codes in bulk: in bounded memory, into one file that lies encrypted and leaves once."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from consult.accounts.models import Institution, Role
from consult.app import LONG
from consult.config import Keys, Settings
from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.db.installation import Installation
from consult.db.session import Database
from consult.jobs import long
from consult.jobs.models import Job
from consult.participation import entrances, generating, invitation_codes, inviting, printing
from consult.participation.models import Invitation, InvitationList
from consult.processes.models import Activity, Process
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.processes import make_activity, make_process

PAGE = "/en/desk/processes/policy/invitations/survey"


@pytest.fixture
def installation(settings: Settings, keys: Keys, database: Database) -> Installation:
    return Installation(settings, keys, database)


@pytest.fixture
def activity(database: Database, client: FlaskClient) -> Activity:
    """An activity in three languages, and its officer, signed in."""
    with database.transaction() as session:
        ministry = make.institution(session)
        process = make_process(session, lead=ministry, slug="policy")
        made = make_activity(session, process, slug="survey", locales=("en", "fr", "ar"))
        officer = make.user(session, ministry, Role.OFFICER)
    sign_in(client, officer)
    return made


def order(client: FlaskClient, **form: str) -> str:
    """Ask for codes; the address of the job."""
    fields = {"name": "Letters", "count": "25", "locale": "en", "profile": "", "csrf_token": token(client), **form}
    answer = client.post(f"{PAGE}/codes", data=fields)
    assert answer.status_code == 302, answer.text
    return answer.location


def work(app: Flask, installation: Installation) -> None:
    with app.app_context():
        assert long.run_due(installation, LONG, clock=lambda: dt.datetime.now(dt.UTC)) == 1


def fetched(client: FlaskClient, database: Database) -> bytes:
    """The file of the last job."""
    with database.reading() as session:
        job = session.scalars(select(Job)).one()
    assert job.state == "done", job.error
    answer = client.post(f"{PAGE}/files/{job.id}", data={"csrf_token": token(client)})
    assert answer.status_code == 200
    return answer.data


def test_an_officer_gets_codes_and_letters_once(
    app: Flask,
    client: FlaskClient,
    database: Database,
    activity: Activity,
    installation: Installation,
) -> None:
    order(client, letters="y", profile="=Gulf")
    work(app, installation)
    data = fetched(client, database)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["codes.csv", "codes.xlsx", "letters-en-000001-000025.pdf"]
        rows = list(csv.DictReader(io.StringIO(archive.read("codes.csv").decode("utf-8-sig"))))
        sheet = load_workbook(io.BytesIO(archive.read("codes.xlsx")), read_only=True).worksheets[0]
        table = list(sheet.iter_rows(values_only=True))
        letters = PdfReader(io.BytesIO(archive.read("letters-en-000001-000025.pdf")))
    assert len(rows) == 25
    assert rows[0]["profile"] == "'=Gulf", "no spreadsheet takes it for a formula"
    assert table[0] == generating.HEADER
    assert [row[0] for row in table[1:]] == [row["code"] for row in rows]
    for row, letter in zip(rows, letters.pages, strict=True):
        code = invitation_codes.read(row["code"])
        assert code is not None
        assert row["address"] == f"http://localhost/en/q/survey/invited#{code}"
        assert row["code"] in letter.extract_text()
    assert client.get(f"{PAGE}/files/{job_of(database).id}").status_code == 404, "it has left"
    with database.reading() as session:
        kept = set(session.scalars(select(Invitation.code)))
        assert kept == {
            invitation_codes.digest(b"c" * 32, activity.id, str(invitation_codes.read(row["code"]))) for row in rows
        }


def job_of(database: Database) -> Job:
    with database.reading() as session:
        return session.scalars(select(Job)).one()


def test_the_file_lies_encrypted_and_only_who_asked_gets_it(
    app: Flask,
    client: FlaskClient,
    database: Database,
    activity: Activity,
    installation: Installation,
) -> None:
    order(client)
    work(app, installation)
    path = installation.settings.made / job_of(database).id.hex
    assert not zipfile.is_zipfile(path)
    assert b"codes.csv" not in path.read_bytes()
    with database.transaction() as session:
        colleague = make.user(session, session.get_one(Activity, activity.id).process.lead_institution, Role.OFFICER)
    other = app.test_client()
    sign_in(other, colleague)
    assert other.get(f"{PAGE}/files/{job_of(database).id}").status_code == 404
    assert zipfile.is_zipfile(io.BytesIO(fetched(client, database)))
    assert not path.exists()


def test_a_list_shows_once_it_is_made_and_one_that_failed_goes(
    app: Flask,
    client: FlaskClient,
    database: Database,
    activity: Activity,
    installation: Installation,
) -> None:
    order(client)
    assert (
        "Letters" not in client.get(PAGE).text.partition('id="lists"')[2].partition("<form")[0].partition("actions")[0]
    )
    taken = client.post(
        f"{PAGE}/codes", data={"name": "Letters", "count": "1", "locale": "en", "csrf_token": token(client)}
    )
    assert "There is a list with this name already" in taken.text
    with database.transaction() as session:
        session.scalars(select(Job)).one().state = "failed"
        inviting.sweep(session)
        assert session.scalars(select(InvitationList)).all() == []


@pytest.mark.parametrize("count", ["0", "100001", "many"])
def test_a_list_has_at_most_a_hundred_thousand_codes(client: FlaskClient, activity: Activity, count: str) -> None:
    fields = {"name": "Letters", "count": count, "locale": "en", "csrf_token": token(client)}
    assert client.post(f"{PAGE}/codes", data=fields).status_code == 200


@pytest.mark.parametrize("locale", ["en", "fr", "ar"])
def test_a_letter_says_in_each_language_what_the_officer_wrote(app: Flask, locale: str) -> None:
    activity = letter_of(("en", "fr", "ar"))
    entrance = entrances.Entrance(invitation=LocalisedText({"en": "Please **come**", "fr": "Venez", "ar": "تفضلوا"}))
    with app.app_context():
        made = printing.letters(activity, entrance, locale, "https://consult.example.org")
    words = PdfReader(io.BytesIO(made.pdf([invitation_codes.draw()]))).pages[0].extract_text()
    assert f"https://consult.example.org/{locale}/q/survey/invited" in words.replace("\n", "")
    if locale != "ar":  # joined letters are shapes, not characters
        assert {"en": "Please come", "fr": "Venez"}[locale] in words


def test_a_letter_that_does_not_fit_is_refused(app: Flask) -> None:
    entrance = entrances.Entrance(invitation=LocalisedText({"en": "Too long\n\n" * 60}))
    with app.app_context(), pytest.raises(Refused, match=r"participation\.letter\.long"):
        printing.letters(letter_of(("en",)), entrance, "en", "http://localhost")


def letter_of(locales: tuple[str, ...]) -> Activity:
    """An activity as a letter names it."""
    process = Process(lead_institution=Institution(name=LocalisedText({"en": "Ministry", "ar": "الوزارة"})))
    title = LocalisedText({"en": "What do you need?", "ar": "ماذا تحتاجون؟"})
    return Activity(process=process, slug="survey", title=title, locales=list(locales))


def test_eight_times_as_many_codes_and_letters_take_no_more_memory(tmp_path: Path) -> None:
    """Codes themselves are kept while they are written: two megabytes for ten thousand. `docs/performance.md` says what
    a hundred thousand take."""
    few, many = (measured(tmp_path / str(count), count) for count in (1_000, 8_000))
    assert many["stored"] == many["in_csv"] == many["letters"] == 8_000
    assert many["megabytes"] - few["megabytes"] < 25


def measured(folder: Path, count: int) -> dict[str, int]:
    """Codes and letters made in a process of its own, and how much memory it took at most."""
    folder.mkdir()
    command = [sys.executable, "-m", "tests.participation.bulk", str(folder), str(count)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # type: ignore[no-any-return]
