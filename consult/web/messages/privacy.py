"""What can be wrong with data-protection notices."""

from consult.web.messages.marks import N_

MESSAGES = {
    "privacy.months": N_("Write a number of months from 1 to %(longest)s."),
    "privacy.months.promised": N_("Those who answered were told %(longest)s months. It can only become less."),
    "privacy.period": N_("Write a number from %(least)s to %(most)s."),
    "privacy.period.begun": N_("These data are erased."),
    "privacy.incomplete": N_("People can take part, so this text is needed in every language."),
}
