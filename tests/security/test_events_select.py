"""Attacks on who chooses and draws: sign-ups of other events, forged forms, odd addresses, markup in a seed."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from consult.core.errors import Refused
from consult.db.session import Database
from consult.events import drawing
from consult.events.models.planned import Occasion, Selection
from consult.events.models.signed import Draw, SignUp
from consult.processes.models import Activity
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.events import make_event, make_occasion, make_sign_up

SEED = '"><script>alert(1)</script>\u202e42'


def make_waiting(database: Database, selection: Selection, many: int = 1) -> tuple[Occasion, list[SignUp], str]:
    """An occasion of tomorrow whose sign-up has closed, those who wait, and its event's address."""
    now, day = dt.datetime.now(dt.UTC), dt.timedelta(days=1)
    with database.transaction() as session:
        activity = make_event(session, selection=selection, closes_at=now - day)
        occasion = make_occasion(session, activity, starts_at=now + day, ends_at=now + 2 * day, capacity=2)
        return occasion, [make_sign_up(session, occasion) for _ in range(many)], activity.slug


def officer_of(database: Database, occasion: Occasion, client: FlaskClient) -> None:
    with database.transaction() as session:
        lead = session.get_one(Activity, occasion.activity_id).process.lead_institution
        person = make.user(session, lead, "officer")
    sign_in(client, person)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_is_decided_about_from_elsewhere(client: FlaskClient, database: Database) -> None:
    mine, _, slug = make_waiting(database, Selection.NOMINATION)
    other, (theirs,), other_slug = make_waiting(database, Selection.NOMINATION)
    officer_of(database, mine, client)
    given = {"ids": [f"{theirs.code.hex()}.0"], "act": "place", "reason": "Ours."}
    assert client.post(f"/en/desk/events/{slug}/occasions/1/people", data=given).status_code == 400  # no token
    for address in (slug, other_slug):
        client.post(f"/en/desk/events/{address}/occasions/1/people", data={"csrf_token": token(client), **given})
    with database.reading() as session:
        assert session.scalar(select(SignUp.standing).where(SignUp.code == theirs.code)) == "asked"
        assert session.scalar(select(Occasion.taken).where(Occasion.id == other.id)) == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_odd_addresses_and_forms_break_nothing(client: FlaskClient, database: Database) -> None:
    mine, _, slug = make_waiting(database, Selection.NOMINATION)
    officer_of(database, mine, client)
    page = f"/en/desk/events/{slug}/occasions/1/people"
    for query in ("after=%27;--", "after=zz&standing=listed", "standing=listed&after=99999999999", "standing=%3Cb%3E"):
        answer = client.get(f"{page}?{query}")
        assert (answer.status_code, "<b>" in answer.text) == (200, False)
    for ids in ("x", "ff.-1", "ff.99999999999", ".0", "ff"):
        answer = client.post(page, data={"csrf_token": token(client), "ids": ids, "act": "place", "reason": "x"})
        assert answer.status_code in (302, 422)
    assert client.get(f"/en/desk/events/{slug}/occasions/2/people").status_code == 404


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_seed_is_words_and_nothing_else(client: FlaskClient, database: Database) -> None:
    occasion, _, slug = make_waiting(database, Selection.DRAW, many=4)
    officer_of(database, occasion, client)
    client.post(f"/en/desk/events/{slug}/occasions/1/draw", data={"csrf_token": token(client), "seed": SEED})
    page, file = client.get(f"/en/e/{slug}/1/draw").text, client.get(f"/e/{slug}/1/draw.json")
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "\u202e" not in page + file.text
    assert file.content_type == "application/json"


def test_of_draws_at_the_same_moment_one_counts(database: Database) -> None:
    occasion, _, _ = make_waiting(database, Selection.DRAW, many=5)

    def draw(number: int) -> str:
        now = dt.datetime.now(dt.UTC)
        try:
            with database.transaction() as session:
                activity, here = (
                    session.get_one(Activity, occasion.activity_id),
                    session.get_one(Occasion, occasion.id),
                )
                return drawing.draw(session, activity, here, f"seed {number}", by=None, now=now).seed
        except Refused as refused:
            return refused.problems[0].code

    with ThreadPoolExecutor(4) as pool:
        done = sorted(pool.map(draw, range(4)))
    assert done[:3] == ["events.draw.done"] * 3
    with database.reading() as session:
        assert session.scalars(select(Draw.seed)).all() == [done[3]]
        assert session.scalar(select(func.count()).where(SignUp.standing == "placed")) == 2
