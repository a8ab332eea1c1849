"""Words for what can be wrong with a table of responses that is imported."""

from __future__ import annotations

from consult.web.messages.marks import N_

MESSAGES = {
    "answer.field.unknown": N_("This page does not have a field called %(name)s. Reload it and try again."),
    "responses.erased": N_("The answers of this activity were erased when their time was over. It takes no others."),
    "responses.file.empty": N_("There is no table in this file."),
    "responses.trial": N_("This file has answers of a trial, which are never counted."),
    "responses.table.none": N_(
        "No column is headed by the name of a question. "
        "Head each column with the question’s name, as the questionnaire has it."
    ),
    "responses.table.several": N_("This sheet and “%(first)s” both have rows of respondents. Put them into one sheet."),
    "responses.table.unlinked": N_(
        "Rows of a repeat need a column _parent_index, and the rows that they belong to a column _index."
    ),
    "responses.table.mixed": N_("“%(name)s” belongs to another repeat than this sheet. Give it a sheet of its own."),
    "responses.column.twice": N_("“%(name)s” stands in this column and in “%(first)s”. Leave one out."),
    "responses.column.unknown": N_("“%(header)s” is not used: the questionnaire has no such question."),
    "responses.column.file": N_("“%(header)s” is not used: a table does not bring the files themselves."),
    "responses.value": N_("“%(value)s” is not an answer to “%(name)s”. Check how it is written."),
    "responses.code": N_("“%(value)s” is not a code of “%(name)s”. Use the codes of the choices, not their labels."),
    "responses.required": N_("“%(name)s” must be answered."),
    "responses.constraint": N_("The answer to “%(name)s” is not possible: the questionnaire rules it out."),
    "responses.index.twice": N_("There are two rows with the index “%(index)s”. Give each row its own."),
    "responses.parent.unknown": N_(
        "No row has the index “%(index)s” to which this one belongs, or it stands in no such repeat."
    ),
    "responses.not_opened": N_(
        "Responses cannot be imported before the activity has opened. Open it, then choose the file again."
    ),
    "responses.irrelevant": N_("“%(name)s”: answers left out because the question would not have been put: %(count)s."),
    "responses.joint.begun": N_("This institution has begun to answer. What it wrote stays, so it stays on the list."),
    "responses.joint.busy": N_("Others are saving at this very moment. Send the page again."),
    "responses.joint.changed": N_(
        "Not signed: somebody has changed an answer since you looked, or answers are closed. Look at them again."
    ),
    "responses.joint.not_signed": N_("Nothing is signed here any more, or the activity is closed."),
}
