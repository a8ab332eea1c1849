"""What can be wrong with an online consultation."""

from consult.web.messages.marks import N_

MESSAGES = {
    "consultations.purpose": N_("Say in this language why people are asked: the consultation is offered in it."),
    "consultations.policy": N_(
        "Say in this language what is shown and what is not: the consultation is offered in it."
    ),
    "consultations.phases": N_("Choose at least one thing that people can do."),
    "consultations.unset": N_("Nothing is said yet of why people are asked and what they can do."),
    "consultations.text.missing": N_("No version of the draft text is published."),
    "consultations.questions.missing": N_("There are no open questions yet."),
    "consultations.limit": N_("That is as much as one person can send in a day. Go on tomorrow."),
    "consultations.moderate.act": N_("Choose what is to be done: this cannot be done with it any more."),
    "consultations.moderate.reason": N_("Choose a reason: the public reads it."),
    "consultations.moderate.moved": N_("Somebody else has decided meanwhile. Look at it again."),
    "consultations.redact.same": N_("Nothing is marked that was not marked before."),
    "consultations.appeal.words": N_("Say why, in at most %(max)s characters."),
    "consultations.appeal.gone": N_("This decision cannot be looked at again: it has changed, or you asked already."),
    "consultations.appeal.same": N_("You decided this first. Somebody else has to look at it."),
    "consultations.concern.words": N_("Write what you saw, or what was done, in at most %(max)s characters."),
    "consultations.concern.gone": N_("It is not shown any more."),
    "consultations.translation.words": N_(
        "Translate all that there is, in at most %(max)s characters, and nothing else."
    ),
    "consultations.translation.moved": N_("A moderator has changed what is shown of it. Look at it again."),
    "redaction.changed": N_("Change nothing but the marks: put [[ before and ]] after what is to be blackened."),
    "redaction.unpaired": N_("A mark has no end: write ]] after what is to be blackened."),
}
