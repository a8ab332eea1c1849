"""Pages of online consultations: where people take part, and where staff work on them."""

from consult.consultations.views import appealing, concerns, describing, first, flagging, log, moderating, translating
from consult.consultations.views.blueprint import blueprint

__all__ = [
    "appealing",
    "blueprint",
    "concerns",
    "describing",
    "first",
    "flagging",
    "log",
    "moderating",
    "translating",
]
