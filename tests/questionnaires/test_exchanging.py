"""Files of translations: out, changed on both sides, and in again, at the desk and on the command line."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consult.accounts.models import Role, User
from consult.config import Keys, Settings
from consult.core.errors import Refused
from consult.core.exchange.entries import Entry
from consult.core.questionnaire.definition import Questionnaire, QuestionType, node_id
from consult.core.translation import State
from consult.db.installation import Installation
from consult.db.session import Database
from consult.processes.models import Activity
from consult.questionnaires import exchanging, translating
from consult.questionnaires.exchanging import FORMATS
from consult.questionnaires.translating import Typed
from consult.questionnaires.translation_commands import translations
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_draft, make_question, make_questionnaire

DESK = "/en/desk/processes/labour/translations"
COUNT = 299
formats = pytest.mark.parametrize("form", FORMATS)


def key(number: int) -> str:
    """The label of a question."""
    return f"questionnaire:{node_id(f'q{number}')}/label"


def survey(count: int) -> Questionnaire:
    """A questionnaire in English and French."""
    questions = [make_question(f"q{number}", QuestionType.TEXT, locales=("en", "fr")) for number in range(count)]
    return make_questionnaire(*questions, locales=("en", "fr"))


def planned(session: Session, count: int) -> Activity:
    """An activity that asks so many questions."""
    activity = make_activity(
        session, make_process(session, slug="labour", locales=("en", "fr")), slug="survey", locales=("en", "fr")
    )
    make_draft(session, activity, survey(count))
    return activity


@formats
def test_300_texts_of_which_20_changed_on_both_sides_ask_20_times_and_lose_nothing(
    session: Session, now: dt.datetime, form: str
) -> None:
    activity = planned(session, COUNT)
    data = exchanging.export(session, activity, "fr", form)
    sent = exchanging.read(data, f"survey.{form}")
    assert len(sent.entries) == COUNT + 2, "and two titles"
    both, here, there = ([key(number) for number in range(first, first + 20)] for first in (0, 100, 200))
    mine = [Typed(name, f"ici {name}", reviewed=False) for name in (*both, *here)]
    translating.save(session, activity, "fr", mine, by=None, now=now)
    changed = {*both, *there}
    entries = [replace(one, target=f"là {one.key}") if one.key in changed else one for one in sent.entries]
    file = exchanging.read(FORMATS[form].write(replace(sent, entries=tuple(entries))), f"survey.{form}")

    with pytest.raises(Refused) as refused:
        exchanging.take(session, activity, "fr", file, {}, reviews=False, by=None, now=now)
    assert [problem.place.field for problem in refused.value.problems] == both
    assert len({problem.place.row for problem in refused.value.problems}) == 20, "each with its line"
    merged = exchanging.compare(session, activity, "fr", file, reviews=False)
    choices = {
        change.entry.key: f"{'file' if place % 2 else 'here'}:{exchanging.fingerprint(change.here.text)}"
        for place, change in enumerate(merged.asked)
    }
    assert exchanging.take(session, activity, "fr", file, choices, reviews=False, by=None, now=now) == 30
    found = {item.key: item for item in translating.items(session, activity, "fr")}
    for place, name in enumerate(both):
        stays, goes = ("là", "ici") if place % 2 else ("ici", "là")
        assert found[name].here.text == f"{stays} {name}"
        assert goes == "là" or f"ici {name}" in found[name].earlier, "what gave way is in the history"
    assert {found[name].here.text for name in here} == {f"ici {name}" for name in here}
    assert {found[name].here.text for name in there} == {f"là {name}" for name in there}
    assert found[key(50)].here.text == "q50 en français"


def test_what_a_file_says_is_reviewed_counts_where_somebody_says_so(session: Session, now: dt.datetime) -> None:
    activity = planned(session, 2)
    sent = exchanging.read(exchanging.export(session, activity, "fr", "xlsx"), "a.xlsx")
    entries = tuple(replace(one, target=f"{one.target} !") for one in sent.entries)
    file = replace(sent, entries=entries)
    assert exchanging.take(session, activity, "fr", file, {}, reviews=False, by=None, now=now) == 4
    states = {item.here.state for item in translating.items(session, activity, "fr")}
    assert states == {State.DRAFT}
    assert exchanging.take(session, activity, "fr", file, {}, reviews=True, by=None, now=now) == 4
    states = {item.here.state for item in translating.items(session, activity, "fr")}
    assert states == {State.REVIEWED}


def test_a_translation_of_what_was_asked_before_is_stale(session: Session, now: dt.datetime) -> None:
    activity = planned(session, 1)
    sent = exchanging.read(exchanging.export(session, activity, "fr", "po"), "a.po")
    entries = tuple(replace(one, source=f"Before: {one.source}", target="Avant") for one in sent.entries)
    exchanging.take(session, activity, "fr", replace(sent, entries=entries), {}, reviews=True, by=None, now=now)
    item = next(item for item in translating.items(session, activity, "fr") if item.key == key(0))
    assert (item.here.text, item.here.state, item.here.before) == ("Avant", State.STALE, "Before: q0 in English")


@pytest.fixture
def activity(database: Database) -> Activity:
    """An activity that asks three questions."""
    with database.transaction() as session:
        return planned(session, 3)


@pytest.fixture
def translator(database: Database, activity: Activity, client: FlaskClient) -> User:
    """Somebody who translates for the lead institution, signed in."""
    with database.transaction() as session:
        place = session.get_one(Activity, activity.id).process.lead_institution
        person = make.user(session, place, Role.TRANSLATOR)
    sign_in(client, person)
    return person


def post(client: FlaskClient, path: str, **fields: object):
    """Send a form."""
    return client.post(f"{DESK}{path}?activity=survey", data={"csrf_token": token(client), **fields})


def upload(client: FlaskClient, entries: list[Entry], form: str = "xlsx", **fields: object):
    """Send a file."""
    from consult.core.exchange.entries import Exchange

    data = FORMATS[form].write(Exchange("en", "fr", tuple(entries), "survey"))
    return post(client, "/fr/file", file=(BytesIO(data), f"survey.{form}"), **fields)


def fetched(client: FlaskClient, form: str = "xlsx") -> list[Entry]:
    """What a translator gets."""
    answer = client.get(f"{DESK}/fr/download.{form}?activity=survey")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="survey-fr.{form}"'
    return list(exchanging.read(answer.data, f"survey.{form}").entries)


def hidden(page: str, name: str) -> str:
    """What a page's form carries."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return html.unescape(found[1])


