"""Files of draft texts are read block by block; what is not safe to open is refused."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document

from consult.core.drafting import reading
from consult.core.drafting.document import Kind
from consult.core.drafting.matching import Found, carry
from consult.core.errors import Refused

MARKDOWN = """\ufeff# National policy

First *paragraph*, with
a [link](http://example.org) and <b>no</b> HTML.

> What citizens said.

3. Third
   - deeper

   goes on
4. Fourth

| Goal | Year |
|---|---|
| Cards | 2027 |

```
code
```
"""


def test_markdown_becomes_blocks() -> None:
    assert reading.read(MARKDOWN.encode(), "policy.md") == [
        Found(Kind.HEADING, "National policy", 1),
        Found(Kind.PARAGRAPH, "First paragraph, with a link and <b>no</b> HTML."),
        Found(Kind.QUOTE, "What citizens said."),
        Found(Kind.ITEM, "3. Third", 1),
        Found(Kind.ITEM, "deeper", 2),
        Found(Kind.PARAGRAPH, "goes on"),
        Found(Kind.ITEM, "4. Fourth", 1),
        Found(Kind.ROW, "Goal | Year"),
        Found(Kind.ROW, "Cards | 2027"),
        Found(Kind.PARAGRAPH, "code"),
    ]


def word() -> bytes:
    document = Document()
    document.add_heading("National policy", 0)
    document.add_heading("Aims", 2)
    document.add_paragraph("A  paragraph\nof two lines.")
    document.add_paragraph("A point", style="List Bullet")
    document.add_paragraph("below it", style="List Bullet 2")
    document.add_paragraph("What citizens said.", style="Intense Quote")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Cards", "2027"
    document.add_paragraph("")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def part(data: bytes, name: str, contents: bytes) -> bytes:
    """The same file with one part replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, contents if entry == name else old.read(entry))
    return buffer.getvalue()


def body(inside: str) -> bytes:
    return part(
        word(),
        "word/document.xml",
        f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{inside}</w:body></w:document>'.encode(),
    )


def test_word_becomes_blocks() -> None:
    assert reading.read(word(), "Policy.DOCX") == [
        Found(Kind.HEADING, "National policy", 1),
        Found(Kind.HEADING, "Aims", 2),
        Found(Kind.PARAGRAPH, "A paragraph\nof two lines."),
        Found(Kind.ITEM, "A point", 1),
        Found(Kind.ITEM, "below it", 2),
        Found(Kind.QUOTE, "What citizens said."),
        Found(Kind.ROW, "Cards | 2027"),
    ]


def test_tracked_changes_are_read_as_accepted() -> None:
    tracked = (
        "<w:p><w:r><w:t>Cards are </w:t></w:r><w:del><w:r><w:delText>dear</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>free</w:t></w:r></w:ins></w:p>"
    )
    assert reading.read(body(tracked), "a.docx") == [Found(Kind.PARAGRAPH, "Cards are free")]


BOMB = b"<a>" + b" " * 30_000_000 + b"</a>"
XXE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.md", "drafting.file.empty"),
        (b"\xff\xfe\x00", "a.md", "drafting.file.encoding"),
        (b"# A", "a.pdf", "drafting.file.unknown"),
        (b"# A", "a.docx", "drafting.file.unknown"),
        (b"\n\n", "a.md", "drafting.text.empty"),
        (b"a" * 5001, "a.md", "drafting.text.long"),
        (b"- a\n" * 2001, "a.md", "drafting.text.blocks"),
        (b"a" * (reading.BYTES + 1), "a.md", "drafting.file.too_large"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"old", "a.docx", "drafting.file.legacy"),
        (part(word(), "word/document.xml", BOMB), "a.docx", "drafting.file.too_large"),
        (part(word(), "word/document.xml", XXE), "a.docx", "drafting.file.doctype"),
        (part(word(), "word/styles.xml", XXE), "a.docx", "drafting.file.doctype"),
        (part(word(), "word/document.xml", b"<a"), "a.docx", "drafting.file.damaged"),
        (word()[:900], "a.docx", "drafting.file.damaged"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, name: str, code: str) -> None:
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        reading.read(data, name)


def test_spoofing_marks_do_not_get_in() -> None:
    (found,) = reading.read("Cards \u202eare\u202c\u200b free".encode(), "a.md")
    assert found.text == "Cards are free"


def test_a_file_in_another_language_is_laid_over_the_text() -> None:
    draft = carry(None, reading.read(b"# Policy\n\nFree.", "a.md"), "en")
    both = reading.translated(draft, reading.read(b"# Politique\n\nGratuit.", "a.md"), "fr")
    assert [dict(block.words) for block in both.blocks][1] == {"en": "Free.", "fr": "Gratuit."}
    with pytest.raises(Refused, match=r"drafting\.translation\.count"):
        reading.translated(draft, reading.read(b"# Politique", "a.md"), "fr")
    with pytest.raises(Refused, match=r"drafting\.translation\.kind"):
        reading.translated(draft, reading.read(b"Politique\n\nGratuit.", "a.md"), "fr")
