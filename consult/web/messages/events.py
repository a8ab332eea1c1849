"""What can be wrong with an event."""

from consult.web.messages.marks import N_

MESSAGES = {
    "events.about": N_("Say in this language what the event is about: it is offered in it."),
    "events.consent": N_("Say in this language what people agree to: the event is offered in it."),
    "events.guardian": N_("Say in this language what guardians agree to: the event is offered in it."),
    "events.seed_source": N_("Say in this language from where the seed of the draw comes: the event is offered in it."),
    "events.selection.fixed": N_("People have been told who gets a place, so this stays as it is."),
    "events.seed_source.fixed": N_("It was announced from where the seed comes, so this stays as it is."),
    "events.list.early": N_("The occasion has not begun yet: people may still come."),
    "events.walk_in.early": N_("People can be entered from the day of the occasion on."),
    "events.walk_in.consent": N_("Without their consent nobody can take part."),
    "events.walk_in.full": N_("All seats are taken. Tick the box to add one if there is room."),
    "events.speaking.past": N_("They, or who would come after them, have had the floor already."),
    "events.unset": N_("Nothing is said yet of what the event is about."),
    "events.occasions": N_("No occasion is planned yet: say when and where the event takes place."),
    "events.screening": N_(
        "The questions asked at sign-up must stand on one page, without repeats and files. Put them into one group."
    ),
}
