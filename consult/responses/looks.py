"""How questions of an edition look in a locale: what the templates of questions and of answers ask about them."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext

from consult.core.questionnaire import moments
from consult.core.questionnaire.definition import UNANSWERED, Group, Node, Question
from consult.core.questionnaire.matrices import Matrix, arranged, wordless
from consult.core.questionnaire.pages import shown
from consult.core.questionnaire.scales import Scale
from consult.responses.texts import CALENDARS, Texts, date_order
from consult.web.context import settings


def reading(words: Texts) -> dict[str, object]:
    """What templates ask that show answers: the pages, their texts, what stands together, which questions are in it."""

    def laid_out(nodes: Sequence[Node], around: Group | None) -> tuple[Node | Matrix, ...]:
        seen = [node for node in nodes if wordless(node) or any(shown([node]))]
        return arranged(seen, words.compiled.questionnaire, around)

    return {
        "title": words.compiled.questionnaire.title,
        "parts": words.compiled.outline,
        "text": words.text,
        "words": words.words,
        "laid_out": laid_out,
        "fixed": lambda question: words.compiled.by_id[question.id].fixed,
        "answered": lambda nodes: " ".join(one.id for one in shown(nodes) if one.type not in UNANSWERED),
    }


def asking(words: Texts) -> dict[str, object]:
    """What templates ask that put questions, besides: choices, ranges, parts of a date or time, sizes of files."""
    order = date_order(words.locale)

    def parts_of(question: Question) -> list[str]:
        parts = moments.parts(question)
        dated = [part for part in order if part in parts]
        return [*dated, *(part for part in parts if part not in dated)]

    return {
        **reading(words),
        "choices_of": lambda question: words.compiled.by_id[question.id].offered(),
        "varies": lambda question: words.compiled.by_id[question.id].varying,
        "upload_limit": settings().upload_megabytes,
        "scale_of": lambda question: Scale.of(question.parameters),
        "figure": lambda value: words.number(float(value)),
        "parts_of": parts_of,
        "calendars_of": lambda question: moments.calendars(question, words.locale),
        "calendar_name": lambda calendar: gettext(CALENDARS[calendar]),
    }
