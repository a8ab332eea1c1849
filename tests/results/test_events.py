"""Events in releases: who signed up, who was there, under the rules that protect respondents; notes and positions."""

from __future__ import annotations

import csv
import io
import itertools

import msgspec
import pytest
from sqlalchemy import update

from consult.coding.models import Item
from consult.core.aggregation.attack import System, broken
from consult.core.aggregation.cells import cells, with_all_groups
from consult.core.aggregation.dependencies import sums
from consult.core.aggregation.fits import KnownMargin, Weighting
from consult.core.aggregation.signups import ATTENDED, NOTE_CODES, NOTE_OCCASION, NOTE_THEME, OCCASION, STANDING, WAY
from consult.core.aggregation.tables import Dataset, canonical
from consult.core.errors import Refused
from consult.events.models.planned import Selection
from consult.events.models.signed import SignUp, Standing, Way
from consult.results import method
from consult.results.content import CELL_KEY, Plan, content_of
from consult.results.presentation import Reader
from consult.results.representativeness import turnouts
from consult.results.themes import themes
from tests.factories.releases import text, variable
from tests.results.assembling import PLAN, Event
from tests.results.gathering import code, crossed, one_way

READER = Reader("en", str)


@pytest.fixture
def database(sqlite):
    """Numbers do not depend on the database, as a test of their own holds: SQLite is enough here."""
    return sqlite


@pytest.fixture
def event(database, settings, keys, now):
    return Event(database, settings, keys, now)


@pytest.fixture
def held(event):
    return held_with(event)


def held_with(event):
    """Of 200 people 120 had a place: 90 were there; 20 came on the day."""
    event.place(80, there=True)
    event.place(30, there=False, occasion=1)
    event.place(10)
    event.place(20, there=True, way=Way.WALK_IN)
    event.sign_up(40, standing=Standing.LISTED, way=Way.NOMINATED)
    event.sign_up(20, standing=Standing.CANCELLED, occasion=1)
    return event


# --- what is counted ---


def test_who_signed_up_is_counted_with_what_came_of_it(held):
    found = held.datasets()["sign_ups"]

    assert (found.responses, found.unit, found.title["fr"]) == (200, "person", "Life abroad – Inscriptions")
    standing = one_way(found, STANDING)
    assert (standing["placed"], standing["waiting"], standing["refused"], standing["cancelled"]) == (140, 40, 0, 20)
    assert one_way(found, OCCASION)["2"] == 50
    assert (one_way(found, WAY)["nominated"], one_way(found, WAY)["walk_in"]) == (40, 20)


def test_attendance_has_those_who_got_a_place_for_its_base(held):
    found = held.datasets()["sign_ups"]

    attended = one_way(found, ATTENDED)
    assert attended == {"yes": 100, "no": 30, ":skipped": 10, ":not-relevant": 60}


def test_whom_others_nominated_counts_once_they_agreed_or_came(held):
    held.sign_up(30, way=Way.NOMINATED, consented=False)
    held.place(10, there=True, way=Way.NOMINATED, consented=False)

    assert held.datasets()["sign_ups"].responses == 210


def test_what_people_said_of_themselves_is_counted_and_breaks_down_the_rest(held):
    found = held.datasets()["sign_ups"]

    sex = one_way(found, held.ids["sex"])
    assert sex["f"] + sex["m"] == 200
    by_sex = crossed(found, held.ids["sex"], ATTENDED)
    assert by_sex["f", "yes"] + by_sex["m", "yes"] == 100
    assert found.variable(held.ids["sex"]).concept == "sex"
    assert held.ids["remarks"] not in {one.id for one in found.variables}


def test_a_question_that_hangs_on_another_was_not_asked_of_the_others(held):
    found = held.datasets()["sign_ups"]

    assert one_way(found, held.ids["years"])[":not-relevant"] == one_way(found, held.ids["abroad"])["no"]


def test_choices_that_only_an_earlier_screening_offered_still_count(held):
    held.sign_up(30, profile={"sex": "gone"})

    assert one_way(held.datasets()["sign_ups"], held.ids["sex"])[":skipped"] == 30


def test_notes_are_counted_by_theme_and_occasion_as_they_are(held):
    held.note("money", many=3)
    held.note("money", occasion=1)
    held.note("", many=2)
    held.note("rights", confidential=True)

    found = held.datasets()["notes"]

    assert (found.unit, found.responses) == ("event", 6)
    assert one_way(found, NOTE_THEME) == {"money": 4, "rights": 0, ":skipped": 2, ":not-relevant": 0}
    assert crossed(found, NOTE_THEME, NOTE_OCCASION)["money", "1"] == 3


