"""An activity that is tried before it opens."""

from __future__ import annotations

import secrets

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consult.participation import codes, trials
from consult.processes.models import Activity
from tests.conftest import NOW
from tests.factories.accounts import KEYS


def make_trial(session: Session, activity: Activity) -> str:
    """A link; its code."""
    code = codes.spell(secrets.token_bytes(16))
    trials.renew(session, activity, trials.digest(KEYS.codes, activity.id, code), by=None, now=NOW)
    return code


def come_in(client: FlaskClient, code: str, slug: str = "survey") -> TestResponse:
    """The link was followed: its code is sent."""
    return client.post(f"/en/q/{slug}/trial/link", data={"code": code})
