"""Files that cannot be imported at all are refused, and none takes more than its size."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.errors import Refused
from consult.core.exchange.lss import container, looks_like, read, survey
from tests.core.exchange.lss.making import Asked, Page, document, lss

SURVEY = lss(Page([Asked("q", "S")]))
FORMS = Path(__file__).parents[1] / "forms"
ENTITY = b'<?xml version="1.0"?><!DOCTYPE document [<!ENTITY x SYSTEM "file:///etc/passwd">]><document>&x;</document>'
BOMB = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><document>&b;&b;&b;</document>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "lss.file.empty"),
        (b"  \n", "lss.file.empty"),
        (b"no markup at all", "lss.file.not_a_survey"),
        (b"<html><body>x</body></html>", "lss.file.not_a_survey"),
        (b"<document></document>", "lss.file.not_a_survey"),
        (b"PK\x03\x04 an archive (.lsa)", "lss.file.archive"),
        (next(FORMS.glob("*.xlsx")).read_bytes(), "lss.file.archive"),
        (SURVEY[:-200], "lss.file.damaged"),
        (SURVEY.replace(b"</rows>", b"</row>", 1), "lss.file.damaged"),
        (b'<?xml version="1.0" encoding="klingon"?><document/>', "lss.file.not_a_survey"),
        (b"<document>" + b"<a>" * 30 + b"</a>" * 30 + b"</document>", "lss.file.damaged"),
        (ENTITY, "lss.file.doctype"),
        (BOMB, "lss.file.doctype"),
        (document({}, ["en"], 177, kind="Group"), "lss.file.part"),
        (document({}, ["en"], 177, kind="Label set"), "lss.file.part"),
        (lss(Page([])), "lss.empty"),
        (lss(), "lss.empty"),
    ],
)
def test_a_file_that_is_no_survey_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(data)
    assert [problem.code for problem in refused.value.problems] == [code]


@pytest.mark.parametrize(
    ("module", "limit", "value", "code"),
    [
        (container, "BYTES", 500, "lss.file.too_large"),
        (container, "ELEMENTS", 20, "lss.file.too_large"),
        (container, "ROWS", 2, "lss.file.too_large"),
        (survey, "QUESTIONS", 0, "lss.too_many"),
        (survey, "QUESTIONS", 2, "lss.too_many"),
        (survey, "ANSWERS", 1, "lss.too_many"),
    ],
)
def test_a_file_of_more_than_the_limit_is_refused(
    module: object, limit: str, value: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, limit, value)
    asked = Asked("q", "F", rows={"a": "A", "b": "B"}, options={"x": "X", "y": "Y"})
    with pytest.raises(Refused) as refused:
        read(lss(Page([asked])))
    assert [problem.code for problem in refused.value.problems] == [code]


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (SURVEY, "x.xml", True),
        (b"\xef\xbb\xbf<document/>", "", True),
        (b"PK\x03\x04", "survey.lsa", True),
        (b"PK\x03\x04", "form.xlsx", False),
        (b"a,b", "form.csv", False),
    ],
)
def test_it_is_told_by_name_or_content(data: bytes, name: str, expected: bool) -> None:
    assert looks_like(data, name) is expected


@given(st.binary() | st.binary().map(lambda noise: SURVEY[:300] + noise + SURVEY[300:]))
def test_no_file_makes_it_fail(data: bytes) -> None:
    try:
        read(data)
    except Refused as refused:
        assert all(problem.code.startswith("lss.") for problem in refused.problems)


TABLE = st.dictionaries(
    st.sampled_from(["qid", "parent_qid", "gid", "type", "title", "question", "relevance", "language", "scale_id"]),
    st.sampled_from(["", "1", "10", "Q", "M", "F", ":", "R", "en", "fr", "{Q}", "<b>x", "Q == 1", "a b", "'", "${x}"]),
)


@given(
    st.dictionaries(
        st.sampled_from(["groups", "questions", "subquestions", "answers", "conditions", "question_l10ns", "surveys"]),
        st.lists(TABLE, max_size=4),
    )
)
def test_no_table_makes_it_fail(tables: dict[str, list[dict[str, str]]]) -> None:
    try:
        found = read(document(tables, ["en", "fr"], 177))
    except Refused as refused:
        assert [problem.code for problem in refused.problems] == ["lss.empty"]
    else:
        names = [node.name for node, _ in found.questionnaire.walk()]
        assert len(names) == len(set(names))
