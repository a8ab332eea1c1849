"""Institutions, the people who work for them, and browsers in which they have signed in."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consult.accounts.models import Grant, Institution, Role, User
from consult.accounts.queries import SECOND_STEP_ROLES
from consult.accounts.service import passwords, secondstep, signins
from consult.accounts.views.blueprint import COOKIE
from consult.config import Keys
from consult.core.sealing import seal
from consult.core.text import LocalisedText
from consult.db.session import Database

KEYS = Keys(b"s" * 32, b"c" * 32, {"1": b"k" * 32}, {"1": b"o" * 32}, {"1": b"b" * 32})
"""Those of the fixture `keys`."""
PASSWORD = "nine green bottles"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

HASHER = passwords._HASHER
"""What hashes passwords outside the tests."""
passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # nobody guesses those of the tests

_counter = itertools.count(1)
_password_hash: list[str] = []


def institution(
    session: Session,
    name: str = "Ministry of Foreign Affairs",
    *,
    country: str = "GH",
    kind: str = "ministry",
    operates: bool = False,
) -> Institution:
    """An institution."""
    made = Institution(name=LocalisedText({"en": name}), kind=kind, country=country, operates=operates)
    session.add(made)
    session.flush()
    return made


def user(
    session: Session,
    place: Institution | None = None,
    *roles: Role | str,
    email: str = "",
    name: str = "",
    locale: str = "en",
    second_step: bool | None = None,
) -> User:
    """A member of staff with roles at an institution, whose password is `PASSWORD`.

    Where a role needs the second step it is set up with `TOTP_SECRET`, unless told otherwise.
    """
    number = next(_counter)
    if not _password_hash:
        _password_hash.append(passwords.hashed(PASSWORD))
    made = User(
        email=email or f"person{number}@example.org", name=name or f"Person {number}", locale=locale,
        password=_password_hash[0],
    )  # fmt: skip
    session.add(made)
    session.flush()
    if second_step if second_step is not None else SECOND_STEP_ROLES.intersection(roles):
        made.totp_secret = seal(KEYS.contact, TOTP_SECRET.encode(), secondstep.context(made.id))
    if place is not None:
        grant(session, made, place, *roles)
    return made


def grant(session: Session, to: User, place: Institution, *roles: Role | str) -> None:
    """Give a person roles at an institution."""
    held: Iterable[Role | str] = roles
    to.grants.extend(Grant(user_id=to.id, institution_id=place.id, role=str(role), institution=place) for role in held)
    session.flush()


def sign_in(client: FlaskClient, who: User, *, now: dt.datetime | None = None) -> None:
    """Sign a browser in without passing the door. The person must be committed."""
    database: Database = client.application.extensions["consult.database"]
    with database.transaction() as session:
        cookie = signins.begin(session, KEYS, who, now=now or dt.datetime.now(dt.UTC))
    with client.session_transaction() as kept:
        kept.clear()
        kept[COOKIE] = cookie
        kept["csrf_token"] = "0" * 40


def token(client: FlaskClient) -> str:
    """The token that a form of this browser would carry: send it as `csrf_token`."""
    from flask_wtf.csrf import generate_csrf

    with client.session_transaction() as kept:
        raw = kept.setdefault("csrf_token", "0" * 40)
    with client.application.test_request_context():
        from flask import session

        session["csrf_token"] = raw
        return str(generate_csrf())
