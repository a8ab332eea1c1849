"""How a release was made, and what it does not say: the method chapter of every download and page."""

from __future__ import annotations

import math
from collections.abc import Iterator

from consult.core.aggregation.cellkey import Noise
from consult.core.aggregation.tables import Dataset, Table
from consult.results.content import CELL_KEY, SUPPRESSION, Content
from consult.results.presentation import Item, Reader


def synthetic_mark(reader: Reader) -> str:
    """What stands on everything made of invented responses."""
    _ = reader.words
    return _("Synthetic data: these responses were invented for a demonstration. Nobody was asked.")


def caveats(reader: Reader) -> list[str]:
    """What a reader must know before quoting a number."""
    _ = reader.words
    return [
        _("Participants chose to take part themselves. They are not a sample of the population."),
        _("The numbers are not weighted and have no margin of error."),
        _("Responses by open link and by invitation are different groups; they are counted apart."),
    ]


def paragraphs(content: Content, reader: Reader) -> list[str]:
    """How the numbers came about."""
    _ = reader.words
    found = [
        _("Questions that were not relevant to somebody were not asked of them; others could be left unanswered."),
        _(
            "Percentages are of those who answered. Where that number is hidden, they are of those who were asked, "
            "or of all responses; each table says which. Participants could give several answers to some questions."
        ),
    ]
    if content.method == SUPPRESSION:
        found += [
            _(
                "To protect participants, counts under %(threshold)s are hidden, and under %(sensitive)s in tables "
                "with a sensitive question. Further counts are hidden so that none of these can be worked out. "
                "Groups that are too small stand together."
            )
            % {"threshold": content.threshold, "sensitive": content.sensitive_threshold},
            _(
                "Means are given where enough people answered, medians and quartiles from twice as many; "
                "all are rounded."
            ),
            _(
                "Every hidden count was attacked with a linear programme over all tables of this release. None can be "
                "bounded more closely than the threshold."
            ),
        ]
    if content.method == CELL_KEY:
        found += _on_noise(content, reader)
    return found


def _on_noise(content: Content, reader: Reader) -> list[str]:
    """How counts were changed, and what that means for who reads them."""
    _ = reader.words
    ordinary, sensitive = Noise.of(content.threshold), Noise.of(content.sensitive_threshold)
    return [
        _(
            "To protect participants, every count was changed a little at random: by %(bound)s at most, and by "
            "%(sensitive_bound)s in tables with a sensitive question. Most changes are by %(usual)s or less. "
            "Zeros stay; no 1 and no 2 is left."
        )
        % {
            "bound": ordinary.bound,
            "sensitive_bound": sensitive.bound,
            "usual": round(math.sqrt(ordinary.variance)),
        },
        _(
            "Each count was changed by itself, totals too: parts do not add up to them, and a sum of parts is "
            "less exact than the total. The same people are changed in the same way wherever they are counted, so "
            "that repeating a table tells nothing new. Differences between two counts are uncertain by both."
        ),
        _(
            "Groups that might hold fewer than %(threshold)s people stand together. Means need as many answers "
            "and are rounded so far that %(threshold)s answers make no difference that could be seen."
        )
        % {"threshold": content.threshold},
        _(
            "All counts of this release were attacked together with a linear programme that knows how far they "
            "can be off. No group under the threshold can be bounded more closely than the threshold."
        ),
    ]


def editions(dataset: Dataset, reader: Reader) -> list[str]:
    """Which editions of a questionnaire were answered, and through which answer maps they were read."""
    _ = reader.words
    words = {"edition": _("Edition %(number)s, %(hash)s"), "map": _("Answer map of edition %(number)s, %(hash)s")}
    parts = (("edition", dataset.editions), ("map", dataset.maps))
    return [words[what] % {"number": number, "hash": hash_} for what, found in parts for number, hash_ in found]


def base_sentence(item: Item, reader: Reader) -> str:
    """Who stands behind the table of a question."""
    _ = reader.words
    if item.one_way.table.withheld or item.base is None:
        return withheld_sentence(reader)
    parts = [
        (_("Responses: %(number)s"), item.base.responses),
        (_("asked: %(number)s"), item.base.asked),
        (_("answered: %(number)s"), item.base.answered),
    ]
    known = [sentence % {"number": reader.number(value)} for sentence, value in parts if value is not None]
    return ", ".join(known) + "."


def withheld_sentence(reader: Reader) -> str:
    """Said where a table cannot be shown at all."""
    _ = reader.words
    return _("This table is withheld: too few answered for anything in it to be shown.")


def hidden_sentence(table: Table, reader: Reader) -> str:
    """Says that, and why, counts are hidden or changed; empty where none are."""
    _ = reader.words
    if table.noise:
        return _("Each count, totals too, was changed at random by %(bound)s at most: parts do not add up.") % {
            "bound": table.noise
        }
    count = table.hidden()
    if not count:
        return ""
    return _("Hidden counts: %(number)s, to protect groups under %(threshold)s.") % {
        "number": count,
        "threshold": table.threshold,
    }


def facts(content: Content, hash_: str, reader: Reader) -> Iterator[tuple[str, str]]:
    """What identifies a release, as labels and values."""
    _ = reader.words
    yield _("Policy process"), reader.text(content.process_title, content.source)
    yield _("Release"), f"{content.number} – {reader.text(content.title, content.source)}".removesuffix(" – ")
    yield _("Frozen on"), content.frozen_on
    yield _("SHA-256"), hash_
    yield _("Threshold"), str(content.threshold)
    yield _("Threshold for sensitive questions"), str(content.sensitive_threshold)
