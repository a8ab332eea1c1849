"""Nothing leads from an invitation to what was answered with it: no value, no place, no transaction, no key."""

from __future__ import annotations

import base64
import datetime as dt
import logging
import random
import re
import uuid
from collections.abc import Sequence
from pathlib import Path

import pytest
from scipy.stats import spearmanr
from sqlalchemy import Row, delete, select, text
from sqlalchemy.orm import Session

from consult.backups import archive, making
from consult.config import Keys, Settings
from consult.core.questionnaire.answers import decode
from consult.db.base import Base
from consult.db.installation import Installation
from consult.db.session import Database
from consult.participation import codes, invitation_codes, inviting
from consult.participation import service as participation
from consult.participation.contacts import Person
from consult.participation.models import Channel, Contact, Invitation
from consult.processes.models import Activity
from consult.responses import tasks
from consult.responses.models import Response
from tests.factories.invitations import codes_of, invite, make_contacts
from tests.factories.responses import KEY, make_coming, make_open
from tests.statements import noted

CLOSES = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)
MANY = 400
CHANCE = 0.17
"""A rank correlation of so many pairs that chance does not reach in a thousand tests."""


@pytest.fixture
def installation(database: Database, settings: Settings, keys: Keys) -> Installation:
    return Installation(settings, keys, database)


@pytest.fixture
def activity(database: Database) -> Activity:
    with database.transaction() as session:
        return invite(session, make_open(session, "types", closes_at=CLOSES))


@pytest.fixture
def invited(database: Database, activity: Activity, keys: Keys) -> dict[str, str]:
    """Codes by the addresses that they were mailed to; the number in an address is the order in which they are used."""
    people = [Person(f"person-{number:04}@example.org", "en", "") for number in range(MANY)]
    random.Random(1).shuffle(people)
    with database.transaction() as session:
        return codes_of(session, keys, make_contacts(session, keys, activity, *people))


def use(session: Session, activity: Activity, code: str, words: str, now: dt.datetime) -> None:
    """Begin and send with an invitation's code, as the pages do."""
    digest = invitation_codes.digest(KEY, activity.id, code)
    let = inviting.let_in(session, activity.id, digest)
    draft = invitation_codes.draft_code(KEY, activity.id, code, let.nonce)
    coming = make_coming({"words": words}, channel=Channel.INVITED)
    assert inviting.begin(session, KEY, activity.id, code, draft, let, coming, now=now)
    session.commit()
    seen = participation.find(session, activity.id, codes.digest(KEY, activity.id, draft))
    assert seen is not None
    context = {name: value for name, value in seen.context.items() if name != inviting.LINK}
    sent = make_coming({"words": words}, state="submitted", channel=Channel.INVITED, context=context)
    assert inviting.send(session, KEY, activity.id, draft, seen, sent, now=now)
    session.commit()


def take_part(installation: Installation, activity: Activity, invited: dict[str, str], now: dt.datetime) -> None:
    """Everybody takes part, one after the other; mixing comes by now and then."""
    for number in range(MANY):
        with installation.database.session(write=True) as session:
            use(session, activity, invited[f"person-{number:04}@example.org"], f"answer-{number:04}", now)
        if number % 50 == 49:
            tasks.mix(installation, {}, now)


def numbers(rows: Sequence[Row]) -> list[int]:
    """Which participant each response is of."""
    return [int(str(decode(row.answers)["words"])[-4:]) for row in rows]


def marked(database: Database, invited: dict[str, str], activity: Activity, order: str) -> list[int]:
    """Which participant each invitation is of, as somebody knows who has the codes."""
    known = {invitation_codes.digest(KEY, activity.id, code): int(name[7:11]) for name, code in invited.items()}
    with database.reading() as session:
        rows = session.execute(text(f"SELECT code FROM invitations WHERE state = 'used' {order}")).scalars()
        return [known[bytes(code)] for code in rows]


def correlation(one: Sequence[float], other: Sequence[float]) -> float:
    return abs(float(spearmanr(one, other).statistic))


