"""Administrators decide who works for their institution, and for no other."""

from __future__ import annotations

import datetime as dt
import re
import threading
import uuid

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from consult.accounts import queries
from consult.accounts.models import Grant, Institution, Link, Role, SignIn, User
from consult.accounts.service import links, people
from consult.accounts.service.people import Invitee
from consult.core.access import Actor
from consult.core.errors import Refused
from consult.db.session import Database
from tests.factories import accounts as make
from tests.factories.accounts import KEYS, PASSWORD, token
from tests.factories.processes import make_member, make_process


def path(place: Institution, rest: str = "") -> str:
    return f"/en/staff/institutions/{place.id}/people{rest}"


def invite(client: FlaskClient, place: Institution, email: str, *roles: str, name: str = "Kofi Annan"):
    data = {"csrf_token": token(client), "email": email, "name": name, "locale": "fr", "roles": list(roles)}
    return client.post(path(place, "/invite"), data=data)


def link_in(page: str) -> str:
    return re.search(r'value="http://localhost(/fr/staff/link/[^"]+)"', page)[1]


def test_an_invitation_is_a_link_to_copy_and_leads_to_a_password(
    app: Flask, client: FlaskClient, ministry: Institution, admin: User
) -> None:
    make.sign_in(client, admin)
    address = link_in(invite(client, ministry, "Kofi@Example.org", "officer", "coder").text)
    guest = app.test_client()
    moved = guest.get(address)
    assert moved.status_code == 302 and "link" not in moved.location
    data = {"csrf_token": token(guest), "password": "seven brass monkeys"}
    assert guest.post("/fr/staff/password", data=data).location.endswith("/fr/staff/sign-in")
    data = {"csrf_token": token(guest), "email": "kofi@example.org", "password": "seven brass monkeys"}
    assert guest.post("/fr/staff/sign-in", data=data).status_code == 302
    assert "Kofi Annan" in guest.get("/fr/staff/account").text
    assert "Invitation not accepted" not in client.get(path(ministry)).text


def test_opening_a_link_uses_nothing_up_and_setting_a_password_does(
    app: Flask, client: FlaskClient, ministry: Institution, admin: User
) -> None:
    make.sign_in(client, admin)
    address = link_in(invite(client, ministry, "kofi@example.org", "officer").text)
    for _ in range(3):
        app.test_client().get(address, follow_redirects=True)
    first, second = app.test_client(), app.test_client()
    for guest in (first, second):
        guest.get(address)
    data = {"csrf_token": token(first), "password": "seven brass monkeys"}
    assert first.post("/fr/staff/password", data=data).status_code == 302
    data = {"csrf_token": token(second), "password": "eleven lords a leaping"}
    assert second.post("/fr/staff/password", data=data).status_code == 410
    assert app.test_client().get(address, follow_redirects=True).status_code == 410


def test_an_existing_account_gets_the_roles_and_no_link(
    client: FlaskClient, database: Database, agency: Institution, ministry: Institution, admin: User
) -> None:
    with database.transaction() as session:
        known = make.user(session, agency, Role.OFFICER, email="known@example.org", name="Known")
    make.sign_in(client, admin)
    answer = invite(client, ministry, "known@example.org", "coder", name="Other name")
    assert answer.status_code == 302
    with database.reading() as session:
        assert session.get_one(User, known.id).name == "Known"
        assert session.scalar(select(func.count()).select_from(Link)) == 0
        roles = session.scalars(select(Grant.role).where(Grant.user_id == known.id)).all()
    assert sorted(roles) == ["coder", "officer"]


def test_without_mail_nobody_sees_the_link_of_somebody_invited_elsewhere_too(
    client: FlaskClient, database: Database, agency: Institution, ministry: Institution, admin: User
) -> None:
    with database.transaction() as session:
        make.user(session, agency, Role.STEWARD, email="new@example.org").password = ""
    make.sign_in(client, admin)
    answer = invite(client, ministry, "new@example.org", "coder")
    assert answer.status_code == 302
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Link)) == 0


