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
    "consultations.text.none": N_("There is no draft text yet. Import one first."),
    "consultations.text.same": N_("Nothing has changed since version %(number)s."),
    "consultations.text.changed": N_("Somebody else has changed this meanwhile. Look at it again."),
    "consultations.text.locale": N_("The process is not offered in this language."),
    "consultations.questions.missing": N_("There are no open questions yet."),
}
