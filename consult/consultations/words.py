"""The names of phases, stances, stakeholders, acts and reasons, to be translated by whoever shows them."""

from __future__ import annotations

from consult.consultations.models.answered import Outcome
from consult.consultations.models.asked import Phase
from consult.consultations.models.contributed import Permission, Stakeholder, Stance, State
from consult.consultations.models.moderated import Act, Reason
from consult.core.drafting.landing import Change
from consult.web.messages.marks import N_

PHASES = {
    Phase.READ: N_("Read the draft and comment on it"),
    Phase.VOTE: N_("Vote on statements"),
    Phase.ASK: N_("Answer open questions"),
    Phase.SUBMIT: N_("Send a written submission"),
}
VOTES = {"agree": N_("Agree"), "disagree": N_("Disagree"), "pass": N_("Pass")}
STANCES = {
    Stance.SUPPORT: N_("I support this"),
    Stance.OPPOSE: N_("I oppose this"),
    Stance.SUGGEST: N_("I suggest other words"),
    Stance.QUESTION: N_("I have a question"),
}
STAKEHOLDERS = {
    Stakeholder.CITIZEN: N_("Myself"),
    Stakeholder.ASSOCIATION: N_("A diaspora association"),
    Stakeholder.NGO: N_("A non-governmental organisation"),
    Stakeholder.ACADEMIA: N_("A university or research institute"),
    Stakeholder.EMPLOYERS: N_("Employers"),
    Stakeholder.UNION: N_("A trade union"),
    Stakeholder.LOCAL_AUTHORITY: N_("A local authority"),
    Stakeholder.INTERNATIONAL: N_("An international organisation"),
}
STATES = {
    State.WAITING: N_("Waits for a moderator"),
    State.SHOWN: N_("Shown"),
    State.REFUSED: N_("Refused"),
    State.WITHDRAWN: N_("Withdrawn"),
    State.SET_APART: N_("Set apart"),
    State.CONCERN: N_("With the focal point"),
}
PERMISSIONS = {
    Permission.NAMED: N_("Publish it with the name"),
    Permission.ANONYMOUS: N_("Publish it without the name"),
    Permission.NOT: N_("Do not publish it"),
}
CHANGES = {
    Change.INSERTED: N_("New"),
    Change.DELETED: N_("Left out"),
    Change.CHANGED: N_("Changed"),
    Change.SPLIT: N_("Divided"),
    Change.MERGED: N_("Put together"),
}
OUTCOMES = {
    Outcome.ACCEPTED: N_("Accepted"),
    Outcome.PARTLY: N_("Accepted in part"),
    Outcome.DECLINED: N_("Not accepted"),
    Outcome.NOTED: N_("Noted"),
}
KINDS = {
    "comment": N_("Comments"),
    "statement": N_("Statements"),
    "submission": N_("Written submissions"),
}
ONE = {
    "comment": N_("Comment"),
    "statement": N_("Statement"),
    "submission": N_("Written submission"),
}
ACTS = {
    Act.SHOW: N_("Show it"),
    Act.REFUSE: N_("Refuse it"),
    Act.REDACT: N_("Show it, with the marked parts blackened"),
    Act.SET_APART: N_("Set it apart"),
}
"""What a moderator can do."""
DECIDED = {
    Act.SHOW: N_("Shown"),
    Act.REFUSE: N_("Refused"),
    Act.REDACT: N_("Shown with parts blackened"),
    Act.SET_APART: N_("Set apart"),
    Act.CONCERN: N_("Handed to the focal point"),
    Act.BRING_BACK: N_("Waits for a moderator"),
    Act.GIVE_BACK: N_("Given back by the focal point"),
}
REASONS = {
    Reason.INSULT: N_("Insults or hatred"),
    Reason.NAMES_OTHERS: N_("Names other people"),
    Reason.PERSONAL_DATA: N_("Personal data"),
    Reason.OFF_TOPIC: N_("Not about this consultation"),
    Reason.ADVERTISING: N_("Advertising"),
    Reason.ILLEGAL: N_("Against the law"),
    Reason.DUPLICATE: N_("The same again"),
}
APPEALS = {
    "open": N_("A second look is asked for"),
    "upheld": N_("It stays as it is after a second look"),
    "overturned": N_("It was changed after a second look"),
}
