"""The words for what stands against publishing a questionnaire, and for what its author should look at again."""

from __future__ import annotations

from consult.web.messages.marks import N_

MESSAGES: dict[str, str] = {
    "document.malformed": N_("This is no questionnaire document, or it is damaged. Export it again."),
    "document.version": N_(
        "The document was made by a newer version of this software (format %(version)s; this one knows %(known)s). "
        "Update the software."
    ),
    # What refuses publication
    "questionnaire.title": N_("The questionnaire has no title. Give it one."),
    "questionnaire.empty": N_("There is no question that anybody could answer. Add one."),
    "questionnaire.name.duplicate": N_("The name “%(name)s” is used more than once. Give each question its own name."),
    "questionnaire.later": N_(
        "“%(name)s” uses “%(feature)s”, which nobody can answer yet. Take it out, or ask in another way."
    ),
    "questionnaire.list.missing": N_("The choices of “%(name)s” are missing: there is no list “%(list)s”. Add it."),
    "questionnaire.list.empty": N_("The list “%(list)s” of “%(name)s” has no choices. Add them."),
    "questionnaire.range": N_(
        "The numbers of “%(name)s” make no range. Write for example “start=0 end=10 step=1” in the column “parameters”."
    ),
    "questionnaire.files": N_(
        "“%(name)s” is one file too many on its page: at most %(most)s can be sent together. Divide the page in two."
    ),
    "questionnaire.label.missing": N_("“%(name)s” has no label. Write what is asked."),
    "questionnaire.mention": N_(
        "A text of “%(name)s” shows the answer to “%(mentioned)s”, which does not exist. Mend the name."
    ),
    # What is worth a look
    "questionnaire.matrix": N_(
        "“%(name)s” is a matrix that does not fit into one table: its rows are shown as questions one below the other. "
        "Give all rows the same list of at most %(most)s choices, without a filter or “other”."
    ),
    "questionnaire.contact": N_(
        "“%(name)s” asks for an e-mail address, which is stored with the answers and tells who gave them. Ask for it "
        "only if that is wanted."
    ),
    "questionnaire.picture": N_(
        "“%(name)s” has a picture or sound and no label. Write one for people who see no pictures."
    ),
    "questionnaire.two_questions": N_(
        "“%(name)s” seems to ask two things at once: it has two question marks. Ask one thing in each question."
    ),
    "questionnaire.decline": N_(
        "“%(name)s” is sensitive and must be answered. Offer “prefer not to say”, or make it optional."
    ),
    "questionnaire.turns_away": N_(
        "“%(name)s” turns people away: name codes of its choices, and leave one with which people can take part."
    ),
    "questionnaire.never": N_("“%(name)s” is never shown: its condition is always false."),
    "questionnaire.incomplete": N_("Texts missing in the language “%(tag)s”: %(missing)s of %(total)s."),
}
