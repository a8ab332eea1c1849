"""The desk of languages: who adds one, who translates it, what is refused, and what goes out and comes back."""

from __future__ import annotations

import datetime as dt

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.accounts.models import Role
from consult.audit.models import Entry
from consult.core.errors import Refused
from consult.core.translation import State
from consult.db.session import Database
from consult.languages import queries, service
from consult.languages.models import Language
from consult.processes.models import Wording
from consult.questionnaires import exchanging, translating
from tests.factories.accounts import institution, sign_in, token, user
from tests.languages.conftest import Added, take_in

NEW = {
    "code": "prs", "name": "دری", "english": "Dari", "direction": "rtl", "digits": "arabext", "plural": "",
    "fallback": "en",
}  # fmt: skip


def enter(client: FlaskClient, database: Database, *roles: Role, operates: bool = True) -> None:
    """Sign somebody in who works for the institution that operates the installation, or for another."""
    with database.transaction() as session:
        who = user(session, institution(session, operates=operates), *roles)
    sign_in(client, who)


def add(client: FlaskClient, **changed: str) -> tuple[int, str]:
    """Send the form of a new language."""
    data = {**NEW, **changed, "csrf_token": token(client)}
    answer = client.post("/en/desk/languages/new", data=data)
    return answer.status_code, answer.text


def test_an_administrator_of_the_operator_adds_a_language(client: FlaskClient, database: Database) -> None:
    enter(client, database, Role.ADMINISTRATOR)
    assert "No language has been added yet." in client.get("/en/desk/languages").text
    assert add(client)[0] == 302
    with database.reading() as session:
        (added,) = session.scalars(select(Language))
        assert (added.code, added.plural, added.direction) == ("prs", "one: i in 0 or n in 1", "rtl")
        assert "languages.add" in session.scalars(select(Entry.action)).all()
    page = client.get("/en/desk/languages").text
    assert "دری" in page
    assert client.get("/en/desk/languages/prs").status_code == 200
    assert "دری" in client.get("/en/desk/languages/prs/translate").text


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"code": "Dari"}, "This is no code of a language"),
        ({"code": "en-XA"}, "This is no code of a language"),
        ({"code": "fr"}, "The interface is there in this language already."),
        ({"code": "tmh"}, "Unicode CLDR does not know this language"),
        ({"plural": "one: n is"}, "The condition of “one: n is” cannot be read"),
        ({"plural": "couple: n = 2"}, "“couple” is no category"),
        ({"digits": "roman"}, "Choose one of the options."),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_no_language_is_refused(
    client: FlaskClient, database: Database, changed: dict[str, str], told: str
) -> None:
    enter(client, database, Role.ADMINISTRATOR)
    status, page = add(client, **changed)
    assert (status, told in page) == (200, True)
    with database.reading() as session:
        assert queries.languages(session) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("role", "operates", "adds", "translates"),
    [
        (Role.TRANSLATOR, True, 404, 200),
        (Role.TRANSLATOR, False, 404, 404),
        (Role.OFFICER, False, 404, 404),
        (Role.INTERVIEWER, True, 404, 404),
        (Role.ADMINISTRATOR, False, 404, 404),
    ],
)
def test_who_may_add_and_who_may_translate(
    client: FlaskClient, database: Database, added: Added, role: Role, operates: bool, adds: int, translates: int
) -> None:
    added("ti")
    enter(client, database, role, operates=operates)
    assert client.get("/en/desk/languages/new").status_code == adds
    assert client.get("/en/desk/languages/ti").status_code == adds
    assert client.get("/en/desk/languages/ti/review").status_code == adds
    for page in ("translate", "file", "download.po"):
        assert client.get(f"/en/desk/languages/ti/{page}").status_code == translates


def test_a_translator_writes_words_beside_their_sources(client: FlaskClient, database: Database, added: Added) -> None:
    added("ti", words=False)
    enter(client, database, Role.TRANSLATOR)
    address = "/en/desk/languages/ti/translate"
    page = client.get(address).text
    assert "Exit now" in page
    with database.reading() as session:
        language = queries.language(session, "ti")
        assert language is not None
        items = translating.items(session, language, "ti")
    forms = {item.text.name: item for item in items if item.text.name and "page" in item.source}
    assert sorted(forms) == ["one: 0, 1", "other: 2, 3, 4, 5 …"]
    one, other = (forms[name] for name in sorted(forms))
    data = {f"mark:{one.key}": one.mark, f"text:{one.key}": "50% ገጽ", "csrf_token": token(client)}
    refused = client.post(address, data=data).text
    assert "%(count)s is missing" in refused
    assert "Write a per cent sign as %%, or leave it out." in refused
    data |= {f"text:{one.key}": "%(count)s ገጽ", f"reviewed:{one.key}": "yes"}
    data |= {f"mark:{other.key}": other.mark, f"text:{other.key}": "%(count)s ገጻት"}
    assert client.post(address, data=data).status_code == 302
    with database.reading() as session:
        language = queries.language(session, "ti")
        assert language is not None
        assert language.words == {one.text.path: "%(count)s ገጽ"}, "a draft is shown to nobody"
        assert language.version == 2
        assert {row.process_id for row in session.scalars(select(Wording))} == {None}


@pytest.mark.parametrize("form", ["xlsx", "xlf", "po"])
def test_a_round_trip_brings_every_word_back(database: Database, added: Added, now: dt.datetime, form: str) -> None:
    added("prs")
    with database.transaction() as session:
        language = queries.language(session, "prs")
        assert language is not None
        reviewed, total = service.reviewed(language)
        assert reviewed == total
        before = dict(language.words)
        found = exchanging.read(exchanging.export(session, language, "prs", form), f"prs.{form}")
        merged = exchanging.compare(session, language, "prs", found, reviews=True)
        assert (merged.same, [*merged.taken, *merged.asked, *merged.kept]) == (total, [])
        states = {item.here.state for item in translating.items(session, language, "prs")}
        assert states == {State.REVIEWED}
        assert exchanging.take(session, language, "prs", found, {}, reviews=True, by=None, now=now) == 0
        assert language.words == before


def test_another_plural_rule_asks_for_other_forms_and_loses_none(
    database: Database, added: Added, now: dt.datetime
) -> None:
    added("am")
    with database.transaction() as session:
        language = queries.language(session, "am")
        assert language is not None
        before = service.reviewed(language)
        for rule, forms in (("one: n = 1; two: n = 2", 3), ("one: n in 0..1", 2)):
            changed = service.Particulars(**{**_fields(language), "plural": rule})
            service.describe(session, language, changed, by=None, now=now)
            plurals = [text for text in service.texts(language) if text.field == "plural"]
            assert len(plurals) == 7 * forms
        assert service.reviewed(language) == before
        with pytest.raises(Refused, match=r"plural\.never"):
            wrong = service.Particulars(**{**_fields(language), "plural": "one: n = 1 and n = 2"})
            service.describe(session, language, wrong, by=None, now=now)
    assert take_in(database, "am", now) == 0


def _fields(language: Language) -> dict[str, str]:
    return {name: getattr(language, name) for name in service.Particulars.__dataclass_fields__}
