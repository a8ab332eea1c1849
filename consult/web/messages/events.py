"""What can be wrong with an event."""

from consult.web.messages.marks import N_

MESSAGES = {
    "events.about": N_("Say in this language what the event is about: it is offered in it."),
    "events.consent": N_("Say in this language what people agree to: the event is offered in it."),
    "events.guardian": N_("Say in this language what guardians agree to: the event is offered in it."),
    "events.seed_source": N_("Say in this language from where the seed of the draw comes: the event is offered in it."),
    "events.selection.fixed": N_("People have been told who gets a place, so this stays as it is."),
    "events.seed_source.fixed": N_("It was announced from where the seed comes, so this stays as it is."),
    "events.unset": N_("Nothing is said yet of what the event is about."),
    "events.occasions": N_("No occasion is planned yet: say when and where the event takes place."),
    "events.feedback.there": N_("The event has a feedback questionnaire already."),
    "events.feedback.scale": N_("The scale goes from %(least)s to %(most)s."),
    "events.screening": N_(
        "The questions asked at sign-up must stand on one page, without repeats and files. Put them into one group."
    ),
}
