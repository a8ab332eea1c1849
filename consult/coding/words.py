"""The names of kinds of texts, to be translated by whoever shows them."""

from __future__ import annotations

from consult.coding.models import ItemKind
from consult.web.messages.marks import N_

KINDS = {
    ItemKind.COMMENT: N_("Comment"),
    ItemKind.SUBMISSION: N_("Written submission"),
    ItemKind.ANSWER: N_("Answer to an open question"),
    ItemKind.NOTE: N_("Note of an event"),
}
