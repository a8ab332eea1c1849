"""Words for what can be wrong with an answer, be it a file, or with an invitation. Participants see them."""

from __future__ import annotations

from consult.web.messages.marks import N_

MESSAGES = {
    "answer.required": N_("Answer this question."),
    "answer.turned_away": N_("With this answer you cannot take part."),
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
    "answer.instances": N_("There can be %(most)s at most. Remove one before you add another."),
    "answer.choice.unfitting": N_("What you chose does not go with your other answers. Choose again."),
    "participation.code.used": N_(
        "Answers have been sent with this code already, so it cannot be used again. "
        "With the code of your receipt you can read, correct or withdraw them."
    ),
    "file.image": N_("This is not a picture that can be read. Choose a JPEG, PNG or WebP file."),
    "file.kind": N_(
        "Files of this kind are not taken. Choose a picture, a PDF, a text document, a spreadsheet or plain text."
    ),
    "file.damaged": N_("This file cannot be read. Save it again, or as a PDF, and choose it again."),
    "file.locked": N_("This file asks for a password. Save it without one and choose it again."),
    "file.active": N_("There are macros or other files in this file. Save it as a PDF and choose that."),
    "file.empty": N_("This file is empty. Choose another one."),
    "file.large": N_("This file is larger than %(limit)s MB. Choose a smaller one."),
    "file.image.size": N_("This picture has more than %(megapixels)s million points. Choose a smaller one."),
}
