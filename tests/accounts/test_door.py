"""Signing in: who gets through the door, and what nobody learns at it."""

from __future__ import annotations

import datetime as dt
import re

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.accounts.models import Attempt, Institution, Role, SignIn, User
from consult.accounts.service import passwords
from consult.audit.models import Entry
from consult.db.session import Database
from tests.factories import accounts as make
from tests.factories.accounts import HASHER, PASSWORD, TOTP_SECRET, token

SIGN_IN = "/en/staff/sign-in"


def attempt(client: FlaskClient, email: str, password: str, **query: str):
    return client.post(
        SIGN_IN, query_string=query, data={"csrf_token": token(client), "email": email, "password": password}
    )


def code(client: FlaskClient, value: str):
    return client.post(f"{SIGN_IN}/code", data={"csrf_token": token(client), "code": value})


def signed_in(client: FlaskClient) -> bool:
    return client.get("/en/staff/account").status_code == 200


def plain(body: str) -> str:
    return re.sub(r'name="csrf_token"[^>]*>', "", body)


def test_the_right_password_signs_in(client: FlaskClient, officer: User) -> None:
    answer = attempt(client, " Officer@Example.org ", PASSWORD)
    assert answer.status_code == 302
    assert signed_in(client)


def test_unknown_disabled_and_wrong_look_the_same_and_cost_the_same(
    client: FlaskClient,
    database: Database,
    officer: User,
    clock: object,
    monkeypatch: pytest.MonkeyPatch,
    now: dt.datetime,
) -> None:
    with database.transaction() as session:
        disabled = make.user(session, email="disabled@example.org")
        disabled.disabled_at = now
        invited = make.user(session, email="invited@example.org")
        invited.password = ""
    verified: list[str] = []
    real = passwords._HASHER.verify

    class Counting:
        def __getattr__(self, name: str) -> object:
            return getattr(real.__self__, name)  # type: ignore[attr-defined]

        def verify(self, stored: str, password: str) -> bool:
            verified.append(stored)
            return real(stored, password)

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    bodies = []
    cases = [
        ("officer@example.org", "wrong password"),
        ("nobody@example.org", PASSWORD),
        ("disabled@example.org", PASSWORD),
        ("invited@example.org", PASSWORD),
    ]
    for email, password in cases:
        answer = attempt(client, email, password)
        assert answer.status_code == 200
        bodies.append(plain(answer.text).replace(email, "…"))
    assert len(set(bodies)) == 1
    assert len(verified) == len(cases)
    assert len({stored.rsplit("$", 2)[0] for stored in verified}) == 1  # the same work: equal parameters


