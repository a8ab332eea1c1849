"""How questions of an edition look in a locale: what the templates of questions ask about them."""

from __future__ import annotations

from flask_babel import gettext

from consult.core.questionnaire import moments
from consult.core.questionnaire.definition import Question
from consult.core.questionnaire.scales import Scale
from consult.responses.texts import CALENDARS, Texts, date_order
from consult.web.context import settings


def looks(words: Texts) -> dict[str, object]:
    """What templates ask: numbers of a range, parts of a date or time, its calendars, megabytes of a file."""
    order = date_order(words.locale)

    def parts_of(question: Question) -> list[str]:
        parts = moments.parts(question)
        dated = [part for part in order if part in parts]
        return [*dated, *(part for part in parts if part not in dated)]

    return {
        "upload_limit": settings().upload_megabytes,
        "scale_of": lambda question: Scale.of(question.parameters),
        "figure": lambda value: words.number(float(value)),
        "parts_of": parts_of,
        "calendars_of": lambda question: moments.calendars(question, words.locale),
        "calendar_name": lambda calendar: gettext(CALENDARS[calendar]),
    }