def test_notes_are_counted_by_their_codes_and_not_at_all_where_a_coder_flagged_them(held):
    made = held.note("money", many=5)
    code(held, "note", made[:2], ("vote", "cost"))
    code(held, "note", made[2:3], ())
    with held.database.transaction() as session:
        session.add(Item(activity_id=held.activity_id, id=made[4], kind="note", locale="en", state="concern"))

    content = held.draft(PLAN).content

    found = next(one for one in content.datasets if one.contributions and one.contributions.of == "notes")
    codes = one_way(found, NOTE_CODES)
    assert (found.responses, codes["vote"], codes["school"]) == (4, 2, 0)
    assert (codes[":skipped"], codes[":not-relevant"]) == (1, 1)
    assert crossed(found, NOTE_CODES, NOTE_THEME)["vote", "money"] == 2
    said = {entry.name: entry.finding for theme in themes(content, READER) for entry in theme.entries}
    assert "Vote: 100.0%" in said[NOTE_CODES]


def test_positions_are_attributable_and_the_latest_counts(held):
    held.state("Diaspora council", "opposes")
    held.state("Diaspora council", "supports", occasion=1)
    held.state("Chamber of trade", "supports_partly")
    held.state("A ministry", "opposes", confidential=True)

    found = held.datasets()["positions"]

    assert found.unit == "institution"
    assert {row.institution: row.answers for row in found.matrix.rows} == {
        "Chamber of trade": {"position_money": ("supports_partly",)},
        "Diaspora council": {"position_money": ("supports",)},
    }
    assert one_way(found, "position_money")["supports"] == 1


def test_notes_and_positions_stand_in_the_table_of_themes(held):
    held.note("money", many=3)
    held.note("money", occasion=1)
    held.state("Diaspora council", "opposes", "rights")

    (money, rights) = themes(held.draft(PLAN).content, READER)

    assert [entry.finding for entry in money.entries] == ["Notes: 4 (Milan 3, Accra 1)."]
    assert rights.entries[0].label == "Position: Rights"
    assert [entry.finding for entry in rights.entries] == ["Opposes it: 1."]


def test_an_event_of_which_there_are_notes_alone_is_released(event):
    event.note()

    found = event.datasets()

    assert found["sign_ups"].responses is None
    assert found["notes"].responses == 1


# --- representativeness ---


def test_those_who_came_stand_beside_those_who_signed_up(held):
    ((_dataset, (sex, *_others)),) = turnouts(held.draft(PLAN).content, READER)

    assert sex.label == "sex in English"
    assert all(line.signed_up + line.came > 60 for line in sex.lines)
    assert sum(line.came for line in sex.lines) == pytest.approx(100, abs=0.2)


def test_shares_of_both_are_of_the_same_base(held):
    """Not all were asked for how long they live abroad."""
    ((_dataset, found),) = turnouts(held.draft(PLAN).content, READER)

    years = next(one for one in found if one.label == "years in English")

    assert years.basis == "of those of whom it is known"
    for which in ("signed_up", "came"):
        assert sum(getattr(line, which) for line in years.lines) == pytest.approx(100, abs=0.2)


def test_the_population_stands_beside_where_another_activity_has_margins_for_the_concept(held):
    content = held.draft(PLAN).content
    sex = msgspec.structs.replace(variable("gender", ("f", "m")), concept="sex")
    margins = Weighting(margins=(KnownMargin(variable="gender", totals=(("f", 60.0), ("m", 40.0))),))
    other = Dataset(
        activity="survey",
        slug="survey",
        title=text("Survey"),
        unit="person",
        source="en",
        editions=((1, "abc"),),
        responses=100,
        variables=(sex,),
        tables=(),
        measures={"gender": content.datasets[0].measures[held.ids["sex"]]},
        weighting=margins,
    )

    ((_dataset, (found, *others)),) = turnouts(
        msgspec.structs.replace(content, datasets=(*content.datasets, other)), READER
    )

    assert [line.population for line in found.lines] == [60.0, 40.0]
    assert not any(one.known for one in others)


# --- what is protected ---


