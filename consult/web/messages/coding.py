"""What can be wrong with a codebook, with coding, and with answers for translators."""

from consult.web.messages.marks import N_

MESSAGES = {
    "codebook.code": N_("“%(code)s”: a code begins with a letter or digit and has only letters, digits, - _ and ."),
    "codebook.code_twice": N_("“%(code)s” is the code of two entries."),
    "codebook.label": N_("“%(code)s” has no name in the language in which the process is written."),
    "codebook.theme": N_("“%(code)s” belongs to a theme that this process does not have."),
    "codebook.parent": N_("“%(code)s” can only stand under a code that stands under none itself."),
    "codebook.gone": N_("Somebody deleted “%(code)s” meanwhile."),
    "codebook.twice": N_("Write a number from 0 to 100."),
    "codebook.empty": N_("The codebook has no codes yet."),
    "codebook.unchanged": N_("Nothing has changed since the last version."),
    "codebook.map": N_("“%(code)s” is to count as a code that the codebook does not have."),
    "coding.code": N_("The codebook has no code “%(code)s” any more. Choose again."),
    "coding.gone": N_("This text is not there any more."),
    "coding.own": N_("You have coded this text: somebody else decides."),
    "coding.concern.words": N_("Write what worries you, in at most %(max)s characters."),
    "coding.batch.empty": N_("All answers in this language are with translators."),
    "coding.batch.other": N_("This file has no answer of this batch."),
}