@formats
def test_a_translator_takes_a_file_in_and_chooses(client: FlaskClient, translator: User, form: str) -> None:
    sent = fetched(client, form)
    assert sent[2].note.startswith("Label · q0")
    mark = hidden(client.get(f"{DESK}/fr?activity=survey").text, f"mark:{key(0)}")
    typed = {f"text:{key(0)}": "Ici", f"mark:{key(0)}": mark}
    assert post(client, "/fr", **typed).status_code == 302
    changed = [replace(one, target=f"Là {one.key[-12:]}") if one.key in (key(0), key(1)) else one for one in sent]
    page = upload(client, changed, form).text
    assert page.count("<fieldset") == 1
    assert "Ici" in page
    carried = {"found": hidden(page, "found")}
    again = post(client, "/fr/file", **carried).text
    assert "Choose which of the two translations stays." in again
    assert hidden(again, "found") == carried["found"], "nothing has to be chosen or sent again"
    choice = hidden(page, f"choose:{key(0)}").replace("here:", "file:")
    assert post(client, "/fr/file", **carried, **{f"choose:{key(0)}": choice}).status_code == 302
    page = client.get(f"{DESK}/fr?activity=survey").text
    assert page.count("Là ") >= 2


def test_a_choice_about_what_has_changed_again_is_asked_again(
    client: FlaskClient, translator: User, database: Database, activity: Activity, now: dt.datetime
) -> None:
    sent = fetched(client)

    def write(words: str) -> None:
        with database.transaction() as session:
            owner = session.get_one(Activity, activity.id)
            translating.save(session, owner, "fr", [Typed(key(0), words, reviewed=False)], by=None, now=now)

    write("Ici")
    page = upload(client, [replace(one, target="Là") if one.key == key(0) else one for one in sent]).text
    choice = hidden(page, f"choose:{key(0)}").replace("here:", "file:")
    write("Ici encore")
    again = post(client, "/fr/file", found=hidden(page, "found"), **{f"choose:{key(0)}": choice})
    assert "Choose which of the two translations stays." in again.text
    assert "Ici encore" in again.text


def test_what_is_wrong_in_a_file_is_told_with_its_row(client: FlaskClient, translator: User) -> None:
    sent = fetched(client)
    page = upload(client, [replace(one, target="${x}") if one.key == key(1) else one for one in sent]).text
    assert "The file was not imported" in page
    assert re.search(r'<td class="numeric"[^>]*>\s*5\s*</td>', page)
    assert "${x} is not in the source" in page
    assert (
        "for other languages"
        in post(
            client, "/ar/file", file=(BytesIO(client.get(f"{DESK}/fr/download.po?activity=survey").data), "a.po")
        ).text
    )
    assert "ends in .xlsx" in post(client, "/fr/file", file=(BytesIO(b"x"), "a.doc")).text


@pytest.mark.parametrize("found", ["", "x", "eJw=", "AAAA"])
def test_what_no_form_of_ours_carries_is_refused(client: FlaskClient, translator: User, found: str) -> None:
    assert post(client, "/fr/file", found=found).status_code == 400


