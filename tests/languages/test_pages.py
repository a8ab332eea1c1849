"""Pages of participants in languages that were added: words, digits, fallbacks, and nothing that was forgotten."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select, update

from consult.core.questionnaire.texts import texts
from consult.core.vocabulary import PSEUDO
from consult.db.session import Database
from consult.languages import queries
from consult.languages.catalogue import catalogue
from consult.participation.models import Invitation
from consult.processes.models import Activity
from consult.questionnaires import translating
from consult.questionnaires.translating import Typed
from tests.factories.invitations import invite, make_codes
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_edition
from tests.factories.responses import OPENED
from tests.factories.trials import come_in, make_trial
from tests.factories.visitor import Form
from tests.languages.conftest import Added, take_in
from tests.questionnaires import load
from tests.statements import noted
from translations import catalogues

MOST = 250
SOON = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)
FEATURES = ("types", "later_types", "uploads", "repeats", "matrix", "volatile", "relevance", "or_other", "in_place")
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-words", "data-failed", "data-kept", "data-unsaved",
          "data-waiting", "data-closed", "data-sure")  # fmt: skip
MONTHS = "January February March April May June July August September October November December UTC"

pytestmark = pytest.mark.usefixtures("clock")


def open_in(database: Database, feature: str, *locales: str, slug: str = "survey") -> Activity:
    """An activity that is offered in further languages, with texts in English."""
    with database.transaction() as session:
        process = make_process(session)
        activity = make_activity(session, process, slug=slug, locales=("en", *locales), opens_at=OPENED, closes_at=SOON)
        make_edition(session, activity, load(feature))
        activity.locales = ["en", *locales]
        make_notice(session, activity)
        return activity


def words_of(page: str) -> list[str]:
    """The words of a page that are said to be in its own language: texts, and attributes that are spoken."""
    root = html.document_fromstring(page)
    own = root.get("lang")
    found: list[str] = []
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "title", "meta"):
            continue
        above = (element, *element.iterancestors())
        lang = next(node.get("lang") for node in above if node.get("lang"))
        if lang == own and not any(node.tag == "bdi" or "code" in node.classes for node in above):
            found += [element.text or "", *(child.tail or "" for child in element)]
            found += [element.get(name, "") for name in SPOKEN]
    return [" ".join(text.split()) for text in found if text.strip()]


def test_the_words_of_participants_are_collected_and_few_enough() -> None:
    file = (catalogues.HERE / "participants.pot").read_bytes()
    catalogues.update_participants()
    assert (catalogues.HERE / "participants.pot").read_bytes() == file, "run `make strings`"
    assert 150 < len(catalogue()) <= MOST


def authored(feature: str) -> str:
    """What is not the interface's, and stands where no tag can say in which language it is."""
    asked = {words for text in texts(load(feature)) for words in text.words.values()}
    noticed = {"Ministry of Foreign Affairs", "Questionnaire for the diaspora", "To prepare the policy."}
    noticed |= {f"About {part}." for part in ("automated", "recipients", "source", "transfers")}
    patterns = (re.sub(r"\\\$\\{.*?\\}", ".*", re.escape(words)) for words in asked | noticed)
    return f"(– )?({'|'.join(patterns)})"


