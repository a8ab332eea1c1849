"""Downloads of a release: each format turns the frozen content into bytes, piece by piece, in the reader's locale."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from consult.results.content import Content
from consult.results.exports import csv, docx, drawings, json, pdf, xlsx
from consult.results.presentation import Reader

Write = Callable[[Content, bytes, str, Reader], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format of downloads."""

    extension: str
    media_type: str
    write: Write
    """From the content (decoded, and as frozen), its hash and the reader to the bytes of the file."""


FORMATS: Mapping[str, Format] = {
    found.extension: found
    for found in (
        Format("pdf", "application/pdf", pdf.write),
        Format("csv", "text/csv; charset=utf-8", csv.write),
        Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx.write),
        Format("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx.write),
        Format("svg.zip", "application/zip", drawings.write_svg),
        Format("png.zip", "application/zip", drawings.write_png),
        Format("json", "application/json", json.write),
    )
}


def file_name(content: Content, extension: str, locale: str) -> str:
    """What a download is called: ASCII, without spaces."""
    language = "" if extension == "json" else f"-{locale}"
    return f"{content.process}-{content.number}{language}.{extension}"
