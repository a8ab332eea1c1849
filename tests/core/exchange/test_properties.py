"""Whatever is uploaded, reading it ends in a questionnaire or in a refusal."""

from __future__ import annotations

import contextlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.core.errors import Refused
from consult.core.exchange.xlsform import read, write
from consult.core.questionnaire.document import decode, encode
from consult.core.questionnaire.lint import lint
from tests.core.exchange.making import form, parts, workbook

GOOD = form("type|name|label\ntext|a|A")
WORDS = st.sampled_from(
    [
        *("type", "name", "label", "label::French", "list_name", "relevant", "calculation", "default", "required"),
        *("text", "select_one l", "begin_group", "end_group", "begin_repeat", "calculate", "rank l or_other", "start"),
        *("a", "b", "l", "${a}", "{a}$", "1 + ", "${a} = 'x'", "jr:choice-name(${a}, '${a}')", "((((", "'"),
        *("form_title", "default_language", "allow_choice_duplicates", "choice_filter", "our::sensitive", "::", ":"),
    ]
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
CELLS = st.one_of(
    st.none(),
    WORDS,
    st.text(max_size=12),
    st.integers(),
    NUMBERS,
    st.booleans(),
)
GRIDS = st.lists(st.lists(CELLS, max_size=6), max_size=8)


@given(st.binary(max_size=400))
def test_random_bytes(data: bytes) -> None:
    for candidate in (data, b"PK\x03\x04" + data, bytes.fromhex("d0cf11e0a1b11ae1") + data):
        with contextlib.suppress(Refused):
            read(candidate)


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=8))
def test_random_damage(position: int, damage: bytes) -> None:
    with contextlib.suppress(Refused):
        read(GOOD[:position] + damage + GOOD[position + len(damage) :])


@given(
    st.sampled_from(["xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"]), st.data()
)
def test_random_parts(part: str, data: st.DataObject) -> None:
    namespace = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    tags = st.sampled_from(["row", "c", "v", "sheetData", "sst", "si", "t", "worksheet", "workbook", "sheets", "is"])
    pairs = st.sampled_from(['r="A1"', 'r="1"', 't="s"', 't="d"', 't="b"', 's="9"', 'r="ZZZZ1"', 'min="x"'])
    inner = "".join(f"<{tag} {pair}>7</{tag}>" for tag, pair in data.draw(st.lists(st.tuples(tags, pairs), max_size=6)))
    root = data.draw(tags)
    with contextlib.suppress(Refused):
        read(parts(GOOD, {part: f"<{root} {namespace}>{inner}</{root}>".encode()}))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(GRIDS, GRIDS, GRIDS)
def test_random_cells(survey: list, choices: list, of_settings: list) -> None:
    headers = ["type", "name", "label", "relevant", "choice_filter"]
    for top in ([], [headers]):
        with contextlib.suppress(Refused):
            questionnaire = read(workbook(survey=top + survey, choices=choices, settings=of_settings)).questionnaire
            assert decode(encode(questionnaire)) == questionnaire
            lint(questionnaire)


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text("name,label;\t\n\r\"'ab\ufeff", max_size=200).map(str.encode)))
def test_random_files_beside_a_form(data: bytes) -> None:
    for survey in ("select_one_from_file w.csv|a|A|", "calculate|a||pulldata('w', 'name', 'label', 'x')"):
        with contextlib.suppress(Refused):
            found = form(f"type|name|label|calculation\n{survey}")
            questionnaire = read(found, attached={"w.csv": data}).questionnaire
            assert encode(read(write(questionnaire)).questionnaire) == encode(questionnaire)
