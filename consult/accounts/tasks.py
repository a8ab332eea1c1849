"""Links for people who forgot their password, and tidying up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from consult.accounts import letters, queries
from consult.accounts.service import links, signins
from consult.db.installation import Installation

ONE_MAIL_PER = dt.timedelta(minutes=5)


def reset(installation: Installation, payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Send a link to whoever has this address, if anybody has; without a mail server older links stay as they are.

    The page that asks for it only enqueues: it does the same, in the same time, whether or not there is an account.
    """
    settings, keys = installation.settings, installation.keys
    if not settings.smtp_url:
        return
    email = links.requested_email(keys, payload)
    with installation.database.reading() as session:
        user = queries.by_email(session, email)
        if user is None or user.disabled_at is not None or links.made_since(session, user, now - ONE_MAIL_PER):
            return
    draft = letters.password_letter(settings, user, user.locale, now=now)
    with installation.database.transaction() as session:
        letters.hand_over(session, settings, keys, user, draft, by=None, now=now)


def tidy(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Delete sign-ins, links and attempts that have run out."""
    with installation.database.transaction() as session:
        signins.tidy(session, now=now)


TASKS = {"accounts.reset": reset, "accounts.tidy": tidy}
EVERY = {"accounts.tidy": dt.timedelta(hours=1)}
