"""The report: one content, written as PDF and DOCX, in every language; tagged, with contents, nothing from outside."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache

import docx
import msgspec
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from consult.config import LOCALES
from consult.core.progress import Cancelled
from consult.core.text import LocalisedText
from consult.results.content import Content, digest
from consult.results.exports import FORMATS, pdf
from consult.results.presentation import Reader
from consult.results.report import Bullets, Figure, Grid, Heading, Text, report_of
from consult.results.translations import words_of
from tests.factories import releases as make

ENGLISH = Reader("en", str)

SCRIPTS = {
    "en": "Results of the consultation",
    "vi": "Kết quả tham vấn cộng đồng người Việt ở nước ngoài",
    "ha": "Sakamakon tuntuɓa, ƙasashen ɗaya",
    "yo": "Àbájáde ìjíròrò pẹ̀lú àwọn ọmọ ẹgbẹ́ ọ̀ṣọ́",
    "ru": "Результаты консультаций с диаспорой",
    "ar": "نتائج التشاور مع الجاليات المقيمة في الخارج",
    "fa": "نتایج مشورت با ایرانیان خارج از کشور: پژوهش گزارش چهارم",
    "ur": "بیرون ملک پاکستانیوں سے مشاورت کے نتائج، ٹیکس ڈاک بڑے",
    "he": "תוצאות ההתייעצות עם התפוצות",
    "am": "ከዲያስፖራ ጋር የተደረገ ምክክር ውጤቶች",
    "ti": "ውጽኢት ምይይጥ ምስ ዳያስፖራ ብትግርኛ",
    "hi": "प्रवासी भारतीयों के साथ परामर्श के परिणाम",
    "bn": "প্রবাসীদের সাথে পরামর্শের ফলাফল",
    "ta": "புலம்பெயர்ந்தோருடனான கலந்தாய்வின் முடிவுகள்",
    "th": "ผลการปรึกษาหารือกับคนไทยในต่างประเทศ",
    "ka": "დიასპორასთან კონსულტაციის შედეგები",
    "hy": "Սփյուռքի հետ խորհրդակցության արդյունքները",
    "el": "Αποτελέσματα της διαβούλευσης με τη διασπορά",
    "zh": "海外侨胞咨询结果：政策建议與調查",
    "ja": "在外邦人との協議の結果についての報告書",
    "ko": "재외동포 협의 결과 보고서",
}


def written(extension: str, reader: Reader, made: Content | None = None) -> bytes:
    made = made or make.release()
    frozen = made.encoded()
    return b"".join(FORMATS[extension].write(made, frozen, digest(frozen), reader))


@cache
def in_pdf(locale: str) -> bytes:
    return written("pdf", Reader(locale, words_of(locale) if locale != "en" else str))


def test_a_report_says_everything_in_order():
    blocks = report_of(make.release(), "ab" * 32, ENGLISH).blocks

    assert [block.text for block in blocks if isinstance(block, Heading) and block.level < 3] == [
        "Before you quote a number",
        "Activities in this release",
        "Trust",
        "Statements side by side",
        "Question listened?",
        "Question easy?",
        "Other questions",
        "Question country?",
        "How old are you?",
        "Question sex?",
        "Question status?",
        "What is hidden and why",
        "Method",
        "Survey",
        "Annex: breakdowns by groups",
        "Question listened?",
        "How old are you?",
    ]
    anchors = [block.anchor for block in blocks if isinstance(block, Heading)]
    assert len(set(anchors)) == len(anchors)
    assert len([block for block in blocks if isinstance(block, Figure)]) == 1 + 5 + 2
    said = [block.text for block in blocks if isinstance(block, Text)]
    assert any("withheld" in text for text in said)
    assert any("Hidden counts: 2, to protect groups under 10." in text for text in said)
    assert any("“hidden”" in line for block in blocks if isinstance(block, Bullets) for line in block.lines)


def test_tables_of_a_report_hold_the_released_numbers():
    blocks = report_of(make.release(), "ab" * 32, ENGLISH).blocks
    grids = {block.caption: block for block in blocks if isinstance(block, Grid)}

    assert grids["Question country?"].heads == ("Answer", "Count", "Per cent (of those who answered)")
    assert grids["Question country?"].rows[:3] == (
        ("GH", "160", "40.0%"),
        ("NG", "100", "25.0%"),
        ("DE", "hidden", "–"),
    )
    crossed = grids["Question listened? By: Question sex?"]
    assert crossed.heads == ("Answer", "female", "male")
    assert crossed.rows[0] == ("strongly agree", "70\u00a0(31.8%)", "50\u00a0(35.7%)")
    assert crossed.rows[-1] == ("Size of the group", "220", "140")
    assert {len(row) for row in crossed.rows} == {3}


def test_long_work_tells_how_far_it_is_and_stops_when_nobody_wants_it():
    seen: list[tuple[int, int]] = []
    report_of(make.release(), "", ENGLISH, lambda done, of: seen.append((done, of)))
    assert seen == [(step, 12) for step in range(1, 13)]

    def cancelled(_done: int, _of: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        report_of(make.release(), "", ENGLISH, cancelled)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_pdf_is_tagged_and_knows_its_language_in_every_locale(locale, boxes):
    document = PdfReader(io.BytesIO(written("pdf", Reader(locale, words_of(locale) if locale != "en" else str))))
    root = document.trailer["/Root"]

    assert root["/Lang"] == locale
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    tags = roles(root["/StructTreeRoot"])
    assert {"/Document", "/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/Figure", "/Link", "/L"} <= set(tags)
    assert tags.count("/Figure") == 8
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert boxes() == 0


def roles(tree) -> list[str]:
    """The roles of a structure tree."""
    found, open_ = [], [tree]
    while open_:
        node = open_.pop().get_object()
        if not isinstance(node, dict):
            continue
        found += [node["/S"]] if "/S" in node else []
        kids = node.get("/K", [])
        open_ += kids if isinstance(kids, list) else [kids]
    return found


@pytest.fixture
def boxes(caplog):
    """How many letters were asked for that no font has: what lays out the page says so of each."""
    return lambda: sum(record.getMessage().startswith(".notdef glyph") for record in caplog.records)


def test_every_figure_of_a_pdf_has_a_text():
    root = PdfReader(io.BytesIO(in_pdf("en"))).trailer["/Root"]
    texts, open_ = [], [root["/StructTreeRoot"]]
    while open_:
        node = open_.pop().get_object()
        if isinstance(node, dict):
            texts += [str(node["/Alt"])] if node.get("/S") == "/Figure" else []
            kids = node.get("/K", [])
            open_ += kids if isinstance(kids, list) else [kids]

    assert any(text.startswith("How old are you?: under 20: 7.5%") for text in texts)
    assert all(len(text) > 30 for text in texts)


def test_a_pdf_has_contents_with_page_numbers_and_an_outline():
    document = PdfReader(io.BytesIO(in_pdf("en")))
    pages = [page.extract_text() for page in document.pages]

    (number,) = re.findall(r"How old are you\?[ .]+(\d+)", pages[1])
    assert "How old are you?" in pages[int(number) - 1]
    assert "Half of the answers are under 33." in pages[int(number) - 1]
    assert f"{number} / {len(pages)}" in pages[int(number) - 1]
    assert [entry.title for entry in document.outline if not isinstance(entry, list)] == [
        "Before you quote a number",
        "Trust",
        "Other questions",
        "What is hidden and why",
        "Method",
        "Annex: breakdowns by groups",
    ]
    assert "Diaspora policy" in pages[0]
    assert "Synthetic data" in pages[0]
    assert document.metadata.title == "Diaspora policy – Release 1 · First results"
    assert document.metadata.author is None
    assert document.metadata.creation_date.isoformat().startswith("2026-03-02T00:00")


def test_a_pdf_in_arabic_runs_from_right_to_left():
    heads = {locale: _places(in_pdf(locale), 1) for locale in ("en", "ar")}

    assert min(heads["en"]) < 100, "lines begin at the left"
    assert min(heads["ar"]) > 300, "lines begin in the right half, their page numbers stand at the left"


def _places(raw: bytes, page: int) -> list[float]:
    """Where headings of the contents begin, in points from the left."""
    found: list[float] = []

    def visit(text: str, _cm: object, matrix: list[float], _font: object, size: float) -> None:
        if text.strip() and size > 15:
            found.append(matrix[4])

    PdfReader(io.BytesIO(raw)).pages[page].extract_text(visitor_text=visit)
    return found


def test_nothing_is_fetched_while_a_pdf_is_laid_out(caplog, tmp_path):
    """Authored text that got through as markup would find no door: only what is in the page itself is read."""
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>leaked</text></svg>')
    page = pdf.html(report_of(make.release(), "", ENGLISH), ENGLISH)
    addresses = (secret.as_uri(), "http://127.0.0.1:9/x", "https://[::1]:9/x", "ftp://127.0.0.1:9/x")
    evil = "".join(f'<img src="{address}" alt="x">' for address in addresses)

    raw = pdf.laid_out(page.replace("</body>", f"{evil}</body>"))

    refused = [record.getMessage() for record in caplog.records if "uses disallowed protocol" in record.getMessage()]
    assert len(refused) == len(addresses)
    assert "leaked" not in PdfReader(io.BytesIO(raw)).pages[-1].extract_text()


HOSTILE = "<img src=file:///etc/passwd><script>alert(1)</script>]]>&\x00\x0b \u202e=cmd|'/c calc'!A1"


@pytest.mark.parametrize("extension", ["pdf", "docx"])
def test_hostile_words_stay_words(extension):
    asked = make.variable("q", ("a", HOSTILE))
    (dataset,) = make.release().datasets
    asked = msgspec.structs.replace(asked, label=make.text(HOSTILE))
    tables = (make.one_way(asked, (30, 40)),)
    datasets = (msgspec.structs.replace(dataset, variables=(asked,), tables=tables, title=make.text(HOSTILE)),)
    made = msgspec.structs.replace(make.release(title=make.text(HOSTILE)), datasets=datasets)

    raw = written(extension, ENGLISH, made)

    if extension == "pdf":
        said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages)
    else:
        said = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(raw)).paragraphs)
    assert "<script>alert(1)</script>" in "".join(said.split("\n"))


@pytest.mark.parametrize("locale", SCRIPTS)
def test_a_front_page_shows_no_boxes_in(locale, boxes):
    made = make.release(title=LocalisedText({"en": SCRIPTS[locale]}))
    made = msgspec.structs.replace(made, datasets=(), themes=())

    document = PdfReader(io.BytesIO(written("pdf", ENGLISH, made)))

    assert boxes() == 0
    assert len(document.pages[0].extract_text()) > 60


def test_boxes_are_found_where_there_are_some(boxes):
    made = make.release(title=LocalisedText({"en": "\U000f1234\U000f1235"}))  # for private use: no font has them
    made = msgspec.structs.replace(made, datasets=(), themes=())

    written("pdf", ENGLISH, made)

    assert boxes() > 0


def test_a_document_has_pictures_with_texts_contents_and_links():
    raw = written("docx", ENGLISH)
    document = docx.Document(io.BytesIO(raw))
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        assert len([name for name in package.namelist() if name.startswith("word/media/")]) >= 7
        body = package.read("word/document.xml").decode()

    alternatives = [element.get("descr") for element in document.element.iter(qn("wp:docPr"))]
    assert len(alternatives) == 8
    assert any(text.startswith("under 20: 7.5%") for text in alternatives)
    assert 'TOC \\o "1-2"' in body
    links = set(re.findall(r'<w:hyperlink w:anchor="(\w+)"', body))
    assert links <= set(re.findall(r'<w:bookmarkStart w:id="\d+" w:name="(\w+)"', body))
    assert len(links) == 6 + 7
    assert document.sections[0].footer._element.xml.count("PAGE") == 1


@pytest.mark.parametrize("locale", LOCALES)
def test_a_document_is_written_in_every_locale(locale):
    reader = Reader(locale, words_of(locale) if locale != "en" else str)
    document = docx.Document(io.BytesIO(written("docx", reader)))

    assert document.core_properties.language == locale
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for table in document.tables for row in table.rows[:1]]
    assert heads.count(True) >= 7, "heads are repeated on every page"
    marks = {table._tbl.tblPr.find(qn("w:bidiVisual")) is not None for table in document.tables}
    assert marks == {reader.direction == "rtl"}
    languages = {style.element.rPr.find(qn("w:lang")) for style in document.styles if style.name == "Heading 1"}
    assert {element.get(qn("w:bidi" if reader.direction == "rtl" else "w:val")) for element in languages} == {locale}
