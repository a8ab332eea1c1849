"""The workbook of a release, opened in LibreOffice: its cells are those of the release."""

from __future__ import annotations

import csv
import shutil
import subprocess

import pytest

from tests.results.test_exports import content, download

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
"""Comma, quotation marks, UTF-8; values as they are and not as they are shown; a file for each sheet."""


@pytest.mark.skipif(SOFFICE is None, reason="there is no LibreOffice on this machine")
def test_libreoffice_finds_in_a_workbook_what_the_release_says(tmp_path):
    workbook = tmp_path / "release.xlsx"
    workbook.write_bytes(download("xlsx"))

    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [SOFFICE, profile, "--headless", "--convert-to", EVERY_SHEET, "--outdir", tmp_path, workbook]
    subprocess.run(command, check=True, capture_output=True, timeout=120)

    sheets = {path.stem.removeprefix("release-"): read(path) for path in tmp_path.glob("*.csv")}
    assert set(sheets) == {"About", "1 country", "2 age", "3 status"}
    one_way, by_age, by_country = content().datasets[0].tables[:3]
    assert tables(sheets["1 country"]) == [as_released(one_way)]
    assert tables(sheets["2 age"]) == [as_released(by_age), as_released(by_country)]
    assert sheets["2 age"][0][0] == "=How old are you?", "no formula was reckoned"
    assert ["Median", "40"] in [line[:2] for line in sheets["2 age"]]
    assert ["Ghana", "1200", "98.4"] in sheets["1 country"]


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def tables(sheet):
    """The counts of each table of a sheet: what stands below a line of heads, without labels and per cent."""
    found = []
    for line in sheet:
        if not line[0] and any(line):
            wide = sum(map(bool, line))
            found.append([])
        elif found and line[1]:
            found[-1].append(tuple(line[1 : wide + 1 : 2]))
    return found


def as_released(table):
    return [tuple("hidden" if count is None else str(count) for count in row.counts) for row in table.rows]
