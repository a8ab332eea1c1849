"""nginx: whether its configuration writes down or passes on who visits, or what they answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from consult.core.errors import Problem

HEADERS: Final = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "User-Agent", "Referer")
"""What tells who visits; nginx passes on what the browser says unless it is emptied."""
_TOKEN: Final = re.compile(r"""\#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{};]|(?:\\.|\$\{\w+\}|[^\s{};"'\\])+|\n""")
_UNITS: Final = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_DEEPEST: Final = 10
_FOLLOWED: Final = {
    "access_log": "",
    "error_log": "",
    "client_body_buffer_size": "16k",
    "client_max_body_size": "1m",
    "client_body_in_file_only": "off",
    "proxy_max_temp_file_size": "1024m",
    "ssl_session_tickets": "on",
}
"""Directives that inner blocks inherit, with what holds where none is written."""


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive with its place, and its block where it has one."""

    name: str
    words: tuple[str, ...]
    place: str
    block: tuple[Directive, ...] | None = None

    def __str__(self) -> str:
        return " ".join((self.name, *self.words))


@dataclass(frozen=True, slots=True)
class _Scope:
    """What holds in a block."""

    directives: Mapping[str, Directive] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def within(self, block: Sequence[Directive]) -> _Scope:
        """What holds in a block inside; headers are inherited all or none."""
        own = {one.name: one for one in block if one.name in _FOLLOWED}
        set_here = [one.words for one in block if one.name == "proxy_set_header" and len(one.words) > 1]
        headers = {words[0].lower(): words[1] for words in set_here}
        return _Scope({**self.directives, **own}, headers or self.headers)

    def value(self, name: str) -> str:
        """The first word of a directive."""
        found = self.directives.get(name)
        return found.words[0] if found and found.words else _FOLLOWED[name]


def found(path: Path) -> Iterator[Problem]:
    """What leaks in a configuration and in what it includes."""
    try:
        directives = read(path)
    except (OSError, UnicodeDecodeError):
        yield Problem("doctor.fault.unread", {"file": str(path)})
        return
    yield from _block(directives, _Scope(), str(path))


def read(path: Path, root: Path | None = None, depth: int = 0) -> tuple[Directive, ...]:
    """The directives of a file, those of included files in their place; raises OSError."""
    root = root or path.parent
    return tuple(_included(_directives(_words(path), path.name), root, depth))


def _words(path: Path) -> Iterator[tuple[str, str, int]]:
    """Each word with its line; the marks that end a directive or a block apart from words."""
    line = 1
    for found in _TOKEN.findall(path.read_text(encoding="utf-8")):
        if found[0] in "{};":
            yield "", found, line
        elif found[0] not in "#\n":
            yield found[1:-1] if found[0] in "\"'" else found, "", line
        line += found.count("\n")


def _directives(words: Iterator[tuple[str, str, int]], name: str) -> Iterator[Directive]:
    taken: list[str] = []
    began = 0
    for word, mark, line in words:
        if mark == "}":
            return
        if not mark:
            began = began if taken else line
            taken.append(word)
        elif taken:
            block = tuple(_directives(words, name)) if mark == "{" else None
            yield Directive(taken[0], tuple(taken[1:]), f"{name}:{began}", block)
            taken = []


def _included(directives: Iterator[Directive] | Sequence[Directive], root: Path, depth: int) -> Iterator[Directive]:
    for one in directives:
        if one.name == "include" and one.words and depth < _DEEPEST:
            pattern = Path(one.words[0])
            base = Path("/") if pattern.is_absolute() else root
            for path in sorted(base.glob(str(pattern).lstrip("/"))):
                yield from read(path, root, depth + 1)
        elif one.block is not None:
            yield Directive(one.name, one.words, one.place, tuple(_included(one.block, root, depth)))
        else:
            yield one


def _block(block: Sequence[Directive], outer: _Scope, place: str) -> Iterator[Problem]:
    scope = outer.within(block)
    for one in block:
        if one.name == "access_log" and one.words[:1] != ("off",):
            yield _leak(one.place, str(one), "access_log off;")
        if one.name == "error_log" and one.words[:1] != ("/dev/null",):
            yield _leak(one.place, str(one), "error_log /dev/null emerg;")
        if one.name == "proxy_pass":
            yield from _passed(one, scope)
        if one.block is not None:
            inner = scope.within(one.block)
            if one.name == "server" and "proxy_pass" in _names(one.block):
                yield from _served(one, inner)
            yield from _block(one.block, scope, one.place)


def _served(server: Directive, scope: _Scope) -> Iterator[Problem]:
    """What a server does where its configuration says nothing."""
    for name, wanted in (("access_log", "access_log off;"), ("error_log", "error_log /dev/null emerg;")):
        if name not in scope.directives:
            yield _leak(server.place, "server", wanted)
    sealed = any(one.name == "listen" and "ssl" in one.words for one in server.block or ())
    if sealed and scope.value("ssl_session_tickets") != "off":
        yield _leak(server.place, "server", "ssl_session_tickets off;")


def _passed(passing: Directive, scope: _Scope) -> Iterator[Problem]:
    """What reaches the application, and what touches the disk on its way."""
    for header in HEADERS:
        if scope.headers.get(header.lower()) != "":
            yield _leak(passing.place, str(passing), f'proxy_set_header {header} "";')
    largest = scope.value("client_max_body_size")
    if scope.value("client_body_in_file_only") != "off":
        yield _leak(passing.place, str(passing), "client_body_in_file_only off;")
    if size(largest) == 0 or size(scope.value("client_body_buffer_size")) < size(largest):
        wanted = largest if size(largest) else "42m"
        yield _leak(passing.place, str(passing), f"client_max_body_size {wanted}; client_body_buffer_size {wanted};")
    if size(scope.value("proxy_max_temp_file_size")) > 0:
        yield _leak(passing.place, str(passing), "proxy_max_temp_file_size 0;")


def size(text: str) -> int:
    """Bytes of a size such as `42m`; 0, where it is none."""
    match = re.fullmatch(r"(\d+)([kmg]?)", text.lower())
    return int(match[1]) * _UNITS[match[2]] if match else 0


def _names(block: Sequence[Directive]) -> set[str]:
    return {one.name for one in block}.union(*(_names(one.block) for one in block if one.block is not None))


def _leak(place: str, found: str, wanted: str) -> Problem:
    return Problem("doctor.leak.proxy", {"place": place, "found": found, "wanted": wanted})
