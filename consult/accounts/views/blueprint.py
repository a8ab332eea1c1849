"""The blueprint, and who a request's cookie stands for."""

from __future__ import annotations

from flask import Blueprint, session

from consult.accounts import queries
from consult.accounts.addresses import PREFIX
from consult.accounts.service import signins
from consult.core.access import Actor
from consult.web.context import keys, now
from consult.web.security import csrf
from consult.web.transaction import database

blueprint = Blueprint("accounts", __name__, url_prefix=PREFIX)

COOKIE = "sign_in"
"""Where the session keeps the token of the sign-in."""


@blueprint.before_request
def check_token() -> None:
    """Every form here carries a token, those of people who have not signed in yet too."""
    csrf.protect()


def load_actor(seats: queries.Seats) -> Actor | None:
    """Who has signed in with this request's cookie. Reads only: a disabled or signed-out person is nobody at once."""
    cookie = session.get(COOKIE)
    if not isinstance(cookie, str):
        return None
    moment = now()
    with database().reading() as opened:
        return queries.actor(opened, signins.token_of(keys(), cookie), now=moment, seats=seats)
