"""The demo's files are complete in every locale, agree with each other, and are accepted as an officer's would be."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import openpyxl
import pytest
from pyxform.xls2xform import convert

from consult.accounts.models import Role
from consult.core.codes import COUNTRIES
from consult.core.exchange.xlsform import Imported, read
from consult.core.expressions.expression import parse
from consult.core.policy.stages import Stage
from consult.core.questionnaire.definition import Group, Question, QuestionType
from consult.core.questionnaire.lint import lint
from consult.core.text import LocalisedText
from consult.demo.content import Demo, DemoTheme, load, opinions, population, questionnaire_file
from consult.processes.models import Seat, Unit


@pytest.fixture(scope="module")
def demo() -> Demo:
    return load()


@pytest.fixture(scope="module")
def imported(demo: Demo) -> Imported:
    return read(questionnaire_file(demo), filename=demo.activity.questionnaire)


def _themes(demo: Demo) -> list[DemoTheme]:
    return [theme for top in demo.process.themes for _, theme in top.walk()]


def _texts(demo: Demo, imported: Imported) -> Iterator[LocalisedText]:
    yield from (demo.process.title, demo.process.public_name, demo.process.mandate, demo.activity.title)
    yield from (demo.activity.notice.controller, demo.activity.notice.purpose)
    yield from (institution.name for institution in demo.institutions.values())
    yield from (theme.label for theme in _themes(demo))
    yield imported.questionnaire.title
    for node, _ in imported.questionnaire.walk():
        yield node.label
        if isinstance(node, Question):
            yield from (node.hint, node.required_message, node.constraint_message)
    yield from (choice.label for choices in imported.questionnaire.choice_lists for choice in choices.choices)


def test_the_questionnaire_is_imported_without_a_warning_in_six_locales(demo: Demo, imported: Imported) -> None:
    assert imported.warnings == ()
    assert imported.questionnaire.locales == demo.locales
    assert imported.questionnaire.title == demo.activity.title


def test_nothing_stands_against_publishing_it(imported: Imported) -> None:
    findings = lint(imported.questionnaire)
    assert (findings.errors, findings.warnings) == ((), ())


def test_pyxform_accepts_the_questionnaire(demo: Demo) -> None:
    form = convert(io.BytesIO(questionnaire_file(demo)), file_type=".xlsx")
    assert form.warnings == []


def test_every_text_is_there_in_every_locale(demo: Demo, imported: Imported) -> None:
    assert [text for text in _texts(demo, imported) if text and text.missing(demo.locales)] == []


def test_a_constraint_and_a_required_question_say_what_to_do(imported: Imported) -> None:
    for question in imported.questionnaire.questions():
        assert bool(question.constraint) == bool(question.constraint_message), question.name
        assert bool(question.required) == bool(question.required_message), question.name


def test_numbers_in_a_text_are_the_same_in_every_locale(demo: Demo, imported: Imported) -> None:
    for text in _texts(demo, imported):
        figures = {locale: re.findall(r"\d+", words.replace(",", ".")) for locale, words in text.items()}
        assert all(found == figures["en"] for found in figures.values()), text["en"]


def test_the_first_page_is_the_same_for_everyone(imported: Imported) -> None:
    first = imported.questionnaire.children[0]
    assert isinstance(first, Group)
    sources = [
        source
        for node in first.children
        if isinstance(node, Question)
        for source in (node.relevant, node.constraint, node.calculation, node.default, node.choice_filter)
        if source
    ]
    assert [source for source in sources if parse(source).volatile] == []


def test_it_has_seven_pages_and_about_thirty_questions_to_answer(imported: Imported) -> None:
    asked = [
        question
        for question in imported.questionnaire.questions()
        if question.type not in {QuestionType.NOTE, QuestionType.CALCULATE}
    ]
    assert (len(imported.questionnaire.children), len(asked)) == (7, 33)


def test_sensitive_questions_offer_not_to_say(imported: Imported) -> None:
    lists = imported.questionnaire.lists()
    sensitive = [question for question in imported.questionnaire.questions() if question.sensitive]
    assert {question.name for question in sensitive} == {"sent_money", "amount", "voting", "return_plan"}
    assert all("prefer_not" in lists[question.choices].names() for question in sensitive if question.choices)


def test_questions_are_tagged_with_themes_of_the_process(demo: Demo, imported: Imported) -> None:
    codes = {theme.code for theme in _themes(demo)}
    assert {question.theme for question in imported.questionnaire.questions() if question.theme} <= codes


def test_users_roles_and_seats_exist_and_each_role_is_held_once(demo: Demo) -> None:
    assert {user.institution for user in demo.users} | {demo.process.lead} <= demo.institutions.keys()
    assert sorted(role for user in demo.users for role in user.roles) == sorted(Role)
    assert sorted(user.seat for user in demo.users if user.seat) == sorted(Seat)
    assert all(user.email.endswith("@example.org") for user in demo.users)
    assert all(user.seat_days for user in demo.users if user.seat == Seat.ADVISER)
    assert (demo.process.stage in set(Stage), demo.activity.unit in set(Unit)) == (True, True)


def test_the_population_has_each_country_once_in_a_region_of_the_questionnaire(imported: Imported) -> None:
    stocks = population()
    countries = [stock.country for stock in stocks]
    assert len(countries) == len(set(countries)) == 67
    assert set(countries) <= set(COUNTRIES)
    assert sum(stock.female + stock.male for stock in stocks) == 970_714
    lists = imported.questionnaire.lists()
    regions = {choice.name: choice.attributes.get("region") for choice in lists["country"].choices}
    assert all(regions.get(stock.country, stock.region) == stock.region for stock in stocks)
    assert {stock.region for stock in stocks} <= set(lists["region"].names())


def test_opinions_are_there_in_every_locale(demo: Demo) -> None:
    assert opinions().keys() == set(demo.locales)
    assert sum(len(texts) for texts in opinions().values()) >= 40


def test_no_cell_of_the_file_has_stray_spaces(demo: Demo) -> None:
    book = openpyxl.load_workbook(io.BytesIO(questionnaire_file(demo)), read_only=True)
    cells = [str(value) for sheet in book for row in sheet.values for value in row if value is not None]
    assert [text for text in cells if text != text.strip() or "  " in text] == []
