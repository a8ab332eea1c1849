"""Translations as XLIFF 2.0 (OASIS standard, 5 August 2014): a unit per text, placeholders as `<ph>`.

States are those of segments: `initial` missing, `translated` draft or (with the sub-state `consult:stale`) stale,
`reviewed` and `final` reviewed. A unit's `name` is the text's key; its note `base` says how it was exported.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from consult.core.errors import Place, Problem, Refused
from consult.core.exchange.entries import Entry, Exchange, exchange, expect_size
from consult.core.text import clean
from consult.core.translation import State

NAMESPACE: Final = "urn:oasis:names:tc:xliff:document:2.0"
_IN: Final = f"{{{NAMESPACE}}}"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_PLACEHOLDER: Final = re.compile(r"(\$\{[^{}]*\}|%\(\w+\)s)")
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML may contain."""
_STATES: Final = {
    State.MISSING: "initial",
    State.DRAFT: "translated",
    State.STALE: "translated",
    State.REVIEWED: "reviewed",
}
_READ: Final = {"translated": State.DRAFT, "reviewed": State.REVIEWED, "final": State.REVIEWED}


def write(found: Exchange) -> bytes:
    """The file."""
    root = etree.Element(f"{_IN}xliff", nsmap={None: NAMESPACE})
    root.set("version", "2.0")
    root.set("srcLang", found.source)
    root.set("trgLang", found.target)
    file = etree.SubElement(root, f"{_IN}file", id="texts", original=found.name or "texts")
    for entry in found.entries:
        _unit(file, entry)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _unit(file: Any, entry: Entry) -> None:
    unit = etree.SubElement(file, f"{_IN}unit", id=_id(entry.key), name=entry.key)
    notes = etree.SubElement(unit, f"{_IN}notes")
    for category, words in (("context", entry.note), ("before", entry.before), ("base", entry.exported)):
        if words:
            etree.SubElement(notes, f"{_IN}note", category=category).text = _ILLEGAL.sub("", words)
    segment = etree.SubElement(unit, f"{_IN}segment", state=_STATES[entry.state])
    if entry.state is State.STALE:
        segment.set("subState", "consult:stale")
    known = _inline(segment, "source", entry.source, {})
    if entry.target:
        _inline(segment, "target", entry.target, known)


def _inline(segment: Any, name: str, text: str, known: dict[str, str]) -> dict[str, str]:
    """Write a text with its placeholders, each under the number that it has in the source; the numbers."""
    element = etree.SubElement(segment, f"{_IN}{name}")
    element.set(_SPACE, "preserve")
    numbers, last, used = dict(known), None, set[str]()
    for part in _PLACEHOLDER.split(_ILLEGAL.sub("", text)):
        if _PLACEHOLDER.fullmatch(part):
            number = numbers.get(part)
            if number is None or number in used:
                number = str(len(numbers) + len(used) + 1)
                numbers.setdefault(part, number)
            used.add(number)
            last = etree.SubElement(element, f"{_IN}ph", id=number, equiv=part, disp=part)
        elif last is None:
            element.text = part
        else:
            last.tail = part
    return numbers


def _id(key: str) -> str:
    """A key as the name token that an identifier has to be."""
    return "u" + hashlib.sha256(key.encode()).hexdigest()[:16]


def read(data: bytes, name: str) -> Exchange:
    """The texts of a file.

    Refuses `exchange.empty .large .many .twice`, `exchange.damaged` (no XML, with its line), `exchange.doctype`,
    `exchange.xliff.version` (not 2.0), `exchange.xliff.unit` (a unit without a name or segment).
    """
    expect_size(data)
    root = _parse(data, name)
    if root.tag != f"{_IN}xliff" or not (root.get("version") or "").startswith("2."):
        raise Refused(Problem("exchange.xliff.version", {}, Place(name, root.sourceline)))
    units = [_entry(unit, name) for unit in root.iter(f"{_IN}unit")]
    return exchange(root.get("srcLang") or "", root.get("trgLang") or "", units, name)


def _parse(data: bytes, name: str) -> Any:
    """The tree of a file that is read with no document type, no entity, nothing from elsewhere."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Refused(Problem("exchange.damaged", {}, Place(name, error.lineno))) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused(Problem("exchange.doctype", {}, Place(name)))
    return root


def _entry(unit: Any, name: str) -> Entry:
    place = Place(name, unit.sourceline, unit.get("name") or unit.get("id") or "")
    segments = list(unit.iter(f"{_IN}segment"))
    if not unit.get("name") or not segments:
        raise Refused(Problem("exchange.xliff.unit", {}, place))
    notes = {note.get("category"): note.text or "" for note in unit.iter(f"{_IN}note")}
    states = [_READ.get(segment.get("state", "initial"), State.MISSING) for segment in segments]
    target = "".join(_text(segment.find(f"{_IN}target")) for segment in segments)
    stale = any(segment.get("subState") == "consult:stale" for segment in segments)
    reviewed = target and all(state is State.REVIEWED for state in states)
    state = State.MISSING if not target else State.REVIEWED if reviewed else State.STALE if stale else State.DRAFT
    return Entry(
        key=unit.get("name"),
        source="".join(_text(segment.find(f"{_IN}source")) for segment in segments),
        target=target,
        state=state,
        base=notes.get("base", ""),
        note=notes.get("context", ""),
        before=notes.get("before", ""),
        place=place,
    )


def _text(element: Any) -> str:
    return "" if element is None else clean("".join(_parts(element)))


def _parts(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == f"{_IN}ph":
            yield child.get("equiv") or child.get("disp") or ""
        elif isinstance(child.tag, str):
            yield from _parts(child)
        yield child.tail or ""
