"""What can be wrong with data-protection notices."""

from consult.web.messages.marks import N_

MESSAGES = {
    "privacy.months": N_("Write a number of months from 1 to %(longest)s."),
    "privacy.months.promised": N_("Those who answered were told %(longest)s months. It can only become less."),
    "privacy.period": N_("Write a number from %(least)s to %(most)s."),
    "privacy.period.begun": N_("These data are erased."),
    "privacy.incomplete": N_("People can take part, so this is needed in every language."),
    "privacy.unknown": N_("Choose one of the list."),
    "privacy.helpline.name": N_("Write the name in the first language of the process."),
    "privacy.helpline.country": N_("Choose a country of the list."),
    "privacy.helpline.way": N_("Give a telephone number or a web page."),
    "privacy.helpline.phone": N_("Write a telephone number, for example +233 30 200 0000."),
    "privacy.helpline.url": N_("Write the address of a web page, for example https://example.org."),
}
