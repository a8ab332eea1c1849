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
    "consultations.statements.missing": N_("There are no statements to vote on yet."),
    "consultations.statement.missing": N_("Statement %(row)s is missing in the language of the consultation."),
    "consultations.statement.long": N_("Statement %(row)s is longer than %(limit)s characters."),
    "consultations.statement.theme": N_("Statement %(row)s names “%(theme)s”, which is no theme of this process."),
    "consultations.statement.decided": N_("Somebody else has decided this already."),
    "consultations.proposal.empty": N_("Write your statement."),
    "consultations.proposal.long": N_("Write at most %(limit)s characters."),
    "consultations.proposal.many": N_("You have proposed %(limit)s statements, which is all that one person may."),
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
    "consultations.answer.said": N_("Write what was said in the language in which the consultation is written."),
    "consultations.answer.institutions": N_("Choose at least one institution of the core group."),
    "consultations.answer.moved": N_("Somebody has changed or published this answer meanwhile. Read it again."),
    "consultations.answer.incomplete": N_("Both sides have to be written in every language (%(locale)s)."),
    "consultations.answer.own": N_("You changed it last: somebody else approves of it."),
    "consultations.answer.outcome": N_("Say what comes of it: choose an outcome."),
    "consultations.answer.targets": N_("Say what it answers: a theme, a part of the text, comments or submissions."),
    "consultations.answer.none": N_("No answer is approved."),
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
