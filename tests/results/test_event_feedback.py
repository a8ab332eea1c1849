"""Feedback on events: means of a release beside what was expected, hidden where the release hides them."""

from __future__ import annotations

import pytest

from tests.results.assembling import PLAN, Event

EXPECTED = {"content": 4.0, "heard": 3.5}


@pytest.fixture
def database(sqlite):
    """Numbers do not depend on the database: SQLite is enough here."""
    return sqlite


@pytest.fixture
def event(database, settings, keys, now, ministry):
    found = Event(database, settings, keys, now, lead=ministry)
    found.place(40, there=True)
    return found


def release(event, content):
    """One in which so many said how content they were."""
    event.hear([{"content": said, "hours": 2, "heard": "4"} for said in content], EXPECTED)
    event.publish(event.freeze(PLAN))


def page(event, steward, query=""):
    return steward.get(f"/en/desk/processes/{event.slug}/results/feedback{query}")


def rows(response):
    """The cells of the table, without what is around them."""
    found = response.text.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in response.text else ""
    return [" ".join(row.split()) for row in found.split("</tr>") if row.strip()]


def test_means_stand_beside_what_was_expected_with_the_difference_in_words(event, steward):
    """30 are content (5), 30 not quite (3), 12 do not know: the mean is of the 60 who do."""
    release(event, ["5"] * 30 + ["3"] * 30 + ["dont_know"] * 12)

    first, hours, heard = rows(page(event, steward))

    assert "content in English" in first and "As expected." in first and ">4<" in first and ">60<" in first
    assert ">2<" in hours and "Nothing was expected." in hours
    assert ">3.5<" in heard and "Above what was expected, by 0.5." in heard


def test_a_mean_that_would_follow_from_a_hidden_count_is_not_shown(event, steward):
    release(event, ["5"] * 40 + ["1"] * 3)

    first = rows(page(event, steward))[0]

    assert "hidden" in first
    assert "Not shown: so few answered that a mean would point at somebody." in first


def test_after_a_small_event_nothing_is_shown_and_it_is_said_kindly(event, steward):
    release(event, ["5"] * 4)

    found = page(event, steward)

    assert all("hidden" in row and ">4<" not in row.split("Expected")[0] for row in rows(found))
    assert "that is usual, and nobody’s mistake" in found.text


def test_an_event_after_which_nobody_answered_is_named(event, steward):
    release(event, [])

    assert "<li>Life abroad</li>" in page(event, steward).text


def test_results_lead_there_and_before_a_release_the_page_says_so(event, steward):
    event.hear([], EXPECTED)
    start = f"/en/desk/processes/{event.slug}/results"

    assert f"{start}/feedback" in steward.get(start).text
    assert "No numbers have been released yet" in page(event, steward).text
    assert page(event, steward, "?release=1").status_code == 404
