"""Downloads of a release: each format turns the frozen content into bytes, piece by piece, in the reader's locale."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from consult.core.progress import Progress, unwatched
from consult.results.content import Content
from consult.results.exports import csv, ddi, docx, drawings, json, ods, package, parquet, pdf, xlsx
from consult.results.presentation import Reader
from consult.results.report import Report

Write = Callable[[Content, bytes, str, Reader], Iterator[bytes]]
WriteReport = Callable[[Content, bytes, str, Reader, Progress], Iterator[bytes]]


PACKAGE: Final = "zip"
"""The format that holds the quotes beside a release, too."""


class Purpose(StrEnum):
    """Who a format is for; menus are grouped by it."""

    READING = "reading"
    SPREADSHEETS = "spreadsheets"
    STATISTICS = "statistics"


@dataclass(frozen=True, slots=True)
class Format:
    """A file format of downloads."""

    extension: str
    media_type: str
    purpose: Purpose
    write: Write
    """From the content (decoded, and as frozen), its hash and the reader to the bytes of the file."""


FORMATS: Mapping[str, Format] = {
    found.extension: found
    for found in (
        Format("pdf", "application/pdf", Purpose.READING, pdf.write),
        Format(
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Purpose.READING,
            docx.write,
        ),
        Format("svg.zip", "application/zip", Purpose.READING, drawings.write_svg),
        Format("png.zip", "application/zip", Purpose.READING, drawings.write_png),
        Format("xlsx", xlsx.MEDIA_TYPE, Purpose.SPREADSHEETS, xlsx.write),
        Format("ods", ods.MEDIA_TYPE, Purpose.SPREADSHEETS, ods.write),
        Format("csv", "text/csv; charset=utf-8", Purpose.SPREADSHEETS, csv.write),
        Format(PACKAGE, package.MEDIA_TYPE, Purpose.STATISTICS, package.write),
        Format("parquet", parquet.MEDIA_TYPE, Purpose.STATISTICS, parquet.write),
        Format("xml", ddi.MEDIA_TYPE, Purpose.STATISTICS, ddi.write),
        Format("json", "application/json", Purpose.STATISTICS, json.write),
    )
}

REPORTS: Mapping[str, WriteReport] = {"pdf": pdf.write, "docx": docx.write}
"""The formats that take so long that jobs make them."""
REPORTS_OF_EVENTS: Mapping[str, Callable[[Report, Reader, Progress], Iterator[bytes]]] = {
    "pdf": pdf.written,
    "docx": docx.written,
}
"""The same for a report that is of no release."""


def write(
    extension: str,
    content: Content,
    frozen: bytes,
    hash_: str,
    reader: Reader,
    progress: Progress = unwatched,
    quotes: bytes = b"",
) -> Iterator[bytes]:
    """A release in a format there is, piece by piece. `quotes`: those beside it as CSV, for the data package."""
    if extension in REPORTS:
        return REPORTS[extension](content, frozen, hash_, reader, progress)
    if extension == PACKAGE:
        return package.write(content, frozen, hash_, reader, quotes)
    return FORMATS[extension].write(content, frozen, hash_, reader)


def file_name(content: Content, extension: str, locale: str) -> str:
    """What a download is called: ASCII, without spaces."""
    language = "" if extension in ("json", "xml") else f"-{locale}"
    return f"{content.process}-{content.number}{language}.{extension}"


def by_purpose() -> list[tuple[Purpose, list[str]]]:
    """Extensions as menus show them."""
    return [
        (purpose, [extension for extension, found in FORMATS.items() if found.purpose is purpose])
        for purpose in Purpose
    ]
