"""Drawing places: once, after sign-up has closed, as anybody can recompute."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult import paths
from consult.config import Keys, Settings
from consult.core.errors import Refused
from consult.core.sampling.draw import verify
from consult.core.sampling.record import decode
from consult.db.installation import Installation
from consult.db.session import Database
from consult.events import drawing
from consult.events.commands import events
from consult.events.models.planned import Occasion, Selection, Target
from consult.events.models.signed import SignUp, Standing
from consult.processes.models import Activity
from tests.factories.events import make_event, make_occasion, make_sign_up
from tests.factories.processes import make_process

DAY = dt.timedelta(days=1)
SEED = "4 8 15 16 23 42"


def drawable(session: Session, now: dt.datetime, women: int = 12, men: int = 13, least: int = 3) -> Occasion:
    """An event with six seats, at least so many for women, whose sign-up has just closed; one man brings somebody."""
    process = make_process(session, public=True)
    process.threshold = 5
    activity = make_event(session, process, selection=Selection.DRAW, closes_at=now)
    session.add(Target(activity_id=activity.id, cell={"sex": ["f"]}, minimum=least))
    occasion = make_occasion(session, activity, capacity=6, starts_at=now + DAY, ends_at=now + 2 * DAY)
    for number in range(women + men):
        sex, seats = ("f" if number < women else "m"), (2 if number == women else 1)
        make_sign_up(session, occasion, profile={"sex": sex, "town": f"{number}"}, seats=seats)
    return occasion


def draw(session: Session, occasion: Occasion, now: dt.datetime, seed: str = SEED) -> str:
    activity = session.get_one(Activity, occasion.activity_id)
    return drawing.draw(session, activity, occasion, seed, by=None, now=now).record


def test_places_and_waiting_list_are_drawn_and_the_record_names_nobody(session: Session, now: dt.datetime) -> None:
    occasion = drawable(session, now)
    document = draw(session, occasion, now)
    record = decode(document)
    rows = {row.ticket: row for row in session.scalars(select(SignUp).execution_options(populate_existing=True))}
    assert {rows[ticket].standing for ticket in record.winners} == {"placed"}
    assert [rows[ticket].rank for ticket in record.waiting] == [*range(1, len(record.waiting) + 1)]
    assert occasion.taken == sum(rows[ticket].seats for ticket in record.winners)
    assert sum(rows[ticket].profile["sex"] == "f" for ticket in record.winners) >= 3
    assert min(Counter(record.entries.tickets.values()).values()) >= 5
    assert "town" not in document
    assert verify(record) == ()


def test_what_cannot_be_met_is_said_before_and_after(session: Session, now: dt.datetime) -> None:
    occasion = drawable(session, now, women=6, men=14, least=9)
    activity = session.get_one(Activity, occasion.activity_id)
    preview = drawing.preview(session, activity, occasion)
    assert (preview.people, preview.violation) == ((6,), 3)
    record = decode(draw(session, occasion, now))
    assert [(one.short, one.over) for one in record.violations] == [(3, 0)]
    assert record.commitment == preview.commitment


def test_a_draw_is_refused_before_sign_up_has_closed_and_once_it_was_done(session: Session, now: dt.datetime) -> None:
    occasion = drawable(session, now)
    for seed, moment, code in ((" ", now, "seed"), (SEED, now - dt.timedelta(seconds=1), "open")):
        with pytest.raises(Refused, match=rf"events\.draw\.{code}"):
            draw(session, occasion, moment, seed)
    draw(session, occasion, now)
    with pytest.raises(Refused, match=r"events\.draw\.done"):
        draw(session, occasion, now, "another")
    assert session.scalars(select(SignUp.standing).where(SignUp.standing == Standing.ASKED)).all() == []
    by_hand = make_occasion(session, make_event(session, selection=Selection.NOMINATION, closes_at=now))
    with pytest.raises(Refused, match=r"events\.draw\.selection"):
        draw(session, by_hand, now)
    empty = make_occasion(session, session.get_one(Activity, occasion.activity_id), "Turin")
    with pytest.raises(Refused, match=r"events\.draw\.nobody"):
        draw(session, empty, now)


def test_the_command_line_draws_and_a_stranger_checks_the_record(sqlite: Database, keys: Keys, tmp_path: Path) -> None:
    with sqlite.transaction() as session:
        occasion = drawable(session, dt.datetime.now(dt.UTC))
        activity = session.get_one(Activity, occasion.activity_id)
        names = [activity.process.slug, activity.slug, "1", "--seed", SEED]
    installation = Installation(Settings(data=tmp_path), keys, sqlite)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(events, arguments, obj=lambda: installation)

    file = tmp_path / "draw.json"
    file.write_text(run("draw", *names).stdout, "utf-8")
    again = run("draw", *names)
    assert (again.exit_code, "events.draw.done" in again.stderr) == (2, True)
    stranger = subprocess.run([sys.executable, paths.RECOMPUTE_DRAW, file], capture_output=True, check=False)
    assert stranger.returncode == 0, stranger.stdout
    told = run("verify", str(file))
    assert (told.exit_code, "all targets met" in told.output) == (0, True)
    forged = json.loads(file.read_text("utf-8"))
    forged["winners"], forged["waiting"] = forged["waiting"][:6], forged["winners"] + forged["waiting"][6:]
    file.write_text(json.dumps(forged), "utf-8")
    told = run("verify", str(file))
    assert (told.exit_code, "differs: winners" in told.output) == (1, True)
