"""The next edition at the desk and on the command line: what it changes, and what becomes of earlier answers."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from consult.accounts.models import Role, User
from consult.config import Keys, Settings
from consult.core.questionnaire import document, maps
from consult.core.questionnaire.definition import node_id
from consult.core.questionnaire.maps import AnswerMap
from consult.db.installation import Installation
from consult.db.session import Database
from consult.processes.models import Activity
from consult.questionnaires import queries
from consult.questionnaires.commands import xlsform
from tests.core.exchange.making import form
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.responses import OPENED

DESK = "/en/desk/activities/survey"
FIRST = form(
    "type|name|label\nselect_one c|colour|Your colour\ntext|job|Your job",
    "list_name|name|label\nc|r|Red\nc|b|Blue\nc|old one|Grey",
)
SECOND = form(
    "type|name|label\nselect_one c|colour|Which colour?\ntext|work|Your work\ninteger|age|Your age",
    "list_name|name|label\nc|r|Red\nc|azure|Blue\nc|y|Yellow",
)
COLOUR, JOB, WORK = map(node_id, ("colour", "job", "work"))


@pytest.fixture
def activity(database: Database) -> Activity:
    with database.transaction() as session:
        process = make_process(session, slug="labour", locales=("en", "fr"))
        made = make_activity(session, process, slug="survey", title="Opinion survey", opens_at=OPENED)
        make_notice(session, made)
        return made


@pytest.fixture
def officer(database: Database, activity: Activity, client: FlaskClient) -> User:
    with database.transaction() as session:
        place = session.get_one(Activity, activity.id).process.lead_institution
        person = make.user(session, place, Role.OFFICER)
    sign_in(client, person)
    return person


def post(client: FlaskClient, path: str, **fields: object):
    return client.post(f"{DESK}{path}", data={"csrf_token": token(client), **fields})


def upload(client: FlaskClient, data: bytes) -> None:
    assert post(client, "/import", file=(BytesIO(data), "a.xlsx"), source="en").status_code == 302


@pytest.fixture
def second(client: FlaskClient, officer: User) -> FlaskClient:
    """The first edition published, the second imported."""
    upload(client, FIRST)
    assert post(client, "/publish").status_code == 302
    upload(client, SECOND)
    return client


def published(database: Database, activity: Activity, number: int) -> AnswerMap:
    with database.reading() as session:
        found = queries.edition(session, activity.id, number)
        assert found is not None
        return maps.decode(found.answer_map)


def test_the_page_shows_what_changes_and_asks_what_becomes_of_each_choice(second: FlaskClient) -> None:
    page = re.sub(r"\s+", " ", second.get(f"{DESK}/publish").text)
    assert "What this edition changes" in page
    for words in ("New questions: 2", "Questions left out: 1", "Questions with other words: 1", "Yellow"):
        assert words in page
    blue = re.search(rf'<select[^>]*name="code:{COLOUR}:b">.*?</select>', page)
    assert blue is not None
    assert '<option value="=azure" selected>Blue' in blue[0], "called the same, so most likely the same"
    assert 'value="" selected' not in blue[0]
    grey = re.search(rf'<select[^>]*id="code:{COLOUR}:old_one" name="code:{COLOUR}:old one">.*?</select>', page)
    assert grey is not None
    assert '<option value="" selected>' in grey[0], "nobody knows"
    assert f'name="meaning:{COLOUR}"' in page
    assert f'name="same:{WORK}"' in page
    assert "Before: Your job" in page


def test_what_is_not_decided_is_said_at_its_field_and_what_was_chosen_stays(
    second: FlaskClient, database: Database, activity: Activity
) -> None:
    chosen = {f"code:{COLOUR}:b": "=r", f"code:{COLOUR}:old one": "", f"meaning:{WORK}": "1", f"same:{WORK}": JOB}
    page = post(second, "/publish", **{name: value for name, value in chosen.items() if "meaning" not in name}).text
    assert f'href="#code:{COLOUR}:old_one"' in page
    assert page.count("say what becomes of earlier answers “old one”") == 2
    assert '<option value="=r" selected>' in page
    assert f'<option value="{JOB}" selected>' in page
    with database.reading() as session:
        assert len(queries.editions(session, activity.id)) == 1


def test_what_the_author_says_is_published_with_the_edition(
    second: FlaskClient, database: Database, activity: Activity
) -> None:
    chosen = {f"code:{COLOUR}:b": "=azure", f"code:{COLOUR}:old one": "apart", f"same:{WORK}": JOB}
    assert post(second, "/publish", **chosen).status_code == 302
    assert published(database, activity, 2) == AnswerMap(codes={COLOUR: {"b": ("azure",), "old one": ()}})
    with database.reading() as session:
        edition = queries.latest_edition(session, activity.id)
        assert edition is not None
        ids = {question.name: question.id for question in document.decode(edition.document).questions()}
    assert ids["work"] == JOB, "only renamed"
    page = second.get(DESK).text
    assert "It is published as edition 2" in page
    upload(second, SECOND)
    assert "It is published as edition 2" in second.get(DESK).text, "the same file is the same questionnaire"


def test_a_question_that_means_something_else_is_kept_apart(
    second: FlaskClient, database: Database, activity: Activity
) -> None:
    assert post(second, "/publish", **{f"meaning:{COLOUR}": "1"}).status_code == 302
    assert published(database, activity, 2).apart == (COLOUR,)


def test_what_is_published_is_what_was_shown(second: FlaskClient) -> None:
    assert "has changed in the meantime" in post(second, "/publish", draft="1").text


@pytest.mark.parametrize("same", [{f"same:{WORK}": COLOUR}, {"same:nothing": JOB}])
def test_only_what_is_new_can_be_what_has_gone(second: FlaskClient, same: dict[str, str]) -> None:
    answer = post(second, "/publish", **same)
    assert answer.status_code == 200
    assert "there is no such change of a question" in answer.text


def test_before_the_opening_nothing_has_to_be_decided(
    second: FlaskClient, database: Database, activity: Activity
) -> None:
    with database.transaction() as session:
        session.get_one(Activity, activity.id).opens_at = None
    page = second.get(f"{DESK}/publish").text
    assert "What this edition changes" in page
    assert f"code:{COLOUR}" not in page
    assert post(second, "/publish").status_code == 302
    assert published(database, activity, 2).codes == {COLOUR: {"b": (), "old one": ()}}


# --- the command line ---


def run(database: Database, settings: Settings, keys: Keys, folder: Path, data: bytes, *options: str) -> Result:
    file = folder / "form.xlsx"
    file.write_bytes(data)
    where = ("--process", "labour", "--activity", "survey", "--source", "en", "--publish")
    installation = Installation(settings, keys, database)
    return CliRunner().invoke(xlsform, ["import", str(file), *where, *options], obj=lambda: installation)


def test_the_command_takes_a_map_or_lists_what_is_undecided(
    database: Database, settings: Settings, keys: Keys, activity: Activity, tmp_path: Path
) -> None:
    assert run(database, settings, keys, tmp_path, FIRST).exit_code == 0
    refused = run(database, settings, keys, tmp_path, SECOND)
    assert refused.exit_code == 1
    assert "“b”" in refused.output
    assert "“old one”" in refused.output
    file = tmp_path / "map.csv"
    file.write_text("\ufeffquestion,old,new\ncolour,b,azure\ncolour,old one,\n", encoding="utf-8")
    done = run(database, settings, keys, tmp_path, SECOND, "--map", str(file), "--renamed", "work=job")
    assert done.exit_code == 0, done.output
    assert "edition 2 of survey" in done.output
    assert published(database, activity, 2) == AnswerMap(codes={COLOUR: {"b": ("azure",), "old one": ()}})


@pytest.mark.parametrize(
    ("rows", "options", "words"),
    [
        ("question,old\n", (), "needs the columns"),
        ("question,old,new\ncolour,b,nowhere\ncolour,old one,\n", (), "questionnaires.map.unknown"),
        ("question,old,new\ncolour,b,r\ncolour,b,y\ncolour,old one,\n", (), "questionnaires.map.several"),
        ("question,old,new\n", ("--meaning-changed", "nobody"), "questionnaires.map.question"),
        ("question,old,new\n", ("--renamed", "work=colour"), "questionnaires.map.question"),
    ],
)
def test_a_map_of_what_is_not_there_is_refused(
    database: Database,
    settings: Settings,
    keys: Keys,
    activity: Activity,
    tmp_path: Path,
    rows: str,
    options: tuple[str, ...],
    words: str,
) -> None:
    run(database, settings, keys, tmp_path, FIRST)
    file = tmp_path / "map.csv"
    file.write_text(rows, encoding="utf-8")
    refused = run(database, settings, keys, tmp_path, SECOND, "--map", str(file), *options)
    assert refused.exit_code == 1
    assert words in refused.output
    with database.reading() as session:
        assert len(queries.editions(session, activity.id)) == 1