def test_what_was_typed_stays_where_something_is_wrong(client: FlaskClient, translator: User) -> None:
    page = client.get(f"{DESK}/fr?activity=survey").text
    marks = {f"mark:{key(number)}": hidden(page, f"mark:{key(number)}") for number in range(3)}
    texts = {f"text:{key(0)}": "Bien écrit", f"text:{key(1)}": "Avec ${x}", f"text:{key(2)}": "q2 en français"}
    again = post(client, "/fr", **marks, **texts).text
    assert "Bien écrit" in again
    assert "Avec ${x}" in again
    assert "There is a problem" in again
    assert "Bien écrit" not in client.get(f"{DESK}/fr?activity=survey").text, "one wrong text saves none"


def test_the_editor_filters_by_state_and_shows_neighbours(client: FlaskClient, translator: User) -> None:
    page = client.get(f"{DESK}/fr?activity=survey").text
    mark = hidden(page, f"mark:{key(1)}")
    post(client, "/fr", **{f"mark:{key(1)}": mark, f"text:{key(1)}": "Brouillon"})
    page = client.get(f"{DESK}/fr?activity=survey&state=draft").text
    assert page.count("<textarea") == 1
    assert "q0 in English" in page
    assert "q2 in English" in page
    assert client.get(f"{DESK}/ar?activity=survey").text.count('dir="rtl"') >= 3, "direction is the language's"


@pytest.mark.parametrize(
    "path", ["", "?activity=survey", "/fr", "/fr?activity=survey", "/fr/file?activity=survey", "/fr/download.po"]
)
def test_nobody_of_another_institution_finds_anything(
    client: FlaskClient, database: Database, activity: Activity, path: str
) -> None:
    with database.transaction() as session:
        stranger = make.user(session, make.institution(session), Role.TRANSLATOR)
    sign_in(client, stranger)
    assert client.get(f"{DESK}{path}").status_code == 404


@pytest.mark.parametrize("path", ["/fr/review", "/fr/leave-out"])
def test_officers_decide_about_whole_languages_and_translators_do_not(
    client: FlaskClient, database: Database, activity: Activity, translator: User, path: str
) -> None:
    assert client.get(f"{DESK}{path}?activity=survey").status_code == 404
    with database.transaction() as session:
        place = session.get_one(Activity, activity.id).process.lead_institution
        officer = make.user(session, place, Role.OFFICER)
    sign_in(client, officer)
    assert client.get(f"{DESK}{path}?activity=survey").status_code == 200
    assert post(client, path).status_code == 302


@pytest.mark.parametrize("path", ["/en", "/xx-nothing", "/fr?activity=nothing"])
def test_what_is_no_language_or_activity_is_not_found(client: FlaskClient, translator: User, path: str) -> None:
    assert client.get(f"{DESK}{path}").status_code == 404


def run(database: Database, settings: Settings, keys: Keys, *arguments: str) -> Result:
    """Run the command line."""
    installation = Installation(settings, keys, database)
    return CliRunner().invoke(translations, list(arguments), obj=lambda: installation)


@formats
def test_the_command_line_exports_imports_and_counts(
    database: Database, settings: Settings, keys: Keys, activity: Activity, tmp_path: Path, form: str, now: dt.datetime
) -> None:
    file = tmp_path / f"survey.{form}"
    of = ("--activity", "survey", "--locale", "fr")
    assert run(database, settings, keys, "export", *of, "--out", str(file)).output == f"{file}\n"
    sent = exchanging.read(file.read_bytes(), file.name)
    with database.transaction() as session:
        owner = session.get_one(Activity, activity.id)
        translating.save(session, owner, "fr", [Typed(key(0), "Ici", reviewed=False)], by=None, now=now)
    entries = tuple(replace(one, target="Là") if one.key in (key(0), key(1)) else one for one in sent.entries)
    file.write_bytes(FORMATS[form].write(replace(sent, entries=entries)))
    result = run(database, settings, keys, "import", str(file), *of)
    assert result.exit_code == 1
    assert "here: Ici" in result.output
    assert "file: Là" in result.output
    result = run(database, settings, keys, "import", str(file), *of, "--both", "here")
    assert result.output == "saved 1, kept 0, alike 3, no longer here 0\n"
    result = run(database, settings, keys, "status", "--activity", "survey", "--format", "json")
    assert json.loads(result.output)["fr"] == {"missing": 0, "draft": 2, "reviewed": 3, "stale": 0}
    assert run(database, settings, keys, "status", "--process", "labour").output.startswith("fr: missing")


def test_the_command_line_says_what_is_wrong(
    database: Database, settings: Settings, keys: Keys, activity: Activity, tmp_path: Path
) -> None:
    file = tmp_path / "survey.po"
    file.write_text("msgfoo", encoding="utf-8")
    result = run(database, settings, keys, "import", str(file), "--activity", "survey", "--locale", "fr")
    assert (result.exit_code, "exchange.damaged" in result.output) == (1, True)
    assert run(database, settings, keys, "status").exit_code == 2
    nowhere = run(database, settings, keys, "export", "--activity", "survey", "--locale", "en", "--out", "a.po")
    assert "Nothing is translated into 'en' here." in nowhere.output
    assert "no activity 'x'" in run(database, settings, keys, "status", "--activity", "x").output