def test_another_institution_does_not_exist(
    client: FlaskClient, database: Database, agency: Institution, admin: User
) -> None:
    with database.transaction() as session:
        theirs = make.user(session, agency, Role.OFFICER)
    make.sign_in(client, admin)
    assert "Statistics agency" not in client.get("/en/staff/institutions").text
    for rest in ("", "/invite", f"/{theirs.id}"):
        assert client.get(path(agency, rest)).status_code == 404
    for rest in (f"/{theirs.id}/link", f"/{theirs.id}/disable", f"/{theirs.id}/enable", f"/{theirs.id}/sign-out"):
        assert client.post(path(agency, rest), data={"csrf_token": token(client)}).status_code == 404
    assert client.get(f"/en/staff/institutions/{agency.id}").status_code == 404
    assert client.get("/en/staff/institutions/new").status_code == 404


def test_a_person_of_two_institutions_belongs_whole_to_neither(
    client: FlaskClient, database: Database, agency: Institution, ministry: Institution, admin: User
) -> None:
    with database.transaction() as session:
        shared = make.user(session, ministry, Role.OFFICER)
        make.grant(session, shared, agency, Role.STEWARD)
    make.sign_in(client, admin)
    page = client.get(path(ministry, f"/{shared.id}"))
    assert "works for other institutions too" in page.text
    for action in ("link", "disable", "enable", "sign-out"):
        answer = client.post(path(ministry, f"/{shared.id}/{action}"), data={"csrf_token": token(client)})
        assert answer.status_code == 404
    client.post(path(ministry, f"/{shared.id}"), data={"csrf_token": token(client)})
    with database.reading() as session:
        assert session.scalars(select(Grant.institution_id).where(Grant.user_id == shared.id)).all() == [agency.id]


def test_inviting_somebody_with_a_seat_elsewhere_does_not_hand_over_their_account(
    client: FlaskClient, database: Database, agency: Institution, ministry: Institution, admin: User
) -> None:
    with database.transaction() as session:
        member = make.user(session, email="member@example.org")
        lead = session.get_one(Institution, agency.id)
        make_member(session, make_process(session, lead=lead), member)
    make.sign_in(client, admin)
    invite(client, ministry, member.email, "coder")
    assert "works for other institutions too" in client.get(path(ministry, f"/{member.id}")).text
    for action in ("link", "disable", "sign-out"):
        answer = client.post(path(ministry, f"/{member.id}/{action}"), data={"csrf_token": token(client)})
        assert answer.status_code == 404, action
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Link)) == 0


def test_a_seat_for_an_institution_is_work_for_it(
    app: Flask, client: FlaskClient, database: Database, agency: Institution, ministry: Institution, admin: User
) -> None:
    with database.transaction() as session:
        member = make.user(session, name="Abena", locale="fr")
        process = make_process(session, lead=session.get_one(Institution, agency.id))
        make_member(session, process, member, institution=session.get_one(Institution, ministry.id))
    theirs = app.test_client()
    make.sign_in(client, admin)
    make.sign_in(theirs, member)
    assert "Abena" in client.get(path(ministry)).text
    assert link_in(client.post(path(ministry, f"/{member.id}/link"), data={"csrf_token": token(client)}).text)
    assert theirs.get("/en/staff/account").status_code == 200
    client.post(path(ministry, f"/{member.id}/sign-out"), data={"csrf_token": token(client)})
    assert theirs.get("/en/staff/account").status_code == 302


@pytest.mark.parametrize("rest", ["/institutions", "/trail"])
def test_officers_administer_nothing(client: FlaskClient, ministry: Institution, officer: User, rest: str) -> None:
    make.sign_in(client, officer)
    assert client.get(f"/en/staff{rest}").status_code == 404
    assert client.get(path(ministry)).status_code == 404


