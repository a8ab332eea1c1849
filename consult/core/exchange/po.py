"""Translations as a PO file of gettext: the key is the context (`msgctxt`), what is not reviewed is marked fuzzy.

A comment for translators `base: …` says what a text was exported with.
"""

from __future__ import annotations

import re
from typing import Final

import polib

from consult.core.errors import Place, Problem, Refused
from consult.core.exchange.entries import Entry, Exchange, exchange, expect_size
from consult.core.text import clean
from consult.core.translation import State

_BASE: Final = re.compile(r"^base: ([0-9a-f]{16})$", re.MULTILINE)
_LINE: Final = re.compile(r"line (\d+)")
_AHEAD: Final = "# \n"
"""Before what is read: polib opens the file that a text names, where there is one."""
_ENDS: Final = {"\u2028": "\uf8f1", "\u2029": "\uf8f2"}
"""Ends of lines that polib would break a text at, and what stands for them meanwhile."""


def write(found: Exchange) -> bytes:
    """The file."""
    file = polib.POFile(wrapwidth=0)
    file.metadata = {
        "Project-Id-Version": found.name or "texts",
        "Language": found.target,
        "X-Source-Language": found.source,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for entry in found.entries:
        stale = entry.state is State.STALE
        file.append(
            polib.POEntry(
                msgctxt=entry.key,
                msgid=entry.source,
                msgstr=entry.target,
                comment="\n".join(filter(None, (" ".join(entry.note.split()), f"base: {entry.exported}"))),
                flags=["fuzzy"] if entry.state in (State.DRAFT, State.STALE) else [],
                previous_msgid=entry.before if stale else None,
            )
        )
    return f"{file}\n".encode()


def read(data: bytes, name: str) -> Exchange:
    """The texts of a file. Refuses `exchange.empty .large .many .twice`, `exchange.damaged` (with its line),
    `exchange.encoding` (not UTF-8), `exchange.po.context` (a text without a context)."""
    expect_size(data)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise Refused(Problem("exchange.encoding", {}, Place(name, row))) from error
    for end, stand_in in _ENDS.items():
        text = text.replace(end, stand_in)
    try:
        file = polib.pofile(_AHEAD + text, check_for_duplicates=False)
    except (OSError, ValueError, IndexError, KeyError, UnicodeError) as error:
        line = _LINE.search(str(error))
        raise Refused(Problem("exchange.damaged", {}, Place(name, int(line[1]) - 1 if line else None))) from error
    entries = [_entry(entry, name) for entry in file if not entry.obsolete]
    return exchange(file.metadata.get("X-Source-Language", ""), file.metadata.get("Language", ""), entries, name)


def _entry(entry: polib.POEntry, name: str) -> Entry:
    place = Place(name, max(1, (entry.linenum or 2) - 1), entry.msgctxt or "")
    if not entry.msgctxt:
        raise Refused(Problem("exchange.po.context", {}, place))
    base = _BASE.search(entry.comment)
    target = _text(entry.msgstr)
    before = entry.previous_msgid or ""
    fuzzy = State.STALE if before else State.DRAFT
    return Entry(
        key=entry.msgctxt,
        source=_text(entry.msgid),
        target=target,
        state=State.MISSING if not target else fuzzy if "fuzzy" in entry.flags else State.REVIEWED,
        base=base[1] if base else "",
        note=_BASE.sub("", entry.comment).strip(),
        before=_text(before),
        place=place,
    )


def _text(text: str) -> str:
    for end, stand_in in _ENDS.items():
        text = text.replace(stand_in, end)
    return clean(text)
