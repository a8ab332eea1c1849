"""Files that are no workbook, or that are made to exhaust or betray the machine, are refused before they are parsed."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from consult.core.exchange.container import ELEMENTS, PARTS
from consult.core.exchange.xlsform import read
from tests.core.exchange.making import form, found, grid, parts, problems, workbook

ROOT = Path(__file__).parents[3]
GOOD = form("type|name|label\ntext|a|A")
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(64)
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
DOCTYPE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


def with_sheet(rows: bytes) -> bytes:
    return parts(GOOD, {"xl/worksheets/sheet1.xml": SHEET % rows})


def with_document_type(encoding: str) -> bytes:
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + DOCTYPE.decode() + "<sst>&e;</sst>"
    return parts(GOOD, {"xl/sharedStrings.xml": text.encode(encoding)})


def lying_sizes() -> bytes:
    """A workbook whose directory says that a part of 60 MB has 60 bytes."""
    data = bytearray(parts(GOOD, {"xl/media/big.bin": bytes(60_000_000)}))
    true, false = struct.pack("<I", 60_000_000), struct.pack("<I", 60)
    return bytes(data).replace(true, false)


def other_office_file() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "xlsform.file.empty"),
        (PNG, "xlsform.file.not_a_workbook"),
        (b"type,name,label\ntext,a,A\n", "xlsform.file.not_a_workbook"),
        (other_office_file(), "xlsform.file.not_a_workbook"),
        (OLE + bytes(2000), "xlsform.file.legacy"),
        (OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le"), "xlsform.file.encrypted"),
        (GOOD[:-200], "xlsform.file.damaged"),
        (parts(GOOD, {"xl/workbook.xml": b"<workbook"}), "xlsform.file.damaged"),
        (parts(GOOD, {"xl/workbook.xml": None}), "xlsform.file.damaged"),
        (with_document_type("utf-8"), "xlsform.file.doctype"),
        (with_document_type("utf-16"), "xlsform.file.doctype"),
        (parts(GOOD, {"xl/worksheets/sheet1.xml": DOCTYPE + SHEET % b""}), "xlsform.file.doctype"),
        (parts(GOOD, {"xl/hidden.bin": DOCTYPE + b"<x/>"}), "xlsform.file.doctype"),
        (parts(GOOD, {"xl/media/big.bin": bytes(60_000_000)}), "xlsform.file.too_large"),
        (parts(GOOD, {"xl/media/dense.bin": bytes(3_000_000)}), "xlsform.file.too_large"),
        (lying_sizes(), "xlsform.file.damaged"),
        (parts(GOOD, {f"xl/{number}.bin": b"x" for number in range(PARTS)}), "xlsform.file.damaged"),
        (with_sheet(b"<row>" + b"<c/>" * 20_000 + b"</row>"), "xlsform.file.damaged"),
        (with_sheet(b'<row r="9999999999"><c r="A1"/></row>'), "xlsform.file.damaged"),
        (with_sheet(b"<row/>" * (ELEMENTS + 1)), "xlsform.file.too_large"),
    ],
)
def test_refused_before_parsing(data: bytes, code: str) -> None:
    assert [problem.code for problem in problems(data)] == [code]


@pytest.mark.parametrize(("sheet", "limit"), [("survey", 5_000), ("choices", 20_000)])
def test_one_row_too_many_names_its_row(sheet: str, limit: int) -> None:
    sheets = {"survey": grid("type|name|label\ntext|a|A"), sheet: [["type", "name", "label"]]}
    sheets[sheet] = [*sheets[sheet], *[["text", f"q{number}", "Q"] for number in range(limit + 1)]]
    (problem,) = problems(workbook(**sheets))
    assert found(problem).startswith(f"xlsform.sheet.rows {sheet} {limit + 2}")
    assert problem.params["limit"] == limit


def test_one_column_too_many() -> None:
    assert [found(problem) for problem in problems(workbook(survey=[[f"c{number}" for number in range(201)]]))] == [
        "xlsform.sheet.columns survey 1"
    ]


def test_a_million_empty_rows_are_no_rows() -> None:
    sheet = zipfile.ZipFile(io.BytesIO(GOOD)).read("xl/worksheets/sheet1.xml")
    last = b'<row r="1048576"><c r="A1048576"/></row></sheetData>'
    assert read(parts(GOOD, {"xl/worksheets/sheet1.xml": sheet.replace(b"</sheetData>", last)})).summary.questions == 1


def test_false_dimensions_hide_nothing() -> None:
    sheet = zipfile.ZipFile(io.BytesIO(GOOD)).read("xl/worksheets/sheet1.xml")
    assert b'ref="A1:C2"' in sheet
    lying = parts(GOOD, {"xl/worksheets/sheet1.xml": sheet.replace(b'ref="A1:C2"', b'ref="A1"')})
    assert read(lying).summary.questions == 1


def test_a_missing_drawing_does_not_matter() -> None:
    rels = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing" '
        b'Target="../drawings/drawing9.xml"/></Relationships>'
    )
    assert read(parts(GOOD, {"xl/worksheets/_rels/sheet1.xml.rels": rels})).summary.questions == 1


def test_other_sheets_may_have_any_number_of_rows() -> None:
    survey = grid("type|name|label\ntext|a|A")
    assert read(workbook(survey=survey, notes=[["x"]] * 30_000)).summary.questions == 1


MEASURED = """
import pathlib, resource, sys
from tests.core.exchange.making import problems
data = pathlib.Path(sys.argv[1]).read_bytes()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = problems(data)
print(len(found), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def many_rows() -> bytes:
    rows = [["text", f"q{number}", "Question " * 20] for number in range(50_000)]
    return workbook(survey=[["type", "name", "label"], *rows])


def many_strings() -> bytes:
    head = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return parts(GOOD, {"xl/sharedStrings.xml": head + b"<si/>" * 7_000_000 + b"</sst>"})


def one_bomb() -> bytes:
    return parts(GOOD, {"xl/media/bomb.bin": bytes(300_000_000)})


@pytest.mark.parametrize("make", [many_rows, many_strings, one_bomb], ids=lambda make: make.__name__)
def test_refused_in_bounded_memory(make: Callable[[], bytes], tmp_path: Path) -> None:
    """A process of its own takes less than 150 MB more than it had."""
    path = tmp_path / "form.xlsx"
    path.write_bytes(make())
    command = [sys.executable, "-c", MEASURED, str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    found_problems, megabytes = map(int, run.stdout.split())
    assert found_problems == 1
    assert megabytes < 150