def pages(client: FlaskClient, locale: str) -> Iterator[str]:
    """What somebody sees who makes mistakes, answers, sends, reads, corrects and withdraws."""
    at = f"/{locale}/q/survey"

    def follow(path: str, fields: dict[str, list[str]] | None) -> str:
        answer = client.get(path) if fields is None else client.post(path, data=fields)
        while answer.status_code == 303:
            answer = client.get(answer.location)
        seen.append(answer.text)
        return answer.text

    seen: list[str] = []
    page = follow(at, None)
    for attempt in range(12):
        form = Form(page)
        if not form.action or form.action.endswith("/submit"):
            break
        wrong = {
            name: ["x"] if "." in name or not form.choices.get(name) else values for name, values in form.fields.items()
        }
        right = {name: form.choices.get(name, ["", "1"])[1:2] for name in form.fields}
        kept = {name: form.fields[name] for name in ("edition",) if name in form.fields}
        page = follow(form.action, {**(wrong if attempt % 2 == 0 else right), **kept})
    for path in (
        "saved",
        "check",
        "resume",
        "answers",
        "page/1",
        "offline",
        "privacy",
        "withdraw",
        "page/99",
        "receipt",
    ):
        follow(f"{at}/{path}", None)
    for path, fields in (
        ("submit", {}),
        ("resume", {"code": ["abc"]}),
        ("resume", {"code": ["0" * 26]}),
        ("correct", {}),
    ):
        follow(f"{at}/{path}", fields)
    for path in ("receipt", "answers", "withdraw"):
        follow(f"{at}/{path}", None)
    follow(f"{at}/withdraw", {})
    follow(f"{at}/exit", None)
    follow(f"/{locale}/q/nothing", None)
    yield from seen


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_page_of_participants_has_a_word_that_is_not_among_them(
    client: FlaskClient, database: Database, feature: str
) -> None:
    pseudo = PSEUDO[0]
    open_in(database, feature, pseudo)
    found = {text for page in pages(client, pseudo) for text in words_of(page)}
    assert any("[" in text for text in found)
    bare = {text for text in found if re.search(r"[A-Za-z]{3,}", re.sub("|".join(MONTHS.split()), "", text))}
    assert {text for text in bare if not re.fullmatch(authored(feature), text)} == set()


def test_a_page_in_dari_has_dari_words_digits_and_direction(
    client: FlaskClient, database: Database, added: Added
) -> None:
    added("prs")
    open_in(database, "types", "prs")
    page = client.get("/prs/q/survey").text
    assert '<html lang="prs" dir="rtl">' in page
    assert "همین حالا خارج شوید" in page
    assert not [text for text in words_of(page) if re.search("[A-Za-z]{3,}|[0-9]", text)]
    notice = client.get("/prs/q/survey/privacy").text
    assert re.search(r"۱۲ ماه|[۰-۹]+ ماه", notice)
    error = client.get("/prs/q/nothing").text
    assert "۴۰۴" in error


def test_what_is_wrong_with_the_code_of_an_invitation_is_said_in_dari(
    client: FlaskClient, database: Database, added: Added
) -> None:
    added("prs")
    activity = open_in(database, "types", "prs")
    with database.transaction() as session:
        (code,) = make_codes(session, invite(session, activity))
        session.execute(update(Invitation).values(state="used"))
    for typed, told in ((code, "با این کود قبلاً پاسخ‌ها فرستاده شده است"), (code[1:], "کود ۲۰ حرف و رقم دارد")):
        page = client.post("/prs/q/survey/invited", data={"code": typed}).text
        assert [text for text in words_of(page) if told in text]


def test_numbers_are_shown_and_understood_in_the_digits_of_the_language(
    client: FlaskClient, database: Database, added: Added
) -> None:
    added("prs")
    open_in(database, "constraint", "prs")
    refused = client.post("/prs/q/survey", data={"edition": "1", "age": "۱۲x", "name": "", "born": ""})
    assert 'value="۱۲x"' in refused.text
    assert client.post("/prs/q/survey", data={"edition": "1", "age": "20", "name": "", "born": ""}).status_code == 303
    assert 'value="۲۰"' in client.get("/prs/q/survey/page/1").text
    assert "۲۰" in client.get("/prs/q/survey/check").text
    sent = client.post("/prs/q/survey/page/1", data={"edition": "1", "age": "۲۵", "name": "", "born": ""})
    assert sent.status_code == 303
    assert 'value="۲۵"' in client.get("/prs/q/survey/page/1").text
    assert client.post("/prs/q/survey/submit").status_code == 303
    assert "۹ مارچ ۲۰۲۶" in client.get("/prs/q/survey/receipt").text


