"""Downloads, opened again with other libraries: the same numbers, safe texts, the reader's language and direction."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import docx
import msgspec
import openpyxl
import pytest
from docx.oxml.ns import qn

from consult.core.aggregation.tables import Category, Contributions, Dataset, Kind, Row, Summary, Table, Variable
from consult.core.aggregation.variables import CHANNEL
from consult.core.text import LocalisedText
from consult.results.content import Content, ThemeLabel, content_of, digest
from consult.results.exports import FORMATS, file_name
from consult.results.presentation import Reader
from consult.results.sections import by_theme

LABEL = LocalisedText({"en": "=How old are you?", "fr": "Quel âge avez-vous ?", "ar": "كم عمرك؟"})
COUNTRY = LocalisedText({"en": "Country", "fr": "Pays", "ar": "البلد"})


def content(*, synthetic: bool = True) -> Content:
    """A release of two questions, one of them crossed by the other."""
    country = Variable(
        id="q1",
        name="country",
        kind=Kind.SINGLE,
        label=COUNTRY,
        theme="where",
        categories=(
            Category(code="GH", label=LocalisedText({"en": "Ghana", "ar": "غانا"})),
            Category(code="DE", label=LocalisedText({"en": "@Germany", "fr": "Allemagne", "ar": "ألمانيا"})),
            Category(code="FR", label=LocalisedText({"en": "France", "ar": "فرنسا"})),
        ),
    )
    age = Variable(
        id="q2",
        name="age",
        kind=Kind.NUMBER,
        label=LABEL,
        categories=(
            Category(code="..20", upper=20),
            Category(code="20..40", lower=20, upper=40),
            Category(code="40..", lower=40),
        ),
    )
    tables = (
        Table(
            variable="q1",
            totals=(1234,),
            threshold=10,
            rows=(
                Row(code="GH", counts=(1200,)),
                Row(code="DE", counts=(None,)),
                Row(code="FR", counts=(None,)),
                Row(code=":skipped", counts=(0,)),
                Row(code=":not-relevant", counts=(14,)),
            ),
        ),
        Table(
            variable="q2",
            totals=(1234,),
            threshold=10,
            summary=Summary(mean=41.5, deviation=12.3, quartiles=(30.0, 40.0, 55.0)),
            rows=(
                Row(code="..20", counts=(234,)),
                Row(code="20..40", counts=(500,)),
                Row(code="40..", counts=(500,)),
                Row(code=":skipped", counts=(0,)),
                Row(code=":not-relevant", counts=(0,)),
            ),
        ),
        Table(
            variable="q2",
            by="q1",
            groups=("GH", "DE+FR", ":not-relevant"),
            totals=(1200, 20, 14),
            threshold=10,
            pooled_groups={"DE+FR": ("DE", "FR")},
            rows=(
                Row(code="..20", counts=(210, 10, 14)),
                Row(code="20..40", counts=(495, None, None)),
                Row(code="40..", counts=(495, None, None)),
                Row(code=":skipped", counts=(0, 0, 0)),
                Row(code=":not-relevant", counts=(0, 0, 0)),
            ),
        ),
        Table(variable="q3", groups=(), totals=(), rows=(), threshold=20, withheld=True),
    )
    hidden = Variable(id="q3", name="status", kind=Kind.SINGLE, label=LocalisedText({"en": "Status"}), sensitive=True)
    return Content(
        process="diaspora-policy",
        process_title=LocalisedText({"en": "Diaspora policy", "fr": "Politique de la diaspora", "ar": "سياسة الشتات"}),
        source="en",
        number=3,
        title=LocalisedText({"en": "First results"}),
        frozen_on="2026-03-02",
        synthetic=synthetic,
        threshold=10,
        sensitive_threshold=20,
        crossings=("country_of_residence",),
        themes=(ThemeLabel(code="where", label=LocalisedText({"en": "Where people live", "ar": "مكان العيش"})),),
        datasets=(
            Dataset(
                activity="a",
                slug="survey",
                title=LocalisedText({"en": "Survey"}),
                unit="person",
                source="en",
                editions=((1, "ab" * 32),),
                responses=1234,
                variables=(country, age, hidden),
                tables=tables,
            ),
        ),
    )


def words(message: str) -> str:
    return f"«{message}»"


def download(extension: str, locale: str = "en", *, synthetic: bool = True) -> bytes:
    made = content(synthetic=synthetic)
    frozen = made.encoded()
    reader = Reader(locale, str if locale == "en" else words)
    return b"".join(FORMATS[extension].write(made, frozen, digest(frozen), reader))


def test_json_is_what_was_frozen():
    assert content_of(download("json")) == content()
    assert msgspec.json.decode(download("json"))["number"] == 3


def test_csv_holds_every_cell_once():
    raw = download("csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(raw)))

    found = {(row["question"], row["group"], row["category"]): row for row in rows}
    assert found["country", "", "GH"]["count"] == "1200"
    assert found["country", "", "GH"]["percent"] == "98.4"
    assert found["country", "", "DE"]["count"] == ""
    assert found["country", "", "DE"]["status"] == "suppressed"
    assert found["age", "DE+FR", "..20"]["group_label"] == "Together: @Germany; France"
    assert found["age", "DE+FR", "..20"]["percent"] == "50.0"
    assert found["status", "", ""]["status"] == "withheld"
    assert {row["category_label"]: row["value"] for row in rows if row["status"] == "summary"}["Median"] == "40.0"
    assert {row["note"] for row in rows} == {
        "Synthetic data: these responses were invented for a demonstration. Nobody was asked."
    }
    assert len(rows) == 5 + 5 + 15 + 5 + 1


def test_a_csv_tells_how_responses_came_in_from_a_question_called_channel():
    made = content()
    (dataset,) = made.datasets
    variables = (
        Variable(id="q1", name="channel", kind=Kind.SINGLE, label=LocalisedText({"en": "How do you send money?"})),
        Variable(id=CHANNEL, name="channel", kind=Kind.SINGLE),
    )
    tables = (
        *(Table(variable=one.id, totals=(50,), rows=(Row(code="open", counts=(50,)),)) for one in variables),
        Table(variable="q1", by=CHANNEL, groups=("open",), totals=(50,), rows=(Row(code="open", counts=(50,)),)),
    )
    datasets = (msgspec.structs.replace(dataset, variables=variables, tables=tables),)
    made = msgspec.structs.replace(made, datasets=datasets)

    raw = b"".join(FORMATS["csv"].write(made, b"", "", Reader("en", str))).decode("utf-8-sig")

    rows = [(row["question"], row["by"]) for row in csv.DictReader(io.StringIO(raw))]
    assert rows == [("channel", ""), ("channel", ":channel"), (":channel", "")]


def test_no_text_of_a_csv_is_taken_for_a_formula():
    raw = download("csv").decode("utf-8-sig")
    fields = [field for row in csv.reader(io.StringIO(raw)) for field in row]

    assert "'=How old are you?" in fields
    assert "'@Germany" in fields
    assert not [field for field in fields if field.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_workbook_has_a_cover_and_a_sheet_per_question():
    book = openpyxl.load_workbook(io.BytesIO(download("xlsx")))

    assert book.sheetnames == ["About", "1 country", "2 age", "3 status"]
    cover = [cell.value for row in book["About"] for cell in row if cell.value is not None]
    assert digest(content().encoded()) in cover
    assert any("Synthetic data" in str(value) for value in cover)
    assert any("linear programme" in str(value) for value in cover)
    assert any("not a sample" in str(value) for value in cover)
    sheet = book["1 country"]
    values = {row[0].value: [cell.value for cell in row[1:3]] for row in sheet.iter_rows()}
    assert values["Ghana"] == [1200, 98.4]
    assert values["France"] == ["hidden", "hidden"]
    assert any("withheld" in str(cell.value) for row in book["3 status"] for cell in row)


def test_no_text_of_a_workbook_is_a_formula_and_numbers_are_numbers():
    book = openpyxl.load_workbook(io.BytesIO(download("xlsx")))

    kinds = {cell.data_type for sheet in book for row in sheet for cell in row if cell.value is not None}
    assert kinds == {"s", "n"}
    assert book["2 age"]["A1"].value == "=How old are you?"
    assert book["2 age"]["A1"].data_type == "s"


def test_the_summary_of_a_number_can_be_reckoned_with():
    sheet = openpyxl.load_workbook(io.BytesIO(download("xlsx", "fr")))["2 age"]

    assert {row[0].value: row[1].value for row in sheet.iter_rows()}["«Mean»"] == 41.5
    assert ",41.5," in download("csv", "fr").decode()


def test_a_workbook_in_arabic_runs_from_right_to_left():
    book = openpyxl.load_workbook(io.BytesIO(download("xlsx", "ar")))

    assert {cell.alignment.readingOrder for sheet in book for row in sheet for cell in row if cell.value} == {2}

    assert all(sheet.sheet_view.rightToLeft for sheet in book)
    assert book["2 age"]["A1"].value == "كم عمرك؟"
    assert "«About»" in book.sheetnames
    english = openpyxl.load_workbook(io.BytesIO(download("xlsx", "fr")))
    assert not any(sheet.sheet_view.rightToLeft for sheet in english)


def texts(document) -> list[str]:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def test_a_report_goes_theme_by_theme():
    document = docx.Document(io.BytesIO(download("docx")))

    headings = [p.text for p in document.paragraphs if p.style.name.startswith(("Title", "Heading"))]
    assert headings == [
        "Diaspora policy",
        "Before you quote a number",
        "Activities in this release",
        "Where people live",
        "Country",
        "Other questions",
        "=How old are you?",
        "Status",
        "What is hidden and why",
        "Method",
        "Survey",
        "Annex: breakdowns by groups",
        "=How old are you?",
        "By: Country",
    ]
    found = texts(document)
    assert {"1,200", "98.4%", "210\u00a0(17.5%)"} <= set(found)
    assert "Responses: 1,234, asked: 1,220, answered: 1,220." in found
    assert any(text.startswith("Synthetic data") for text in found)
    assert any("withheld" in text for text in found)


def test_circumstances_stand_under_a_heading_of_their_own():
    reader = Reader("en", str)
    channel = Variable(id=":channel", name="channel", kind=Kind.SINGLE, categories=(Category(code="open"),))
    table = Table(variable=":channel", totals=(20,), rows=(Row(code="open", counts=(20,)),), threshold=10)
    (dataset,) = content().datasets
    more = msgspec.structs.replace(dataset, variables=(*dataset.variables, channel), tables=(*dataset.tables, table))

    found = by_theme(msgspec.structs.replace(content(), datasets=(more,)), reader)

    assert [(heading, [item.variable.name for item in items]) for heading, items in found] == [
        ("Where people live", ["country"]),
        ("Other questions", ["age", "status"]),
        ("How people took part", ["channel"]),
    ]


def test_consultations_of_the_same_title_stand_under_a_heading_each():
    (dataset,) = content().datasets
    one, other = (
        msgspec.structs.replace(dataset, activity=name, contributions=Contributions(of="participants"))
        for name in ("one", "other")
    )

    found = by_theme(msgspec.structs.replace(content(), datasets=(one, other)), Reader("en", str))

    assert [len(items) for heading, items in found if heading == "Survey"] == [2, 2]


def test_a_report_of_real_data_says_nothing_of_synthetic_ones():
    assert not any("Synthetic" in text for text in texts(docx.Document(io.BytesIO(download("docx", synthetic=False)))))
    assert b"Synthetic" not in download("csv", synthetic=False)


@pytest.mark.parametrize(("locale", "rtl"), [("ar", True), ("fr", False), ("en", False)])
def test_a_report_runs_in_the_direction_of_its_locale(locale, rtl):
    document = docx.Document(io.BytesIO(download("docx", locale)))

    filled = [paragraph for paragraph in document.paragraphs if paragraph.text]
    assert all((paragraph._p.pPr.find(qn("w:bidi")) is not None) is rtl for paragraph in filled)
    assert all(
        (run._r.rPr is not None and run._r.rPr.find(qn("w:rtl")) is not None) is rtl
        for paragraph in filled
        for run in paragraph.runs
        if run.text
    )
    assert all((table._tbl.tblPr.find(qn("w:bidiVisual")) is not None) is rtl for table in document.tables)
    assert document.core_properties.language == locale
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:cs")) == ("Noto Sans Arabic" if rtl else "Noto Sans")


def test_files_name_no_author_and_no_moment():
    for extension in ("docx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(download(extension))) as package:
            core = package.read("docProps/core.xml").decode()
        assert "python" not in core
        assert not re.search(r"creator>[^<]", core)
        assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+", core)) <= {"2026-03-02T00:00:00"}


def test_numbers_are_written_as_the_locale_writes_them():
    found = texts(docx.Document(io.BytesIO(download("docx", "fr"))))

    assert any("1 200" in text.replace("\u202f", " ") for text in found)


def test_file_names_are_plain():
    assert file_name(content(), "xlsx", "ar") == "diaspora-policy-3-ar.xlsx"
    assert file_name(content(), "json", "ar") == "diaspora-policy-3.json"