@pytest.mark.parametrize("closed", [False, True])
def test_neither_place_nor_transaction_nor_key_joins_an_invitation_to_its_response(
    installation: Installation, activity: Activity, invited: dict[str, str], now: dt.datetime, closed: bool
) -> None:
    database = installation.database
    take_part(installation, activity, invited, now)
    if closed:
        tasks.seal(installation, {}, CLOSES)
    place = "" if database.sqlite else "ORDER BY tableoid, ctid"
    with database.reading() as session:
        stored = session.execute(text(f"SELECT id, answers FROM responses {place}")).all()
    ways = {
        "place": marked(database, invited, activity, place),
        "key": marked(database, invited, activity, "ORDER BY code"),
    }
    if not database.sqlite:
        with database.reading() as session:
            transactions = "SELECT count(DISTINCT xmin::text) FROM invitations WHERE state = 'used'"
            assert session.scalar(text(transactions)) == 1, "no batches of marks beside batches of responses"
    arrived = list(range(MANY))
    for way, people in ways.items():
        assert sorted(people) == arrived, way
        assert correlation(arrived, people) < CHANCE, f"{way} tells who came first"
        assert correlation(numbers(stored), people) < CHANCE, f"{way} joins the two"
        hits = sum(one == other for one, other in zip(numbers(stored), people, strict=True))
        assert hits <= 8, f"{way}: chance gives one"


def test_no_value_of_any_column_stands_on_both_sides(
    installation: Installation, activity: Activity, invited: dict[str, str], now: dt.datetime
) -> None:
    database = installation.database
    take_part(installation, activity, invited, now)
    tasks.seal(installation, {}, CLOSES)
    with database.reading() as session:
        sides = [_values(session, models) for models in ((Invitation, Contact), (Response,))]
        assert session.scalars(select(Invitation.nonce)).all() == [None] * MANY
    shared = sides[0] & sides[1]
    assert {value for value in shared if value not in (None, "", 0, 1, True, False, "used")} == {activity.id}


def test_in_the_file_of_a_closed_activity_and_in_a_backup_neither_side_lies_as_the_other_does(
    sqlite: Database, settings: Settings, keys: Keys, now: dt.datetime, tmp_path: Path
) -> None:
    with sqlite.transaction() as session:
        activity = invite(session, make_open(session, "types", closes_at=CLOSES))
        people = [Person(f"person-{number:04}@example.org", "en", "") for number in range(MANY)]
        invited = codes_of(session, keys, make_contacts(session, keys, activity, *people))
    installation = Installation(settings, keys, sqlite)
    take_part(installation, activity, invited, now)
    tasks.seal(installation, {}, CLOSES)
    data = (tmp_path / "consult.db").read_bytes()
    answers = [data.rindex(f"answer-{number:04}".encode()) for number in range(MANY)]
    used = [data.rindex(invitation_codes.digest(KEY, activity.id, code)) for code in by_number(invited)]
    arrived = list(range(MANY))
    assert correlation(answers, used) < CHANCE
    assert correlation(arrived, used) < CHANCE
    assert correlation(arrived, answers) < CHANCE
    digests = [base64.b64encode(invitation_codes.digest(KEY, activity.id, code)) for code in by_number(invited)]
    made = making.make(installation, now=CLOSES).path
    kept = rows_with(made, keys, "responses", [f"answer-{number:04}".encode() for number in arrived])
    marks = rows_with(made, keys, "invitations", digests)
    assert correlation(kept, marks) < CHANCE, "nor in a backup"
    assert correlation(arrived, marks) < CHANCE
    assert correlation(arrived, kept) < CHANCE


def by_number(invited: dict[str, str]) -> list[str]:
    """Codes in the order in which they were used."""
    return [invited[f"person-{number:04}@example.org"] for number in range(MANY)]


