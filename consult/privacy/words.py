"""The codes of a notice: on which ground data are used and which rights people have, in words.

Articles are those of Regulation (EU) 2016/679; laws made after it elsewhere have the same grounds under other numbers.
"""

from __future__ import annotations

from typing import Final, NamedTuple

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
        N_("We use your answers because you agree. Taking part is voluntary, and nobody is worse off without it."),
    ),
    "public_task": Ground(
        N_("Task in the public interest (article 6(1)(e))"),
        N_("a law or decision gives the institution this task; the usual ground of a ministry"),
        N_("We use your answers for a task in the public interest that the law gives us. Taking part is voluntary."),
    ),
    "legal_duty": Ground(
        N_("Legal duty (article 6(1)(c))"),
        N_("a law says that the institution must ask"),
        N_("We use your answers because a law says that we must ask."),
    ),
    "legitimate": Ground(
        N_("Legitimate interest (article 6(1)(f))"),
        N_("of an association or company, weighed against those of the people; not for authorities"),
        N_("We use your answers because we have a legitimate interest in it. Taking part is voluntary."),
    ),
}
SPECIAL: Final = {
    "none": Ground(
        N_("None are asked for"), N_("no question is about health, religion, origin, opinions or the like"), ""
    ),
    "consent": Ground(
        N_("Express consent (article 9(2)(a))"),
        N_("a question of its own asks for it before all others"),
        N_(
            "Some questions are about sensitive matters. We use such answers only if you expressly agree: we ask first."
        ),
    ),
    "public_interest": Ground(
        N_("Substantial public interest (article 9(2)(g))"),
        N_("a law allows it and says how people are protected"),
        N_("Some questions are about sensitive matters. A law allows us to use the answers in the public interest."),
    ),
    "statistics": Ground(
        N_("Research or statistics (article 9(2)(j))"),
        N_("a law allows it for this use alone"),
        N_(
            "Some questions are about sensitive matters. A law allows us to use the answers for research or statistics."
        ),
    ),
}
RIGHTS: Final = {
    "access": N_("to see the data about you and get a copy"),
    "rectification": N_("to have wrong data corrected"),
    "erasure": N_("to have data deleted"),
    "restriction": N_("to have their use stopped while something is being clarified"),
    "objection": N_("to object to their use"),
    "portability": N_("to get the data that you gave us in a form that machines can read"),
    "withdrawal": N_("to take back your consent at any time; what was done before that stays lawful"),
}
"""What participants read behind “you have the right”."""
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
    (Since.SAVING, Unit.DAYS): N_("%(kind)s: days after they were last saved"),
}
"""What the number of a period says."""