def test_of_a_dozen_people_nothing_is_told_and_the_method_says_so_kindly(event):
    event.place(9, there=True)

    content = event.draft(PLAN).content

    (found,) = content.datasets
    assert found.responses is None
    assert all(table.withheld for table in found.tables)
    assert any("among a dozen people" in text for text in method.paragraphs(content, READER))


@pytest.mark.parametrize("selection", list(Selection))
def test_how_people_came_to_be_there_is_said_aloud(database, settings, keys, now, selection):
    event = Event(database, settings, keys, now, selection=selection)
    event.place(30)

    said = " ".join(method.paragraphs(event.draft(PLAN).content, READER))

    assert {"nomination": "nominated", "first": "to the first", "draw": "drawn by lot"}[selection] in said
    assert "not a sample" in said


@pytest.mark.parametrize("seed", range(3))
def test_whoever_has_all_tables_of_a_drawn_event_learns_no_small_cell(event, seed):
    """Profiles of which few were drawn, few of whom came: the attacker knows the screening and that walk-ins came."""
    event.rng.seed(seed)
    for there, standing in itertools.product((True, False, None), Standing):
        if standing not in (Standing.OFFERED, Standing.LISTED):
            placed = standing == Standing.PLACED
            event.sign_up(event.rng.randint(2, 25), standing=standing, attended=there if placed else None)
    event.place(event.rng.randint(3, 12), there=True, way=Way.WALK_IN, profile={"sex": "f"})
    plan = Plan(crossings=("sex", "abroad", STANDING, WAY), method="suppression")

    made = event.draft(plan)

    shown, sealed = made.content.datasets[0], made.restricted.datasets[0]
    full = {key: count for table in sealed.tables for key, count in cells(table)}
    small = {key: 10 for key, count in full.items() if count and count < 10}
    assert small
    visible = with_all_groups(shown.tables)
    known = {key for table in visible for key, count in cells(table) if count is not None}
    assert not known & small.keys()
    seen = {key for table in visible for key, _ in cells(table)}
    hidden = {key: need for key, need in small.items() if key in seen}
    assert not broken(System.of(visible, links=sums(sealed.depends, visible)), hidden)
    assert dict(sealed.needs).items() >= hidden.items()


def test_a_second_release_must_not_tell_of_who_signed_up_in_between(held):
    held.publish(held.freeze(PLAN))
    held.place(2, there=True)

    with pytest.raises(Refused) as refused:
        held.draft(PLAN)

    assert "results.release.difference" in {problem.code for problem in refused.value.problems}


def test_changed_counts_leave_notes_as_they_are(held):
    held.note("money")

    found = held.datasets(Plan(method=CELL_KEY, crossings=("sex",)))

    assert all(table.noise for table in found["sign_ups"].tables if not table.withheld)
    assert one_way(found["notes"], NOTE_THEME)["money"] == 1


# --- verifying, and files ---


def test_a_release_is_recomputed_until_somebody_cancels(held):
    held.note()
    number = held.freeze(PLAN)

    assert held.verify(number) == (True, True, True)
    with held.database.transaction() as session:
        session.execute(update(SignUp).where(SignUp.standing == Standing.LISTED).values(standing=Standing.REFUSED))
    assert held.verify(number) == (True, True, None)


def test_every_database_gives_the_same(sqlite, server, settings, keys, now):
    first, second = (held_with(Event(each, settings, keys, now)).draft(PLAN) for each in (sqlite, server))

    assert canonical([one.tables for one in first.content.datasets]) == canonical(
        [one.tables for one in second.content.datasets]
    )


def test_events_are_in_the_files(held, client):
    held.note("money", many=3)
    held.state("Diaspora council", "opposes", "rights")
    held.publish(held.freeze(PLAN))
    start = f"/en/p/{held.slug}/results/1"

    sheet = client.get(f"{start}/download.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sheet)))

    content = content_of(held.release().content)
    assert {row["activity"] for row in rows} == {one.slug for one in content.datasets}
    for extension in ("xlsx", "ods", "parquet", "json", "xml", "zip"):
        assert client.get(f"{start}/download.{extension}").status_code == 200
    assert "Diaspora council" in client.get(f"{start}/{content.datasets[-1].slug}/matrix").text
    assert "Was there" in client.get(start).text
    people = content.datasets[0].slug
    assert "By: Was there" in client.get(f"{start}/{people}/{held.ids['sex']}").text
    assert client.get(f"{start}/group?of={people}/{ATTENDED}/yes").status_code == 200
