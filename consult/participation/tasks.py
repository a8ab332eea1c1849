"""Work of the worker: codes, letters, mails; used codes counted once a day; guesses and spent challenges forgotten."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from consult.db.installation import Installation
from consult.jobs.long import Long
from consult.jobs.made import to_file
from consult.participation import erasing, generating, inviting, mailing, measures
from consult.privacy import told
from consult.privacy.kinds import Kind, Since, Unit
from consult.privacy.service import LONGEST
from consult.web.messages.marks import N_


def count(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Count the used codes of the lists that have not been counted today."""
    with installation.database.transaction() as session:
        inviting.count(session, now.date())


def tidy(installation: Installation, _payload: Mapping[str, Any], _now: dt.datetime) -> None:
    """Let those try again who typed wrong codes, and delete the lists that nobody is making any more."""
    with installation.database.transaction() as session:
        inviting.forget_guesses(session)
        inviting.sweep(session)


def forget(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Delete the challenges that were spent and have expired."""
    with installation.database.transaction() as session:
        measures.forget_spent(session, now)


def forget_list(installation: Installation, payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Forget what is left of a list that was deleted."""
    erasing.forget(installation, uuid.UUID(payload["process_id"]), uuid.UUID(payload["list_id"]), now)


TASKS = {
    "participation.count": count,
    "participation.tidy": tidy,
    "participation.forget": forget,
    "participation.forget_list": forget_list,
}
EVERY = {
    "participation.count": dt.timedelta(hours=1),
    "participation.tidy": dt.timedelta(minutes=1),
    "participation.forget": dt.timedelta(hours=1),
}
KINDS = (
    Kind(
        name=erasing.CONTACTS,
        label=told.CONTACTS,
        since=Since.CLOSING,
        unit=Unit.MONTHS,
        least=1,
        most=LONGEST,
        usual=1,
        concerns=erasing.invites,
    ),
)
ERASERS = {erasing.CONTACTS: erasing.contacts}
LONG = {
    generating.GENERATE: Long(
        generating.generate,
        N_("Making invitation codes"),
        needs="participation.invitations",
        leads="participation.codes_file",
    ),
    generating.MERGE: Long(
        to_file(generating.merge),
        N_("Making a mail-merge file"),
        needs="participation.invitations",
        leads="participation.codes_file",
    ),
    mailing.MAIL: Long(
        mailing.mail,
        N_("Writing mails"),
        needs="participation.invitations",
        leads="participation.invitations",
    ),
}
