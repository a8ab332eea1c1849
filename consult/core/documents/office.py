"""Texts and spreadsheets of office programs: their parts written anew, without who wrote them, with what and when.

Two packages are known, both zips of XML: Office Open XML (ECMA-376) and OpenDocument 1.3. Parts that tell of the author
or the machine are left out, with what refers to them; in all others the names of authors are blanked, and pictures are
written anew. What could run (macros, controls) or hides another file is refused.
"""

from __future__ import annotations

import io
import posixpath
import re
import sys
import zlib
from collections.abc import Iterator, Mapping
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from lxml import etree

from consult.core.documents import SPREADSHEETS, TEXT_DOCUMENTS, apart
from consult.core.errors import Refused
from consult.core.filetypes import picture

Package = dict[str, bytes]
"""Parts by their names."""

PARTS: Final = 500
"""Parts that there may be."""
_RELATIONSHIPS: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WORDS: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_XLINK: Final = "{http://www.w3.org/1999/xlink}href"
_MANIFEST: Final = "META-INF/manifest.xml"
_TYPES: Final = "[Content_Types].xml"
_MAIN: Final = {f"{kind}.main+xml": kind for kind in TEXT_DOCUMENTS | SPREADSHEETS}
"""The content type of the main part of an Office Open XML package, with the package's media type."""
_LEFT_OUT: Final = re.compile(
    r"docProps/|docMetadata/|customXml/|_xmlsignatures/|.*/(?:printerSettings|persons|threadedComments|revisions)/"
    r"|.*/(?:people|commentsExtensible|commentsIds|userNames)\.xml\Z"
    # OpenDocument
    r"|(?!word/)(?:.*/)?(?:meta|settings)\.xml\Z|Thumbnails/|Configurations2/|ObjectReplacements/|layout-cache\Z"
    r"|manifest\.rdf\Z|META-INF/(?!manifest\.xml\Z)",
    re.IGNORECASE,
)
"""Parts that tell of author or machine, or keep a picture of how things were."""
_ACTIVE: Final = re.compile(
    r".*vbaProject|.*/(?:activeX|embeddings|ctrlProps)/|Basic/|Scripts/|.*\.bin$", re.IGNORECASE
)
_DROPPED: Final = frozenset(
    {
        *("attachedTemplate", "rsids", "docId", "docVars", "mailMerge", "absPath", "fileSharing", "revisionPtr"),
        *("creator-initials", "sender-initials", "scripts", "event-listeners", "dde-source"),
        "{http://purl.org/dc/elements/1.1/}date",
    }
)
"""Elements that go, by their name alone or in their namespace."""
_BLANKED: Final = frozenset({"author", "creator", "author-name", "author-initials", "initial-creator", "printed-by"})
"""Elements whose text is somebody's name."""
_NAMES: Final = frozenset({"author", "initials", "lastModifiedBy", "refreshedBy", "userName", "userId"})
"""Attributes that are somebody's name."""


def rewritten(data: bytes) -> tuple[bytes, str]:
    """The package, written anew, with its media type.

    Refuses `file.kind` for any other zip, `file.damaged`, `file.locked` and `file.active`.
    """
    try:
        parts = _unpacked(data)
        if _TYPES in parts:
            return _packed(_open_xml(parts)), _kind_of(parts)
        kind = parts.get("mimetype", b"").decode("ascii", "replace").strip()
        if kind not in TEXT_DOCUMENTS | SPREADSHEETS:
            raise Refused.because("file.kind")
        return _packed(_open_document(parts)), kind
    except (BadZipFile, etree.LxmlError, zlib.error, ValueError, KeyError, OSError, EOFError) as error:
        raise Refused.because("file.damaged") from error
    except (NotImplementedError, RuntimeError) as error:  # a way of packing that there is not, or a password
        raise Refused.because("file.locked") from error


def _unpacked(data: bytes) -> Package:
    """All parts; sizes that a zip states can lie, so what comes out is counted."""
    parts: Package = {}
    left = apart.UNPACKED
    with ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > PARTS or len({entry.filename for entry in entries}) < len(entries):
            raise Refused.because("file.damaged")
        for entry in entries:
            if entry.is_dir():
                continue
            with archive.open(entry) as source:
                parts[entry.filename] = content = source.read(left + 1)
            left -= len(content)
            if left < 0:
                raise Refused.because("file.damaged")
    return parts


def _packed(parts: Mapping[str, bytes]) -> bytes:
    """A zip of the parts, all of the same day; OpenDocument wants its media type first and as it is."""
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for name in sorted(parts, key=lambda name: (name != "mimetype", name != _TYPES, name)):
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
            archive.writestr(entry, parts[name])
    return out.getvalue()


