"""What participants read in a notice of what officers chose: grounds, rights, kinds of data."""

from __future__ import annotations

from typing import Final

from consult.web.messages.marks import N_

BY_CONSENT: Final = N_(
    "We use your answers because you agree. Taking part is voluntary, and nobody is worse off without it."
)
BY_PUBLIC_TASK: Final = N_(
    "We use your answers for a task in the public interest that the law gives us. Taking part is voluntary."
)
BY_LEGAL_DUTY: Final = N_("We use your answers because a law says that we must ask.")
BY_LEGITIMATE: Final = N_("We use your answers because we have a legitimate interest in it. Taking part is voluntary.")
SENSITIVE_BY_CONSENT: Final = N_(
    "Some questions are about sensitive matters. We use such answers only if you expressly agree: we ask first."
)
SENSITIVE_BY_LAW: Final = N_("Some questions are about sensitive matters. A law allows us to use the answers.")

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

ANSWERS: Final = N_("Answers that were sent")
FILES: Final = N_("Files of participants")
DRAFTS: Final = N_("Answers that were begun and not sent")
CONTACTS: Final = N_("Addresses and codes of people who were invited")
