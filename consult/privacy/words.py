"""The codes of a notice: on which ground data are used and which rights people have, in words.

Articles are those of Regulation (EU) 2016/679; laws made after it elsewhere have the same grounds under other numbers.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from consult.privacy import told
from consult.privacy.kinds import Since, Unit
from consult.web.messages.marks import N_


class Ground(NamedTuple):
    """A ground on which data are used."""

    name: str
    meaning: str
    """For the officer who chooses it."""
    told: str
    """What participants read; nothing where there is nothing to say."""


BASES: Final = {
    "consent": Ground(
        N_("Consent (article 6(1)(a))"),
        N_("people agree of their own free will, and lose nothing if they do not"),
        told.BY_CONSENT,
    ),
    "public_task": Ground(
        N_("Task in the public interest (article 6(1)(e))"),
        N_("a law or decision gives the institution this task; the usual ground of a ministry"),
        told.BY_PUBLIC_TASK,
    ),
    "legal_duty": Ground(
        N_("Legal duty (article 6(1)(c))"),
        N_("a law says that the institution must ask"),
        told.BY_LEGAL_DUTY,
    ),
    "legitimate": Ground(
        N_("Legitimate interest (article 6(1)(f))"),
        N_("of an association or company, weighed against those of the people; not for authorities"),
        told.BY_LEGITIMATE,
    ),
}
SPECIAL: Final = {
    "none": Ground(
        N_("None are asked for"), N_("no question is about health, religion, origin, opinions or the like"), ""
    ),
    "consent": Ground(
        N_("Express consent (article 9(2)(a))"),
        N_("a question of its own asks for it before all others"),
        told.SENSITIVE_BY_CONSENT,
    ),
    "public_interest": Ground(
        N_("Substantial public interest (article 9(2)(g))"),
        N_("a law allows it and says how people are protected"),
        told.SENSITIVE_BY_LAW,
    ),
    "statistics": Ground(
        N_("Research or statistics (article 9(2)(j))"),
        N_("a law allows it for this use alone"),
        told.SENSITIVE_BY_LAW,
    ),
}
USUAL_RIGHTS: Final = ("access", "rectification", "erasure", "restriction", "objection")

PARTS: Final = {
    "controller": N_("Who is responsible"),
    "purpose": N_("What the answers are used for"),
    "basis": N_("Legal basis"),
    "special": N_("Special categories of data"),
    "recipients": N_("Who receives the data"),
    "transfers": N_("Transfers to other countries"),
    "automated": N_("Decisions by machines"),
    "source": N_("Where the data come from"),
    "rights": N_("Your rights"),
    "contact": N_("Data-protection contact"),
}
"""What a complete notice has, by its columns; `months` always has a value."""

KEPT: Final = {
    (Since.CLOSING, Unit.MONTHS): N_("%(kind)s: months after closing"),
    (Since.CLOSING, Unit.DAYS): N_("%(kind)s: days after closing"),
    (Since.ENDING, Unit.MONTHS): N_("%(kind)s: months after the last occasion"),
    (Since.SAVING, Unit.DAYS): N_("%(kind)s: days after they were last saved"),
}
"""What the number of a period says."""
