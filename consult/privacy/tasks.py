"""Recurring work: announce what is going to be erased, and erase what is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from consult.db.installation import Installation
from consult.jobs.worker import Task
from consult.mail.service import post
from consult.privacy import addresses, queries
from consult.privacy.erasing import run
from consult.privacy.kinds import Retention
from consult.privacy.retention import Due, day
from consult.processes.models import Activity
from consult.web.letters import compose

ERASE: Final = "privacy.erase"
EVERY = {ERASE: dt.timedelta(hours=1)}
"""An activity's day begins at any hour."""


def tasks(retention: Retention) -> dict[str, Task]:
    """The task that erases what there is of these kinds."""

    def erase(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
        run(installation, retention, now=now, tell=_letters(installation, now))

    return {ERASE: erase}


def _letters(
    installation: Installation, now: dt.datetime
) -> Callable[[Session, Activity, Sequence[Due]], Callable[[Session], None]]:
    """Letters to those responsible; without a mail server the page and the audit trail have to do."""
    settings, keys = installation.settings, installation.keys

    def write(session: Session, activity: Activity, coming: Sequence[Due]) -> Callable[[Session], None]:
        if not settings.smtp_url:
            return lambda _session: None
        letters = []
        for user in queries.responsible(session, activity, day(now, activity)):
            link = addresses.retention(settings, user.locale, activity.slug)
            letters.append((user.email, user.locale, compose("erasure", user.locale, link=link, coming=coming)))

        def put(posting: Session) -> None:
            for email, locale, letter in letters:
                post(posting, keys, to=email, locale=locale, letter=letter, now=now)

        return put

    return write