def test_a_hash_with_weaker_parameters_is_renewed(
    client: FlaskClient, database: Database, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_HASHER", HASHER)
    attempt(client, officer.email, PASSWORD)
    with database.reading() as session:
        stored = session.get_one(User, officer.id).password
    assert not passwords.outdated(stored) and passwords.matches(stored, PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")  # RFC 9106, section 4, second choice


def test_a_steward_needs_both_steps(client: FlaskClient, steward: User, clock: object) -> None:
    assert attempt(client, steward.email, PASSWORD).location.endswith("/sign-in/code")
    assert not signed_in(client)
    assert "not right" in code(client, "000000").text
    assert code(client, pyotp.TOTP(TOTP_SECRET).now()).status_code == 302
    assert signed_in(client)


@pytest.mark.parametrize(("seconds", "accepted"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_clocks_may_differ_by_one_step(
    client: FlaskClient, steward: User, clock: object, now: dt.datetime, seconds: int, accepted: bool
) -> None:
    attempt(client, steward.email, PASSWORD)
    code(client, pyotp.TOTP(TOTP_SECRET).at(now + dt.timedelta(seconds=seconds)))
    assert signed_in(client) is accepted


def test_a_code_works_once(app: Flask, steward: User, clock: time_machine.Traveller) -> None:
    first, second = app.test_client(), app.test_client()
    digits = pyotp.TOTP(TOTP_SECRET).now()
    for client in (first, second):
        attempt(client, steward.email, PASSWORD)
        code(client, digits)
    assert signed_in(first) and not signed_in(second)
    clock.shift(30)
    code(second, digits)  # still within the tolerance, but its step was used
    assert not signed_in(second)


def test_the_second_step_waits_ten_minutes(client: FlaskClient, steward: User, clock: time_machine.Traveller) -> None:
    attempt(client, steward.email, PASSWORD)
    clock.shift(601)
    assert code(client, pyotp.TOTP(TOTP_SECRET).now()).location.endswith("/sign-in")


def test_the_second_step_ends_when_the_password_changes(
    client: FlaskClient, database: Database, steward: User, clock: object
) -> None:
    attempt(client, steward.email, PASSWORD)
    with database.transaction() as session:
        session.get_one(User, steward.id).password = passwords.hashed("another password entirely")
    code(client, pyotp.TOTP(TOTP_SECRET).now())
    assert not signed_in(client)


def test_roles_that_need_the_second_step_rest_without_it(
    client: FlaskClient, database: Database, ministry: Institution, clock: object
) -> None:
    with database.transaction() as session:
        admin = make.user(session, ministry, Role.ADMINISTRATOR, second_step=False)
    assert attempt(client, admin.email, PASSWORD).location.endswith("/second-step")
    assert client.get("/en/staff/institutions").status_code == 404
    page = client.get("/en/staff/account/second-step").text
    secret = re.search(r'<code dir="ltr">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")
    assert "data:image/svg+xml" in page
    answer = client.post(
        "/en/staff/account/second-step",
        data={"csrf_token": token(client), "code": pyotp.TOTP(secret).now(), "password": PASSWORD},
    )
    codes = re.findall(r"<code>([0-9a-z-]{19})</code>", answer.text)
    assert len(set(codes)) == 10
    assert client.get("/en/staff/institutions").status_code == 200


def test_a_recovery_code_works_once_as_people_write_it(
    app: Flask, client: FlaskClient, database: Database, steward: User, clock: object
) -> None:
    from consult.accounts.service import secondstep
    from consult.core.access import Actor
    from tests.conftest import NOW

    with database.transaction() as session:
        person = session.get_one(User, steward.id)
        codes = secondstep.renew_recovery_codes(session, make.KEYS, person, by=Actor(person.id, ""), now=NOW)
    attempt(client, steward.email, PASSWORD)
    code(client, codes[0].upper().replace("-", " "))
    assert signed_in(client)
    other = app.test_client()
    attempt(other, steward.email, PASSWORD)
    code(other, codes[0])
    assert not signed_in(other)
    code(other, codes[1])
    assert signed_in(other)


def test_guessing_is_slowed_down_but_nobody_is_locked_out(
    client: FlaskClient, officer: User, clock: time_machine.Traveller
) -> None:
    for _ in range(5):
        assert attempt(client, officer.email, "wrong").status_code == 200
    for _ in range(20):
        assert attempt(client, officer.email, PASSWORD).status_code == 429
    clock.shift(61)  # what was tried meanwhile has not made it longer
    assert attempt(client, officer.email, PASSWORD).status_code == 302


def test_unknown_addresses_are_slowed_down_alike(client: FlaskClient, clock: object) -> None:
    statuses = [attempt(client, "nobody@example.org", "wrong").status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]


def test_codes_cannot_be_guessed_faster_than_passwords(client: FlaskClient, steward: User, clock: object) -> None:
    attempt(client, steward.email, PASSWORD)
    statuses = [code(client, "000000").status_code for _ in range(6)]
    assert 429 in statuses
    assert attempt(client, steward.email, PASSWORD).status_code == 429  # the right password starts nothing over


def test_success_forgets_earlier_attempts(client: FlaskClient, database: Database, officer: User) -> None:
    for _ in range(3):
        attempt(client, officer.email, "wrong")
    attempt(client, officer.email, PASSWORD)
    with database.reading() as session:
        assert session.scalars(select(Attempt)).all() == []


def test_nothing_of_who_tried_is_kept(client: FlaskClient, database: Database) -> None:
    attempt(client, "nobody@example.org", "wrong")
    with database.reading() as session:
        [row] = session.scalars(select(Attempt)).all()
    assert b"nobody" not in row.subject and len(row.subject) == 32


def test_signing_out_ends_the_sign_in_on_the_server(client: FlaskClient, database: Database, officer: User) -> None:
    make.sign_in(client, officer)
    stolen = client.get_cookie("staff").value
    client.post("/en/staff/sign-out", data={"csrf_token": token(client)})
    client.set_cookie("staff", stolen)
    assert not signed_in(client)
    with database.reading() as session:
        assert session.scalars(select(SignIn)).all() == []
        acts = session.scalars(select(Entry.action).where(Entry.actor_id == officer.id)).all()
    assert sorted(acts) == ["accounts.sign_in", "accounts.sign_out"]


def test_nobody_is_signed_out_by_an_address(client: FlaskClient, officer: User) -> None:
    make.sign_in(client, officer)
    client.get("/en/staff/link/planted-by-somebody")
    client.get("/en/staff/password")
    client.get("/en/staff/sign-in")
    assert signed_in(client)


def test_signing_out_everywhere_ends_every_browser(app: Flask, officer: User) -> None:
    one, other = app.test_client(), app.test_client()
    make.sign_in(one, officer)
    make.sign_in(other, officer)
    one.post("/en/staff/sign-out-everywhere", data={"csrf_token": token(one)})
    assert not signed_in(one) and not signed_in(other)


def test_a_sign_in_ends_after_twelve_hours(client: FlaskClient, officer: User, clock: time_machine.Traveller) -> None:
    make.sign_in(client, officer)
    assert signed_in(client)
    clock.shift(dt.timedelta(hours=12, seconds=1))
    assert not signed_in(client)


def test_own_sign_ins_are_listed_by_day_and_can_be_ended(
    app: Flask, officer: User, clock: object, database: Database
) -> None:
    here, there = app.test_client(), app.test_client()
    make.sign_in(here, officer)
    make.sign_in(there, officer)
    page = here.get("/en/staff/account").text
    assert page.count("2 March 2026") == 2 and "10:00" not in page
    [address] = re.findall(r'action="(/en/staff/account/sign-ins/[0-9a-f]+/end)"', page)
    here.post(address, data={"csrf_token": token(here)})
    assert signed_in(here) and not signed_in(there)


def test_nobody_ends_the_sign_in_of_another(app: Flask, database: Database, officer: User, steward: User) -> None:
    mine, theirs = app.test_client(), app.test_client()
    make.sign_in(mine, officer)
    make.sign_in(theirs, steward)
    with database.reading() as session:
        stored = session.scalar(select(SignIn.token).where(SignIn.user_id == steward.id))
    mine.post(f"/en/staff/account/sign-ins/{stored.hex()}/end", data={"csrf_token": token(mine)})
    assert signed_in(theirs)


def test_changing_the_password_signs_out_the_others(app: Flask, officer: User) -> None:
    here, there = app.test_client(), app.test_client()
    make.sign_in(here, officer)
    make.sign_in(there, officer)
    data = {"csrf_token": token(here), "current": PASSWORD, "password": "seven brass monkeys"}
    assert here.post("/en/staff/account/password", data=data).status_code == 302
    assert signed_in(here) and not signed_in(there)
    assert attempt(app.test_client(), officer.email, PASSWORD).status_code == 200
    assert attempt(app.test_client(), officer.email, "seven brass monkeys").status_code == 302


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "at least 12"),
        ("passwordpassword", "Many people"),
        ("aaaaaaaaaaaaaa", "Many people"),
        ("officer@example.org", "not like your e-mail"),
        ("x" * 201, "at most 200"),
    ],
)
def test_weak_passwords_are_refused(client: FlaskClient, officer: User, password: str, words: str) -> None:
    make.sign_in(client, officer)
    data = {"csrf_token": token(client), "current": PASSWORD, "password": password}
    assert words in client.post("/en/staff/account/password", data=data).text
