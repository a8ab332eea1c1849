"""What leaves the site in a language that was added: mails, letters, questionnaires on paper."""

from __future__ import annotations

import datetime as dt

import docx
import msgspec
import pytest
from click.testing import CliRunner
from flask import Flask

from consult.cli import main
from consult.config import Keys, Settings
from consult.core.text import LocalisedText
from consult.db.installation import Installation
from consult.db.session import Database
from consult.participation import printing
from consult.participation.models import Entrance
from consult.processes.models import Activity
from consult.questionnaires import papers
from consult.questionnaires.paper import pdf
from consult.questionnaires.paper.making import paper
from consult.questionnaires.paper.reader import Reader
from consult.web.letters import compose, page
from consult.web.words import END, START
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_edition
from tests.factories.responses import OPENED
from tests.languages.conftest import Added
from tests.questionnaires import load

SAID = {"institution": LocalisedText({"en": "Ministry"}), "text": LocalisedText()}


@pytest.fixture
def activity(database: Database, added: Added) -> Activity:
    """An activity that is offered in Dari, with texts in English."""
    added("prs")
    with database.transaction() as session:
        made = make_activity(session, make_process(session), slug="survey", opens_at=OPENED)
        make_edition(session, made, msgspec.structs.replace(load("types"), locales=("en", "prs")))
        make_notice(session, made)
        assert made.process.lead_institution.name
    return made


@pytest.mark.usefixtures("clock")
def test_letters_say_where_words_fall_back_and_mails_keep_no_marks(app: Flask, activity: Activity) -> None:
    with app.app_context():
        mail = compose(
            "take_part", "prs", activity=activity, reminds=False, link="http://localhost/x", code="ABCD", **SAID
        )
        letter = page("participation/letter.html", "prs", activity=activity, address="http://localhost/x", **SAID)
        made = printing.letters(activity, Entrance(invitation=LocalisedText()), "prs", "http://localhost")
    for written in (mail.subject, mail.text, mail.html, letter):
        assert START not in written
        assert END not in written
    assert mail.subject == "You are invited to take part"
    for html in (mail.html, letter):
        assert '<html lang="prs" dir="rtl">' in html
        assert "<span lang='en' dir='ltr'>" in html
    assert made.stamp.picture[0] > printing.PAGE / 2, "the picture stands where lines begin"


@pytest.mark.usefixtures("clock")
def test_a_paper_has_the_words_digits_and_direction_of_the_language(
    app: Flask, database: Database, activity: Activity
) -> None:
    with app.app_context(), database.reading() as session:
        found = papers.printed(session, session.get_one(Activity, activity.id), 1, backup_days=35)
        assert found is not None
        html = pdf.html(paper(found, "prs"))
        reader = Reader("prs", "en", {"age": "12"})
        assert reader.number(1000.5) == "۱۰۰۰٫۵"
        assert (reader.number_of("age"), reader.number_of("other")) == ("۱۲", "")
        assert reader.day(dt.date(2026, 3, 9)) == "۹ مارچ ۲۰۲۶"
    assert '<html lang="prs" dir="rtl">' in html
    assert "شما حق دارید:" in html
    assert '<b class="number">۱</b>' in html
    assert START not in html


def test_the_command_line_knows_the_language_too(
    database: Database, activity: Activity, settings: Settings, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consult.cli.open_installation", lambda _: Installation(settings, keys, database))
    out = settings.data / "survey.docx"
    wanted = ["--activity", activity.slug, "--edition", "1", "--locale", "prs", "--out", str(out)]
    assert CliRunner().invoke(main, ["xlsform", "paper", *wanted]).exit_code == 0
    document = docx.Document(str(out))
    assert any(paragraph.text.startswith("شما حق دارید:") for paragraph in document.paragraphs)
    assert document.element.body.xpath(".//w:bidi")


@pytest.mark.usefixtures("clock")
def test_the_direction_of_a_paper_is_that_which_the_language_was_given(
    app: Flask, database: Database, added: Added
) -> None:
    language = added("am", words=False)
    with database.transaction() as session:
        session.merge(language).direction = "rtl"
    with app.app_context():
        assert Reader("am", "en", {}).direction == "rtl"
