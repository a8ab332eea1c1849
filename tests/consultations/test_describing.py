"""A consultation is planned, described, opened and found by those it asks."""

from __future__ import annotations

import datetime as dt

import pytest
from flask.testing import FlaskClient

from consult.consultations import sealing, service
from consult.consultations.models.asked import Phase
from consult.consultations.service import Particulars
from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.processes.models import Activity, Kind
from consult.questionnaires import fieldwork
from tests.factories.consultations import make_consultation
from tests.factories.processes import make_activity, make_process
from tests.responses.journey import visible

PURPOSE = LocalisedText({"en": "We want to hear you.", "fr": "Nous voulons vous entendre."})


def wanted(**given: object) -> Particulars:
    row = {"purpose": PURPOSE, "policy": PURPOSE, "phases": [Phase.ASK], "locales": ["fr"]}
    return Particulars(**{**row, **given})  # type: ignore[arg-type]  # its fields


def test_it_is_offered_in_the_locales_in_which_it_says_why(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        activity = make_activity(session, make_process(session), kind=Kind.CONSULTATION)
        service.describe(session, activity, wanted(), by=None, now=now)
        assert activity.locales == ["en", "fr"]
        with pytest.raises(Refused, match=r"consultations\.purpose.*consultations\.policy"):
            service.describe(session, activity, wanted(locales=["fr", "ar"]), by=None, now=now)


def test_a_phase_without_anything_in_it_keeps_it_from_opening(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        activity = make_consultation(session, opens_at=None, phases=(Phase.READ, Phase.ASK))
        codes = [problem.code for problem in fieldwork.hindrances(session, activity, now=now)]
        assert codes == ["consultations.text.missing", "consultations.questions.missing"]


def test_the_public_finds_purpose_and_ways_to_take_part(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        slug = make_consultation(session, phases=(Phase.VOTE,)).slug
    page = visible(client.get(f"/en/c/{slug}"))
    assert "We want to hear you." in page and "Vote on statements" in page
    assert "No insults" in visible(client.get(f"/en/c/{slug}/policy"))
    assert client.get(f"/en/q/{slug}").status_code == client.get(f"/fr/c/{slug}").status_code == 404


def test_a_draft_is_nobodys_business(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        slug = make_consultation(session, opens_at=None).slug
    assert client.get(f"/en/c/{slug}").status_code == 404


def test_sealing_leaves_everything_and_says_when(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        activity = make_consultation(session, closes_at=now)
        assert sealing.unsealed(session, now) == [activity.id]
        sealing.seal(session, activity.id, now=now)
        session.refresh(activity)
        assert activity.sealed_at == now and sealing.unsealed(session, now) == []
        assert session.get_one(Activity, activity.id).state(now) == "closed"
