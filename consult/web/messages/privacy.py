"""What can be wrong with data-protection notices."""

from consult.web.messages.marks import N_

MESSAGES = {
    "privacy.months": N_("Write a number of months from 1 to %(longest)s."),
    "privacy.incomplete": N_("People can take part, so this text is needed in every language."),
}
