"""The report of an event: protected numbers, quotes with consent, nothing confidential, and the same as a file."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

import docx
import pytest
from sqlalchemy.orm import Session

from consult.coding.models import Item
from consult.core.aggregation.audit import exposed
from consult.core.aggregation.cells import cells
from consult.core.aggregation.tables import key
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.events import queries as events
from consult.events import speaking
from consult.events.models.held import Summing
from consult.processes.models import Activity
from consult.results import attendance, held
from consult.results.exports import REPORTS_OF_EVENTS
from consult.results.presentation import Reader
from consult.results.report import Bullets, Facts, Grid, Report, Text
from tests.factories.accounts import KEYS
from tests.factories.coding import make_codebook
from tests.factories.events import HELD, make_event, make_occasion, make_sign_up
from tests.factories.held import make_note, make_screening
from tests.factories.processes import make_process, make_theme

ENGLISH = Reader("en", str)
AFTER = HELD + dt.timedelta(days=1)
COUNTS = {("woman", 1): (14, 9), ("man", 1): (12, 10), ("woman", 2): (1, 2), ("man", 2): (13, 11)}
"""Of those who signed up, by sex and occasion: how many had a place and were there, and how many had none."""


@pytest.fixture
def session(sqlite: Database) -> Iterator[Session]:
    """Numbers and words are the same on every database."""
    with sqlite.session(write=True) as opened:
        yield opened


@pytest.fixture
def series(session: Session) -> Activity:
    """Two occasions at which people signed up as in `COUNTS`; somebody took it back, somebody never agreed."""
    process = make_process(session, locales=("en",), threshold=5)
    make_theme(session, process, "papers")
    activity = make_event(session, process)
    places = [make_occasion(session, activity, title) for title in ("Milan", "Turin")]
    _edition, sex = make_screening(session, activity)
    for (answer, number), (came, without) in COUNTS.items():
        for _ in range(came):
            make_sign_up(session, places[number - 1], standing="placed", attended=True, profile={sex: answer})
        for _ in range(without):
            make_sign_up(session, places[number - 1], standing="refused", profile={sex: answer})
    make_sign_up(session, places[0], standing="cancelled", profile={sex: "woman"})
    make_sign_up(session, places[0], way="nominated", consented=False, profile={sex: "woman"})
    return activity


def report(session: Session, activity: Activity, number: int = 0, *, now: dt.datetime = AFTER) -> Report:
    occasion = events.occasion(session, activity.id, number) if number else None
    found = held.read(session, activity, occasion, ENGLISH, key=KEYS.codes, now=now)
    return held.report_of(found, now.date())


def said(found: Report) -> str:
    """Everything that a report says, in a line for each thing."""
    lines = list[str]()
    for block in found.blocks:
        if isinstance(block, Grid):
            lines += [" | ".join(row) for row in (block.heads, *block.rows)]
        elif isinstance(block, Facts):
            lines += [": ".join(row) for row in block.rows]
        elif isinstance(block, Bullets):
            lines += block.lines
        else:
            lines.append(getattr(block, "text", ""))
    return "\n".join(lines)


def test_small_classes_are_hidden_and_nothing_leads_to_them(session: Session, series: Activity) -> None:
    found = attendance.dataset(session, series, events.occasions(session, series.id))
    tables = {(table.variable, table.by): table for table in found.tables}
    sex = next(one.id for one in found.variables if one.id[0] != ":")
    everybody = {row.code: row.counts[0] for row in tables[sex, ""].rows if row.counts[0]}
    assert everybody == {"woman": 26, "man": 46}, "whoever took it back or never agreed does not count"
    came = tables[attendance.OCCASION, attendance.ATTENDANCE]
    assert [row.counts for row in came.rows if row.code == "2"] == [(14, 13)]
    three = key((attendance.OCCASION, "2"), (sex, "woman"))
    assert three not in {cell for table in found.tables for cell, count in cells(table) if count is not None}
    assert exposed(found.tables, {three: 5}) == [], "the three women of Turin cannot be worked out"
    assert attendance.classes(found) >= {(sex, "woman"), (sex, "man")}
    lines = said(report(session, series, 2)).splitlines()
    assert "Too few signed up to say more." in lines and "Woman | 3" not in lines


def test_a_class_of_few_is_neither_counted_nor_named(session: Session, series: Activity) -> None:
    occasion = events.occasion(session, series.id, 1)
    assert occasion is not None
    sex = next(iter(speaking.classes(session, series.id).values())).question
    make_note(session, occasion, "I waited a year.", speaker=f"{sex}=woman", theme="papers")
    make_note(session, occasion, "So did I.", speaker="expert", theme="papers", people=7)
    make_note(session, occasion, "Me too.", speaker="chair", people=3)
    lines = said(report(session, series)).splitlines()
    assert "I waited a year. (sex in English: Woman)" in lines, "without the city: both together may tell who it was"
    assert "So did I. (An expert, shared by 7, Milan)" in lines
    assert "Me too. (The chair, Milan)" in lines, "how many is said of no few"
    series.process.threshold = 40
    lines = said(report(session, series)).splitlines()
    assert "I waited a year." in lines
    assert "Woman | 26" not in lines


def test_the_report_of_an_event_says_what_can_be_said(session: Session, series: Activity) -> None:
    milan, turin = events.occasions(session, series.id)
    make_codebook(session, series.process)
    flagged = make_note(session, milan, "He hits me.", theme="papers")
    session.add(Item(activity_id=series.id, id=flagged.id, kind="note", locale="en", state="concern"))
    make_note(session, milan, "We wait.", said="quote", consent=True, theme="papers")
    make_note(session, turin, "Never.", said="quote", consent=False)
    make_note(session, turin, "Between us.", confidential=True)
    for institution, view in (("Port authority", "opposes"), ("Customs", "supports")):
        make_note(session, turin, "As before.", said="position", institution=institution, view=view, theme="papers")
    make_note(session, turin, "", said="position", institution="Bank", view="opposes", confidential=True)
    text = LocalisedText({"en": "Papers are slow.\n- In Milan\n- In Rome"})
    session.add(Summing(occasion_id=milan.id, summary=text, conduct=LocalisedText(), themes={"papers": "Too slow."}))
    whole, of_turin = report(session, series), report(session, series, 2)
    lines = said(whole).splitlines()
    for line in ("Papers are slow.", "In Rome", "Milan: Too slow.", "“We wait.” (Milan)"):
        assert line in lines
    assert "Customs | Supports it" in lines and "Port authority | Opposes it" in lines
    assert not {"He hits me.", "Between us.", "Never."} & {line.split(" (")[0].strip("“”") for line in lines}
    assert "Bank" not in said(whole)
    assert "We wait" not in said(of_turin) and "Customs – Papers: As before." in said(of_turin)
    moving = said(report(session, series, now=HELD - dt.timedelta(days=1)))
    assert "Woman" not in moving and "once the last occasion is over" in moving
    written = docx.Document(io.BytesIO(b"".join(REPORTS_OF_EVENTS["docx"](whole, ENGLISH, lambda _done, _of: None))))
    assert "“We wait.” (Milan)" in [paragraph.text for paragraph in written.paragraphs]
    assert any(isinstance(block, Text) and block.tone == "caveat" for block in whole.blocks)
