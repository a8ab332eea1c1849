"""What can be wrong with files of votes and of opinion groups."""

from __future__ import annotations

from consult.web.messages.marks import N_

MESSAGES: dict[str, str] = {
    "opinion.layout": N_(
        "There are no votes in this file. It has the columns voter-id, comment-id and vote, "
        "or participant and a column for each statement."
    ),
    "opinion.vote": N_("“%(value)s” is not a vote. Write 1 for agree, -1 for disagree, 0 for pass."),
    "opinion.time": N_("“%(value)s” is not a time. Write it as a whole number, or leave the column out."),
    "opinion.identifier": N_("The identifier is missing. Write which participant or statement this is."),
    "opinion.twice": N_("“%(name)s” stands here a second time. Leave one out."),
    "opinion.large": N_("There are too many participants and statements: at most %(limit)s pairs of both."),
    "opinion.empty": N_("There is nothing here to make groups of: no vote counts, or nobody is in a group."),
    "opinion.moderated": N_(
        "“%(value)s” is no state. Write -1 for moderated out, 1 for moderated in, 0 for undecided."
    ),
    "opinion.group": N_("“%(value)s” is no group. Write a whole number from 0, or nothing."),
    "opinion.group.unknown": N_("“%(name)s” is not among the participants of the file of votes."),
}