def test_the_operator_adds_institutions_and_their_first_administrator(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        office = make.institution(session, "Office of the President", operates=True)
        operator = make.user(session, office, Role.ADMINISTRATOR)
    make.sign_in(client, operator)
    data = {
        "csrf_token": token(client), "name-en": "Labour department", "name-ar": "إدارة العمل",
        "kind": "department", "country": "GH", "operates": "1",
    }  # fmt: skip
    moved = client.post("/en/staff/institutions/new", data=data)
    with database.reading() as session:
        made = session.scalars(select(Institution).where(~Institution.operates)).one()
    assert dict(made.name) == {"en": "Labour department", "ar": "إدارة العمل"}
    assert moved.location.endswith(path(made, "/invite"))
    assert link_in(invite(client, made, "first@example.org", "administrator").text)
    assert "first@example.org" in client.get(path(made)).text


def test_the_last_administrator_stays(
    client: FlaskClient, database: Database, ministry: Institution, admin: User, officer: User
) -> None:
    make.sign_in(client, admin)
    answer = client.post(path(ministry, f"/{admin.id}"), data={"csrf_token": token(client), "roles": ["officer"]})
    assert "no administrator left" in answer.text
    with database.reading() as session:
        assert session.scalars(select(Grant.role).where(Grant.user_id == admin.id)).all() == ["administrator"]


def test_two_administrators_cannot_remove_each_other_at_once(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        place = make.institution(session)
        pair = [make.user(session, place, Role.ADMINISTRATOR) for _ in range(2)]
    refused: list[str] = []
    barrier = threading.Barrier(2)

    def demote(who: User) -> None:
        barrier.wait()
        try:
            with database.transaction() as session:
                people.set_roles(session, place, who, [], by=Actor(uuid.uuid4(), "x"), now=now)
        except Refused as refusal:
            refused.append(refusal.problems[0].code)

    threads = [threading.Thread(target=demote, args=[who]) for who in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["accounts.administrator.last"]


def test_a_disabled_person_is_signed_out_at_once_and_their_links_end(
    app: Flask, client: FlaskClient, database: Database, ministry: Institution, admin: User, officer: User
) -> None:
    theirs = app.test_client()
    make.sign_in(client, admin)
    make.sign_in(theirs, officer)
    address = re.search(
        r'value="http://localhost(/en/staff/link/[^"]+)"',
        client.post(path(ministry, f"/{officer.id}/link"), data={"csrf_token": token(client)}).text,
    )[1]
    assert theirs.get("/en/staff/account").status_code == 200
    client.post(path(ministry, f"/{officer.id}/disable"), data={"csrf_token": token(client)})
    assert theirs.get("/en/staff/account").status_code == 302
    assert app.test_client().get(address, follow_redirects=True).status_code == 410
    client.post(path(ministry, f"/{officer.id}/enable"), data={"csrf_token": token(client)})
    assert theirs.get("/en/staff/account").status_code == 302  # open again, but the old browser is not
    data = {"csrf_token": token(theirs), "email": officer.email, "password": PASSWORD}
    assert theirs.post("/en/staff/sign-in", data=data).status_code == 302


def test_nobody_disables_themselves(client: FlaskClient, ministry: Institution, admin: User) -> None:
    make.sign_in(client, admin)
    answer = client.post(
        path(ministry, f"/{admin.id}/disable"), data={"csrf_token": token(client)}, follow_redirects=True
    )
    assert "cannot disable your own account" in answer.text


def test_an_administrator_signs_somebody_out_everywhere(
    app: Flask, client: FlaskClient, database: Database, ministry: Institution, admin: User, officer: User
) -> None:
    theirs = app.test_client()
    make.sign_in(client, admin)
    make.sign_in(theirs, officer)
    client.post(path(ministry, f"/{officer.id}/sign-out"), data={"csrf_token": token(client)})
    assert theirs.get("/en/staff/account").status_code == 302


def test_a_role_taken_away_ends_with_the_next_request(
    app: Flask, client: FlaskClient, database: Database, ministry: Institution, admin: User
) -> None:
    with database.transaction() as session:
        second = make.user(session, ministry, Role.ADMINISTRATOR)
    theirs = app.test_client()
    make.sign_in(client, admin)
    make.sign_in(theirs, second)
    assert theirs.get(path(ministry)).status_code == 200
    client.post(path(ministry, f"/{second.id}"), data={"csrf_token": token(client), "roles": ["coder"]})
    assert theirs.get(path(ministry)).status_code == 404


@pytest.mark.parametrize(
    ("purpose", "lifetime"), [("invitation", dt.timedelta(days=7)), ("reset", dt.timedelta(hours=1))]
)
def test_links_expire_on_every_path(
    app: Flask,
    database: Database,
    clock: time_machine.Traveller,
    now: dt.datetime,
    purpose: str,
    lifetime: dt.timedelta,
) -> None:
    with database.transaction() as session:
        person = make.user(session)
        if purpose == "invitation":
            person.password = ""
        secret = links.draw()
        links.make(session, KEYS, person, secret, by=None, now=now)
    early, late = app.test_client(), app.test_client()
    clock.shift(lifetime - dt.timedelta(seconds=1))
    early.get(f"/en/staff/link/{secret}")
    assert early.get("/en/staff/password").status_code == 200
    clock.shift(1)
    assert early.get("/en/staff/password").status_code == 410
    data = {"csrf_token": token(early), "password": "seven brass monkeys"}
    with early.session_transaction() as kept:
        kept["link"] = secret
    assert early.post("/en/staff/password", data=data).status_code == 410
    assert late.get(f"/en/staff/link/{secret}", follow_redirects=True).status_code == 410
    with database.transaction() as session, pytest.raises(Refused, match=r"accounts\.link\.gone"):
        links.redeem(session, KEYS, secret, "x", now=now + lifetime)


def test_a_reset_ends_sign_ins_and_other_links(database: Database, now: dt.datetime, officer: User) -> None:
    secret, older = links.draw(), links.draw()
    with database.transaction() as session:
        session.add(SignIn(token=b"t" * 32, user_id=officer.id, created_at=now, expires_at=now + dt.timedelta(hours=1)))
        links.make(session, KEYS, officer, older, by=None, now=now)
        links.make(session, KEYS, officer, secret, by=None, now=now)
    with database.transaction() as session:
        assert links.find(session, KEYS, older, now=now) is None
        links.redeem(session, KEYS, secret, "hash", now=now)
        assert queries.sign_ins(session, officer.id, now=now) == []
        assert links.find(session, KEYS, secret, now=now) is None


def test_only_one_of_parallel_resets_wins(database: Database, now: dt.datetime, officer: User) -> None:
    secret = links.draw()
    with database.transaction() as session:
        links.make(session, KEYS, officer, secret, by=None, now=now)
    outcomes: list[str] = []

    def redeem(number: int) -> None:
        try:
            with database.transaction() as session:
                links.redeem(session, KEYS, secret, f"hash{number}", now=now)
            outcomes.append("set")
        except Refused:
            outcomes.append("gone")

    threads = [threading.Thread(target=redeem, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["gone"] * 5 + ["set"]


def test_parallel_invitations_of_one_address_make_one_account(
    database: Database, ministry: Institution, now: dt.datetime
) -> None:
    def run(role: str) -> None:
        with database.transaction() as session:
            invitee = Invitee("One@example.org", "One", "en", frozenset({role}))
            people.invite(session, session.get_one(Institution, ministry.id), invitee, by=None, now=now)

    threads = [threading.Thread(target=run, args=[role]) for role in ("officer", "coder", "translator")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 1
        assert session.scalar(select(func.count()).select_from(Grant)) == 3
