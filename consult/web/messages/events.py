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
    "events.consent.fixed": N_("People have agreed to this text, so it stays as it is."),
    "events.unset": N_("Nothing is said yet of what the event is about."),
    "events.occasions": N_("No occasion is planned yet: say when and where the event takes place."),
    "events.feedback.there": N_("The event has a feedback questionnaire already."),
    "events.feedback.scale": N_("The scale goes from %(least)s to %(most)s."),
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
    "events.sign_up.name": N_("Write your name."),
    "events.sign_up.long": N_("Write at most %(limit)s characters."),
    "events.sign_up.reach": N_("Write an e-mail address or a telephone number, so that we can reach you."),
    "events.sign_up.address": N_("This is not a whole e-mail address, like name@example.org."),
    "events.sign_up.phone": N_("Write the telephone number in digits, with the code of the country."),
    "events.sign_up.zone": N_("Choose a time zone of the list."),
    "events.sign_up.companions": N_("You can bring along %(most)s at most."),
    "events.sign_up.institution": N_("Write the name of the institution or association that nominates."),
    "events.sign_up.age": N_("Say whether you are at least %(age)s years old."),
    "events.sign_up.too_young": N_("Only people who are at least %(age)s years old can take part."),
    "events.sign_up.guardian": N_("Write the name of your parent or guardian."),
    "events.sign_up.guardian_agreed": N_("Your parent or guardian must agree before you can sign up."),
    "events.sign_up.agreed": N_("You can sign up only if you agree to this."),
    "events.sign_up.closed": N_("Nobody can sign up for this any more."),
    "events.sign_up.over": N_("This sign-up cannot be changed any more."),
    "events.sign_up.changed": N_("The sign-up was changed meanwhile. Look at it again, then change it."),
    "events.sign_up.room": N_("There is no room for more companions."),
    "events.sign_up.early": N_(
        "It went so fast that a program could have done it. Wait half a minute, then send it once more. "
        "Everything is still here."
    ),
    "events.offer.over": N_("The place is not offered to you any more."),
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
