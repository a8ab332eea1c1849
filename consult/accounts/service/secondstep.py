"""The second step of signing in: time-based codes (RFC 6238), and recovery codes for when the authenticator is lost."""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
import uuid
from typing import Final, cast

import pyotp
from sqlalchemy import CursorResult, delete, update
from sqlalchemy.orm import Session

from consult.accounts.models import RecoveryCode, User
from consult.audit.service import record
from consult.config import Keys
from consult.core.access import Actor
from consult.core.fingerprint import fingerprint
from consult.core.sealing import seal, unseal
from consult.db.sealed import Sealed

PERIOD = 30
"""Seconds of a time step."""
RECOVERY_CODES = 10
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: nothing that is mistaken for something else


def draw_secret() -> str:
    """A fresh secret of 160 bits, base 32."""
    return pyotp.random_base32()


def authenticator_address(secret: str, email: str, issuer: str) -> str:
    """The otpauth:// address that the QR code holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def matching_step(secret: str, code: str, now: dt.datetime) -> int | None:
    """The time step a six-digit code belongs to: this one, the one before or the one after; none if it is wrong."""
    current = int(now.timestamp()) // PERIOD
    generator = pyotp.HOTP(secret)
    digits = "".join(code.split()).encode()
    found = [
        step for step in (current - 1, current, current + 1) if hmac.compare_digest(generator.at(step).encode(), digits)
    ]
    return max(found, default=None)


def enable(
    session: Session, keys: Keys, user: User, secret: str, step: int, *, by: Actor, now: dt.datetime
) -> list[str]:
    """Ask this person for codes of this secret from now on; their recovery codes, to be shown once."""
    user.totp_secret = seal(keys.contact, secret.encode(), context(user.id))
    user.totp_step = step
    record(session, actor=by, action="accounts.enable_second_step", subject=str(user.id), now=now)
    return renew_recovery_codes(session, keys, user, by=by, now=now)


def disable(session: Session, user: User, *, by: Actor, now: dt.datetime) -> None:
    """Ask for the password only; roles that need the second step rest until it is set up again."""
    user.totp_secret = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    record(session, actor=by, action="accounts.disable_second_step", subject=str(user.id), now=now)


def secret_of(keys: Keys, user: User) -> str:
    """The secret of a person who has the second step."""
    return unseal(keys.contact, user.totp_secret or b"", context(user.id)).decode()


def accept_step(session: Session, user_id: uuid.UUID, step: int) -> bool:
    """Use up a time step: false where it, or a later one, was used before."""
    done = session.execute(update(User).where(User.id == user_id, User.totp_step < step).values(totp_step=step))
    return cast(CursorResult[tuple[()]], done).rowcount == 1


def renew_recovery_codes(session: Session, keys: Keys, user: User, *, by: Actor, now: dt.datetime) -> list[str]:
    """Ten fresh recovery codes of 80 bits, to be shown once; the old ones end."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(16)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user.id, code=_hashed(keys, code)) for code in codes)
    record(session, actor=by, action="accounts.renew_recovery_codes", subject=str(user.id), now=now)
    return ["-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in codes]


def use_recovery_code(session: Session, keys: Keys, user_id: uuid.UUID, code: str) -> bool:
    """Use up a recovery code: false where there is none such."""
    mine = (RecoveryCode.user_id == user_id, RecoveryCode.code == _hashed(keys, code))
    return cast(CursorResult[tuple[()]], session.execute(delete(RecoveryCode).where(*mine))).rowcount == 1


def _hashed(keys: Keys, code: str) -> bytes:
    typed = code.casefold().translate(str.maketrans("oil", "011", "- \u2010\u2011\u2013"))
    return fingerprint(keys.codes, "recovery", typed)


def context(user_id: uuid.UUID) -> bytes:
    """What the secret of this person is sealed for."""
    return b"accounts.totp:" + user_id.bytes


SEALED: Final = (Sealed(User.totp_secret, context, (User.id,)),)
