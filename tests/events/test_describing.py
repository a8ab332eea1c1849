"""What officers say of an event, and when people can sign up."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.events import service
from consult.events.models.planned import Form, Selection
from consult.events.service import Particulars
from consult.questionnaires import fieldwork
from tests.factories.events import make_event, make_occasion
from tests.factories.processes import make_activity, make_process

WANTED = Particulars(
    form=Form.FOCUS_GROUP,
    selection=Selection.NOMINATION,
    about=LocalisedText({"en": "How is life abroad?"}),
    consent=LocalisedText({"en": "Notes are taken."}),
)


def codes(refused: Refused) -> list[str]:
    return [problem.code for problem in refused.problems]


def test_an_event_is_said_in_every_locale_in_which_it_is_offered(session: Session, now: dt.datetime) -> None:
    process = make_process(session, locales=("en", "fr"))
    activity = make_activity(session, process, kind="event", locales=("en",))
    with pytest.raises(Refused) as refused:
        service.describe(session, activity, replace(WANTED, locales=["fr"]), by=None, now=now)
    assert codes(refused.value) == ["events.about", "events.consent"]
    assert [problem.place.field for problem in refused.value.problems] == ["about-fr", "consent-fr"]


def test_a_draw_says_beforehand_from_where_its_seed_comes_and_that_stays(session: Session, now: dt.datetime) -> None:
    activity = make_event(session, opens_at=None)
    drawn = replace(WANTED, selection=Selection.DRAW)
    with pytest.raises(Refused) as refused:
        service.describe(session, activity, drawn, by=None, now=now)
    assert codes(refused.value) == ["events.seed_source"]
    announced = replace(drawn, seed_source=LocalisedText({"en": "The lottery of 1 June."}))
    service.describe(session, activity, announced, by=None, now=now)
    activity.opens_at = now
    service.describe(session, activity, announced, by=None, now=now)
    other = replace(announced, seed_source=LocalisedText({"en": "A number I like."}))
    with pytest.raises(Refused) as refused:
        service.describe(session, activity, other, by=None, now=now)
    assert codes(refused.value) == ["events.seed_source.fixed"]
    with pytest.raises(Refused) as refused:
        service.describe(session, activity, WANTED, by=None, now=now)
    assert codes(refused.value) == ["events.selection.fixed", "events.seed_source.fixed"]
    agreed = replace(announced, consent=LocalisedText({"en": "You are filmed."}))
    with pytest.raises(Refused) as refused:
        service.describe(session, activity, agreed, by=None, now=now)
    assert codes(refused.value) == ["events.consent.fixed"]


def test_nobody_can_sign_up_before_an_occasion_is_planned(session: Session, now: dt.datetime) -> None:
    activity = make_event(session, opens_at=None)
    assert [problem.code for problem in fieldwork.hindrances(session, activity, now=now)] == ["events.occasions"]
    make_occasion(session, activity)
    assert fieldwork.hindrances(session, activity, now=now) == []
