"""Coding and official answers under attack: answers of one person joined, formulas, strangers, mass assignment."""

from __future__ import annotations

import csv
import io
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from consult.accounts.models import Grant, Role
from consult.coding.models import Coding, Item
from consult.core.questionnaire.definition import node_id
from consult.db.session import Database
from consult.processes.models import Process
from consult.web.rules import PERMISSIONS
from tests.factories.accounts import institution, sign_in, token, user
from tests.factories.coding import gathered, make_answered, make_codebook, make_coder
from tests.factories.consultations import make_consultation
from tests.factories.processes import make_process

TABLES = ("coding_items", "codings", "adjudications", "answer_translations", "translation_batches")


def test_no_columns_join_two_answers_of_one_person(database: Database) -> None:
    """Whoever has the file without the keys sees what a coder sees: names that have nothing in common."""
    with database.transaction() as session:
        process = make_process(session, locales=("en",))
        make_codebook(session, process)
        activity = make_answered(session, process, [{"wish": f"a{n}", "worry": f"b{n}"} for n in range(50)])
    gathered(database, activity)
    with database.reading() as session:
        rows = {part: session.execute(select(Item).where(Item.part == part)).scalars().all() for part in _parts()}
        telling = [
            column.name
            for column in Item.__table__.columns
            if len({getattr(row, column.name) for some in rows.values() for row in some}) > 2
        ]
        assert telling == ["id"], "only the name tells texts apart"
        names = {part: {row.id for row in some} for part, some in rows.items()}
        assert not names[_parts()[0]] & names[_parts()[1]]
        for table in TABLES:
            columns = session.execute(text(f"SELECT * FROM {table} LIMIT 0")).keys()  # names of our own tables
            assert not {"response_id", "code", "day", "at", "created_at"} & set(columns), table


def _parts() -> tuple[str, str]:
    return node_id("wish"), node_id("worry")


@pytest.mark.parametrize("role", [Role.OFFICER, Role.CODER, Role.TRANSLATOR, Role.ADMINISTRATOR])
def test_everything_of_another_institution_is_404(
    app: Flask, client: FlaskClient, database: Database, role: Role
) -> None:
    with database.transaction() as session:
        activity = make_consultation(session)
        make_codebook(session, activity.process)
        stranger = user(session, institution(session, "Elsewhere"), role)
        process = activity.process.slug
    sign_in(client, stranger)
    values = {
        "locale": "en",
        "activity": activity.slug,
        "item_id": uuid.uuid4(),
        "batch_id": uuid.uuid4(),
        "code": "vote",
    }
    values |= {"number": 1, "answer_id": uuid.uuid4(), "kind": "comment"}
    for rule in app.url_map.iter_rules():
        desk = rule.endpoint.startswith("coding.") or "repl" in rule.endpoint.partition("consultations.")[2]
        if not desk or PERMISSIONS[rule.endpoint].public:
            continue
        slug = process if rule.endpoint.startswith("coding.") else activity.slug
        with app.test_request_context():
            address = app.url_map.bind("localhost").build(
                rule.endpoint,
                {name: value for name, value in {**values, "slug": slug}.items() if name in rule.arguments},
            )
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        assert client.open(address, method=method, data={"csrf_token": token(client)}).status_code == 404, address


def test_a_file_of_codings_starts_no_formula_and_ends_with_the_role(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        process: Process = make_process(session, slug="policy", locales=("en",))
        make_codebook(session, process)
        activity = make_answered(session, process, [{"wish": "=1+1"}])
        steward = make_coder(session, process, Role.STEWARD)
    (item,) = gathered(database, activity)
    sign_in(client, steward)
    desk = "/en/desk/processes/policy/coding"
    codes = {"csrf_token": token(client), "code": ["vote"], "coder_id": str(uuid.uuid4()), "state": "skipped"}
    client.post(f"{desk}/texts/{activity.slug}/{item.id}", data=codes)
    with database.reading() as session:
        kept = session.scalars(select(Coding)).one()
        assert (kept.coder_id, kept.state) == (steward.id, "coded"), "who codes is who has signed in"
    wanted = {"form": "csv", "csrf_token": token(client)}
    fetched = client.post(f"{desk}/codings", data=wanted)
    cells = [cell for row in csv.reader(io.StringIO(fetched.text.lstrip("\ufeff"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    with database.transaction() as session:
        for grant in session.scalars(select(Grant).where(Grant.user_id == steward.id)):
            session.delete(grant)
    assert client.post(f"{desk}/codings", data=wanted).status_code == 404
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Coding)) == 1
