"""systemd: whether a unit lets others read what passes through its process."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from consult.core.errors import Problem

_LOGGED: Final = re.compile(r"--access-log(?:file)?\b|--log-access\b")
_SECRET: Final = re.compile(r"CONSULT_(?:DATABASE|SMTP)_URL=\S*://[^\s:/@]*:[^\s@]+@")


def found(path: Path) -> Iterator[Problem]:
    """What leaks in a unit that runs consult."""
    try:
        lines = _lines(path)
    except (OSError, UnicodeDecodeError):
        yield Problem("doctor.fault.unread", {"file": str(path)})
        return
    last = {name: (value, number) for number, name, value in lines}
    for name, wanted in (("UMask", "0077"), ("LimitCORE", "0")):
        value, number = last.get(name, ("", 0))
        if value.lstrip("0") != wanted.lstrip("0") or not value:
            yield _leak(path, number, f"{name}={value}", f"{name}={wanted}")
    if last.get("User", ("root", 0))[0] in ("root", "0"):
        yield _leak(path, last.get("User", ("", 0))[1], "User=root", "User=consult")
    for number, name, value in lines:
        if name == "ExecStart" and (option := _LOGGED.search(value)):
            yield _leak(path, number, option[0], "ExecStart=… consult serve")
        if name == "Environment" and _SECRET.search(value):
            yield _leak(path, number, "Environment=", "EnvironmentFile=/etc/consult/environment")
        if name == "EnvironmentFile" and _readable_secrets(Path(value.lstrip("-"))):
            yield Problem("doctor.leak.open", {"path": value.lstrip("-")})


def _lines(path: Path) -> list[tuple[int, str, str]]:
    """Number, name and value of each assignment."""
    parted = (
        (number, line.partition("=")) for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
    )
    return [
        (number, name.strip(), value.strip())
        for number, (name, sign, value) in parted
        if sign and not name.lstrip().startswith(("#", ";"))
    ]


def _readable_secrets(path: Path) -> bool:
    """Whether others can read a file of settings with a password in it."""
    try:
        return bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)) and bool(_SECRET.search(path.read_text()))
    except OSError:
        return False


def _leak(path: Path, number: int, found: str, wanted: str) -> Problem:
    place = f"{path.name}:{number}" if number else path.name
    return Problem("doctor.leak.unit", {"place": place, "found": found, "wanted": wanted})
