"""Files of translations: what goes out comes back, in each format and through a translator's tool; sides are merged."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from translate.storage.xliff2 import Xliff2File

from consult.core.errors import NOWHERE, Refused
from consult.core.exchange import po, sheets, xliff
from consult.core.exchange.entries import Entry, Exchange
from consult.core.exchange.merging import merge
from consult.core.translation import State, Translation, fingerprint, tidy

FORMATS = {"xlsx": sheets, "xlf": xliff, "po": po}
formats = pytest.mark.parametrize("form", FORMATS)


def entry(number: int, target: str, state: State = State.REVIEWED, **rest: str) -> Entry:
    """A text, with a placeholder in every third one."""
    name = " ${name}" if number % 3 == 0 else ""
    key = f"questionnaire:q{number}/label"
    return Entry(key, f"Question {number}{name}", f"{target}{name}" if target else "", state, **rest)  # type: ignore[arg-type]


def exported(count: int = 300) -> Exchange:
    """Texts as they go out."""
    return Exchange("en", "ar", tuple(entry(number, f"سؤال {number}") for number in range(count)), "survey")


def here(found: Exchange) -> dict[str, Translation]:
    """What is here at the export."""
    return {one.key: Translation(one.target, one.state) for one in found.entries}


@formats
def test_a_round_trip_of_300_texts_of_which_20_changed_on_both_sides_loses_nothing_and_asks_20_times(form: str) -> None:
    sent = exported()
    mine = here(sent)
    returned = FORMATS[form].read(FORMATS[form].write(sent), f"survey.{form}")
    there = {one.key: one for one in returned.entries}
    both, mine_only, theirs_only = (list(mine)[begin : begin + 20] for begin in (0, 100, 200))
    for key in (*both, *mine_only):
        mine[key] = Translation(f"{mine[key].text} (هنا)", State.DRAFT)
    for key in (*both, *theirs_only):
        there[key] = replace(there[key], target=f"{there[key].target} (هناك)")
    data = FORMATS[form].write(replace(sent, entries=tuple(there.values())))
    merged = merge(mine, FORMATS[form].read(data, f"survey.{form}"))
    assert [change.entry.key for change in merged.asked] == both
    assert [change.entry.key for change in merged.kept] == mine_only
    assert [change.entry.key for change in merged.taken] == theirs_only
    assert merged.same == 240
    assert merged.gone == []
    for change in merged.asked:
        assert "(هنا)" in change.here.text
        assert "(هناك)" in change.entry.target


def test_translate_toolkit_opens_and_saves_an_xliff_file_and_it_comes_back_clean() -> None:
    sent = replace(
        exported(),
        entries=(
            *exported().entries,
            entry(300, "", State.MISSING),
            entry(301, "مسودة", State.DRAFT, note="Label · job"),
            entry(303, "قديم", State.STALE, before="Another question ${name}"),
        ),
    )
    store = Xliff2File.parsestring(xliff.write(sent))
    assert len(store.units) == 303
    saved = io.BytesIO()
    store.serialize(saved)
    returned = xliff.read(saved.getvalue(), "survey.xlf")
    assert (returned.source, returned.target) == ("en", "ar")
    for before, after in zip(sent.entries, returned.entries, strict=True):
        assert after == replace(before, base=fingerprint(before.target), place=after.place)
    merged = merge(here(sent), returned)
    assert (merged.same, merged.asked, merged.taken, merged.gone) == (303, [], [], [])


def test_what_a_tool_translates_is_taken() -> None:
    sent = Exchange("en", "ar", (entry(1, "", State.MISSING), entry(2, "قديم")), "survey")
    store = Xliff2File.parsestring(xliff.write(sent))
    store.units[0].target = "سؤال"
    store.units[1].target = "جديد"
    returned = xliff.read(bytes(store), "survey.xlf")
    assert [one.target for one in returned.entries] == ["سؤال", "جديد"]
    assert [change.entry.key for change in merge(here(sent), returned).taken] == [one.key for one in sent.entries]


@formats
def test_states_notes_and_former_sources_go_out_and_come_back(form: str) -> None:
    texts = (
        entry(1, ""),
        entry(2, "مسودة", State.DRAFT, note="Hint · job"),
        entry(3, "مراجع"),
        entry(4, "قديم", State.STALE, before="Before"),
    )
    texts = (replace(texts[0], state=State.MISSING), *texts[1:])
    returned = FORMATS[form].read(FORMATS[form].write(Exchange("en", "ar", texts)), f"a.{form}")
    assert [replace(one, place=NOWHERE, base="") for one in returned.entries] == list(texts)


CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff")
TEXTS = st.text(CHARACTERS, max_size=40).map(tidy).filter(lambda text: "_x" not in text)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(TEXTS.filter(bool), TEXTS, st.sampled_from([State.DRAFT, State.REVIEWED])), min_size=1, max_size=5
    )
)
@formats
def test_any_text_goes_out_and_comes_back_as_it_was(form: str, texts: list[tuple[str, str, State]]) -> None:
    sent = tuple(
        Entry(f"questionnaire:q{number}/label", source, target, state if target else State.MISSING)
        for number, (source, target, state) in enumerate(texts)
    )
    returned = FORMATS[form].read(FORMATS[form].write(Exchange("en", "ar", sent)), f"a.{form}")
    assert [(one.key, one.source, one.target, one.state) for one in returned.entries] == [
        (one.key, one.source, one.target, one.state) for one in sent
    ]
    assert [one.base for one in returned.entries] == [fingerprint(one.target) for one in sent]


SIDES = st.sampled_from(["", "a", "b", "c"])


@given(st.lists(st.tuples(SIDES, SIDES, SIDES, st.booleans()), max_size=12))
def test_a_merge_puts_every_text_in_one_place_and_drops_no_words(sides: list[tuple[str, str, str, bool]]) -> None:
    mine, entries = {}, []
    for number, (base, ours, theirs, marked) in enumerate(sides):
        key = str(number)
        mine[key] = Translation(ours, State.DRAFT if ours else State.MISSING)
        entries.append(Entry(key, "s", theirs, State.DRAFT, fingerprint(base) if marked else ""))
    merged = merge(mine, Exchange("en", "ar", tuple(entries)))
    assert merged.same + len(merged.taken) + len(merged.asked) + len(merged.kept) == len(sides)
    for change in merged.taken:
        base = sides[int(change.entry.key)][0]
        assert change.here.text in ("", base), "only what was exported is replaced unasked"
        assert change.entry.target
    for change in merged.kept:
        base, _, theirs, marked = sides[int(change.entry.key)]
        assert not theirs or (marked and theirs == base), "what the file changed is never passed over"


def change(form: str, alter: Callable[[bytes], bytes]) -> str:
    """The code and place with which a file is refused."""
    data = alter(FORMATS[form].write(exported(3)))
    with pytest.raises(Refused) as refused:
        FORMATS[form].read(data, f"a.{form}")
    problem = refused.value.problems[0]
    return f"{problem.code} {problem.place.row}"


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("form", "alter", "said"),
    [
        ("xlf", lambda _data: b"", "exchange.empty None"),
        ("xlf", lambda _data: b" " * 3, "exchange.empty None"),
        ("po", lambda data: data + b" " * 10_000_000, "exchange.large None"),
        ("xlf", lambda data: data.replace(b"</file>", b""), "exchange.damaged 32"),
        ("xlf", lambda data: data.replace(b"\n<xliff", BOMB + b"\n<xliff"), "exchange.doctype None"),
        ("xlf", lambda data: data.replace(b'"2.0"', b'"1.2"'), "exchange.xliff.version 2"),
        ("xlf", lambda data: data.replace(b' name="questionnaire:q1/label"', b""), "exchange.xliff.unit 13"),
        ("xlf", lambda data: data.replace(b"q1/label", b"q0/label"), "exchange.twice 13"),
        ("po", lambda data: data.replace(b'msgid "Question 1"', b'msgfoo "Question'), "exchange.damaged 18"),
        ("po", lambda data: data.replace(b'msgctxt "questionnaire:q1/label"\n', b""), "exchange.po.context 16"),
        ("po", lambda data: data.replace("سؤال 2".encode(), "é".encode("latin-1")), "exchange.encoding 24"),
        ("xlsx", lambda _data: b"PK\x03\x04", "xlsform.file.damaged None"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(form: str, alter: Callable[[bytes], bytes], said: str) -> None:
    assert change(form, alter) == said


def test_a_po_file_that_is_only_a_path_opens_nothing(tmp_path) -> None:
    secret = tmp_path / "secret.po"
    secret.write_text('msgctxt "a"\nmsgid "b"\nmsgstr "c"\n')
    with pytest.raises(Refused):
        po.read(str(secret).encode(), "a.po")


def test_a_sheet_without_its_columns_and_a_row_without_its_unit_are_refused_with_their_places() -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(sheets.write(exported(3))))
    sheet = book.active
    sheet["A3"] = None
    saved = io.BytesIO()
    book.save(saved)
    with pytest.raises(Refused) as refused:
        sheets.read(saved.getvalue(), "a.xlsx")
    assert refused.value.problems[0].code == "exchange.sheet.unit"
    assert (refused.value.problems[0].place.row, refused.value.problems[0].place.column) == (3, "target (ar)")
    sheet["A1"] = "id"
    saved = io.BytesIO()
    book.save(saved)
    with pytest.raises(Refused, match=r"exchange\.sheet\.columns"):
        sheets.read(saved.getvalue(), "a.xlsx")
