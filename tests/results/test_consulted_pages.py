"""Consultations on the pages of a release, in its files and its report."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from lxml import etree

from consult.core.aggregation import contributions
from consult.processes.models import Activity
from consult.results import report
from consult.results.content import content_of
from consult.results.presentation import Reader
from consult.results.translations import words_of
from tests.results.gathering import Consultation, one_way


@pytest.fixture
def database(sqlite):
    """Numbers do not depend on the database, as a test of their own holds: SQLite is enough here."""
    return sqlite


@pytest.fixture
def published(database, settings, keys, now):
    """A published release: 200 participants vote; comments are on money (60) and on rights (40), 50 of them coded."""
    made = Consultation(database, settings, keys, now)
    who = made.take_part(200)
    money = made.comment(who[:60], 0)
    made.comment(who[60:99] + who[:1], 1, stance="oppose")
    made.code(money[:50], "vote", "cost")
    with database.transaction() as session:
        session.get_one(Activity, made.activity_id).process.public = True
    made.publish(made.freeze())
    return made


def at(survey, rest="", locale="en"):
    return f"/{locale}/p/{survey.slug}/results/1{rest}"


def test_the_page_shows_groups_statements_and_comments(published, client):
    page = client.get(at(published)).text

    assert '<h2 id="opinions-1">Opinion groups</h2>' in page
    assert "Group A: " in page
    assert "Each statement by itself" in page
    assert "Draft policy – Comments" in page
    assert "Comments: 100." in page
    assert ", asked:" not in page
    assert "Means are given" not in page
    assert "Consultations are counted by participants" in page


def test_what_has_a_fixed_name_is_in_the_readers_language(published, client):
    page = client.get(at(published, locale="fr")).text

    for words in (
        "Groupe A",
        "Groupes d’opinion",
        "Position – Commentaires",
        "Soutien",
        "En leur nom propre",
        "États-Unis",
    ):
        assert words in page, words


def test_a_statement_has_a_page_with_its_groups(published, client):
    name = contributions.statement(published.statements[0].hex)
    slug = published.draft().content.datasets[0].slug

    page = client.get(at(published, f"/{slug}/{name}")).text

    assert "By: Opinion group" in page or "Opinion group" in page
    assert "Participants: 200" in page


def test_by_theme_statements_codes_and_comments_stand_together(published, client):
    rows = list(csv.reader(io.StringIO(client.get(at(published, "/themes.csv")).data.decode("utf-8-sig"))))

    findings = {(row[0], row[2]): row[5] for row in rows[1:]}
    assert findings["Money", "Comments on this theme"] == "Comments: 60."
    assert findings["Rights", "Comments on this theme"] == "Comments: 40."
    assert "Consensus of the opinion groups: 0." in findings["Rights", "Statement 0"]
    assert findings["Vote", "Codes – Comments"].startswith("Vote: 100.0%")


def test_a_downloaded_number_is_the_released_one(published, client):
    book = openpyxl.load_workbook(io.BytesIO(client.get(at(published, "/download.xlsx", locale="fr")).data))

    sheet = next(sheet for sheet in book if "comments_stance" in sheet.title)
    rows = [(row[0].value, row[1].value) for row in sheet.iter_rows(max_col=2)]
    values = dict(reversed(rows))  # the one-way table stands first
    full = one_way(content_of(published.release().content).datasets[1], "comments_stance")
    assert values["Soutien"] == full["support"] == 60


def test_the_codebook_is_valid(published, client):
    schema = etree.XMLSchema(etree.parse(Path(__file__).with_name("ddi") / "schema-2.5" / "codebook.xsd"))

    found = etree.fromstring(client.get(at(published, "/download.xml")).data)

    assert schema.validate(found), schema.error_log


@pytest.mark.parametrize("extension", ["zip", "parquet", "csv", "json", "ods"])
def test_every_other_file_can_be_had(published, client, extension):
    assert client.get(at(published, f"/download.{extension}")).status_code == 200


def test_the_report_has_a_chapter_on_groups(published):
    release = published.release()
    made = report.report_of(content_of(release.content), release.hash, Reader("ru", words_of("ru")))

    headings = [block.text for block in made.blocks if isinstance(block, report.Heading)]
    assert "Группы мнений" in headings
    assert any(one.startswith("Группа A, участников: ") for one in headings)