def rows_with(backup: Path, keys: Keys, table: str, wanted: Sequence[bytes]) -> list[int]:
    """In which rows of a table's part of a backup some bytes stand."""
    with archive.opened(backup, keys) as (_, members):
        rows = [row for member in members if archive.table_of(member.name) == table for row in archive.rows(member)]
    return [next(place for place, row in enumerate(rows) if words in row) for words in wanted]


def _values(session: Session, models: tuple[type[Base], ...]) -> set[object]:
    return {value for model in models for row in session.execute(select(model.__table__)) for value in row}


def test_with_all_keys_and_all_codes_no_response_is_found(
    installation: Installation, activity: Activity, invited: dict[str, str], now: dt.datetime
) -> None:
    """What somebody has who has everything but the receipts: the database, keys.json, the vault."""
    take_part(installation, activity, invited, now)
    with installation.database.reading() as session:
        kept = set(session.scalars(select(Response.code)))
    tried = {codes.digest(KEY, activity.id, code) for code in invited.values()}
    tried |= {invitation_codes.digest(KEY, activity.id, code) for code in invited.values()}
    for code in invited.values():
        guess = invitation_codes.draft_code(KEY, activity.id, code, b"")
        tried.add(codes.digest(KEY, activity.id, guess))
    assert not kept & tried


def test_an_open_draft_is_led_to_by_nobody_without_its_own_code(
    database: Database, activity: Activity, invited: dict[str, str], now: dt.datetime
) -> None:
    code = invited["person-0000@example.org"]
    digest = invitation_codes.digest(KEY, activity.id, code)
    with database.transaction() as session:
        let = inviting.let_in(session, activity.id, digest)
        draft = invitation_codes.draft_code(KEY, activity.id, code, let.nonce)
        assert inviting.begin(session, KEY, activity.id, code, draft, let, make_coming(), now=now)
    with database.reading() as session:
        (row,) = session.execute(text("SELECT context, answers FROM intake")).all()
    assert digest.hex() not in str(row)
    assert code not in str(row)


def test_the_files_hold_no_address_no_code_and_no_nonce(
    installation: Installation,
    activity: Activity,
    invited: dict[str, str],
    now: dt.datetime,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    nonces: list[bytes] = []
    with caplog.at_level(logging.DEBUG):
        with installation.database.session(write=True) as session:
            code = invited["person-0000@example.org"]
            let = inviting.let_in(session, activity.id, invitation_codes.digest(KEY, activity.id, code))
            nonces.append(let.nonce)
            session.commit()
        take_part(installation, activity, invited, now)
        tasks.seal(installation, {}, CLOSES)
    told = caplog.text.encode()
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("consult.db*"))
    for word in (b"person-0000", code.encode(), " ".join(codes.groups(code)).encode()):
        assert word not in told
        assert word not in kept
    assert not [nonce for nonce in nonces if nonce in kept]


def test_an_open_link_takes_not_one_statement_more(database: Database, activity: Activity, now: dt.datetime) -> None:
    """What invitations and quotas cost those who come by the open link of an activity without them: nothing."""
    with noted(database) as said, database.single(write=True) as connection:
        assert participation.begin(connection, activity.id, b"d" * 32, make_coming(), now=now)
        seen = participation.find(connection, activity.id, b"d" * 32)
        assert seen is not None
        sent = make_coming(state="submitted")
        assert participation.replace(connection, activity.id, b"d" * 32, seen, sent, now=now)
    written = [statement for statement in said if re.match(r"INSERT|UPDATE", statement)]
    assert len(written) == 2
    assert not [statement for statement in written if "quotas" in statement or "invitations" in statement]


def test_a_list_that_was_deleted_leaves_nothing(database: Database, activity: Activity, keys: Keys) -> None:
    with database.transaction() as session:
        made = make_contacts(session, keys, activity, Person("a@example.org", "en", ""), name="Other")
        session.execute(delete(type(made)).where(type(made).id == made.id))
        for model in (Contact, Invitation):
            assert session.scalars(select(model).where(model.list_id == made.id)).all() == []
    assert isinstance(made.id, uuid.UUID)
