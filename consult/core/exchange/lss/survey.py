"""A survey as LimeSurvey knows it, from the tables of either layout.

Until LimeSurvey 3 a row of a table was one thing in one language; since 4 the texts stand in tables of their own,
`question_l10ns` and the like, with a row per language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from consult.core.errors import Refused
from consult.core.exchange.lss.container import Document, Row

QUESTIONS: Final = 5_000
"""Questions and subquestions that a survey may have: every expression is checked against every name."""
ANSWERS: Final = 20_000
"""Answer options that a survey may have, counted once for all languages."""

_STRANGE: Final = re.compile(r"[^\w.+\-]+")

Texts = dict[str, str]
"""HTML by LimeSurvey's code of the language."""


@dataclass(slots=True)
class Option:
    """An answer option."""

    code: str
    label: Texts
    scale: int
    value: str


@dataclass(slots=True)
class Subquestion:
    """A row (scale 0) or a column (scale 1) of a question."""

    id: str
    code: str
    label: Texts
    scale: int
    relevance: str


@dataclass(slots=True)
class Condition:
    """A row of the older conditions editor."""

    scenario: int
    question: str
    """Id of the question that is asked about."""
    field: str
    method: str
    value: str


@dataclass(slots=True)
class Question:
    """A question with all that belongs to it."""

    id: str
    group: str
    type: str
    code: str
    label: Texts
    help: Texts
    other: bool
    mandatory: str
    relevance: str
    pattern: str
    script: str
    attributes: dict[str, str] = field(default_factory=dict)
    """Values by name; of those with languages the one of the base language."""
    localised: dict[str, Texts] = field(default_factory=dict)
    subquestions: list[Subquestion] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    defaults: dict[tuple[str, int, str], str] = field(default_factory=dict)
    """Default answers by id of the subquestion (`0`: the question), scale and special type."""

    def rows(self) -> list[Subquestion]:
        """The subquestions of scale 0."""
        return [each for each in self.subquestions if each.scale == 0]

    def columns(self) -> list[Subquestion]:
        """The subquestions of scale 1."""
        return [each for each in self.subquestions if each.scale == 1]

    def scale(self, number: int) -> list[Option]:
        """The answer options of a scale."""
        return [option for option in self.options if option.scale == number]


@dataclass(slots=True)
class Group:
    """A page."""

    id: str
    title: Texts
    description: Texts
    relevance: str
    randomised: str
    questions: list[Question] = field(default_factory=list)


@dataclass(slots=True)
class Survey:
    """All of it."""

    id: str
    base: str
    languages: list[str]
    """The base language first."""
    settings: Row
    words: dict[str, Texts]
    """Title, welcome text and the like, by column."""
    groups: list[Group]
    orphans: int
    """Questions and subquestions that belong to nothing in the file."""
    recoded: dict[str, str]
    """Codes of subquestions and answer options that cannot be codes here, with what they became."""


def read_survey(document: Document) -> Survey:
    """The survey of a document. Codes: `lss.empty .too_many`."""
    settings = next(iter(document.rows("surveys")), {})
    recoded = _recoded(document)
    languages = _languages(document, settings)
    base = languages[0]
    groups = [
        Group(
            id=key,
            title=_texts(rows, "group_name", base),
            description=_texts(rows, "description", base),
            relevance=first.get("grelevance", ""),
            randomised=first.get("randomization_group", ""),
        )
        for key, first, rows in _things(document, "groups", "group_l10ns", "gid", base, "group_order")
    ]
    questions = _questions(document, base)
    if not questions:
        raise Refused.because("lss.empty")
    orphans = _subquestions(document, questions, base) + _into_groups(groups, questions)
    _options(document, questions, base)
    _attributes(document, questions, base)
    _conditions(document, questions)
    _defaults(document, questions, base)
    words: dict[str, Texts] = {}
    for row in document.rows("surveys_languagesettings"):
        for column, text in row.items():
            words.setdefault(column, {})[row.get("surveyls_language", base)] = text
    return Survey(settings.get("sid", ""), base, languages, settings, words, groups, orphans, recoded)


def _languages(document: Document, settings: Row) -> list[str]:
    additional = settings.get("additional_languages", "").split()
    found = [settings.get("language", ""), *document.languages, *additional]
    return list(dict.fromkeys(code for code in found if code)) or ["en"]


def _recoded(document: Document) -> dict[str, str]:
    """Codes are made of letters, digits, `_`, `-`, `.`: they stand with spaces between and in quotes."""
    changed: dict[str, str] = {}
    for table, column in (("subquestions", "title"), ("answers", "code")):
        for row in document.rows(table):
            code = row.get(column, "").strip()
            row[column] = _STRANGE.sub("_", code) or "_"
            if row[column] != code:
                changed[code] = row[column]
    return changed


