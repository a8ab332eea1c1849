"""What a process learned, theme by theme and across its activities."""

from __future__ import annotations

import csv
import io

import msgspec
import pytest

from consult.results.content import ThemeLabel
from consult.results.presentation import Reader
from consult.results.themes import as_csv, themes
from tests.factories.releases import release, text
from tests.results.surveying import Survey, two_rounds

READER = Reader("en", str)
TREE = (
    ThemeLabel(code="life", label=text("Life")),
    ThemeLabel(code="empty", label=text("Nobody asked")),
    ThemeLabel(code="trust", label=text("Trust"), parent="life"),
    ThemeLabel(code="rights", label=text("Rights"), parent="empty"),
)


def test_themes_stand_under_the_one_they_belong_to_and_empty_ones_are_left_out():
    found = themes(msgspec.structs.replace(release(), themes=TREE), READER)

    assert [(theme.label, theme.depth, len(theme.entries)) for theme in found] == [
        ("Life", 0, 0),
        ("Trust", 1, 2),
        ("Other questions", 0, 4),
    ]


def test_an_entry_says_what_came_of_a_question_and_who_stands_behind_it():
    (trust, _rest) = themes(release(), READER)

    first = trust.entries[0]

    assert first.finding == "Most often: strongly agree (30.0%, of those who answered)."
    assert first.base == "Responses: 400, asked: 400, answered: 400."
    assert first.activity == "Survey"


def test_a_table_that_is_withheld_has_no_finding():
    (*_themes, rest) = themes(release(), READER)

    last = rest.entries[-1]

    assert (last.label, last.finding) == ("Question status?", "")
    assert "withheld" in last.base


def test_all_activities_of_a_process_stand_together(database, settings, keys, now, client):
    survey = two_rounds(database, settings, keys, now)
    survey.publish(1)

    page = client.get(f"/en/p/{survey.slug}/results/1/themes").text
    sheet = client.get(f"/en/p/{survey.slug}/results/1/themes.csv").data.decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(sheet)))
    assert {row[3] for row in rows[1:]} == {row[3] for row in rows[1:] if row[3] in page}
    assert "colour in English" in page
    assert "hue in English" in page


@pytest.fixture
def survey(database, settings, keys, now):
    found = Survey(database, settings, keys, now)
    found.answer_at_random(200)
    found.publish(found.freeze())
    return found


def test_the_release_leads_to_its_themes_and_these_to_the_questions(survey, client):
    start = f"/en/p/{survey.slug}/results/1"

    assert f"{start}/themes" in client.get(start).text
    page = client.get(f"{start}/themes").text

    assert "<h2>Remittances</h2>" in page
    assert f"/{survey.ids['topics']}" in page


def test_the_file_is_safe_to_open():
    sheet = b"".join(as_csv(release(title=text("=1+1")), READER)).decode("utf-8-sig")

    assert not any(field.startswith("=") for row in csv.reader(io.StringIO(sheet)) for field in row)
