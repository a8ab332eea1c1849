"""The record of processing and the beginning of a DPIA: one click, the reader's language, what is known filled in."""

from __future__ import annotations

import io

import pytest
from docx import Document
from flask.testing import FlaskClient

from consult.accounts.models import Role
from consult.core.questionnaire.definition import QuestionType
from consult.core.questionnaire.standing import Wanted, with_standing
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.processes.models import Activity
from tests.factories import accounts as make
from tests.factories.accounts import sign_in
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_edition, make_question, make_questionnaire

DESK = "/en/desk/activities/survey"


@pytest.fixture
def activity(database: Database, client: FlaskClient) -> Activity:
    """An activity that asks a sensitive question; its officer has signed in."""
    with database.transaction() as session:
        process = make_process(session, threshold=12)
        made = make_activity(session, process, slug="survey", locales=("en",))
        health = make_question("health", QuestionType.TEXT, sensitive=True)
        asked = with_standing(make_questionnaire(health, locales=("en",)), Wanted(least_age=16))
        make_edition(session, made, asked)
        make_notice(session, made).purpose = LocalisedText({"en": "To draft <the> policy. =1+1"})
        officer = make.user(session, process.lead_institution, Role.OFFICER)
    sign_in(client, officer)
    return made


@pytest.mark.parametrize("kind", ["record", "dpia"])
def test_what_is_known_is_filled_in(client: FlaskClient, activity: Activity, kind: str) -> None:
    page = client.get(DESK).text
    assert f"{DESK}/{kind}.docx" in page
    text = client.get(f"{DESK}/{kind}.txt")
    assert text.headers["Content-Disposition"] == f'attachment; filename="survey-{kind}.txt"'
    document = Document(io.BytesIO(client.get(f"{DESK}/{kind}.docx").data))
    cells = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    for words in (
        "To draft <the> policy. =1+1",
        "Ghanaians abroad",
        "health",
        "How old are you?",
        "fewer than 12 people",
    ):
        assert words in text.text
        assert words in cells
    assert document.core_properties.author == ""


def test_the_dpia_says_what_only_people_can_judge(client: FlaskClient, activity: Activity) -> None:
    text = client.get(f"{DESK}/dpia.txt").text
    assert text.count("To be assessed") == 8
    assert "Advice of the data-protection officer" in text


def test_it_is_in_the_language_of_its_reader_and_runs_as_that_does(client: FlaskClient, activity: Activity) -> None:
    data = client.get(f"{DESK.replace('/en/', '/ar/')}/record.docx").data
    document = Document(io.BytesIO(data))
    assert document.core_properties.language == "ar"
    assert "bidiVisual" in document.element.xml


def test_nobody_else_gets_it(client: FlaskClient, database: Database, activity: Activity) -> None:
    assert client.get(f"{DESK}/record.pdf").status_code == 404
    with database.transaction() as session:
        stranger = make.user(session, make_process(session).lead_institution, Role.OFFICER)
    sign_in(client, stranger)
    assert client.get(f"{DESK}/record.docx").status_code == 404
