"""Files and their names are data: nothing in them becomes markup, a path or a promise."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.accounts.models import Role
from consult.db.session import Database
from consult.questionnaires.models import Revision
from tests.core.exchange.making import form
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.processes import make_activity, make_process

SCRIPT = "<script>alert(1)</script>"
DESK = "/en/desk/activities/survey"


@pytest.fixture
def officer(database: Database, client: FlaskClient) -> FlaskClient:
    """The browser of an officer with a planned activity."""
    with database.transaction() as session:
        process = make_process(session, locales=("en",))
        make_activity(session, process, slug="survey")
        person = make.user(session, process.lead_institution, Role.OFFICER)
    sign_in(client, person)
    return client


def upload(client: FlaskClient, data: bytes, name: str):
    """Send a file."""
    form_data = {"csrf_token": token(client), "source": "", "file": (BytesIO(data), name)}
    return client.post(f"{DESK}/import", data=form_data)


def test_texts_names_and_remarks_of_a_file_are_text(officer: FlaskClient) -> None:
    survey = form(
        f"type|name|label::English (en)|hint::English (en)|{SCRIPT}\n"
        f"begin group|page|{SCRIPT}||\n"
        f"select_one colours|colour|{SCRIPT}|{SCRIPT}|x\n"
        f"barcode|scan|{SCRIPT}||\n"
        "end group||||",
        choices=f"list_name|name|label::English (en)\ncolours|red|{SCRIPT}",
        settings=f"form_title\n{SCRIPT}",
    )
    assert upload(officer, survey, f"{SCRIPT}.xlsx").status_code == 302
    for page in ("", "/publish", "/preview"):
        html = officer.get(f"{DESK}{page}").text
        assert "<script>alert" not in html, page
    assert "&lt;script&gt;" in officer.get(DESK).text


def test_problems_quote_the_file_as_text(officer: FlaskClient) -> None:
    html = upload(officer, form(f"type|name|label\n{SCRIPT}|a|A\ntext|{SCRIPT}|B"), "x.xlsx").text
    assert "The file was not imported" in html
    assert "<script>alert" not in html


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("a\u202excod.xlsx", "axcod.xlsx"),
        ("x" * 300 + ".xlsx", "x" * 195 + ".xlsx"),
    ],
)
def test_a_file_name_is_shown_and_never_used(officer: FlaskClient, database: Database, name: str, stored: str) -> None:
    assert upload(officer, form("type|name|label\ntext|a|A"), name).status_code == 302
    with database.reading() as session:
        assert session.scalars(select(Revision.origin)).one().endswith(stored)


def test_templates_in_texts_stay_as_they_are_written(officer: FlaskClient) -> None:
    survey = form("type|name|label\ntext|a|{{ 7*7 }} {x.__class__} ${nobody.__class__} %(x)s")
    answer = upload(officer, survey, "x.xlsx")
    html = officer.get(f"{DESK}/preview").text if answer.status_code == 302 else answer.text
    assert "49" not in re.sub(r"<[^>]*>", " ", html.split("<main")[1].split("</main")[0])
