"""A CSV file is a sheet, whatever separates its cells."""

from __future__ import annotations

import subprocess
import sys

import pytest

from consult.core.exchange.csv import read_csv


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        ("a,b\n1,2\n", ("a", "b")),
        ("\r\n\na;b\r\n1;2\r\n", ("a", "b")),
        ('"x, y, z";b\n1;2\n', ("x, y, z", "b")),
        ('"x ""y,"",";b\n1;2\n', ('x "y,",', "b")),
        ('"over\ntwo, lines";b\n1;2\n', ("over two, lines", "b")),
        ("a\n1\n", ("a",)),
        ("", ()),
    ],
)
def test_the_separator_is_the_one_between_the_headers(content: str, headers: tuple[str, ...]) -> None:
    sheet = read_csv(content.encode(), "a.csv", columns=10)
    assert sheet.headers == headers
    assert all(len(row.cells) == len(headers) for row in sheet.rows)


@pytest.mark.parametrize("module", ["csv", "workbook", "container", "xlsform", "responses.tables"])
def test_every_part_can_be_imported_first(module: str) -> None:
    subprocess.run([sys.executable, "-c", f"import consult.core.exchange.{module}"], check=True)
