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
    "events.screening.source": N_("The questions asked at sign-up must be written in the language of the event."),
    "events.screening.locale": N_(
        "The questions asked at sign-up cannot be offered in every language of the event yet: %(locale)s."
    ),
    "events.occasion.title": N_("Write a title in the language of the event."),
    "events.occasion.somewhere": N_("Say whether people meet in a place, online, or both."),
    "events.occasion.place": N_("Say where people meet, in the language of the event."),
    "events.occasion.link": N_("A link begins with https://"),
    "events.occasion.language": N_("There is no language with the code %(code)s."),
    "events.occasion.past": N_("It cannot begin in the past."),
    "events.occasion.sign_up_until": N_("Sign-up cannot end after it has begun."),
    "events.occasion.capacity": N_("Places already given or offered: %(taken)s. There cannot be fewer."),
    "events.occasion.cancelled": N_("The occasion is cancelled and cannot be changed any more."),
    "events.occasion.over": N_("It has taken place and cannot be cancelled any more."),
    "events.series.starts": N_("Say when it begins."),
    "events.series.empty": N_("Fill in at least one city."),
    "events.slot.title": N_("Say what happens, in the language of the event."),
    "events.handout.title": N_("Write a title in the language of the event."),
    "events.handout.most": N_("An event has at most %(most)s documents. Remove one first."),
    "events.handout.room": N_("The file cannot be stored now. Try again later."),
    "events.target.cell": N_("Choose at least one category."),
    "events.target.gone": N_("The questions asked at sign-up do not have this category any more."),
    "events.target.bounds": N_("The most cannot be less than the least."),
    "events.target.nothing": N_("Say how many there should be at least, or at most."),
    "events.screening": N_(
        "The questions asked at sign-up must stand on one page, without repeats and files. Put them into one group."
    ),
    "events.over": N_("The occasion has begun or was cancelled, so nothing can be decided about it any more."),
    "events.choose.nobody": N_("Mark at least one person."),
    "events.choose.reason": N_("Give a reason of at most %(max)s characters."),
    "events.choose.by_hand": N_("Places of this event are not given by hand: people were told who gets one."),
    "events.nominate.reach": N_("Write an e-mail address or a telephone number, so that they can be reached."),
    "events.nominate.first": N_("Places go to who comes first: people sign up themselves."),
    "events.draw.seed": N_("Enter a seed of at most %(max)s characters."),
    "events.draw.selection": N_("Places of this event are not drawn by lot."),
    "events.draw.open": N_("People can still sign up. The draw comes once nobody can any more."),
    "events.draw.done": N_("The places have been drawn. Nothing of the draw can be changed."),
    "events.draw.nobody": N_("Nobody has signed up, so there is nothing to draw."),
}