def test_what_is_not_translated_falls_back_and_says_so(client: FlaskClient, database: Database, added: Added) -> None:
    added("am")
    open_in(database, "pages", "am")
    page = client.get("/am/q/survey").text
    assert "ቀጥል" in page
    assert "<span lang='en' dir='ltr'>Go on with your code</span>" in page
    assert re.search("<[^>]*[\ufdd0\ufdd1][^>]*>|\ufdd0|\ufdd1", page) is None
    assert "<title>" in page
    assert "<span" not in re.findall("<title>(.*?)</title>", page, re.DOTALL)[0]
    assert not [text for text in words_of(page) if text in ("Go on with your code", "Contact")]


@pytest.mark.parametrize(("locale", "told"), [("am", "1 የጥያቄ ገጽ"), ("ti", "፩ ገጽ ሕቶታት"), ("prs", "۱ صفحهٔ پرسش")])
def test_plural_forms_and_digits(client: FlaskClient, database: Database, added: Added, locale: str, told: str) -> None:
    added(locale)
    open_in(database, "volatile", locale)
    assert told in client.get(f"/{locale}/q/survey").text


def test_a_word_that_is_reviewed_is_served_at_once_and_a_draft_never(
    client: FlaskClient, database: Database, added: Added, now: dt.datetime
) -> None:
    added("prs", words=False)
    open_in(database, "pages", "prs")
    assert "Exit now" in client.get("/prs/q/survey").text
    for text, reviewed in (("خروج فوری", True), ("پیش‌نویس", False)):
        with database.transaction() as session:
            language = queries.language(session, "prs")
            assert language is not None
            items = translating.items(session, language, "prs")
            key = next(item.key for item in items if item.source == "Exit now")
            translating.save(session, language, "prs", [Typed(key, text, reviewed)], by=None, now=now)
    with database.reading() as session:
        language = queries.language(session, "prs")
        assert language is not None
        assert list(language.words.values()) == ["خروج فوری"]


def test_pages_in_an_added_language_cost_no_query_either(client: FlaskClient, database: Database, added: Added) -> None:
    added("prs")
    open_in(database, "types", "prs")
    client.get("/prs/q/survey")
    with noted(database) as said:
        assert client.get("/prs/q/survey").status_code == 200
    assert said == []


def test_what_stands_on_a_page_that_was_kept_is_new_as_soon_as_a_word_is(
    client: FlaskClient, database: Database, added: Added, clock: object, now: dt.datetime
) -> None:
    added("prs", words=False)
    open_in(database, "pages", "prs")
    before = client.get("/prs/q/survey").text
    take_in(database, "prs", now)
    clock(dt.timedelta(seconds=2))  # type: ignore[operator]  # the fixture's function
    after = client.get("/prs/q/survey").text
    assert "Exit now" in before
    assert "Exit now" not in after


def test_and_in_a_trial(client: FlaskClient, database: Database, added: Added, clock: object, now: dt.datetime) -> None:
    added("prs", words=False)
    open_in(database, "pages", "prs")
    with database.transaction() as session:
        (activity,) = session.scalars(select(Activity))
        activity.opens_at = activity.closes_at = None
        code = make_trial(session, activity)
    come_in(client, code)
    before = client.get("/prs/q/survey/trial").text
    take_in(database, "prs", now)
    clock(dt.timedelta(seconds=2))  # type: ignore[operator]  # the fixture's function
    assert "Exit now" in before
    assert "Exit now" not in client.get("/prs/q/survey/trial").text


def test_pseudo_locales_are_never_offered(client: FlaskClient, database: Database, added: Added) -> None:
    added("prs")
    open_in(database, "pages", "prs")
    assert client.get("/en-XA/q/survey").status_code == 404
    assert "en-XA" not in client.get("/prs/q/survey").text


def test_pages_that_are_not_in_the_language_are_in_the_one_it_falls_back_to(
    client: FlaskClient, database: Database, added: Added
) -> None:
    added("prs")
    open_in(database, "pages", "prs")
    page = client.get("/prs/q/survey").text
    assert "/en/accessibility" in page
    assert client.get("/prs/accessibility").status_code == 404
    assert client.get("/prs/staff/sign-in").status_code == 404
