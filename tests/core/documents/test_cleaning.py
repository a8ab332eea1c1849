"""What is left of a document: its content, and nobody's name; and which documents are not taken at all."""

from __future__ import annotations

import io
import random

import pytest
from docx import Document
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from consult.core.documents import EXTENSIONS, cleaning
from consult.core.documents.pdf import jpeg
from consult.core.errors import Problem, Refused
from consult.core.questionnaire.uploads import cleaned
from tests.factories import files as make
from tests.factories.files import CANARY

MEGABYTES = 8


def clean(data: bytes) -> tuple[bytes, str]:
    return cleaning.clean(data, megabytes=MEGABYTES)


def test_a_text_document_keeps_its_words_picture_and_remark_and_no_name() -> None:
    data = make.text_document()
    assert CANARY.encode() in b"".join(make.unzipped(data).values())
    clean_data, kind = clean(data)
    assert EXTENSIONS[kind] == "docx"
    assert CANARY.encode() not in b"".join(make.unzipped(clean_data).values())
    opened = Document(io.BytesIO(clean_data))
    assert opened.paragraphs[0].text == "Dear office"
    assert len(opened.inline_shapes) == 1
    assert [remark.text for remark in opened.comments] == ["A remark"]


def test_a_spreadsheet_keeps_its_cells_and_no_name() -> None:
    data = make.spreadsheet()
    clean_data, kind = clean(data)
    assert EXTENSIONS[kind] == "xlsx"
    assert CANARY.encode() not in b"".join(make.unzipped(clean_data).values())
    cell = load_workbook(io.BytesIO(clean_data)).active["A1"]
    assert (cell.value, cell.comment.text) == ("Dear office", "A remark")


def test_an_open_document_keeps_its_words_and_no_name_date_or_signature() -> None:
    clean_data, kind = clean(make.open_document())
    assert EXTENSIONS[kind] == "odt"
    parts = make.unzipped(clean_data)
    assert next(iter(parts)) == "mimetype"
    assert set(parts) == {"mimetype", "content.xml", "META-INF/manifest.xml"}
    assert CANARY.encode() not in b"".join(parts.values())
    assert b"2026-03-02" not in parts["content.xml"]
    assert b"Dear " in parts["content.xml"] and b"office</text:p>" in parts["content.xml"]
    assert b"signatures" not in parts["META-INF/manifest.xml"]


def test_a_pdf_keeps_its_pages_and_no_name_script_or_attachment() -> None:
    data = make.pdf()
    assert CANARY.encode() in data
    clean_data, kind = clean(data)
    assert EXTENSIONS[kind] == "pdf"
    assert CANARY.encode() not in clean_data
    reader = PdfReader(io.BytesIO(clean_data))
    assert reader.metadata is None
    assert list(reader.attachments) == []
    assert "/AA" not in reader.pages[0]
    assert reader.pages[0].images[0].image.size == (60, 40)
    assert reader.pages[0]["/Annots"][0].get_object()["/Contents"] == "A remark"


def test_words_are_kept_as_words_without_what_hides() -> None:
    assert clean("Grüße\r\nzwei\u202e;drei\u200b".encode("utf-16")) == ("Grüße\nzwei;drei".encode(), "text/plain")


DOCX = make.unzipped(make.text_document())
JPEG = make.photograph()


def grown(size: int) -> bytes:
    """A JPEG that is large, and next to nothing once it is packed."""
    return JPEG[:-2] + bytes(size) + JPEG[-2:]


BOMB = make.zipped({**DOCX, "word/media/image9.xml": b"<x>" + b" " * 60_000_000 + b"</x>"})
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.kind"),
        (b"MZ\x90\x00", "file.kind"),
        (b"\x7fELF\x02", "file.kind"),
        (b"#!/bin/sh\nrm", "file.kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file.kind"),
        (b"\n\n<!DOCTYPE html><script>alert(1)</script>", "file.kind"),
        (b"harmless words\n<script>alert(1)</script>", "file.kind"),
        (b"{\\rtf1 words}", "file.kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "file.kind"),
        (b"\xff\xfe\x00", "file.kind"),
        (make.zipped({"a.exe": b"MZ"}), "file.kind"),
        (b"PK\x03\x04 and nothing", "file.damaged"),
        (b"%PDF-1.7 and nothing", "file.damaged"),
        (make.pdf(password="secret"), "file.locked"),
        (make.open_document(Basic__Standard="<x/>"), "file.active"),
        (make.open_document(**{"Object 1": "MZ"}), "file.active"),
        (make.open_document(**{"styles.xml": ENTITIES.decode()}), "file.damaged"),
        (make.zipped({**DOCX, "word/vbaProject.bin": b"x"}), "file.active"),
        (make.zipped({**DOCX, "word/embeddings/sheet.xlsx": b"PK"}), "file.active"),
        (make.zipped({**DOCX, "word/media/image2.svg": b"<svg/>"}), "file.active"),
        (BOMB, "file.damaged"),
        (make.pdf(pictures=[grown(39_000_000)] * 3), "file.damaged"),
    ],
)  # fmt: skip
def test_what_is_not_taken(data: bytes, code: str) -> None:
    try:
        found = clean(data)
    except Refused as refused:
        assert refused.problems[0].code == code
    else:
        assert (found, code) == ((b"", "text/plain"), "file.kind"), "an empty file is told apart before"


