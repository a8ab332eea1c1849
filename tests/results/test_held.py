"""The report of an event: numbers of a release, quotes with consent, nothing confidential, and the same as a file."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pytest
from flask.testing import FlaskClient

from consult.accounts.models import Role
from consult.coding.models import Item
from consult.config import Keys, Settings
from consult.core.aggregation.signups import OCCASION
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.events import queries as events
from consult.events.models.held import Summing
from consult.processes.models import Activity
from consult.results import held
from consult.results.content import Plan
from consult.results.exports import REPORTS_OF_EVENTS
from consult.results.presentation import Reader
from consult.results.report import Bullets, Facts, Grid, Report
from tests.factories.accounts import sign_in, token, user
from tests.factories.coding import make_codebook
from tests.results.assembling import Event
from tests.results.gathering import code

ENGLISH = Reader("en", str)
PLAN = Plan(crossings=("sex", OCCASION))
NEXT = "These numbers come with the next release of results: they are here as soon as it is published."


@pytest.fixture
def database(sqlite: Database) -> Database:
    """Numbers and words are the same on every database."""
    return sqlite


@pytest.fixture
def series(database: Database, settings: Settings, keys: Keys, now: dt.datetime) -> Event:
    """Two occasions: 60 men, of whom 45 came to the first, where three women were as well."""
    event = Event(database, settings, keys, now)
    event.place(45, there=True, profile={"sex": "m", "abroad": "no"})
    event.place(15, there=False, occasion=1, profile={"sex": "m", "abroad": "yes", "years": "few"})
    event.place(3, there=True, profile={"sex": "f", "abroad": "no"})
    return event


def report(event: Event, number: int = 0, *, frozen: bool = False) -> Report:
    with event.database.reading() as session:
        activity = session.get_one(Activity, event.activity_id)
        occasion = events.occasion(session, activity.id, number) if number else None
        found = held.read(session, activity, occasion, ENGLISH, frozen=frozen)
        return held.report_of(found, event.now.date())


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


def test_without_a_release_it_counts_nobody_and_names_no_class(series: Event) -> None:
    series.note(body="I waited a year.", speaker=f"{series.ids['abroad']}=no")
    found = report(series, frozen=True)
    lines = said(found).splitlines()
    assert NEXT in lines and "I waited a year." in lines
    assert not any(isinstance(block, Grid) for block in found.blocks)


def test_its_numbers_are_those_of_the_newest_release_until_it_is_withdrawn(series: Event) -> None:
    series.publish(series.freeze(PLAN))
    series.place(200, there=True, occasion=1)
    whole, milan, accra = (said(report(series, number)).splitlines() for number in (0, 1, 2))
    assert "The numbers are those of release 1, frozen on March 2, 2026." in whole
    assert {"Signed up: 63", "Milan | 48 | 0", "Yes | 48"} <= {*whole}
    assert {"f (en) | hidden", "m (en) | hidden"} <= {*whole}, "as the release hides them"
    assert {"Signed up: 48", "Yes | 48"} <= {*milan} and {"Signed up: 15", "No | 15"} <= {*accra}
    assert "48" not in "".join(accra)
    series.withdraw(1)
    assert NEXT in said(report(series, frozen=True))


def test_a_release_that_is_not_published_is_for_those_who_can_publish(series: Event, client: FlaskClient) -> None:
    series.freeze(PLAN)
    with series.database.transaction() as session:
        process = series.process(session)
        slug = next(one.slug for one in process.activities)
        people = [user(session, process.lead_institution, role) for role in (Role.STEWARD, Role.FACILITATOR)]
    address = f"/en/desk/processes/{series.slug}/results/events/{slug}"
    for person, there in zip(people, (True, False), strict=True):
        sign_in(client, person)
        page = client.get(address).text
        assert ("those of release 1" in page, "is not published" in page) == (there, there)
        job = client.post(f"{address}/report.docx", data={"csrf_token": token(client)}).location
        series.work()
        written = docx.Document(io.BytesIO(client.get(f"{job}/file").data))
        assert (NEXT in [paragraph.text for paragraph in written.paragraphs]) is not there


def test_a_class_is_named_only_where_the_release_shows_that_there_are_enough(series: Event) -> None:
    series.note("rights", body="I waited a year.", speaker=f"{series.ids['abroad']}=no")
    series.note("rights", body="I came alone.", speaker=f"{series.ids['sex']}=f")
    series.note("rights", body="So did I.", speaker="expert", people=12)
    series.note("rights", body="Me too.", speaker="chair", people=3)
    code(series, "note", series.note("money", body="Fees.", many=2), ("cost",))
    series.publish(series.freeze(PLAN))
    lines = said(report(series)).splitlines()
    assert "I waited a year. (abroad in English: no (en))" in lines, "without the city: both may tell who it was"
    assert "I came alone." in lines
    assert "So did I. (An expert, shared by 12, Milan)" in lines
    assert "Me too. (The chair, Milan)" in lines, "how many is said of no few"
    assert "Cost | 2" in lines
    assert "Codes of the notes" not in said(report(series, 1)), "no release has them by theme and occasion together"


def test_the_report_of_an_event_says_what_can_be_said(series: Event) -> None:
    (flagged,) = series.note("money", body="He hits me.")
    series.note("money", said="quote", body="We wait.", consent=True)
    series.note("", occasion=1, said="quote", body="Never.", consent=False)
    series.note("", occasion=1, body="Between us.", confidential=True)
    for institution, view in (("Port authority", "opposes"), ("Customs", "supports")):
        series.state(institution, view, occasion=1, body="As before.")
    series.state("Bank", "opposes", occasion=1, body="", confidential=True)
    with series.database.transaction() as session:
        make_codebook(session, series.process(session))
        session.add(Item(activity_id=series.activity_id, id=flagged, kind="note", locale="en", state="concern"))
        text = LocalisedText({"en": "Papers are slow.\n- In Milan\n- In Rome"})
        themes = {"money": "Too slow."}
        session.add(Summing(occasion_id=series.occasions[0], summary=text, conduct=LocalisedText(), themes=themes))
    whole, of_accra = report(series), report(series, 2)
    lines = said(whole).splitlines()
    for line in ("Papers are slow.", "In Rome", "Milan: Too slow.", "“We wait.” (Milan)"):
        assert line in lines
    assert "Customs | Supports it" in lines and "Port authority | Opposes it" in lines
    assert not {"He hits me.", "Between us.", "Never."} & {line.split(" (")[0].strip("“”") for line in lines}
    assert "Bank" not in said(whole)
    assert "We wait" not in said(of_accra) and "Customs – Money: As before." in said(of_accra)
    written = docx.Document(io.BytesIO(b"".join(REPORTS_OF_EVENTS["docx"](whole, ENGLISH, lambda _done, _of: None))))
    assert "“We wait.” (Milan)" in [paragraph.text for paragraph in written.paragraphs]
