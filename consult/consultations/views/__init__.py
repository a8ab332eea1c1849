"""Pages of online consultations: where people take part, and where staff work on them."""

from consult.consultations.views import answering, answers, describing, first, reading, statements, texts, voting
from consult.consultations.views.blueprint import blueprint

__all__ = [
    "answering",
    "answers",
    "blueprint",
    "describing",
    "first",
    "reading",
    "statements",
    "texts",
    "voting",
]