def frames() -> bytes:
    """Two pictures in one file, each with its own EXIF, as some phones write them."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(JPEG)) as one:
        one.save(out, "MPO", save_all=True, append_images=[one.copy()], exif=one.getexif())
    return out.getvalue()


def progressive() -> bytes:
    """A picture in several scans, with the owner's name between two of them."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(JPEG)) as one:
        one.save(out, "JPEG", progressive=True)
    data = out.getvalue()
    second = data.index(b"\xff\xda", data.index(b"\xff\xda") + 2)
    tells = b"".join(mark + (len(CANARY) + 2).to_bytes(2) + CANARY.encode() for mark in (b"\xff\xfe", b"\xff\xe1"))
    return data[:second] + tells + data[second:]


@pytest.mark.parametrize(
    "data",
    [frames(), progressive(), JPEG + CANARY.encode()],
    ids=["two pictures", "between scans", "after its end"],
)
def test_of_a_jpeg_in_a_pdf_one_picture_is_left_and_nothing_behind_it(data: bytes) -> None:
    assert CANARY.encode() in data
    cleaned = jpeg(data)
    assert CANARY.encode() not in cleaned
    assert b"Exif" not in cleaned
    assert cleaned.endswith(b"\xff\xd9")
    assert cleaned.count(b"\xff\xd8") == 1
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(cleaned)) as after:
        assert after.tobytes() == before.tobytes()


def test_a_jpeg_in_a_pdf_keeps_its_restarts_and_need_not_say_where_it_ends() -> None:
    out = io.BytesIO()
    Image.effect_noise((60, 40), 200).save(out, "JPEG", restart_marker_blocks=1)
    data = out.getvalue()
    assert b"\xff\xd0" in data and b"\xff\x00" in data
    assert jpeg(data) == jpeg(data[:-2]) == jpeg(data[:-2] + JPEG) == data


@pytest.mark.parametrize("data", [b"", JPEG[:100], b"\xff\xd8\xff\xd9", b"\xff\xd8" + bytes(50)])
def test_a_jpeg_in_a_pdf_without_a_picture_is_damaged(data: bytes) -> None:
    with pytest.raises(Refused, match=r"file\.damaged"):
        jpeg(data)


def noise() -> bytes:
    """A picture of which every point is one byte of a palette, and three when it is written anew."""
    out = io.BytesIO()
    picture = Image.effect_noise((900, 900), 200).quantize(256)
    picture.putpalette(random.Random(1).randbytes(768))
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [make.pdf(pictures=[grown(2_000_000)]), ("\u4e2d" * 400_000).encode("utf-16"), noise()],
    ids=["pdf", "words", "picture"],
)
def test_what_is_too_large_once_it_is_clean_is_refused(data: bytes) -> None:
    assert len(data) < 1_000_000
    assert cleaned(data, {}, picture_only=False, megabytes=8)
    with pytest.raises(Refused) as refused:
        cleaned(data, {}, picture_only=False, megabytes=1)
    assert refused.value.problems == (Problem("file.large", {"limit": 1}),)


def test_links_to_other_machines_are_cut() -> None:
    links = DOCX["word/_rels/document.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rX" Type="http://x/image" TargetMode="External" Target="http://tracker.example/p"/>'
        b'<Relationship Id="rY" Type="http://x/hyperlink" TargetMode="External" Target="http://page.example/"/>'
        b"</Relationships>",
    )
    parts = make.unzipped(clean(make.zipped({**DOCX, "word/_rels/document.xml.rels": links}))[0])
    assert b"tracker.example" not in b"".join(parts.values())
    assert b"page.example" in parts["word/_rels/document.xml.rels"]
