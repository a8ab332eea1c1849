"""A pattern of `regex()` as a program for the browser: a machine of states, run in time linear in the text.

JavaScript's own patterns differ from RE2's in small ways and go back: some that RE2 finds harmless would hang a phone.
So the browser gets the machine (Thompson, “Regular expression search algorithm”, 1968), and JavaScript's patterns test
single letters only. A program is a list of instructions, of which the end is a match:

    "[a-z]"   go on to the next instruction with the next letter, if this class has it
    [3, 7]    go on at each of these instructions
    0, 1, 2   go on where the text begins, where it ends, at the edge of a word
"""

from __future__ import annotations

import re
from typing import Final

from consult.core.expressions import patterns

Instruction = str | int | list[int]
Program = list[Instruction]

_LONGEST: Final = 600
"""Instructions; counted repetitions are written out."""
_DEEPEST: Final = 50
"""Brackets in one another."""
_START, _END, _EDGE = 0, 1, 2
_COUNTED: Final = re.compile(r"\{(\d+)(?:(,)(\d*))?\}", re.ASCII)
_HEXADECIMAL: Final = re.compile(r"([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\}")
_PERL: Final = {"d": "0-9", "w": "0-9A-Z_a-z", "s": r"\t\n\f\r "}
_CONTROL: Final = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "a": 7}
_PROPERTY: Final = re.compile(
    r"([pP])(?:\{(L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?)\}|([LMNPSZ]))", re.ASCII
)
"""General categories, of which RE2 and JavaScript mean the same."""


class UnfitError(Exception):
    """The pattern uses what has no sure counterpart in the browser."""


def program(source: str) -> Program | None:
    """The program of a pattern that RE2 runs; None where the browser had better not decide."""
    if patterns.pattern(source) is None:
        return None
    reader = _Reader(source)
    try:
        found = reader.alternatives(0)
    except UnfitError:
        return None
    return found if reader.at == len(source) else None


class _Reader:
    """Reads the part of RE2's syntax whose meaning is beyond doubt. Parts are programs that can be moved."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0

    def _peek(self, text: str) -> bool:
        return self.source.startswith(text, self.at)

    def _take(self, text: str) -> bool:
        found = self._peek(text)
        self.at += len(text) if found else 0
        return found

    def alternatives(self, depth: int) -> Program:
        """`a|b|c`, up to a closing bracket or the end."""
        if depth > _DEEPEST:
            raise UnfitError
        found = self._sequence(depth)
        while self._take("|"):
            found = _either(found, self._sequence(depth))
        return found

    def _sequence(self, depth: int) -> Program:
        found: Program = []
        while self.at < len(self.source) and not self._peek("|") and not self._peek(")"):
            found = _joined(found, self._repeated(self._atom(depth)))
        return found

    def _repeated(self, part: Program) -> Program:
        counted = _COUNTED.match(self.source, self.at)
        if self._take("*"):
            low, high = 0, None
        elif self._take("+"):
            low, high = 1, None
        elif self._take("?"):
            low, high = 0, 1
        elif counted:
            self.at = counted.end()
            low = int(counted[1])
            high = low if not counted[2] else int(counted[3]) if counted[3] else None
        else:
            return part
        self._take("?")
        if self.source[self.at : self.at + 1] in set("*+?") or _COUNTED.match(self.source, self.at):
            raise UnfitError
        return _times(part, low, high)

    def _atom(self, depth: int) -> Program:
        if self._take("("):
            if self._take("?") and not self._take(":"):
                raise UnfitError
            inner = self.alternatives(depth + 1)
            if not self._take(")"):
                raise UnfitError
            return inner
        for sign, instruction in (("^", _START), ("$", _END), (".", r"[^\n]")):
            if self._take(sign):
                return [instruction]
        if self._take("["):
            return [self._class()]
        if self._take("\\"):
            return self._escape()
        return [f"[{_letter(ord(self._next()))}]"]

    def _next(self) -> str:
        if self.at >= len(self.source):
            raise UnfitError
        self.at += 1
        return self.source[self.at - 1]

    def _escape(self) -> Program:
        for letter, instruction in (("A", _START), ("z", _END), ("b", _EDGE)):
            if self._take(letter):
                return [instruction]
        for letter, inside in _PERL.items():
            if self._take(letter):
                return [f"[{inside}]"]
            if self._take(letter.upper()):
                return [f"[^{inside}]"]
        return [f"[{self._property() or _letter(self._code())}]"]

    def _property(self) -> str:
        found = _PROPERTY.match(self.source, self.at)
        if not found:
            return ""
        self.at = found.end()
        return rf"\{found[1]}{{{found[2] or found[3]}}}"

    def _code(self) -> int:
        """The letter that an escape stands for."""
        letter = self._next()
        if letter in _CONTROL:
            return _CONTROL[letter]
        if letter == "x" and (found := _HEXADECIMAL.match(self.source, self.at)):
            self.at = found.end()
            return int(found[1] or found[2], 16)
        if letter.isascii() and not letter.isalnum() and letter != "_":
            return ord(letter)
        raise UnfitError

    def _class(self) -> str:
        """`[…]` after its bracket, as JavaScript writes it."""
        found = "[^" if self._take("^") else "["
        first = True
        while first or not self._peek("]"):
            first = False
            found += self._member()
        self.at += 1
        return found + "]"

    def _member(self) -> str:
        if self._peek("[:"):
            raise UnfitError
        if self._take("\\"):
            for letter, inside in _PERL.items():
                if self._take(letter):
                    return inside
            if found := self._property():
                return found
            low = self._code()
        else:
            low = ord(self._next())
        if self._peek("-") and not self.source.startswith("]", self.at + 1):
            self.at += 1
            high = self._code() if self._take("\\") else ord(self._next())
            return f"{_letter(low)}-{_letter(high)}"
        return _letter(low)


def _letter(code: int) -> str:
    """A letter inside a class of JavaScript's."""
    letter = chr(code)
    return letter if letter.isascii() and letter.isalnum() else f"\\u{{{code:x}}}"


def _moved(part: Program, by: int) -> Program:
    return [[place + by for place in found] if isinstance(found, list) else found for found in part]


def _joined(left: Program, right: Program) -> Program:
    if len(left) + len(right) > _LONGEST:
        raise UnfitError
    return [*left, *_moved(right, len(left))]


def _either(left: Program, right: Program) -> Program:
    middle = len(left) + 2
    return _joined([[1, middle], *_moved(left, 1), [middle + len(right)]], right)


def _times(part: Program, low: int, high: int | None) -> Program:
    found: Program = []
    if max(low, high or 0) * max(len(part), 1) > _LONGEST:
        raise UnfitError
    for _ in range(low):
        found = _joined(found, part)
    if high is None:
        size = len(part)
        return _joined(found, [[1, size + 2], *_moved(part, 1), [0]])
    rest: Program = []
    for _ in range(high - low):
        rest = [[1, len(part) + len(rest) + 1], *_moved(part, 1), *_moved(rest, len(part) + 1)]
    return _joined(found, rest)
