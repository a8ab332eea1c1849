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
    "events.guide.title": N_("Give the block a title in the language of the event."),
    "events.guide.questions": N_("Write at least one question in the language of the event."),
    "events.note.body": N_("Write what was said."),
    "events.note.long": N_("Write at most %(limit)s characters."),
    "events.note.consent": N_("Quote only those who agreed to it. Otherwise make it a note, in your words."),
    "events.note.institution": N_("Say whose position it is."),
    "events.note.named": N_(
        "“%(word)s” is part of the name of somebody who signed up. Take the name out, or say that it is another."
    ),
    "events.note.changed": N_(
        "Somebody changed or deleted this meanwhile. What you typed stays here; what is kept now stands above it."
    ),
    "events.summing.changed": N_(
        "Somebody changed this meanwhile. What you typed stays here; save it again to put it in the place of theirs."
    ),
    "events.screening": N_(
        "The questions asked at sign-up must stand on one page, without repeats and files. Put them into one group."
    ),
}
