"""Attacks on accounts that systems like this one meet."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from consult.accounts.models import Institution, Role, User
from consult.app import create_app
from consult.config import Keys, Settings
from consult.db.session import Database
from consult.web.redirects import local
from consult.web.rules import PERMISSIONS
from tests.factories import accounts as make
from tests.factories.accounts import PASSWORD, token

XSS = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}{x.__class__}'
FORMS = [
    "/en/staff/sign-in",
    "/en/staff/forgotten",
    "/en/staff/password",
    "/en/staff/account",
    "/en/staff/account/password",
    "/en/staff/account/second-step",
    "/en/staff/account/recovery-codes",
    "/en/staff/sign-out",
    "/en/staff/sign-out-everywhere",
]


@pytest.fixture
def place(database: Database) -> Institution:
    with database.transaction() as session:
        return make.institution(session)


@pytest.fixture
def admin(database: Database, place: Institution) -> User:
    with database.transaction() as session:
        return make.user(session, place, Role.ADMINISTRATOR, email="admin@example.org")


@pytest.fixture
def officer(database: Database, place: Institution) -> User:
    with database.transaction() as session:
        return make.user(session, place, Role.OFFICER, email="officer@example.org")


def sign_in(client: FlaskClient, email: str, **query: str):
    data = {"csrf_token": token(client), "email": email, "password": PASSWORD}
    return client.post("/en/staff/sign-in", query_string=query, data=data)


@pytest.mark.parametrize("path", FORMS)
def test_a_form_without_its_token_is_refused(client: FlaskClient, admin: User, path: str) -> None:
    make.sign_in(client, admin)
    assert client.post(path, data={"email": "admin@example.org"}).status_code == 400


def test_a_token_of_another_browser_is_refused(app: Flask, officer: User) -> None:
    attacker, victim = app.test_client(), app.test_client()
    make.sign_in(victim, officer)
    with attacker.session_transaction() as kept:
        kept["csrf_token"] = "1" * 40
    assert victim.post("/en/staff/sign-out", data={"csrf_token": token(attacker)}).status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example", "///evil.example", "\\\\evil.example", "/\\evil.example", "/\t/evil.example",
        "/\n/evil.example", "https://evil.example", "https:evil.example", "javascript:alert(1)", "evil.example",
        "/%0a", "\t//evil.example",
        " //evil.example", "/a\\..\\\\evil", "/\u00a0/evil", "", "http:///evil.example",
    ],
)  # fmt: skip
def test_nobody_is_sent_to_another_site(client: FlaskClient, officer: User, address: str) -> None:
    moved = sign_in(client, officer.email, next=address)
    assert moved.status_code == 302
    assert re.fullmatch(r"/(en/desk/|%0a)", moved.location), moved.location


def test_people_are_sent_to_where_they_wanted_to_go(client: FlaskClient, officer: User) -> None:
    asked = client.get("/en/staff/account?x=1&y=%2F%2Fz")
    moved = client.post(
        asked.location, data={"csrf_token": token(client), "email": officer.email, "password": PASSWORD}
    )
    assert moved.location == "/en/staff/account?x=1&y=//z" or moved.location == "/en/staff/account?x=1&y=%2F%2Fz"
    assert local("/en/staff/account?x=1") == "/en/staff/account?x=1"
    assert local("/\x00/evil.example") is None


def test_a_session_fixed_before_signing_in_is_worthless_afterwards(app: Flask, officer: User) -> None:
    attacker, victim = app.test_client(), app.test_client()
    attacker.get("/en/staff/sign-in")
    fixed = attacker.get_cookie("staff").value
    victim.set_cookie("staff", fixed)
    with victim.session_transaction() as kept:
        kept["planted"] = "x"
    sign_in(victim, officer.email)
    assert victim.get_cookie("staff").value != fixed
    with victim.session_transaction() as kept:
        assert "planted" not in kept
    assert attacker.get("/en/staff/account").status_code == 302


def test_a_cookie_signed_by_somebody_else_is_nothing(
    client: FlaskClient, settings: Settings, database: Database, officer: User
) -> None:
    other = create_app(settings, Keys.draw(), database).test_client()
    make.sign_in(other, officer)
    client.set_cookie("staff", other.get_cookie("staff").value)
    assert client.get("/en/staff/account").status_code == 302


@pytest.mark.parametrize("value", [None, 7, [], {"a": 1}, "", "x" * 5000])
def test_a_strange_session_is_nobody(client: FlaskClient, value: object) -> None:
    with client.session_transaction() as kept:
        kept["sign_in"] = kept["link"] = value
        kept["pending"] = value
    assert client.get("/en/staff/account").status_code == 302
    assert client.get("/en/staff/sign-in/code").status_code == 302
    assert client.get("/en/staff/password").status_code == 410


def test_names_are_shown_as_text_everywhere(
    client: FlaskClient, database: Database, place: Institution, admin: User
) -> None:
    with database.transaction() as session:
        evil = make.user(session, place, Role.OFFICER, name=XSS, email="evil@example.org")
    make.sign_in(client, admin)
    data = {"csrf_token": token(client), "name": XSS, "locale": "en"}
    client.post("/en/staff/account", data=data)
    root = f"/en/staff/institutions/{place.id}/people"
    invited = client.post(
        f"{root}/invite",
        data=MultiDict(
            [
                ("csrf_token", token(client)),
                ("email", "n@example.org"),
                ("name", XSS),
                ("locale", "en"),
                ("roles", "coder"),
            ]
        ),
    )
    assert "/staff/link/" in invited.text
    pages = [invited.text] + [
        client.get(path).text
        for path in ("/en/staff/account", root, f"{root}/{evil.id}", "/en/staff/trail", "/en/staff/institutions")
    ]
    for page in pages:
        assert "<script>alert" not in page and "<img src=x" not in page
        if "&lt;script&gt;" in page:
            assert "{{7*7}}" in page and "{x.__class__}" in page


@pytest.mark.parametrize("query", ["next", "before", "action", "process"])
def test_nothing_of_the_address_comes_back_as_markup(client: FlaskClient, admin: User, query: str) -> None:
    make.sign_in(client, admin)
    for path in ("/en/staff/trail", "/en/staff/sign-in"):
        assert "<script>alert" not in client.get(path, query_string={query: XSS}).text


def test_fields_that_a_form_does_not_show_change_nothing(
    client: FlaskClient, database: Database, officer: User
) -> None:
    make.sign_in(client, officer)
    data = {
        "csrf_token": token(client), "name": "New name", "locale": "fr", "email": "other@example.org", "password": "x",
        "totp_secret": "x", "id": "0", "roles": "administrator", "grants": "administrator", "disabled_at": "",
    }  # fmt: skip
    client.post("/en/staff/account", data=data)
    with database.reading() as session:
        stored = session.get_one(User, officer.id)
        assert (stored.name, stored.email, stored.totp_secret) == ("New name", "officer@example.org", None)
        assert [grant.role for grant in stored.grants] == ["officer"]


def test_a_role_that_does_not_exist_is_refused(client: FlaskClient, place: Institution, admin: User) -> None:
    make.sign_in(client, admin)
    data = {"csrf_token": token(client), "roles": ["administrator", "root"]}
    answer = client.post(f"/en/staff/institutions/{place.id}/people/{admin.id}", data=data)
    assert "Choose one of the options" in answer.text


def test_marks_that_reorder_or_hide_text_are_dropped_from_names(
    client: FlaskClient, database: Database, officer: User
) -> None:
    make.sign_in(client, officer)
    data = {"csrf_token": token(client), "name": " Ama\u202e\u200b\r\nBcc: x@y \x07Mensah ", "locale": "en"}
    client.post("/en/staff/account", data=data)
    with database.reading() as session:
        assert session.get_one(User, officer.id).name == "Ama Bcc: x@y Mensah"


def test_a_link_leaves_no_trace_in_addresses_that_follow(client: FlaskClient) -> None:
    moved = client.get("/en/staff/link/secret-token")
    assert moved.status_code == 302 and "secret-token" not in moved.location
    assert moved.headers["Referrer-Policy"] == "same-origin" and moved.headers["Cache-Control"] == "no-store"
    assert "secret-token" not in client.get(moved.location).text


def test_cookies_are_out_of_reach(settings: Settings, keys: Keys, database: Database) -> None:
    from dataclasses import replace

    secure = replace(settings, base_url="https://localhost")
    client = create_app(secure, keys, database).test_client()
    cookie = client.get("/en/staff/sign-in", base_url="https://localhost").headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "Secure" in cookie and "SameSite=Lax" in cookie
    assert "Expires" not in cookie


def test_signed_in_pages_are_kept_by_nobody(client: FlaskClient, officer: User) -> None:
    make.sign_in(client, officer)
    assert client.get("/en/staff/account").headers["Cache-Control"] == "no-store"


def test_faults_are_logged_without_what_was_asked_for(
    app: Flask, client: FlaskClient, officer: User, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from consult.accounts.views import links

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(officer.email)

    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(links.links, "find", fail)
    client.get("/en/staff/link/secret-token")
    answer = client.get("/en/staff/password?secret-token", headers={"User-Agent": "canary-agent"})
    assert answer.status_code == 500
    assert "RuntimeError in accounts.password" in caplog.text
    for secret in ("secret-token", officer.email, "canary-agent", "127.0.0.1"):
        assert secret not in caplog.text


def test_every_route_of_accounts_is_in_the_table(app: Flask) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("accounts.")}
    assert routes == {endpoint for endpoint in PERMISSIONS if endpoint.startswith("accounts.")}


def test_whoever_has_not_signed_in_reaches_nothing(client: FlaskClient, place: Institution, admin: User) -> None:
    root = f"/en/staff/institutions/{place.id}"
    for path in ("/account", "/institutions", "/trail", "/account/second-step"):
        assert "/sign-in" in client.get(f"/en/staff{path}").location
    for path in (root, f"{root}/people", f"{root}/people/{admin.id}", f"{root}/people/invite"):
        assert "/sign-in" in client.get(path).location
