"""Surveys in LimeSurvey's file format, in both layouts, written out of a short description."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from consult.core.errors import Problem
from consult.core.exchange.lss import Imported, read
from consult.core.questionnaire.definition import Group, Node, Question

LAYOUTS = ("rows", "l10ns")
Texts = str | Mapping[str, str]
Row = dict[str, str]


@dataclass
class Asked:
    """A question; `rows`, `columns`, `options` and `second` (scale) by code."""

    code: str
    type: str
    label: Texts = "Label"
    rows: Mapping[str, Texts] = field(default_factory=dict)
    columns: Mapping[str, Texts] = field(default_factory=dict)
    options: Mapping[str, Texts] = field(default_factory=dict)
    second: Mapping[str, Texts] = field(default_factory=dict)
    help: Texts = ""
    other: bool = False
    mandatory: str = "N"
    relevance: str = "1"
    preg: str = ""
    row_relevance: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    """Default answers by code of the subquestion, empty for the question."""
    conditions: Iterable[tuple[int, int, str, str, str]] = ()
    """Scenario, number of the question asked about, field, method, value."""


@dataclass
class Page:
    """A group."""

    questions: list[Asked]
    title: Texts = "Page"
    relevance: str = ""
    description: Texts = ""
    randomised: str = ""


def _each(texts: Texts, languages: list[str]) -> dict[str, str]:
    return {language: texts if isinstance(texts, str) else texts.get(language, "") for language in languages}


class _Writer:
    """Collects the rows of all tables. Ids: the survey is 1, groups 1, 2 …, questions 10, 20 …"""

    def __init__(self, languages: str, layout: str) -> None:
        self.languages = languages.split()
        self.layout = layout
        self.tables: dict[str, list[Row]] = {}
        self.counts: dict[str, int] = {}

    def add(self, table: str, row: Mapping[str, str]) -> None:
        self.tables.setdefault(table, []).append(dict(row))

    def localised(self, table: str, texts_table: str, key: str, row: Row, texts: Mapping[str, Texts]) -> None:
        """A thing with texts: a row per language, or one row and its texts apart."""
        if self.layout == "l10ns":
            self.add(table, row)
        for language in self.languages:
            words = {name: _each(text, self.languages)[language] for name, text in texts.items()}
            if self.layout == "l10ns":
                self.add(texts_table, {key: row[key], "language": language, **words})
            else:
                self.add(table, {**row, "language": language, **words})

    def question(self, number: int, group: int, asked: Asked) -> None:
        qid = str(number * 10)
        row = {
            "qid": qid,
            "parent_qid": "0",
            "sid": "1",
            "gid": str(group),
            "type": asked.type,
            "title": asked.code,
            "preg": asked.preg,
            "other": "Y" if asked.other else "N",
            "mandatory": asked.mandatory,
            "question_order": str(number),
            "scale_id": "0",
            "relevance": asked.relevance,
        }
        self.localised("questions", "question_l10ns", "qid", row, {"question": asked.label, "help": asked.help})
        ids = {"": "0"}
        for scale, rows in enumerate((asked.rows, asked.columns)):
            for order, (code, label) in enumerate(rows.items()):
                ids[code] = str(number * 1000 + scale * 100 + order)
                sub = {
                    "qid": ids[code],
                    "parent_qid": qid,
                    "sid": "1",
                    "gid": str(group),
                    "type": "T",
                    "title": code,
                    "question_order": str(order),
                    "scale_id": str(scale),
                    "relevance": asked.row_relevance.get(code, ""),
                }
                self.localised("subquestions", "question_l10ns", "qid", sub, {"question": label})
        for scale, options in enumerate((asked.options, asked.second)):
            for order, (code, label) in enumerate(options.items()):
                self.option(qid, code, label, order, scale)
        for name, value in asked.attributes.items():
            self.add("question_attributes", {"qid": qid, "attribute": name, "value": value})
        for code, value in asked.defaults.items():
            self.default(qid, ids[code], value)
        for scenario, other, name, method, value in asked.conditions:
            row = {"qid": qid, "scenario": str(scenario), "cqid": str(other * 10), "cfieldname": name}
            self.add("conditions", {**row, "method": method, "value": value})

    def option(self, qid: str, code: str, label: Texts, order: int, scale: int) -> None:
        row = {"qid": qid, "code": code, "sortorder": str(order), "scale_id": str(scale)}
        if self.layout == "l10ns":
            self.counts["aid"] = self.counts.get("aid", 0) + 1
            row["aid"] = str(self.counts["aid"])
        self.localised("answers", "answer_l10ns", "aid", row, {"answer": label})

    def default(self, qid: str, sqid: str, value: str) -> None:
        row = {"qid": qid, "sqid": sqid, "scale_id": "0", "specialtype": ""}
        if self.layout == "l10ns":
            self.counts["dvid"] = self.counts.get("dvid", 0) + 1
            row["dvid"] = str(self.counts["dvid"])
        self.localised("defaultvalues", "defaultvalue_l10ns", "dvid", row, {"defaultvalue": value})


def lss(
    *pages: Page,
    languages: str = "en",
    layout: str = "rows",
    title: Texts = "Test",
    words: Mapping[str, Texts] | None = None,
    settings: Mapping[str, str] | None = None,
    tables: Mapping[str, list[Row]] | None = None,
    version: int = 0,
) -> bytes:
    """The file of a survey; the first language is the base language."""
    writer = _Writer(languages, layout)
    number = 0
    for order, page in enumerate(pages, start=1):
        group = {"gid": str(order), "sid": "1", "group_order": str(order), "grelevance": page.relevance}
        group["randomization_group"] = page.randomised
        texts = {"group_name": page.title, "description": page.description}
        writer.localised("groups", "group_l10ns", "gid", group, texts)
        for asked in page.questions:
            number += 1
            writer.question(number, order, asked)
    base, *others = writer.languages
    settings = {"sid": "1", "language": base, "additional_languages": " ".join(others), **(settings or {})}
    writer.add("surveys", settings)
    for language in writer.languages:
        named = {"surveyls_title": title, **(words or {})}
        row = {name: _each(text, writer.languages)[language] for name, text in named.items()}
        writer.add("surveys_languagesettings", {"surveyls_language": language, **row})
    return document(
        {**writer.tables, **(tables or {})}, writer.languages, version or (495 if layout == "l10ns" else 177)
    )


def document(tables: Mapping[str, list[Row]], languages: list[str], version: int, kind: str = "Survey") -> bytes:
    """A file of tables."""
    head = f"<LimeSurveyDocType>{kind}</LimeSurveyDocType><DBVersion>{version}</DBVersion>"
    tongues = "".join(f"<language>{language}</language>" for language in languages)
    body = "".join(_table(name, rows) for name, rows in tables.items())
    content = f"{head}<languages>{tongues}</languages>{body}"
    return f'<?xml version="1.0" encoding="UTF-8"?><document>{content}</document>'.encode()


def _table(name: str, rows: list[Row]) -> str:
    fields = "".join(f"<fieldname>{column}</fieldname>" for column in (rows[0] if rows else ()))
    written = "".join(
        "<row>" + "".join(f"<{column}>{escape(value)}</{column}>" for column, value in row.items()) + "</row>"
        for row in rows
    )
    return f"<{name}><fields>{fields}</fields><rows>{written}</rows></{name}>"


def imported(*questions: Asked, layout: str = "rows") -> Imported:
    """A survey of one page, read."""
    return read(lss(Page(list(questions)), layout=layout))


def nodes(found: Imported) -> dict[str, Node]:
    """The nodes of a questionnaire by name."""
    return {node.name: node for node, _ in found.questionnaire.walk()}


def question(found: Imported, name: str) -> Question:
    """One question by name."""
    node = nodes(found)[name]
    assert isinstance(node, Question)
    return node


def group(found: Imported, name: str) -> Group:
    """One group by name."""
    node = nodes(found)[name]
    assert isinstance(node, Group)
    return node


def told(problems: Iterable[Problem]) -> list[str]:
    """Codes with their places."""
    return [" | ".join(filter(None, (each.code, each.place.sheet, each.place.column))) for each in problems]
