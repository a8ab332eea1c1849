"""The words for what can be wrong with a survey file of LimeSurvey, and for what is lost when it is imported."""

from __future__ import annotations

from consult.web.messages.marks import N_

MESSAGES: dict[str, str] = {
    # The file
    "lss.file.empty": N_("The file is empty. Choose another file."),
    "lss.file.archive": N_(
        "This is an archive, not a survey. In LimeSurvey choose “Export”, then “Survey structure (.lss)”."
    ),
    "lss.file.not_a_survey": N_(
        "This is no survey of LimeSurvey, whatever its name says. In LimeSurvey choose “Export”, then “Survey "
        "structure (.lss)”."
    ),
    "lss.file.damaged": N_("The file is damaged and cannot be read. Export the survey from LimeSurvey again."),
    "lss.file.doctype": N_(
        "The file contains XML declarations (DOCTYPE) that LimeSurvey does not write. For safety it was not opened."
    ),
    "lss.file.too_large": N_(
        "The file is too large (the limit is %(megabytes)s MB and a million XML elements). Export the structure of the "
        "survey without its answers."
    ),
    "lss.file.part": N_(
        "The file contains a part of a survey (“%(kind)s”). In LimeSurvey choose “Export”, then “Survey structure "
        "(.lss)”."
    ),
    "lss.empty": N_("The survey has no questions."),
    "lss.too_many": N_("The survey has more than %(limit)s questions or answer options. Divide it into several."),
    # The survey as a whole
    "lss.version": N_(
        "The file was written by a newer LimeSurvey (database version %(version)s; known up to %(known)s). Compare the "
        "draft with the survey."
    ),
    "lss.title.missing": N_("The survey has no title. The draft is called as the activity or the file."),
    "lss.language.unknown": N_(
        "The language “%(language)s” is not known or is there already in another form of address; it is kept as "
        "“%(tag)s”."
    ),
    "lss.orphans": N_("Questions that belong to no group or question of the file and were left out: %(count)s."),
    "lss.recoded": N_("The code “%(code)s” cannot be a code here; it is now “%(name)s”."),
    "lss.survey": N_("This part of the survey has no place in a questionnaire and was left out: %(feature)s."),
    # Questions
    "lss.left_out": N_("The question “%(code)s” was left out: its type “%(type)s” has no place here."),
    "lss.type": N_("The question “%(code)s” was left out: its type “%(type)s” is not known."),
    "lss.renamed": N_("The question “%(code)s” is now called “%(name)s”: names begin with a letter and are used once."),
    "lss.attributes": N_("These settings have no place here and were left out: %(attributes)s."),
    "lss.script": N_("The script of this question was left out."),
    "lss.hidden": N_(
        "The question “%(code)s” is always hidden in LimeSurvey; it was imported and is never asked. Delete it if it "
        "is not needed."
    ),
    "lss.equation": N_("The equation “%(code)s” is computed, but not shown to participants."),
    "lss.default": N_("The default answer “%(source)s” was left out: it has no counterpart here."),
    "lss.choice.duplicate": N_("The code “%(code)s” is used twice among these answers; the second one was left out."),
    "lss.filter": N_("The filter was left out: it names “%(code)s”, which has no rows or choices of the same codes."),
    # Expressions and texts
    "lss.expression.lost": N_(
        "“%(source)s” was left out: “%(part)s” has no counterpart here. Write the condition anew before you publish."
    ),
    "lss.expression.hidden": N_(
        "“%(source)s” does not hold in LimeSurvey while “%(name)s” is not asked; here it can hold then. Look at the "
        "condition."
    ),
    "lss.text.expression": N_(
        "The text contains “%(source)s”, which cannot be computed in a text here; “…” stands in its place."
    ),
    "lss.text.markup": N_("Left out of the text: %(elements)s. Texts are plain here."),
    "lss.text.cut": N_("The text has %(length)s characters; only its beginning was imported."),
}
