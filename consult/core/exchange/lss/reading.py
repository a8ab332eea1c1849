"""From a survey file to a questionnaire and a list of all that has no place in it, or to the reasons to refuse it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from consult.core.codes import language_tag, private_tag
from consult.core.errors import Problem
from consult.core.exchange.lss.building import Builder
from consult.core.exchange.lss.conditions import ALWAYS
from consult.core.exchange.lss.container import Document, read_document
from consult.core.exchange.lss.context import Context
from consult.core.exchange.lss.shapes import NOWHERE, Shape, shape
from consult.core.exchange.lss.summary import Summaries, count
from consult.core.exchange.lss.survey import Survey, read_survey
from consult.core.exchange.lss.variables import NOBODY
from consult.core.exchange.xlsform.report import Report
from consult.core.exchange.xlsform.summary import summarise
from consult.core.questionnaire.definition import (
    NO_TEXT,
    Group,
    Node,
    Question,
    Questionnaire,
    QuestionType,
    node_id,
)
from consult.core.text import LocalisedText, clean

KNOWN: Final = 650
"""The newest version of LimeSurvey's database whose files were read."""
_MANNER: Final = re.compile(r"-(?:informal|formal|easy)$")
_ELSEWHERE: Final = ("surveyls_endtext", "surveyls_url", "surveyls_policy_notice", "surveyls_policy_error")
_TABLES: Final = ("quota", "assessments", "survey_url_parameters", "plugin_settings")


@dataclass(frozen=True, slots=True)
class Imported:
    """A survey that was read: the questionnaire, what was lost or looks wrong, and its numbers."""

    questionnaire: Questionnaire
    warnings: tuple[Problem, ...]
    summary: Summaries


def read(data: bytes, *, filename: str = "", title: LocalisedText = NO_TEXT) -> Imported:
    """Read a survey file of LimeSurvey (.lss) of either layout.

    `title` is what it is called if it has no title of its own; without it the file's name is. Raises `Refused` where
    there is nothing that could be imported (`lss.file.*`, `lss.empty`, `lss.too_many`); all else that is lost or in
    doubt is a warning, with group, question and attribute as its place (`lss.*`, `xlsform.language.incomplete`).
    """
    document = read_document(data)
    survey = read_survey(document)
    report = Report()
    context = Context(_locales(survey, report), survey.base, report)
    shapes = _shapes(survey, context)
    called = context.text(survey.words.get("surveyls_title", {}), context.place())
    if not called:
        name = clean(PurePath(filename.replace("\\", "/")).stem)[:200]
        called = title or LocalisedText({next(iter(context.locales.values())): name or "LimeSurvey"})
        report.warn("lss.title.missing")
    _tell_survey(document, survey, report)
    nodes = (*_welcome(survey, context), *_pages(survey, shapes, context))
    questionnaire = Questionnaire(
        title=called,
        locales=tuple(dict.fromkeys(context.locales.values())),
        children=nodes,
        choice_lists=context.lists.lists(),
        settings={"form_id": survey.id} if survey.id else {},
    )
    report.count_missing(questionnaire)
    return Imported(
        questionnaire,
        report.told(),
        Summaries(questionnaire=summarise(questionnaire), contents=count(document, survey.base)),
    )


def _locales(survey: Survey, report: Report) -> dict[str, str]:
    """Our tags of the survey's languages. `de-informal` is `de`, if that is free."""
    found: dict[str, str] = {}
    for code in survey.languages:
        tag = language_tag(_MANNER.sub("", code))
        if tag is None or tag in found.values():
            tag = private_tag(code)
            report.warn("lss.language.unknown", language=code[:60], tag=tag)
        found[code] = tag
    return found


def _shapes(survey: Survey, context: Context) -> dict[str, Shape]:
    """What every question becomes, by its id. First all names, so that expressions can speak of later questions."""
    found: dict[str, Shape] = {}
    for group in survey.groups:
        context.enter(group)
        for question in group.questions:
            if question.type in NOWHERE:
                context.report.warn("lss.left_out", context.place(question), code=question.code, type=question.type)
                continue
            name = context.names.give(question.code)
            made = shape(
                question, name, f"{survey.id}X{question.group}X{question.id}", context.names, context.variables
            )
            if made is None:
                context.report.warn("lss.type", context.place(question), code=question.code, type=question.type[:20])
                continue
            if name != question.code:
                context.report.warn("lss.renamed", context.place(question), code=question.code, name=name)
            context.unasked.note(made, group)
            found[question.id] = made
    return found


def _pages(survey: Survey, shapes: dict[str, Shape], context: Context) -> Iterable[Node]:
    """A group per group. Codes: `lss.expression.lost .text.* .group.random`, and those of `Builder.build`."""
    for number, group in enumerate(survey.groups, start=1):
        context.enter(group)
        name = context.names.give(f"group_{number}")
        if group.randomised:
            context.report.warn("lss.attributes", context.place(), attributes=f"randomization_group={group.randomised}")
        source = group.relevance.strip()
        relevant = ""
        if source not in ALWAYS:
            place = context.place(attribute="grelevance")
            relevant = context.condition(source, place, NOBODY)
        made = (shapes[question.id] for question in group.questions if question.id in shapes)
        yield Group(
            id=node_id(name),
            name=name,
            label=context.text(group.title, context.place(attribute="group_name")),
            hint=context.text(group.description, context.place(attribute="description")),
            relevant=relevant,
            children=tuple(node for each in made for node in Builder(context, each, name).build()),
        )


def _welcome(survey: Survey, context: Context) -> Iterable[Node]:
    """What LimeSurvey shows before the first question."""
    context.group = ""
    welcome, about = (
        context.text(survey.words.get(column, {}), context.place(attribute=column))
        for column in ("surveyls_welcometext", "surveyls_description")
    )
    if not welcome:
        welcome, about = about, NO_TEXT
    if welcome:
        name = context.names.give("welcome")
        yield Question(id=node_id(name), name=name, type=QuestionType.NOTE, label=welcome, hint=about)


def _tell_survey(document: Document, survey: Survey, report: Report) -> None:
    """What the survey as a whole has and a questionnaire has not."""
    if document.version > KNOWN:
        report.warn("lss.version", version=document.version, known=KNOWN)
    if survey.orphans:
        report.warn("lss.orphans", count=survey.orphans)
    for code, became in survey.recoded.items():
        report.warn("lss.recoded", code=code[:60], name=became[:60])
    for column in _ELSEWHERE:
        if any(text.strip() for text in survey.words.get(column, {}).values()):
            report.warn("lss.survey", feature=column)
    for table in _TABLES:
        if rows := document.rows(table):
            report.warn("lss.survey", feature=f"{table} ({len(rows)})")
    if any(name.startswith("surveyls_email") and any(texts.values()) for name, texts in survey.words.items()):
        report.warn("lss.survey", feature="surveyls_email_…")
    if (format_ := survey.settings.get("format", "")) in ("A", "S"):
        report.warn("lss.survey", feature=f"format={format_}")
    for setting in ("startdate", "expires"):
        if value := survey.settings.get(setting, "").strip():
            report.warn("lss.survey", feature=f"{setting}={value[:40]}")
