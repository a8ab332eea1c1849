"""The weight of a participant's first view: 30 questions, a third of which depend on others, in every locale."""

from __future__ import annotations

import gzip
import re

import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from consult.config import LOCALES
from consult.core.questionnaire.definition import Choice, ChoiceList, Question, Questionnaire, QuestionType
from consult.core.text import LocalisedText
from consult.db.session import Database
from tests.architecture.sources import ROOT
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_edition
from tests.factories.responses import OPENED

KB = 1024


@pytest.fixture
def database(sqlite: Database) -> Database:
    """Weight does not depend on the database: SQLite is enough here."""
    return sqlite


def words(locale: str) -> list[str]:
    """Sentences of the length of questions, as people really write them in that locale: those of the interface."""
    catalogue = "messages.pot" if locale == "en" else f"{locale}/LC_MESSAGES/messages.po"
    with (ROOT / "translations" / catalogue).open("rb") as file:
        found = [message.id if locale == "en" else message.string for message in read_po(file) if message.id]
    return [text for text in found if isinstance(text, str) and 40 <= len(text) <= 90 and "%" not in text]


def survey(locale: str) -> Questionnaire:
    """30 questions on one page: choices, numbers and texts, ten of them asked depending on what was said before."""
    sentences = iter(words(locale))

    def text() -> LocalisedText:
        return LocalisedText({locale: next(sentences)})

    questions = []
    for number in range(30):
        kind = (QuestionType.SELECT_ONE, QuestionType.INTEGER, QuestionType.TEXT)[number % 3]
        questions.append(
            Question(
                id=f"q{number:010x}",
                name=f"question_{number}",
                type=kind,
                label=text(),
                choices=f"list_{number % 4}" if kind is QuestionType.SELECT_ONE else "",
                relevant=f"${{question_{number - 2}}} = 'b' or ${{question_{number - 1}}} > 5"
                if number % 3 == 2
                else "",
            )
        )
    lists = tuple(
        ChoiceList(
            name=f"list_{number}",
            choices=tuple(Choice(name=code, label=LocalisedText({locale: next(sentences)[:25]})) for code in "abcde"),
        )
        for number in range(4)
    )
    title = LocalisedText({locale: next(sentences)})
    return Questionnaire(title=title, locales=(locale,), children=tuple(questions), choice_lists=lists)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("locale", LOCALES)
def test_a_first_view_weighs_at_most_14_kb(client: FlaskClient, database: Database, locale: str) -> None:
    with database.transaction() as session:
        process = make_process(session, locales=(locale,))
        activity = make_activity(session, process, slug="survey", locales=(locale,), opens_at=OPENED)
        make_edition(session, activity, survey(locale))
        make_notice(session, activity)
    page = gzip.decompress(client.get(f"/{locale}/q/survey", headers={"Accept-Encoding": "gzip"}).data).decode()
    style = re.search("<style>.*?</style>", page, re.DOTALL)
    assert style is not None
    assert page.count('class="question') == 30
    assert page.count("<template>") == 10
    html = len(gzip.compress(page.replace(style[0], "").encode(), 9))
    boot = len(gzip.compress((ROOT / "static" / "js" / "boot.js").read_bytes(), 9))
    assert html <= 8 * KB
    assert len(gzip.compress(style[0].encode(), 9)) <= 4 * KB
    assert boot <= 2 * KB
    assert len(gzip.compress(page.encode(), 9)) + boot <= 14 * KB