def _divided(parts: Package) -> tuple[Package, set[str]]:
    """The parts that stay, and the names of those that do not."""
    kept = {name: content for name, content in parts.items() if not _LEFT_OUT.match(name)}
    if any(map(_ACTIVE.match, kept)):
        raise Refused.because("file.active")
    return kept, parts.keys() - kept.keys()


def _bare(name: str, content: bytes, unlinked: frozenset[str] = frozenset()) -> bytes:
    """One part without what tells of anybody: XML scrubbed, a picture written anew; refused is what is neither."""
    if name.lower().endswith((".xml", ".rels", ".vml")):
        return _scrubbed(content, unlinked)
    if name == "mimetype":
        return content.strip()
    try:
        return picture(content, most=10_000)[0]
    except Refused as refused:
        raise Refused.because("file.active") from refused


def _parsed(content: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(content, parser)  # no entity is resolved, and a document type is refused
    if root.getroottree().docinfo.doctype:
        raise Refused.because("file.damaged")
    return root


def _written(root: etree._Element) -> bytes:
    found: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return found


def _scrubbed(content: bytes, unlinked: frozenset[str]) -> bytes:
    root = _parsed(content)
    for element in list(root.iter(etree.Element)):
        local = etree.QName(element).localname
        if local in _DROPPED or element.tag in _DROPPED:
            _drop(element)
            continue
        if local in _BLANKED and not len(element):
            element.text = None
        for name, value in element.attrib.items():
            attribute = etree.QName(name).localname
            if attribute in _NAMES:
                element.set(name, "")
            elif (
                attribute.startswith("rsid")
                or name == f"{_WORDS}date"
                or (name.startswith(_RELATIONSHIPS) and value in unlinked)
                or (name == _XLINK and local != "a" and "://" in value)
            ):
                del element.attrib[name]
    return _written(root)


def _drop(element: etree._Element) -> None:
    """Take an element out, not the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


# --- Office Open XML ------------------------------------------------------------------------------------------------


def _kind_of(parts: Package) -> str:
    for override in _parsed(parts[_TYPES]).iter("{*}Override"):
        if (kind := _MAIN.get(override.get("ContentType", ""))) is not None:
            return kind
    raise Refused.because("file.kind")


def _open_xml(parts: Package) -> Package:
    if b"macroEnabled" in parts[_TYPES]:
        raise Refused.because("file.active")
    _kind_of(parts)
    kept, gone = _divided(parts)
    unlinked: dict[str, frozenset[str]] = {}
    for name in [name for name in kept if name.endswith(".rels")]:
        of, links, lost = _relationships(name, kept[name], gone)
        kept[name], unlinked[of] = links, lost
    types = _parsed(kept.pop(_TYPES))
    for override in list(types.iter("{*}Override")):
        if override.get("PartName", "").lstrip("/") in gone:
            _drop(override)
    bare = {name: _bare(name, content, unlinked.get(name, frozenset())) for name, content in kept.items()}
    return {**bare, _TYPES: _written(types)}


def _relationships(name: str, content: bytes, gone: set[str]) -> tuple[str, bytes, frozenset[str]]:
    """Of a part's relationships: whose they are, those that stay, and the ids of those that do not."""
    folder, file = posixpath.split(name)
    of = posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))
    root, lost = _parsed(content), set[str]()
    for link in list(_links(root)):
        target, kind = link.get("Target", ""), link.get("Type", "").rpartition("/")[2]
        if link.get("TargetMode") == "External":
            if kind == "externalLinkPath":
                link.set("Target", "removed")
            stays = kind in ("hyperlink", "externalLinkPath")
        else:
            base = "" if target.startswith("/") else posixpath.dirname(of)
            stays = posixpath.normpath(posixpath.join(base, target.lstrip("/"))) not in gone
        if not stays:
            lost.add(link.get("Id", ""))
            _drop(link)
    return of, _written(root), frozenset(lost)


def _links(root: etree._Element) -> Iterator[etree._Element]:
    yield from root.iter("{http://schemas.openxmlformats.org/package/2006/relationships}Relationship")


# --- OpenDocument ---------------------------------------------------------------------------------------------------


def _open_document(parts: Package) -> Package:
    manifest = _parsed(parts[_MANIFEST])
    if next(manifest.iter("{*}encryption-data"), None) is not None:
        raise Refused.because("file.locked")
    kept, _gone = _divided(parts)
    del kept[_MANIFEST]
    for entry in list(manifest.iter("{*}file-entry")):
        path = next((value for name, value in entry.attrib.items() if name.endswith("}full-path")), "")
        folder = path.endswith("/") and any(name.startswith(path) for name in kept)
        if path != "/" and path not in kept and not folder:
            _drop(entry)
    bare = {name: _bare(name, content) for name, content in kept.items()}
    return {**bare, _MANIFEST: _written(manifest)}


if __name__ == "__main__":
    sys.exit(apart.run(rewritten))
