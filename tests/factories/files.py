"""Files as people send them, each with a canary where programs write who made it."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

from docx import Document
from openpyxl import Workbook
from openpyxl.comments import Comment
from PIL import Image
from pypdf import PdfWriter
from pypdf.annotations import Text
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject, TextStringObject

CANARY = "canary-of-the-owner"
ODT = "application/vnd.oasis.opendocument.text"
_ODF = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
_TEXT = 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
_MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"


def photograph(form: str = "JPEG", *, size: tuple[int, int] = (60, 40), orientation: int = 1) -> bytes:
    """A picture as a phone makes it: with its owner, its place and the way it was held."""
    exif = Image.Exif()
    exif[0x013B] = CANARY
    exif[0x0112] = orientation
    exif.get_ifd(0x8825)[2] = (5.0, 33.0, 12.0)
    more: dict[str, Any] = {"comment": CANARY.encode()} if form == "JPEG" else {}
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, form, exif=exif, **more)
    return out.getvalue()


def text_document() -> bytes:
    """A DOCX with an author, a remark and a photograph."""
    made = Document()
    made.core_properties.author = made.core_properties.last_modified_by = CANARY
    paragraph = made.add_paragraph("Dear office")
    made.add_picture(io.BytesIO(photograph()))
    made.add_comment(paragraph.runs, text="A remark", author=CANARY, initials=CANARY[:3])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def spreadsheet() -> bytes:
    """An XLSX with an author and a remark."""
    made = Workbook()
    made.active["A1"] = "Dear office"
    made.active["A1"].comment = Comment("A remark", CANARY)
    made.properties.creator = CANARY
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def open_document(**more: str) -> bytes:
    """An ODT with an author, a remark, a signature and settings; `more`: further parts (`Basic__x`)."""
    remark = (
        f"<office:annotation><dc:creator>{CANARY}</dc:creator><dc:date>2026-03-02T10:00</dc:date></office:annotation>"
    )
    parts = {
        "mimetype": ODT,
        "content.xml": f"<office:document-content {_ODF} {_TEXT}><text:p>Dear {remark}office</text:p>"
        "</office:document-content>",
        "meta.xml": f"<office:document-meta {_ODF}><dc:creator>{CANARY}</dc:creator></office:document-meta>",
        "settings.xml": f"<settings printer='{CANARY}'/>",
        "META-INF/documentsignatures.xml": f"<signature>{CANARY}</signature>",
        **{name.replace("__", "/"): content for name, content in more.items()},
    }
    entries = "".join(
        f'<m:file-entry m:full-path="{name}" m:media-type="text/xml"/>' for name in ("/", *parts) if name != "mimetype"
    )
    parts["META-INF/manifest.xml"] = f'<m:manifest xmlns:m="{_MANIFEST}">{entries}</m:manifest>'
    return zipped(parts)


def pdf(*, password: str = "", pictures: Sequence[bytes] = ()) -> bytes:
    """A PDF with an author, a remark, a script, an attached file and a photograph; `pictures`: more JPEGs, packed."""
    made = PdfWriter()
    page = made.add_blank_page(200, 200)
    made.add_metadata({"/Author": CANARY})
    made.add_attachment(f"{CANARY}.txt", CANARY.encode())
    remark = Text(rect=(0, 0, 20, 20), text="A remark")
    remark[NameObject("/T")] = TextStringObject(CANARY)
    made.add_annotation(0, remark)
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(f"app.alert('{CANARY}')")}
    )
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
    held = DictionaryObject({NameObject("/Im0"): made._add_object(_picture(photograph(), "/DCTDecode"))})
    for number, data in enumerate(pictures, start=1):
        packed = _picture(zlib.compress(data), "/FlateDecode", "/DCTDecode")
        held[NameObject(f"/Im{number}")] = made._add_object(packed)
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): held})
    if password:
        made.encrypt(password)
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


def _picture(data: bytes, *filters: str) -> StreamObject:
    picture = StreamObject()
    picture._data = data
    for name, value in {
        "Subtype": NameObject("/Image"),
        "Width": NumberObject(60),
        "Height": NumberObject(40),
        "ColorSpace": NameObject("/DeviceRGB"),
        "BitsPerComponent": NumberObject(8),
        "Filter": ArrayObject(map(NameObject, filters)) if len(filters) > 1 else NameObject(filters[0]),
    }.items():
        picture[NameObject(f"/{name}")] = value
    return picture


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """A zip of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    """The parts of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
