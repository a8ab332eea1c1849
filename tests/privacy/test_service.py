"""A notice is complete before people are let in, and stays so while they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.privacy import queries, service
from consult.privacy.models import Notice
from consult.privacy.service import Particulars
from consult.privacy.template import TEXTS, WORDINGS, gaps, suggested
from consult.privacy.words import PARTS
from consult.processes.models import Activity
from consult.questionnaires.service import without_notice
from tests.factories.processes import make_activity

ENGLISH = LocalisedText({"en": "Words"})
BOTH = LocalisedText({"en": "Words", "fr": "Mots"})
WHOLE = Particulars(
    basis="public_task",
    special="none",
    rights=("access",),
    contact="a@example.org",
    months=24,
    **dict.fromkeys(TEXTS, BOTH),
)


def written(session: Session, activity: Activity, said: Particulars, now: dt.datetime) -> dict[str, tuple[str, ...]]:
    """What a notice lacks once it is written."""
    return gaps(service.write(session, activity, said, by=None, now=now), activity.locales)


def test_a_notice_may_be_written_bit_by_bit_and_says_what_it_lacks(session: Session, now: dt.datetime) -> None:
    activity = make_activity(session, locales=("en", "fr"))
    everything = tuple(PARTS)
    assert gaps(None, activity.locales) == {"en": everything, "fr": everything}
    half = Particulars(controller=ENGLISH, purpose=BOTH, contact="a@example.org")
    assert written(session, activity, half, now) == {
        "en": ("basis", "special", "recipients", "transfers", "automated", "source", "rights"),
        "fr": ("controller", "basis", "special", "recipients", "transfers", "automated", "source", "rights"),
    }
    assert written(session, activity, replace(WHOLE, transfers=ENGLISH), now) == {"fr": ("transfers",)}
    assert queries.missing(session, activity.id, activity.locales) == ["fr"]
    assert written(session, activity, WHOLE, now) == {}
    assert queries.missing(session, activity.id, activity.locales) == []


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"controller": ENGLISH}, ["controller-fr"]),
        ({"purpose": LocalisedText()}, ["purpose-en", "purpose-fr"]),
        ({"source": ENGLISH}, ["source-fr"]),
        ({"basis": ""}, ["basis"]),
        ({"special": ""}, ["special"]),
        ({"rights": ()}, ["rights"]),
        ({"contact": ""}, ["contact"]),
        ({"months": 0}, ["months"]),
        ({"months": 121}, ["months"]),
        ({"basis": "whim"}, ["basis"]),
        ({"rights": ("riches",)}, ["rights"]),
    ],
)
def test_nothing_is_taken_away_while_people_take_part(
    session: Session, now: dt.datetime, changes: dict[str, object], fields: list[str]
) -> None:
    activity = make_activity(session, locales=("en", "fr"), opens_at=now)
    service.write(session, activity, WHOLE, by=None, now=now)
    with pytest.raises(Refused) as refusal:
        service.write(session, activity, replace(WHOLE, **changes), by=None, now=now)  # type: ignore[arg-type]
    assert [problem.place.field for problem in refusal.value.problems] == fields


def test_what_was_complete_before_the_template_suffices_while_people_take_part(
    session: Session, now: dt.datetime
) -> None:
    activity = make_activity(session, locales=("en", "fr"), opens_at=now)
    service.write(session, activity, WHOLE, by=None, now=now)
    empty = {"basis": "", "special": "", "rights": [], **dict.fromkeys([*TEXTS][2:], LocalisedText())}
    session.execute(update(Notice).values(**empty))
    session.expire_all()
    assert without_notice(session, activity, activity.locales, now=now) == []
    assert [problem.params for problem in without_notice(session, activity, ["en", "ar"], now=now)] == [
        {"locale": "ar"}
    ]
    activity.closes_at = now
    found = without_notice(session, activity, activity.locales, now=now + dt.timedelta(days=1))
    assert len(found) == 2, "before it opens again the notice must be whole"


def test_the_usual_words_are_there_in_every_shipped_language_and_name_who_asks(session: Session) -> None:
    for text in WORDINGS.values():
        assert text.missing(("en", "fr", "ar", "es", "pt", "ru")) == []
    activity = make_activity(session, locales=("en", "fr", "sw"))
    found = suggested(activity)
    assert found["controller"] == LocalisedText(dict.fromkeys(("en", "fr"), "Ministry of Foreign Affairs"))
    assert "Diaspora engagement policy" in found["purpose"]["fr"]
    assert all("{" not in words for text in found.values() for words in text.values())


def test_names_fill_nothing_in_by_themselves(session: Session) -> None:
    activity = make_activity(session)
    activity.process.title = LocalisedText({"en": "{institution.__class__} {{7*7}}"})
    assert "{institution.__class__} {{7*7}}" in suggested(activity)["purpose"]["en"]
