"""The names of stages, seats, units and starter sets, to be translated by whoever shows them."""

from __future__ import annotations

from consult.core.policy.stages import Stage
from consult.core.translation import Gate
from consult.processes.models import Kind, Seat, Unit
from consult.web.messages.marks import N_

STAGES = {
    Stage.AGENDA_SETTING: N_("Agenda setting"),
    Stage.POLICY_ANALYSIS: N_("Policy analysis"),
    Stage.INSTRUMENTS: N_("Choice of instruments"),
    Stage.DRAFTING: N_("Drafting"),
    Stage.VALIDATION: N_("Validation"),
    Stage.ADOPTION: N_("Adoption"),
    Stage.IMPLEMENTATION: N_("Implementation"),
    Stage.EVALUATION: N_("Evaluation"),
}

SEATS = {
    Seat.LEAD: N_("Lead"),
    Seat.MEMBER: N_("Member"),
    Seat.OBSERVER: N_("Observer"),
    Seat.ADVISER: N_("Adviser"),
}

KINDS = {
    Kind.QUESTIONNAIRE: N_("Questionnaire"),
    Kind.CONSULTATION: N_("Online consultation"),
    Kind.EVENT: N_("Focus group, hearing or meeting"),
}

UNITS = {
    Unit.PERSON: N_("A person"),
    Unit.INSTITUTION: N_("An institution"),
    Unit.EVENT: N_("An event"),
}

GATES = {
    Gate.REVIEWED: N_("every text is translated and reviewed"),
    Gate.COMPLETE: N_("every text is translated"),
    Gate.BEGUN: N_("any text is translated; what is missing stands in the first language"),
}
