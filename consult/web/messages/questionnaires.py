"""What can be wrong with publishing a questionnaire and letting people take part."""

from consult.web.messages.marks import N_

MESSAGES = {
    "questionnaires.standing.age": N_("Write an age from %(least)s to %(most)s, or leave it empty."),
    "questionnaires.erased": N_(
        "Data of this activity were erased when their time was over. It stays closed; plan the next round."
    ),
    "questionnaires.approval.missing": N_("No second person has approved of the questionnaire as it is now."),
    "questionnaires.approval.own": N_(
        "Somebody else has to decide: you asked for the approval, or changed something since the last one."
    ),
    "questionnaires.approval.reason": N_("Write why you refuse it."),
    "questionnaires.draft.missing": N_("There is no draft yet. Import a questionnaire first."),
    "questionnaires.edition.missing": N_("No edition is published yet."),
    "questionnaires.edition.same": N_("The draft is the same as edition %(number)s, which is published already."),
    "questionnaires.gate.nothing": N_("No further language of the latest edition can be offered yet."),
    "questionnaires.gate.open": N_(
        "People are answering in this language, and not all of its texts are translated and reviewed: %(locale)s."
    ),
    "questionnaires.gate.source": N_("The draft is not translated into this language."),
    "questionnaires.map.undecided": N_(
        "%(question)s: say what becomes of earlier answers “%(choice)s”, which can no longer be chosen."
    ),
    "questionnaires.map.unknown": N_("%(question)s: earlier answers “%(choice)s” cannot count as this."),
    "questionnaires.map.question": N_("%(question)s: there is no such change of a question. Look at it again."),
    "questionnaires.map.several": N_("%(question)s: an earlier answer “%(choice)s” can count as one choice only."),
    "questionnaires.mapping.code": N_(
        "“%(code)s” is no code of this concept. Choose one of the list for “%(choice)s”."
    ),
    "questionnaires.bound.number": N_(
        "Enter a number that the question can take: a whole one if it asks for whole ones, "
        "else with at most six decimals."
    ),
    "questionnaires.bound.order": N_(
        "Each code must begin at a number of its own, from code to code always upwards or always downwards."
    ),
    "questionnaires.bound.gap": N_(
        "Say where this code begins too. Otherwise its numbers would count as another code."
    ),
    "questionnaires.bound.end": N_("From here on there is no code, so this must be above the beginning of every code."),
    "questionnaires.bound.open": N_(
        "Say from which number on there is no code, as the list goes on after the last code that has a beginning."
    ),
    "questionnaires.notice.missing": N_("The data-protection notice is not complete in this language: %(locale)s."),
    "questionnaires.consent.missing": N_(
        "By the notice people expressly agree to special categories of data; the published edition must ask for it."
    ),
    "questionnaires.process.hidden": N_("The policy process is not shown to the public yet."),
    "questionnaires.round.taken": N_("There is a next round of this activity already."),
    "questionnaires.state": N_("The state of the activity has changed in the meantime. Look at it again."),
    "questionnaires.opening.past": N_("This moment has passed. Choose a later one, or open the activity now."),
    "questionnaires.opening.fixed": N_("The activity is open already, so its opening cannot change."),
    "questionnaires.closing.alone": N_("Enter when the activity opens."),
    "questionnaires.closing.past": N_("This moment has passed. Choose a later one, or close the activity now."),
    "questionnaires.closing.early": N_("The activity must close after it opens."),
}
