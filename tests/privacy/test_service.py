"""A notice is complete before people are let in, and stays so while they are."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.privacy import queries, service
from tests.factories.processes import make_activity

ENGLISH = LocalisedText({"en": "Ministry"})
BOTH = LocalisedText({"en": "Ministry", "fr": "Ministère"})


def test_a_notice_may_be_written_bit_by_bit(session: Session, now: dt.datetime) -> None:
    activity = make_activity(session, locales=("en", "fr"))
    assert queries.missing(session, activity.id, activity.locales) == ["en", "fr"]
    write = {"months": 12, "by": None, "now": now}
    service.write(session, activity, controller=ENGLISH, purpose=BOTH, contact="", **write)
    assert queries.missing(session, activity.id, activity.locales) == ["en", "fr"]
    service.write(session, activity, controller=ENGLISH, purpose=BOTH, contact="a@example.org", **write)
    assert queries.missing(session, activity.id, activity.locales) == ["fr"]
    service.write(session, activity, controller=BOTH, purpose=BOTH, contact="a@example.org", **write)
    assert queries.missing(session, activity.id, activity.locales) == []


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"controller": ENGLISH}, ["controller-fr"]),
        ({"purpose": LocalisedText()}, ["purpose-en", "purpose-fr"]),
        ({"contact": ""}, ["contact"]),
        ({"months": 0}, ["months"]),
        ({"months": 121}, ["months"]),
    ],
)
def test_nothing_is_taken_away_while_people_take_part(
    session: Session, now: dt.datetime, changes: dict[str, object], fields: list[str]
) -> None:
    activity = make_activity(session, locales=("en", "fr"), opens_at=now)
    whole = {"controller": BOTH, "purpose": BOTH, "contact": "a@example.org", "months": 24}
    service.write(session, activity, by=None, now=now, **whole)
    with pytest.raises(Refused) as refusal:
        service.write(session, activity, by=None, now=now, **{**whole, **changes})
    assert [problem.place.field for problem in refusal.value.problems] == fields
