"""Downloads for spreadsheets and statisticians: the same numbers as the release, valid, safe, in every language."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import frictionless
import msgspec
import openpyxl
import pyarrow.parquet as pq
import pytest
from lxml import etree
from odf.opendocument import load
from odf.table import Table as OdsTable
from odf.table import TableCell, TableRow
from odf.text import P

from consult.config import LOCALES
from consult.core.aggregation.tables import Category, Kind, Row, Table, Variable
from consult.core.text import LocalisedText
from consult.results.content import content_of, digest
from consult.results.exports import FORMATS, Purpose, by_purpose, tidy
from consult.results.presentation import Reader
from consult.results.translations import words_of
from tests.results.surveying import PLAN, Survey
from tests.results.test_exports import content, download

DDI = "{ddi:codebook:2_5}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HOSTILE = '=HYPERLINK("//x") \ufffe'


@pytest.fixture(scope="module")
def schema():
    return etree.XMLSchema(etree.parse(Path(__file__).with_name("ddi") / "schema-2.5" / "codebook.xsd"))


def hostile():
    """A release whose every text would start a formula, with a multi-choice question and a name in Arabic."""
    made = content()
    (dataset,) = made.datasets
    topics = Variable(
        id="q4",
        name="مواضيع",
        kind=Kind.MULTIPLE,
        label=LocalisedText({"en": HOSTILE, "ar": "+مواضيع", "tw": "-Nsɛm"}),
        categories=(Category(code="@SUM(1)", label=LocalisedText({"en": HOSTILE})), Category(code="b")),
        sensitive=True,
        concept="topics",
    )
    table = Table(
        variable="q4",
        totals=(1234,),
        multiple=True,
        threshold=20,
        rows=(
            Row(code="@SUM(1)", counts=(800,), unselected=(434,)),
            Row(code="b", counts=(None,), unselected=(None,)),
            Row(code=":skipped", counts=(0,)),
            Row(code=":not-relevant", counts=(0,)),
        ),
    )
    dataset = msgspec.structs.replace(
        dataset,
        title=LocalisedText({"en": HOSTILE}),
        variables=(*dataset.variables, topics),
        tables=(*dataset.tables, table),
    )
    return msgspec.structs.replace(made, title=LocalisedText({"en": HOSTILE}), datasets=(dataset,))


def written(extension, made, locale="en"):
    frozen = made.encoded()
    return b"".join(FORMATS[extension].write(made, frozen, digest(frozen), Reader(locale, words_of(locale))))


@pytest.fixture(params=["calm", "hostile"])
def release(request):
    return content() if request.param == "calm" else hostile()


def sheets(raw):
    """The cells of an ODS, with their types."""
    document = load(io.BytesIO(raw))
    return {
        table.getAttribute("name"): [
            [
                (
                    cell.getAttribute("valuetype"),
                    cell.getAttribute("value") or "\n".join(map(str, cell.getElementsByType(P))),
                )
                for cell in row.getElementsByType(TableCell)
            ]
            for row in table.getElementsByType(TableRow)
        ]
        for table in document.spreadsheet.getElementsByType(OdsTable)
    }


def test_formats_are_grouped_by_who_needs_them():
    assert [purpose for purpose, _ in by_purpose()] == list(Purpose)
    assert [one for _, extensions in by_purpose() for one in extensions] == list(FORMATS)


# --- ODS ---


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_an_ods_holds_the_cells_of_the_xlsx(release, locale):
    ods = sheets(written("ods", release, locale))
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", release, locale)))

    assert list(ods) == book.sheetnames
    for sheet in book:
        mine = [[float(value) if kind == "float" else value for kind, value in row if kind] for row in ods[sheet.title]]
        theirs = [[cell.value for cell in row if cell.value not in (None, "")] for row in sheet.iter_rows()]
        assert [[cell for cell in row if cell != ""] for row in mine if row] == [row for row in theirs if row]


def test_nothing_in_an_ods_is_a_formula():
    raw = written("ods", hostile())
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert archive.namelist()[0] == "mimetype"
        assert archive.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
        assert b"formula" not in archive.read("content.xml")
        assert {info.date_time[3:] for info in archive.infolist()} == {(0, 0, 0)}
        assert b"creator" not in archive.read("meta.xml")
    assert {kind for rows in sheets(raw).values() for row in rows for kind, _ in row} == {None, "string", "float"}


def test_an_ods_in_arabic_runs_from_right_to_left():
    for locale, mode in (("ar", b"rl-tb"), ("fr", b"lr-tb")):
        with zipfile.ZipFile(io.BytesIO(written("ods", content(), locale))) as archive:
            assert archive.read("content.xml").count(mode) >= 8


# --- Parquet ---


def test_parquet_is_typed_and_says_what_it_is_from(release):
    found = pq.read_table(io.BytesIO(written("parquet", release, "fr")))

    assert str(found.schema.field("count").type) == "int64"
    assert str(found.schema.field("percent").type) == "double"
    assert found.column_names == list(tidy.Cell._fields)
    about = {key.decode(): value.decode() for key, value in found.schema.metadata.items() if key != b"ARROW:schema"}
    assert about["sha256"] == digest(release.encoded())
    assert about["locale"] == "fr"
    reader = Reader("fr", words_of("fr"))
    assert [tuple(row.values()) for row in found.to_pylist()] == [tuple(cell) for cell in tidy.cells(release, reader)]


def test_hidden_cells_are_empty_and_say_so(release):
    rows = pq.read_table(io.BytesIO(written("parquet", release))).to_pylist()

    hidden = [row for row in rows if row["status"] == "suppressed"]
    assert len(hidden) >= 6
    assert {row["count"] for row in hidden} == {None}
    assert {row["percent"] for row in hidden} == {None}


# --- DDI ---


def test_a_codebook_is_valid(release, schema):
    found = etree.fromstring(written("xml", release))

    assert schema.validate(found), schema.error_log
    assert found.get("version") == "2.5"


def test_a_codebook_gives_counts_but_hidden_ones():
    found = etree.fromstring(written("xml", content()))

    country = found.find(f".//{DDI}var[@name='country']")
    counts = {
        category.find(f"{DDI}catValu").text: getattr(category.find(f"{DDI}catStat"), "text", None)
        for category in country.iter(f"{DDI}catgry")
    }
    assert counts == {"GH": "1200", "DE": None, "FR": None, ":skipped": "0", ":not-relevant": "14"}
    missing = [category.find(f"{DDI}catValu").text for category in country.iterfind(f"{DDI}catgry[@missing='Y']")]
    assert missing == [":skipped", ":not-relevant"]
    age = found.find(f".//{DDI}var[@name='age']")
    assert {one.get("type"): one.text for one in age.iter(f"{DDI}sumStat")} == {
        "mean": "41.5",
        "medn": "40.0",
        "stdev": "12.3",
    }


def test_a_codebook_has_labels_in_every_language():
    found = etree.fromstring(written("xml", hostile()))

    country = found.find(f".//{DDI}var[@name='country']")
    labels = {one.get(LANG): one.text for one in country.iterfind(f"{DDI}labl")}
    assert labels == {"en": "Country", "fr": "Pays", "ar": "البلد"}
    skipped = country.find(f"{DDI}catgry[@missing='Y']")
    assert {one.get(LANG) for one in skipped.iterfind(f"{DDI}labl")} == set(LOCALES)
    group = found.find(f".//{DDI}varGrp[@type='multipleResp']")
    assert {one.get(LANG) for one in group.iterfind(f"{DDI}labl")} == {"en", "ar", "tw"}
    members = group.get("var").split()
    choices = [found.find(f".//{DDI}var[@ID='{member}']") for member in members]
    assert [one.get("name") for one in choices] == ["مواضيع/@SUM(1)", "مواضيع/b"]
    assert [one.text for one in choices[0].iter(f"{DDI}catStat")] == ["800", "434", "0", "0"]
    method = found.find(f".//{DDI}weight[@{LANG}='ar']")
    assert method is not None


# --- the data package ---


@pytest.fixture
def unpacked(release, tmp_path):
    with zipfile.ZipFile(io.BytesIO(written("zip", release, "ar"))) as archive:
        archive.extractall(tmp_path)
    return tmp_path


def test_a_data_package_is_valid(unpacked):
    found = frictionless.validate(str(unpacked / "datapackage.json"))

    assert found.valid, found.flatten(["type", "message"])
    checked = {task.name: task.stats.get("rows") for task in found.tasks}
    assert checked["cells"] > 25


def test_a_data_package_ties_the_other_formats_together(unpacked, release):
    about = json.loads((unpacked / "datapackage.json").read_text("utf-8"))

    paths = {resource["path"] for resource in about["resources"]}
    assert paths == {str(path.relative_to(unpacked)) for path in unpacked.rglob("*.*")} - {"datapackage.json"}
    assert about["licenses"]
    assert about["sources"]
    assert (unpacked / "release.json").read_bytes() == release.encoded()
    assert content_of((unpacked / "release.json").read_bytes()) == release


def test_texts_of_a_data_package_start_no_formula(unpacked):
    for path in unpacked.glob("data/*.csv"):
        fields = [field for row in csv.reader(path.open(encoding="utf-8", newline="")) for field in row]
        assert not [field for field in fields if field.startswith(("=", "+", "-", "@", "\t", "\r"))]


# --- against a real release ---


def test_every_format_gives_the_numbers_of_the_release(sqlite, settings, keys, now):
    survey = Survey(sqlite, settings, keys, now)
    survey.answer_at_random(400)
    survey.publish(survey.freeze(PLAN))
    made = content_of(survey.release().content)
    (dataset,) = made.datasets
    frozen = {
        (dataset.variable(table.variable).name, group, row.code): count
        for table in dataset.tables
        for row in table.rows
        for group, count in zip(table.groups, row.counts, strict=True)
        if not table.by
    }

    cells = pq.read_table(io.BytesIO(written("parquet", made))).to_pylist()

    shown = {
        (row["question"].removeprefix(":"), row["group"], row["category"]): row["count"]
        for row in cells
        if not row["by"] and row["status"] in ("published", "suppressed")
    }
    assert shown == frozen
    codebook = etree.fromstring(written("xml", made))
    sex = {
        category.find(f"{DDI}catValu").text: getattr(category.find(f"{DDI}catStat"), "text", None)
        for category in codebook.find(f".//{DDI}var[@name='sex']").iter(f"{DDI}catgry")
    }
    assert sex == {code: str(n) if n is not None else None for (name, _, code), n in frozen.items() if name == "sex"}


def test_downloads_in_all_formats_are_those_of_the_reader(release):
    assert written("json", release, "ar") == written("json", release, "en")
    assert written("xml", release, "ar") == written("xml", release, "en")
    assert download("csv", "ar") != download("csv", "en")
