"""How consultations and events were counted: their part of the method chapter."""

from __future__ import annotations

from consult.core.aggregation.contributions import NOTES
from consult.core.aggregation.signups import ATTENDED, OF_EVENTS, POSITIONS, SIGN_UPS
from consult.core.aggregation.tables import Contributions, Dataset
from consult.events.models.planned import Selection
from consult.results.content import CELL_KEY, SUPPRESSION, Content
from consult.results.crossings import SET_APART
from consult.results.presentation import Item, Reader


def consultations(content: Content) -> list[Contributions]:
    """What is counted of consultations."""
    every = (dataset.contributions for dataset in content.datasets)
    return [one for one in every if one and one.of not in OF_EVENTS]


def in_consultations(content: Content, reader: Reader) -> list[str]:
    """How consultations were counted, and how those who contributed were protected; empty without any."""
    _ = reader.words
    about = consultations(content)
    if not about:
        return []
    sentences = _counting(content, reader)
    if content.method == SUPPRESSION:
        sentences.append(
            _(
                "A number of comments, answers or submissions is shown where there are %(threshold)s at least, from "
                "%(threshold)s participants at least, no two of whom wrote more than 85 %% of them. Further numbers "
                "are hidden so that no other can be worked out more closely than to as many as that many participants "
                "can have written. What is shown on the site can be read and counted there; protected here is who "
                "wrote it."
            )
            % {"threshold": content.threshold}
        )
    elif content.method == CELL_KEY:
        sentences.append(_("Where counts are changed at random, comments, answers and submissions are not counted."))
    sentences += [
        _(
            "Opinion groups were found from the votes alone (two principal axes, then k-means); no group is smaller "
            "than the threshold. How far other participants like these would have come to the same groups: "
            "adjusted Rand index %(mean)s, in 95 of 100 cases more than %(low)s."
        )
        % {"mean": reader.number(one.stability[0]), "low": reader.number(one.stability[1])}
        for one in about
        if one.stability
    ]
    sentences += [
        _("Contributions that were set apart as possibly automated or passed on: %(number)s, rounded down to tens.")
        % {"number": reader.number(one.apart)}
        for one in about
        if one.apart
    ]
    return sentences


def _counting(content: Content, reader: Reader) -> list[str]:
    """Whom and what of consultations counts."""
    _ = reader.words
    if SET_APART in content.crossings:
        return [
            _(
                "Consultations are counted by participants: whoever voted, wrote something, or shared a comment. Of "
                "each vote the latest counts. A comment counts with the part of the text on which it was written. "
                "What was set apart as possibly automated or passed on counts in this release, votes as well. What "
                "waits, was refused or withdrawn counts nowhere."
            )
        ]
    return [
        _(
            "Consultations are counted by participants: whoever voted, wrote something that is shown, or shared a "
            "comment. Of each vote the latest counts. A comment counts with the part of the text on which it was "
            "written. What waits, was refused, withdrawn or set apart counts nowhere."
        ),
        _(
            "Votes of whoever was set apart as possibly automated never count. Where a moderator showed something of "
            "theirs, it counts, and so do they among the participants: without votes, by how they came."
        ),
    ]


def in_events(content: Content, reader: Reader) -> list[str]:
    """How sign-ups and attendance were counted, and how people came to be there; empty without any event."""
    _ = reader.words
    signed, noted, stated = (_of(content, of) for of in (SIGN_UPS, NOTES, POSITIONS))
    sentences = []
    if signed:
        sentences += [
            _(
                "Events are counted by who signed up; whom they bring along is not counted. Attendance is of those who "
                "got a place. Who came on the day without having signed up counts as having got one. What people said "
                "of themselves when they signed up is counted; names and addresses are kept apart and are in no number."
            ),
            *(_selection(one, reader) for one in signed),
            _(
                "Of a small event hardly any number is shown: among a dozen people each would point at somebody. What "
                "was said there counts all the same, in its notes."
            ),
        ]
    if noted:
        sentences.append(
            _(
                "Notes are counted as notes: how much was written down on a theme does not say how many think so. "
                "Confidential notes count nowhere."
            )
        )
    if stated:
        sentences.append(
            _(
                "Positions are those that institutions stated at events, the latest on each theme, under their names. "
                "Confidential ones are left out."
            )
        )
    return sentences


def _of(content: Content, of: str) -> list[Dataset]:
    return [one for one in content.datasets if one.contributions and one.contributions.of == of]


def _selection(dataset: Dataset, reader: Reader) -> str:
    """How it was decided who takes part: what nobody may take for a sample."""
    _ = reader.words
    found = {
        Selection.NOMINATION: _(
            "“%(event)s”: people were nominated, by others or by themselves, and chosen with reasons. They are not a "
            "sample of the population."
        ),
        Selection.FIRST: _(
            "“%(event)s”: people signed up themselves, and places went to the first. They are self-selected and not a "
            "sample of the population."
        ),
        Selection.DRAW: _(
            "“%(event)s”: places were drawn by lot among those who had signed up themselves. The draw is fair among "
            "them; they are self-selected and not a sample of the population."
        ),
    }
    assert dataset.contributions
    return found[Selection(dataset.contributions.selection)] % {"event": reader.text(dataset.title, dataset.source)}


def few(dataset: Dataset, reader: Reader) -> str:
    """Said where nothing can be shown of an event; empty for anything else."""
    _ = reader.words
    if not dataset.contributions or dataset.contributions.of != SIGN_UPS:
        return ""
    return _("So few people signed up that a number here would point at somebody: it is not shown.")


def bases(item: Item, reader: Reader) -> list[tuple[str, int | None]]:
    """Of attendance, how many had a place and of how many it is known; of nothing else was anybody asked."""
    _ = reader.words
    if item.variable.id != ATTENDED or item.base is None:
        return []
    return [(_("had a place: %(number)s"), item.base.asked), (_("attendance known: %(number)s"), item.base.answered)]
