"""Settings, keys, folders and the disk: what can be looked at without a database."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from consult.config import Keys, Settings, read_keys
from consult.core.errors import Problem
from consult.privacy.ledger import Ledger

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
LEAST_FREE: Final = 1_000_000_000
"""Bytes of the disk under which it counts as full."""
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_THRESHOLD: Final = 10
_KEY: Final = 32


def settings_found(settings: Settings, environ: Mapping[str, str]) -> Iterator[Problem]:
    """What is weak in the settings."""
    known = {f"CONSULT_{name.upper()}" for name in Settings.__dataclass_fields__}
    for name in sorted(environ):
        if name.startswith("CONSULT_") and name not in known:
            yield Problem("doctor.fault.setting", {"setting": name})
    address = urlsplit(settings.base_url)
    local = address.hostname in LOOPBACK
    if not settings.secure and not local:
        yield Problem("doctor.leak.address", {"address": settings.base_url})
    if settings.secure and not settings.proxies:
        yield Problem("doctor.fault.proxies")
    if settings.trusted_hosts and address.hostname not in {host.rpartition(":")[0] or host for host in settings.hosts}:
        yield Problem("doctor.fault.hosts", {"host": address.hostname or ""})
    for host in settings.trusted_hosts:
        if host.startswith(("*", ".")):
            yield Problem("doctor.fault.any_host", {"host": host})
    if settings.threshold < _THRESHOLD:
        yield Problem("doctor.leak.threshold", {"threshold": settings.threshold, "wanted": _THRESHOLD})


def keys_found(settings: Settings) -> Iterator[Problem]:
    """What is wrong with keys.json."""
    path = settings.keys_file
    if not path.exists():
        yield Problem("doctor.fault.keys_missing", {"file": str(path)})
        return
    if path.stat().st_mode & _OTHERS:
        yield Problem("doctor.leak.open", {"path": str(path)})
    keys = keys_at(path)
    if keys is None:
        yield Problem("doctor.fault.keys_unreadable", {"file": str(path)})
        return
    every = [keys.session, keys.codes, *keys.contact.values(), *keys.offline.values(), *keys.backup.values()]
    if any(len(key) < _KEY or len(set(key)) < _KEY // 4 for key in every) or len(set(every)) < len(every):
        yield Problem("doctor.leak.keys_weak", {"file": str(path)})


def folders_found(settings: Settings) -> Iterator[Problem]:
    """Who can read the data, and whether there is room for more."""
    for path in (settings.data, settings.backups):
        if path.exists() and path.stat().st_mode & _OTHERS:
            yield Problem("doctor.leak.open", {"path": str(path)})
    if settings.backups.is_dir():
        for path in settings.backups.glob("*.json"):
            if keys_at(path) is not None:
                yield Problem("doctor.leak.keys_beside", {"file": str(path)})
    if settings.data.exists() and (free := shutil.disk_usage(settings.data).free) < LEAST_FREE:
        yield Problem("doctor.fault.disk", {"path": str(settings.data), "megabytes": free >> 20})


def ledger_found(settings: Settings) -> Iterator[Problem]:
    """What is wrong with the erasure ledger, by which a restored backup is told what to erase again."""
    ledger = Ledger(settings.ledger)
    if ledger.path.exists() and ledger.path.stat().st_mode & _OTHERS:
        yield Problem("doctor.leak.open", {"path": str(ledger.path)})
    for line in ledger.faults():
        yield Problem("doctor.fault.ledger", {"file": str(ledger.path), "line": line})


def keys_at(path: Path) -> Keys | None:
    """The keys of a file; none where it holds none."""
    try:
        return read_keys(path)
    except (OSError, ValueError):
        return None
