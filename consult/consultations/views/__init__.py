"""Pages of online consultations: where people take part, and where staff work on them."""

from consult.consultations.views import (
    answering,
    answers,
    appealing,
    concerns,
    describing,
    first,
    flagging,
    log,
    moderating,
    reading,
    statements,
    texts,
    translating,
    voting,
)
from consult.consultations.views.blueprint import blueprint

__all__ = [
    "answering",
    "answers",
    "appealing",
    "blueprint",
    "concerns",
    "describing",
    "first",
    "flagging",
    "log",
    "moderating",
    "reading",
    "statements",
    "texts",
    "translating",
    "voting",
]
