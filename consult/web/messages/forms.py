"""What forms say about a field, instead of the sentences that WTForms brings along."""

from __future__ import annotations

from consult.web.messages.marks import N_, NN_

FIELD_SENTENCES = {
    "This field is required.": N_("Fill this in."),
    "Not a valid choice.": N_("Choose one of the options."),
    "Not a valid choice": N_("Choose one of the options."),
    "'%(value)s' is not a valid choice for this field.": N_("Choose one of the options."),
    "'%(value)s' are not valid choices for this field.": N_("Choose one of the options."),
    "Invalid Choice: could not coerce.": N_("Choose one of the options."),
    "Not a valid integer value.": N_("Write a whole number, for example 12."),
    "Not a valid date value.": N_("Write a date, for example 2026-03-31."),
    "Not a valid datetime value.": N_("Write a date and a time, for example 2026-03-31 18:00."),
    "Invalid email address.": N_("Write an e-mail address, for example name@example.org."),
    "Number must be at least %(min)s.": N_("Write a number of at least %(min)s."),
    "Number must be at most %(max)s.": N_("Write a number of at most %(max)s."),
    "Number must be between %(min)s and %(max)s.": N_("Write a number from %(min)s to %(max)s."),
}
"""By WTForms' own sentence."""

LENGTH_SENTENCES = {
    "Field cannot be longer than %(max)d character.": NN_(
        "Write at most %(max)s character.", "Write at most %(max)s characters."
    ),
}
"""By WTForms' own singular: singular and plural."""
