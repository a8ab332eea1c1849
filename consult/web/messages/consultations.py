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
    "consultations.entrance": N_("Nobody can come in: neither by the open link nor by invitations."),
    "consultations.question": N_("Write the question in this language: the consultation is offered in it."),
    "consultations.question.answered": N_("Somebody has answered this question, so it stays."),
    "consultations.question.unanswered": N_("Answer at least one question."),
    "consultations.comment.empty": N_("Write what you want to say."),
    "consultations.comment.long": N_("Your text is too long. Shorten it to at most %(limit)s characters."),
    "consultations.comment.unchanged": N_("Change the words of the text to what you suggest."),
    "consultations.comment.stance": N_(
        "You have changed the words of the text. Choose “I suggest other words”, or put the words back."
    ),
    "consultations.comment.decided": N_("A moderator has decided on this meanwhile. It cannot be changed any more."),
    "consultations.early": N_(
        "It went so fast that a program could have done it. Wait half a minute, then send it once more. "
        "Everything is still here."
    ),
    "consultations.submission.stakeholder": N_("Say for whom you speak."),
    "consultations.submission.permission": N_("Say whether it may be published."),
    "consultations.submission.name": N_("Give the name under which it is to be published."),
    "consultations.submission.title": N_("Give your submission a title."),
    "consultations.submission.empty": N_("Write your submission here, or add a file."),
    "consultations.submission.files": N_("Add at most %(most)s files."),
    "consultations.submission.room": N_("Your files could not be stored now. Send them once more in a moment."),
    "consultations.questions.missing": N_("There are no open questions yet."),
}
