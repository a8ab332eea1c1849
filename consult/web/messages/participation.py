"""What can be wrong at the door of an activity."""

from consult.web.messages.marks import N_

MESSAGES = {
    "participation.trial.opened": N_("The activity has opened, so it cannot be tried any more."),
    "participation.interviewer.missing": N_("This person is no interviewer of this activity."),
    "participation.entrance.none": N_("Leave at least one way in."),
    "participation.list.taken": N_("There is a list with this name already. Choose another one."),
    "participation.letter.long": N_(
        "The letter in this language does not fit on one page (%(locale)s). Shorten its words."
    ),
    "participation.quota.small": N_("A quota lets in at least %(least)s people."),
    "participation.quota.profile": N_("No invitation has this profile."),
    "participation.contacts.address": N_("The table needs a column with the header “address”."),
    "participation.contact.address": N_("This is not an e-mail address."),
    "participation.contact.locale": N_("The activity is not offered in the language “%(code)s”."),
    "participation.contact.profile": N_("The profile is too long. It can have %(limit)s characters."),
    "participation.contact.again": N_("This address stands further up already."),
    "participation.mail.off": N_("This installation sends no mail. Make a mail-merge file instead."),
    "participation.mail.nobody": N_("This list has no addresses."),
    "participation.mail.closed": N_("Mails can be sent while the activity is open."),
    "participation.mail.uninvited": N_("The activity takes no invitations now. Let them in first."),
}
