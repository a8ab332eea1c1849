"""A questionnaire on paper: conditions in words, everything that is asked, as PDF and as Word document."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from consult.accounts.models import Role
from consult.app import LONG
from consult.config import Keys, Settings
from consult.core.text import LocalisedText
from consult.db.installation import Installation
from consult.db.session import Database
from consult.jobs.long import run_due
from consult.processes.models import Activity
from consult.questionnaires import papers
from consult.questionnaires.paper.asking import Asking, numbered
from consult.questionnaires.paper.conditions import Conditions
from consult.questionnaires.paper.content import Asked, Boxes, Grid, Heading, Line, Table, Tone
from consult.questionnaires.paper.docx import plain
from consult.questionnaires.paper.making import paper
from consult.questionnaires.paper.reader import Reader
from consult.questionnaires.papers import Wanted
from tests.factories.accounts import sign_in, token, user
from tests.factories.privacy import make_notice
from tests.factories.questionnaires import make_draft, make_edition
from tests.questionnaires import questionnaire

FORM = questionnaire(
    {
        "survey": [
            {
                "type": "select_one lands",
                "name": "land",
                "label": {"en": "Country", "fr": "Pays"},
                "required": "true()",
            },
            {"type": "begin_group", "name": "page", "label": "Work", "relevant": "${land} = 'it'"},
            {"type": "select_multiple jobs", "name": "jobs", "label": "Jobs", "or_other": True},
            {"type": "integer", "name": "hours", "label": "Hours of ${land}", "constraint": ". <= 80"},
            {"type": "begin_group", "name": "grid", "label": "Agree?", "appearance": "table-list"},
            {"type": "select_one lands", "name": "one", "label": "First"},
            {"type": "select_one lands", "name": "two", "label": "Second"},
            {"type": "end_group"},
            {"type": "calculate", "name": "twice", "label": "", "calculation": "${hours} * 2"},
            {"type": "select_one many", "name": "town", "label": "Town"},
            {"type": "end_group"},
        ],
        "choices": {
            "lands": [
                {"name": "it", "label": {"en": "Italy", "fr": "Italie"}},
                {"name": "gh", "label": {"en": "Ghana", "fr": "Ghana"}},
            ],
            "jobs": ["farm", "shop"],
            "many": [f"town{number}" for number in range(40)],
        },
    },
    locales=("en", "fr"),
)


def reader(locale: str = "en") -> Reader:
    return Reader(locale, "en", numbered(FORM))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("${land} = 'it'", "“1 Country” is “Italy”"),
        ("'it' = ${land}", "“1 Country” is “Italy”"),
        ("${land} != 'it'", "“1 Country” is not “Italy”"),
        ("not(${land} = 'it')", "“1 Country” is not “Italy”"),
        ("${land} = ''", "“1 Country” is not answered"),
        ("${land} = 'it' or ${land} = 'gh'", "“1 Country” is “Italy” or “Ghana”"),
        ("${hours} > 5 and (. < 9 or 1 = 2)", "“3 Hours” is more than 5 and (this answer is less than 9 or 1 is 2)"),
        ("selected(${land}, 'it')", "“1 Country” includes “Italy”"),
        ("not(selected(${land}, 'it'))", "“1 Country” does not include “Italy”"),
        ("not(${hours} < 5)", "it is not so that “3 Hours” is less than 5"),
        ("5 <= ${hours}", "“3 Hours” is 5 or more"),
        ("count-selected(${land}) > 1.5", "the number of choices in “1 Country” is more than 1.5"),
        (". <= int(format-date(today(), '%Y'))", "this answer is the year of today or less"),
        ("regex(., '^[a-z]+$')", "this answer has the form ⟨^[a-z]+$⟩"),
        ("${hours} * 2 + 1 = 7", "((“3 Hours” × 2) + 1) is 7"),
        ("once(random()) < 0.5", "random() is less than 0.5"),
        ("true()", "always"),
    ],
)  # fmt: skip
def test_conditions_are_written_as_people_read_them(source: str, words: str) -> None:
    plain = source, words.replace("“3 Hours”", "“3 Hours of [answer to question 1] [en]”")
    told = Conditions(FORM, reader()).told(source)
    assert told.replace(" [en]", "") == plain[1].replace(" [en]", "")


def test_this_answer_has_the_choices_of_its_question() -> None:
    question = next(FORM.questions())
    assert Conditions(FORM, reader()).told(". = 'it'", question) == "this answer is “Italy”"


def test_conditions_speak_the_language_of_the_paper() -> None:
    assert Conditions(FORM, reader("fr")).told("${land} = 'it'") == "« 1 Pays » est « Italie »"
    assert Conditions(FORM, reader("ar")).told("${hours} > 1000.5").endswith("أكبر من 1000.5")


def test_everything_that_is_asked_stands_on_paper_with_its_rules_and_room_to_answer() -> None:
    blocks = list(Asking(FORM, reader()).blocks())
    asked = {block.name: block for block in blocks if isinstance(block, Asked)}
    assert [block.number for block in asked.values()] == ["1", "2", "3", "", "6"]
    assert [line.text for line in asked["land"].lines] == ["One answer · Has to be answered"]
    assert isinstance(asked["jobs"].answer, Boxes)
    assert (asked["jobs"].answer.one, asked["jobs"].answer.other, len(asked["jobs"].answer.labels)) == (False, True, 2)
    assert isinstance(asked[""].answer, Table)
    assert [row.number for row in asked[""].answer.rows] == ["4", "5"]
    routing = [block.text for block in blocks if isinstance(block, Line) and block.tone is Tone.ROUTING]
    assert routing == ["Only if “1 Country” is “Italy”"]
    headings = [plain(block.text) for block in blocks if isinstance(block, Heading)]
    assert headings[-3:] == ["Calculated values", "Long lists of choices", "many"]
    long = [block for block in blocks if isinstance(block, Grid)][-1]
    assert len(long.rows) == 41, "a head, and each choice once"


@pytest.fixture
def activity(database: Database) -> Activity:
    with database.transaction() as session:
        edition = make_edition(session, None, FORM, opens_at=None)
        activity = session.get_one(Activity, edition.activity_id)
        activity.slug = "survey"
        make_draft(session, activity, FORM)
        make_notice(session, activity).authority = LocalisedText({"en": "Data Protection Commission"})
        return activity


def test_who_works_on_a_process_has_a_paper_made_and_fetches_it(
    client: FlaskClient, database: Database, activity: Activity, settings: Settings, keys: Keys, now: dt.datetime
) -> None:
    with database.transaction() as session:
        process = session.get_one(Activity, activity.id).process
        person, slug = user(session, process.lead_institution, Role.TRANSLATOR), process.slug
    sign_in(client, person)
    page = f"/en/desk/processes/{slug}/paper/survey"
    assert "Edition 1" in client.get(page).text
    form = {"csrf_token": token(client), "edition": "1", "language": "fr", "format": "docx"}
    assert client.post(page, data={**form, "language": "de"}).status_code == 404
    job = client.post(page, data=form).location
    run_due(Installation(settings, keys, database), LONG, clock=lambda: dt.datetime.now(dt.UTC))
    file = client.get(f"{job}/file")
    assert file.headers["Content-Disposition"] == "attachment; filename=survey-1-fr.docx"
    words = [paragraph.text for paragraph in docx.Document(io.BytesIO(file.data)).paragraphs]
    assert "1. Pays" in words
    assert "○ Italie" in words
    assert "Seulement si « 1 Pays » est « Italie »" in words


def test_the_pdf_is_tagged_and_says_which_edition_it_is(database: Database, activity: Activity) -> None:
    with database.reading() as session:
        found = papers.printed(session, session.get_one(Activity, activity.id), 1, backup_days=35)
        assert found is not None
        made = papers.write(found, Wanted(1, "en", "pdf"))
        read = PdfReader(io.BytesIO(made))
        words = "\n".join(page.extract_text() for page in read.pages)
        assert paper(found, "en").mark == ""
        told = [plain(block.text) for block in paper(found, "en").blocks if isinstance(block, Line)]
        at = told.index("You can complain to the data-protection authority of your country.")
        assert told[at + 1] == "Data Protection Commission"
        assert "From backups, which are encrypted, it is gone 35 days after that." in told
        assert found.version.hash in words.replace("\n", "")
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "Only if “1 Country” is “Italy”" in words
