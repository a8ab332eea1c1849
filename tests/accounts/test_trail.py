"""Administrators read what was done for their institution, page by page, and nothing of others."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask.testing import FlaskClient

from consult.accounts.models import Institution, User
from consult.audit.service import record
from consult.core.access import Actor
from consult.db.session import Database
from tests.factories import accounts as make
from tests.factories.processes import make_process

PATH = "/en/staff/trail"
XSS = "<script>alert(1)</script>"


@pytest.fixture
def trail(
    client: FlaskClient, database: Database, ministry: Institution, agency: Institution, admin: User, now: dt.datetime
) -> str:
    """A trail with something of everybody; the id of the ministry's process."""
    with database.transaction() as session:
        stranger = make.user(session, agency, "officer", name="Stranger")
        mine = make_process(session, lead=ministry, title="Our policy")
        theirs = make_process(session, lead=agency, title="Their policy")
        us, them = Actor(admin.id, XSS), Actor(stranger.id, "Stranger")
        record(session, actor=us, action="accounts.invite", subject=XSS, now=now, institution_id=ministry.id)
        record(session, actor=us, action="accounts.sign_in", subject="me", now=now)
        record(session, actor=them, action="processes.join", subject="guest", now=now, process_id=mine.id)
        record(session, actor=us, action="processes.visit", subject="hidden-1", now=now, process_id=theirs.id)
        record(session, actor=them, action="processes.edit", subject="hidden-2", now=now, process_id=theirs.id)
        record(session, actor=them, action="accounts.sign_in", subject="hidden-3", now=now)
        record(session, actor=None, action="mail.fail", subject="hidden-4", now=now, details={"x": XSS})
    make.sign_in(client, admin, now=now)
    return str(mine.id)


def rows(page: str) -> list[str]:
    return re.findall(r"<tr>.*?</tr>", page.split("<tbody>")[1], re.DOTALL) if "<tbody>" in page else []


@pytest.mark.usefixtures("clock")
def test_only_what_concerns_the_institution_is_shown(client: FlaskClient, trail: str) -> None:
    page = client.get(PATH).text
    assert "hidden" not in page.split("<tbody>")[1]
    assert {"me", "guest"} <= set(re.findall(r"<bdi>(\w+)</bdi>", page))


@pytest.mark.usefixtures("clock")
def test_names_and_subjects_are_escaped(client: FlaskClient, trail: str) -> None:
    page = client.get(PATH).text
    assert "<script>alert" not in page and page.count("&lt;script&gt;alert(1)") >= 2


@pytest.mark.usefixtures("clock")
def test_the_address_narrows_it(client: FlaskClient, trail: str) -> None:
    assert len(rows(client.get(PATH, query_string={"process": trail}).text)) == 1
    assert len(rows(client.get(PATH, query_string={"action": "accounts.invite"}).text)) == 1
    assert rows(client.get(PATH, query_string={"action": XSS}).text) == []


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("broken", ["x", "2026-13-01_1", "_", "2026-03-02T10:00:00_" + "0" * 32, XSS])
def test_a_broken_address_shows_the_first_page(client: FlaskClient, trail: str, broken: str) -> None:
    answer = client.get(PATH, query_string={"before": broken, "process": broken})
    assert answer.status_code == 200 and "<script>alert" not in answer.text


@pytest.mark.usefixtures("clock")
def test_pages_follow_each_other_without_gap_or_overlap(
    client: FlaskClient, database: Database, ministry: Institution, admin: User, now: dt.datetime
) -> None:
    with database.transaction() as session:
        for number in range(120):
            at = now + dt.timedelta(seconds=number // 10)
            record(session, actor=None, action="a.b", subject=f"n{number}", now=at, institution_id=ministry.id)
    make.sign_in(client, admin, now=now)
    address, seen = f"{PATH}?action=a.b", []
    while address:
        page = client.get(address).text
        seen += re.findall(r"<bdi>(n\d+)</bdi>", page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = older[1].replace("&amp;", "&") if older else ""
    assert sorted(seen) == sorted(f"n{number}" for number in range(120))


@pytest.mark.usefixtures("clock")
def test_operators_see_what_belongs_to_no_institution(client: FlaskClient, database: Database, trail: str) -> None:
    with database.transaction() as session:
        office = make.institution(session, "Office", operates=True)
        operator = make.user(session, office, "administrator")
    from tests.conftest import NOW

    make.sign_in(client, operator, now=NOW)
    body = client.get(PATH).text.split("<tbody>")[1]
    assert "hidden-4" in body and "hidden-2" not in body and "guest" not in body