def _things(
    document: Document, table: str, texts: str, key: str, base: str, order: str
) -> list[tuple[str, Row, list[Row]]]:
    """What a table is about, in order: its key, the row that stands for it, and a row per language."""
    found: dict[str, list[Row]] = {}
    for row in document.rows(table):
        found.setdefault(row.get(key, ""), []).append(row)
    translated: dict[str, list[Row]] = {}
    for row in document.rows(texts):
        translated.setdefault(row.get(key, ""), []).append(row)
    things = []
    for each, rows in found.items():
        first = next((row for row in rows if row.get("language", base) == base), rows[0])
        things.append((each, first, translated.get(each, []) or rows))
    return sorted(things, key=lambda thing: _number(thing[1].get(order, "")))


def _texts(rows: Iterable[Row], column: str, base: str) -> Texts:
    return {row.get("language") or base: row[column] for row in rows if row.get(column, "").strip()}


def _number(text: str) -> int:
    return int(text) if text.strip().isdecimal() and len(text) < 10 else 0


def _questions(document: Document, base: str) -> dict[str, Question]:
    things = _things(document, "questions", "question_l10ns", "qid", base, "question_order")
    if len(things) > QUESTIONS:
        raise Refused.because("lss.too_many", limit=QUESTIONS)
    return {
        key: Question(
            id=key,
            group=first.get("gid", ""),
            type=first.get("type", "").strip(),
            code=first.get("title", "").strip(),
            label=_texts(rows, "question", base),
            help=_texts(rows, "help", base),
            other=first.get("other", "") == "Y",
            mandatory=first.get("mandatory", ""),
            relevance=first.get("relevance", ""),
            pattern=first.get("preg", ""),
            script=next((row["script"] for row in rows if row.get("script", "").strip()), ""),
        )
        for key, first, rows in things
    }


def _subquestions(document: Document, questions: dict[str, Question], base: str) -> int:
    things = _things(document, "subquestions", "question_l10ns", "qid", base, "question_order")
    if len(things) + len(questions) > QUESTIONS:
        raise Refused.because("lss.too_many", limit=QUESTIONS)
    orphans = 0
    for key, first, rows in things:
        parent = questions.get(first.get("parent_qid", ""))
        if parent is None:
            orphans += 1
            continue
        parent.subquestions.append(
            Subquestion(
                id=key,
                code=first.get("title", "").strip(),
                label=_texts(rows, "question", base),
                scale=_number(first.get("scale_id", "")),
                relevance=first.get("relevance", ""),
            )
        )
    return orphans


def _into_groups(groups: list[Group], questions: dict[str, Question]) -> int:
    by_id = {group.id: group for group in groups}
    orphans = 0
    for question in questions.values():
        if question.group in by_id:
            by_id[question.group].questions.append(question)
        else:
            orphans += 1
    return orphans


def _options(document: Document, questions: dict[str, Question], base: str) -> None:
    rows = document.rows("answers")
    if any("aid" in row for row in rows):
        key = "aid"
    else:
        key = "key"
        for row in rows:
            row[key] = "\0".join((row.get("qid", ""), row.get("scale_id", ""), row.get("code", "")))
    things = _things(document, "answers", "answer_l10ns", key, base, "sortorder")
    if len(things) > ANSWERS:
        raise Refused.because("lss.too_many", limit=ANSWERS)
    for _, first, texts in things:
        question = questions.get(first.get("qid", ""))
        if question is not None:
            scale, value = _number(first.get("scale_id", "")), first.get("assessment_value", "")
            label = _texts(texts, "answer", base)
            question.options.append(Option(first.get("code", "").strip(), label, scale, value))


def _attributes(document: Document, questions: dict[str, Question], base: str) -> None:
    for row in document.rows("question_attributes"):
        question, name, value = questions.get(row.get("qid", "")), row.get("attribute", ""), row.get("value", "")
        if question is None or not value.strip():
            continue
        language = row.get("language", "")
        if language:
            question.localised.setdefault(name, {})[language] = value
        if not language or language == base:
            question.attributes[name] = value.strip()


def _conditions(document: Document, questions: dict[str, Question]) -> None:
    for row in document.rows("conditions"):
        if question := questions.get(row.get("qid", "")):
            question.conditions.append(
                Condition(
                    scenario=_number(row.get("scenario", "")),
                    question=row.get("cqid", ""),
                    field=row.get("cfieldname", "").strip(),
                    method=row.get("method", "").strip() or "==",
                    value=row.get("value", ""),
                )
            )


def _defaults(document: Document, questions: dict[str, Question], base: str) -> None:
    """Answers that stand there at first. A default is one value for all languages here: the base language's."""
    values: dict[str, str] = {}
    for row in document.rows("defaultvalue_l10ns"):
        if row.get("language", base) == base or row.get("dvid", "") not in values:
            values[row.get("dvid", "")] = row.get("defaultvalue", "")
    for row in document.rows("defaultvalues"):
        question = questions.get(row.get("qid", ""))
        value = row.get("defaultvalue") or values.get(row.get("dvid", ""), "")
        if question is None or not value:
            continue
        key = (row.get("sqid", "0"), _number(row.get("scale_id", "")), row.get("specialtype", ""))
        if row.get("language", base) == base or key not in question.defaults:
            question.defaults[key] = value
