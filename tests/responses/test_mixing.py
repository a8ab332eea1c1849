"""Mixing and sealing: what was submitted is there once, and nothing tells when it came."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from scipy.stats import spearmanr
from sqlalchemy import LargeBinary, func, select, text
from sqlalchemy.orm import Session

from consult.config import Keys, Settings
from consult.core.questionnaire.answers import decode
from consult.db.base import Base
from consult.db.installation import Installation
from consult.db.session import Database
from consult.participation import codes
from consult.participation import service as participation
from consult.participation.models import Channel, Intake
from consult.privacy.ledger import Ledger
from consult.processes.models import Activity
from consult.responses import mixing, queries, service, tasks
from consult.responses.erasing import TABLES
from consult.responses.models import Response, Tombstone
from tests.factories.responses import digest, make_coming, make_open, make_submission

CLOSES = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)
MANY = 400


def count(session: Session, model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def words(session: Session) -> list[str]:
    return sorted(str(decode(answers)["words"]) for answers in session.scalars(select(Response.answers)))


@pytest.fixture
def installation(database: Database, settings: Settings, keys: Keys) -> Installation:
    return Installation(settings, keys, database)


@pytest.mark.parametrize(("waiting", "mixed"), [(4, 0), (5, 5), (6, 6)])
def test_nothing_is_mixed_before_as_many_wait_as_the_threshold(
    installation: Installation, now: dt.datetime, waiting: int, mixed: int
) -> None:
    database = installation.database
    with database.transaction() as session:
        activity = make_open(session, "types", threshold=5)
        for number in range(waiting):
            make_submission(session, activity, {"words": str(number)}, now=now)
        participation.begin(session, activity.id, b"d" * 32, make_coming(), now=now)
    tasks.mix(installation, {}, now)
    with database.reading() as session:
        assert count(session, Response) == mixed
        assert count(session, Intake) == waiting - mixed + 1, "the open draft stays"
        assert words(session) == [str(number) for number in range(mixed)]


def test_mixing_again_moves_nothing_twice(installation: Installation, now: dt.datetime) -> None:
    with installation.database.transaction() as session:
        activity = make_open(session, "types", threshold=2)
        for number in range(3):
            make_submission(session, activity, {"words": str(number)}, now=now)
    for _ in range(2):
        tasks.mix(installation, {}, now)
    with installation.database.reading() as session:
        assert words(session) == ["0", "1", "2"]


def test_large_batches_are_moved_in_parts(
    installation: Installation, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mixing, "BATCH", 4)
    with installation.database.transaction() as session:
        activity = make_open(session, "types", threshold=2)
        for number in range(9):
            make_submission(session, activity, {"words": str(number)}, now=now)
    tasks.mix(installation, {}, now)
    with installation.database.reading() as session:
        assert (count(session, Response), count(session, Intake)) == (8, 1)
    tasks.seal(installation, {}, now)
    with installation.database.reading() as session:
        assert count(session, Response) == 8, "an open activity is not sealed"


def test_sealing_drops_drafts_and_takes_what_waits(installation: Installation, now: dt.datetime) -> None:
    database = installation.database
    with database.transaction() as session:
        activity = make_open(session, "types", closes_at=CLOSES)
        make_submission(session, activity, {"words": "sent"}, now=now)
        participation.begin(session, activity.id, b"d" * 32, make_coming({"words": "draft"}), now=now)
    tasks.seal(installation, {}, CLOSES)
    with database.reading() as session:
        assert words(session) == ["sent"]
        assert count(session, Intake) == 0
        assert session.get_one(Activity, activity.id).sealed_at == CLOSES
        assert mixing.unsealed(session, CLOSES) == []


def test_what_slips_in_on_a_slow_clock_is_sealed_too(installation: Installation, now: dt.datetime) -> None:
    database = installation.database
    with database.transaction() as session:
        activity = make_open(session, "types", closes_at=CLOSES)
    tasks.seal(installation, {}, CLOSES)
    with database.transaction() as session:
        make_submission(session, activity, {"words": "late"}, now=now)
    tasks.seal(installation, {}, CLOSES)
    with database.reading() as session:
        assert words(session) == ["late"]


# Correct and withdraw


def withdraw(installation: Installation, session: Session, activity: Activity, key: bytes, now: dt.datetime) -> bool:
    ledger = Ledger(installation.settings.ledger)
    return service.withdraw(session, activity.id, key, ledger=ledger, today=now.date(), now=now)


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("sent_again", [False, True])
def test_a_correction_replaces_the_response_only_when_it_is_sent(
    installation: Installation, now: dt.datetime, mixed: bool, sent_again: bool
) -> None:
    database = installation.database
    with database.transaction() as session:
        activity = make_open(session, "types", threshold=1, closes_at=CLOSES)
        code = make_submission(session, activity, {"words": "first"}, now=now)
    key = digest(activity.id, code)
    if mixed:
        tasks.mix(installation, {}, now)
    with database.transaction() as session:
        own = queries.own(session, activity.id, key)
        assert own is not None
        assert own.state == ("mixed" if mixed else "submitted")
        context = {"today": "2026-03-02", "seed": "s", "once": {}}
        assert service.correct(session, activity.id, key, own, context=context, now=now)
    tasks.mix(installation, {}, now)
    with database.transaction() as session:
        draft = queries.own(session, activity.id, key)
        assert draft is not None
        assert (draft.state, draft.corrects, decode(draft.answers)) == ("draft", True, {"words": "first"})
        again = make_coming({"words": "second"}, state="submitted" if sent_again else "draft", corrects=True)
        if not sent_again:
            again = make_coming({"words": "second"}, corrects=True, context=draft.context)
        assert participation.replace(session, activity.id, key, draft, again, now=now)
    tasks.seal(installation, {}, CLOSES)
    with database.reading() as session:
        assert words(session) == ["second" if sent_again else "first"]
        assert count(session, Tombstone) == 0


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("channel", Channel)
def test_a_correction_stays_on_the_channel_that_the_response_came_in_by(
    installation: Installation, now: dt.datetime, channel: Channel, mixed: bool
) -> None:
    database = installation.database
    with database.transaction() as session:
        activity = make_open(session, "types", threshold=1)
        code = make_submission(session, activity, now=now, channel=channel)
    key = digest(activity.id, code)
    if mixed:
        tasks.mix(installation, {}, now)
    with database.transaction() as session:
        own = queries.own(session, activity.id, key)
        assert own is not None
        assert service.correct(session, activity.id, key, own, context={}, now=now)
        draft = queries.own(session, activity.id, key)
        assert draft is not None
        assert participation.replace(session, activity.id, key, draft, replace(draft, state="submitted"), now=now)
    tasks.mix(installation, {}, now)
    with database.reading() as session:
        assert session.scalars(select(Response.channel)).all() == [channel]


@pytest.mark.parametrize("stored", [False, True])
def test_what_the_column_store_holds_leaves_a_tombstone(
    installation: Installation, now: dt.datetime, stored: bool
) -> None:
    database = installation.database
    with database.transaction() as session:
        activity = make_open(session, "types", threshold=1)
        keys = [digest(activity.id, make_submission(session, activity, now=now)) for _ in range(2)]
    tasks.mix(installation, {}, now)
    with database.transaction() as session:
        ids = {row.code: row.id for row in session.scalars(select(Response))}
        for row in session.scalars(select(Response)):
            row.stored = stored
    withdrawn, corrected = keys
    with database.transaction() as session:
        assert withdraw(installation, session, activity, withdrawn, now)
        participation.begin(session, activity.id, corrected, make_coming(state="submitted", corrects=True), now=now)
    tasks.mix(installation, {}, now)
    with database.reading() as session:
        assert set(session.scalars(select(Tombstone.id))) == (set(ids.values()) if stored else set())
        (kept,) = session.scalars(select(Response))
        assert (kept.code, kept.stored) == (corrected, False)
        assert kept.id not in ids.values()


@pytest.mark.parametrize("mixed", [False, True])
def test_withdrawal_leaves_nothing(installation: Installation, now: dt.datetime, mixed: bool) -> None:
    database = installation.database
    with database.transaction() as session:
        activity = make_open(session, "types", threshold=1, closes_at=CLOSES)
        key = digest(activity.id, make_submission(session, activity, now=now))
    if mixed:
        tasks.mix(installation, {}, now)
    with database.transaction() as session:
        assert withdraw(installation, session, activity, key, now)
        assert withdraw(installation, session, activity, key, now), "a second time changes nothing"
        assert queries.own(session, activity.id, key) is None
    with database.transaction() as session:
        assert not withdraw(installation, session, activity, key, CLOSES), "after closing nothing is withdrawn"


# No order, no trace


def arrive(database: Database, activity_id: object, chance: random.Random, now: dt.datetime) -> None:
    """Submissions one after the other, each in a transaction of its own, mixed in batches as they come."""
    for number in range(MANY):
        with database.transaction() as session:
            activity = session.get_one(Activity, activity_id)
            code = codes.spell(chance.randbytes(16))
            make_submission(session, activity, {"words": f"arrival-{number:04}"}, now=now, code=code)
        if number % 50 == 49:
            with database.transaction() as session:
                mixing.mix(session, activity.id, least=10, chance=chance)


def correlation(places: Sequence[float]) -> float:
    return abs(float(spearmanr(range(len(places)), places).statistic))


def test_after_sealing_nothing_tells_the_order_of_arrival(
    installation: Installation, now: dt.datetime, tmp_path: Path
) -> None:
    database, chance = installation.database, random.Random(7)
    with database.transaction() as session:
        activity = make_open(session, "types", closes_at=CLOSES)
    arrive(database, activity.id, chance, now)
    with database.transaction() as session:
        mixing.seal(session, activity.id, chance=chance, now=CLOSES)
    tasks.seal(installation, {}, CLOSES)
    database.scrub(*TABLES)
    with database.reading() as session:
        place = "id" if database.sqlite else "tableoid, ctid"
        rows = session.execute(text(f"SELECT id, answers FROM responses ORDER BY {place}")).all()
        scanned = session.execute(text("SELECT answers FROM responses")).scalars().all()
        keys = [str(row.id) for row in sorted(rows, key=lambda row: row.answers)]
        if not database.sqlite:
            assert session.scalar(text("SELECT count(DISTINCT xmin::text) FROM responses")) == 1
    arrived = [int(re.search(r"arrival-(\d+)", row.answers)[1]) for row in rows]  # type: ignore[index]
    found = [int(re.search(r"arrival-(\d+)", answers)[1]) for answers in scanned]  # type: ignore[index]
    assert sorted(arrived) == list(range(MANY))
    assert correlation(arrived) < 0.17
    assert correlation(found) < 0.17
    assert correlation([float(int(key.replace("-", ""), 16)) for key in keys]) < 0.17
    if database.sqlite:
        _check_files(tmp_path)


def _check_files(folder: Path) -> None:
    """Every answer stands in the file once, its place tells nothing, and the log beside it is empty."""
    assert not any(path.stat().st_size for path in folder.glob("*-wal"))
    data = (folder / "consult.db").read_bytes()
    places = {int(match[1]): match.start() for match in re.finditer(rb"arrival-(\d+)", data)}
    assert len(re.findall(rb"arrival-\d+", data)) == MANY
    assert correlation([places[number] for number in range(MANY)]) < 0.17


def test_a_code_is_kept_beside_its_response_and_nowhere_else(installation: Installation, now: dt.datetime) -> None:
    database = installation.database
    with database.transaction() as session:
        activity = make_open(session, "types", closes_at=CLOSES)
        key = digest(activity.id, make_submission(session, activity, now=now))
    tasks.seal(installation, {}, CLOSES)
    with database.reading() as session:
        holders = {
            table.name
            for table in Base.metadata.sorted_tables
            for column in table.columns
            if isinstance(column.type, LargeBinary)
            and session.scalar(select(func.count()).select_from(table).where(column == key))
        }
        assert holders == {"responses"}
        (row,) = session.execute(select(Response.__table__)).mappings()
        assert not [name for name, value in row.items() if isinstance(value, dt.datetime)]
