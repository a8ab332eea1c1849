"""Bot measures at an open link. What they find is set apart, as a channel of its own; nobody is ever refused.

A field that nobody sees, a minimum time, a pace for each range of addresses, and where officers ask for it some
computing or, for whoever has no script, half a minute. Of an address only its range is looked
at (/24, /48), and of that only an HMAC is kept, for an hour, in the memory of this process, under a key that is drawn
anew every day and never leaves it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import ipaddress
import secrets
import uuid
from dataclasses import dataclass
from typing import Final

FIELD: Final = "website"
"""Name of the field that people leave empty, because they do not see it."""
WAIT: Final = 30
"""Seconds after the beginning of a draft from which it is taken without any computing."""
SLOWER: Final = 10
"""Those who computed nothing pass at the pace of the others divided by this."""
STEP: Final = 2
"""Seconds to which the beginning of a draft is rounded down, so that nobody is measured quicker than they were."""
_RANGES: Final = 100_000
"""So many ranges of addresses are counted in an hour; of further ones nothing is kept, and they pass."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What is set apart at an activity's open link."""

    seconds: int
    """Least time from the beginning of a draft to its sending; 0: any."""
    hourly: int
    """Most submissions from one range of addresses in an hour, in one process; 0: any number."""
    counted: bool
    """Whether results count what was set apart, on its own channel."""
    work: bool = False
    """Whether sending costs some computing, or time."""

    @property
    def timed(self) -> bool:
        """Whether it matters when a draft was begun."""
        return self.seconds > 0 or self.work


USUAL: Final = Guard(seconds=0, hourly=300, counted=True)
"""What holds until an officer decides."""


def stamp(key: bytes, activity_id: uuid.UUID, code: str, now: dt.datetime) -> str:
    """When a draft was begun, in steps, signed for its code: `<step>.<HMAC>`, both in hexadecimal digits."""
    step = f"{int(now.timestamp()) // STEP:x}"
    return f"{step}.{_signed(key, activity_id, code, step)}"


def lasted(key: bytes, activity_id: uuid.UUID, code: str, stamped: str, now: dt.datetime) -> float:
    """Seconds since a draft was begun, at most `STEP` too many; 0 where the stamp is not ours or another draft's."""
    step, _, signature = stamped.partition(".")
    expected = _signed(key, activity_id, code, step)
    if not hmac.compare_digest(signature.encode(), expected.encode()):
        return 0
    return now.timestamp() - int(step, 16) * STEP


def _signed(key: bytes, activity_id: uuid.UUID, code: str, step: str) -> str:
    message = b"begun\0" + activity_id.bytes + f"{code}\0{step}".encode()
    return hmac.digest(key, message, hashlib.sha256).hex()


def range_of(address: str) -> bytes:
    """The range of an address: its first 24 bits (IPv4) or 48 (IPv6); empty for what is no address of somebody else's.

    Behind a proxy that passes nothing on, everybody comes from this machine: that tells nobody apart.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return b""
    found = getattr(found, "ipv4_mapped", None) or found
    if found.is_loopback or found.is_unspecified:
        return b""
    return found.packed[:3] if found.version == 4 else found.packed[:6]


class Pace:
    """How many submissions came from each range of addresses within this hour, in the memory of one process."""

    def __init__(self) -> None:
        self._key = b""
        self._day = self._hour = -1
        self._counts: dict[bytes, int] = {}

    def count(self, activity_id: uuid.UUID, within: bytes, now: dt.datetime) -> int:
        """Count a submission from a range; how many there were in this hour with it."""
        hour = int(now.timestamp()) // 3600
        if hour != self._hour:
            self._hour, self._counts = hour, {}
        if hour // 24 != self._day:
            self._day, self._key = hour // 24, secrets.token_bytes(32)
        name = hmac.digest(self._key, activity_id.bytes + within, hashlib.sha256)
        if name not in self._counts and len(self._counts) >= _RANGES:
            return 1
        self._counts[name] = count = self._counts.get(name, 0) + 1
        return count
