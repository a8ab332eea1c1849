"""Words for what can be wrong with answers."""

from __future__ import annotations

from consult.web.messages.marks import N_

MESSAGES = {
    "answer.required": N_("Answer this question."),
    "answer.constraint": N_("This answer is not possible here. Check it."),
    "answer.number.unreadable": N_("Write a number in digits, such as 12."),
    "answer.number.whole": N_("Write a whole number, without decimals."),
    "answer.number.large": N_("This number is too large. Check it."),
    "answer.date.incomplete": N_("Give the day, the month and the year."),
    "answer.date.impossible": N_("This is not a date in the calendar. Write it in digits, such as 27 3 2001."),
    "answer.date.year": N_("This is not a year in the calendar. Write it in digits, such as 2001."),
    "answer.date.month": N_("Give the month and the year."),
    "answer.time.incomplete": N_("Give the hour and the minute."),
    "answer.time.impossible": N_("This is not a time of day. Write it in digits on the 24-hour clock, such as 14 30."),
    "answer.range": N_("Give a number from %(first)s to %(last)s, in steps of %(step)s."),
    "answer.email": N_("Write an e-mail address, such as name@example.org."),
    "answer.url": N_("Write the address of a page on the internet, such as https://example.org."),
    "answer.rank.twice": N_("Two answers have the same place. Give each a place of its own."),
    "answer.rank.incomplete": N_("Give every answer a place, from 1 without a gap, or none at all."),
    "answer.text.long": N_("Your text is too long. Shorten it to at most %(limit)s characters."),
    "answer.choice.unknown": N_("Choose one of the answers on the list."),
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
    "answer.instances": N_("There can be %(most)s at most. Remove one before you add another."),
    "answer.choice.unfitting": N_("What you chose does not go with your other answers. Choose again."),
    "answer.field.unknown": N_("This page does not have a field called %(name)s. Reload it and try again."),
}
