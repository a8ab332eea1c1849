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
    "consultations.answer.said": N_("Write what was said in the language in which the consultation is written."),
    "consultations.answer.institutions": N_("Choose at least one institution of the core group."),
    "consultations.answer.moved": N_("Somebody has changed or published this answer meanwhile. Read it again."),
    "consultations.answer.incomplete": N_("Both sides have to be written in every language (%(locale)s)."),
    "consultations.answer.own": N_("You changed it last: somebody else approves of it."),
    "consultations.answer.outcome": N_("Say what comes of it: choose an outcome."),
    "consultations.answer.targets": N_("Say what it answers: a theme, a part of the text, comments or submissions."),
    "consultations.answer.none": N_("No answer is approved."),
}
