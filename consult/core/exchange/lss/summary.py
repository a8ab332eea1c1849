"""What a survey file consists of, in numbers, beside those of the questionnaire that it becomes."""

from __future__ import annotations

from collections import Counter

import msgspec

from consult.core.exchange.lss.conditions import ALWAYS
from consult.core.exchange.lss.container import Document
from consult.core.exchange.xlsform import Summary


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of the tables of a file: things are counted once, rows as they stand, in the older layout per language."""

    version: int
    layout: str
    """`rows`: one row per language; `l10ns`: texts in tables of their own."""
    languages: list[str]
    base_language: str
    distinct_groups: int
    distinct_questions: int
    question_rows: int
    question_l10ns: int
    distinct_subquestions: int
    answers: int
    answer_l10ns: int
    question_attributes: int
    conditions: int
    quota: int
    quota_members: int
    assessments: int
    questions_with_relevance_expr: int
    question_types: dict[str, int]


class Summaries(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of the questionnaire, and those of the file."""

    questionnaire: Summary
    contents: Contents

    def to_json(self) -> dict[str, object]:
        """The counts as plain values, as `consult lss check` prints them."""
        return {**self.questionnaire.to_json(), "file": msgspec.to_builtins(self.contents)}


def count(document: Document, base: str) -> Contents:
    """The numbers of a file."""
    questions = {row.get("qid", ""): row for row in document.rows("questions")}
    return Contents(
        version=document.version,
        layout="l10ns" if document.rows("question_l10ns") else "rows",
        languages=list(document.languages),
        base_language=base,
        distinct_groups=len({row.get("gid") for row in document.rows("groups")}),
        distinct_questions=len(questions),
        question_rows=len(document.rows("questions")),
        question_l10ns=len(document.rows("question_l10ns")),
        distinct_subquestions=len({row.get("qid") for row in document.rows("subquestions")}),
        answers=len(document.rows("answers")),
        answer_l10ns=len(document.rows("answer_l10ns")),
        question_attributes=len(document.rows("question_attributes")),
        conditions=len(document.rows("conditions")),
        quota=len(document.rows("quota")),
        quota_members=len(document.rows("quota_members")),
        assessments=len(document.rows("assessments")),
        questions_with_relevance_expr=sum(row.get("relevance", "").strip() not in ALWAYS for row in questions.values()),
        question_types=dict(Counter(row.get("type", "") for row in questions.values())),
    )
