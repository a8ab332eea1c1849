"""Passwords: which are refused, and argon2id hashes of the others."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from consult.core.errors import Place, Problem

SHORTEST = 12
LONGEST = 200
_DISTINCT = 5

# Of the most common passwords those with at least twelve characters, folded as `_folded` does.
_COMMON = frozenset(
    """
    123456789012 1234567890123 1q2w3e4r5t6y 1qaz2wsx3edc abcdefghijkl adminadminadmin administrator
    administrator1 azertyuiop12 azertyuiop123 changeme1234 changemechangeme consultconsult correcthorsebatterystaple
    iloveyou1234 iloveyouforever letmein12345 letmeinletmein motdepasse12 motdepasse123 motdepasse1234
    password1234 password12345 password123456 passwordpassword password2024 password2025 password2026
    qazwsxedcrfv qwerty123456 qwertyqwerty qwertyuiop12 qwertyuiop123 qwertyuiopasdfghjkl qwertyuiop[]
    superman1234 trustno1trustno1 welcome12345 welcome123456 welcomewelcome zxcvbnmasdfghjkl zaq12wsxcde3
    """.split()  # noqa: SIM905  # a list of literals would fill a page
)

_HASHER = PasswordHasher()  # argon2id with the parameters of RFC 9106, section 4, second choice


def problems(password: str, email: str) -> list[Problem]:
    """What is wrong with a new password: too short or long, among the most common ones, or too close to the address."""
    folded, address = _folded(password), _folded(email)
    place = Place(field="password")
    if len(_normal(password)) < SHORTEST:
        return [Problem("accounts.password.short", {"shortest": SHORTEST}, place)]
    if len(password) > LONGEST:
        return [Problem("accounts.password.long", {"longest": LONGEST}, place)]
    if folded in _COMMON or len(set(folded)) < _DISTINCT:
        return [Problem("accounts.password.common", {}, place)]
    if folded in address or address in folded or folded.startswith(address.split("@", maxsplit=1)[0] + "1"):
        return [Problem("accounts.password.address", {}, place)]
    return []


def hashed(password: str) -> str:
    """The hash to store. Takes tens of milliseconds on purpose: never while a writing session is open."""
    return _HASHER.hash(_normal(password))


def matches(stored: str, password: str) -> bool:
    """Whether a password is the stored one; where there is no account or no password yet, the same work in vain."""
    try:
        return _HASHER.verify(stored or _nobodys(), _normal(password)) and stored != ""
    except (VerificationError, InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_hex())


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace(" ", "")
