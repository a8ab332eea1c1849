"""Pages of online consultations: where people take part, and where staff work on them."""

from consult.consultations.views import commenting, describing, first, inviting, own, questions, submitting
from consult.consultations.views.blueprint import blueprint

__all__ = ["blueprint", "commenting", "describing", "first", "inviting", "own", "questions", "submitting"]
