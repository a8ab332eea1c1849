"""What can be wrong with a language that is added, and with its plural rule."""

from __future__ import annotations

from consult.web.messages.marks import N_

MESSAGES = {
    "languages.code": N_("This is no code of a language. Write it by BCP 47, for example “prs” or “ti-ER”."),
    "languages.shipped": N_("The interface is there in this language already."),
    "languages.twice": N_("This language has been added already."),
    "languages.plural.missing": N_(
        "Unicode CLDR does not know this language. Write its plural rule, or “other:” where there is one form alone."
    ),
    "plural.long": N_("Write at most %(longest)s characters."),
    "plural.line": N_("“%(line)s” is no line of a rule. Write a category, a colon and a condition."),
    "plural.category": N_("“%(name)s” is no category. Use zero, one, two, few or many; what is left is “other”."),
    "plural.twice": N_("“%(name)s” stands there twice. Join the conditions with “or”."),
    "plural.condition": N_(
        "The condition of “%(line)s” cannot be read. Write it as CLDR does, for example “n mod 10 = 1”."
    ),
    "plural.never": N_("No number is in the category “%(name)s”. Correct its condition, or leave it out."),
}
