"""How a release was made, and what it does not say: the method chapter of every download and page."""

from __future__ import annotations

import math
from collections.abc import Iterator

from consult.core.aggregation.cellkey import Noise
from consult.core.aggregation.fits import Fit, Weighting
from consult.core.aggregation.tables import Dataset, Table
from consult.participation.models import Channel
from consult.results import taking_part, wording
from consult.results.beside import left_out, weighting_of
from consult.results.content import CELL_KEY, SUPPRESSION, Content
from consult.results.presentation import Item, Reader, Shown, channel_label, variable_label


def synthetic_mark(reader: Reader) -> str:
    """What stands on everything made of invented responses."""
    _ = reader.words
    return _("Synthetic data: these responses were invented for a demonstration. Nobody was asked.")


def caveats(reader: Reader, content: Content | None = None) -> list[str]:
    """What a reader must know before quoting a number; of a release without weights, where none is given."""
    _ = reader.words
    weighted = content is not None and any(map(weighting_of, content.datasets))
    return [
        _("Participants chose to take part themselves. They are not a sample of the population."),
        _("Weighted shares stand beside the counts. Weights repair what the margins know, and nothing else.")
        if weighted
        else _("The numbers are not weighted and have no margin of error."),
        _("Responses by open link and by invitation are different groups; they are counted apart."),
    ]


def weighting(dataset: Dataset, reader: Reader) -> list[str]:
    """How the responses of an activity were weighted, and what its weighted shares do not say; none without weights."""
    _ = reader.words
    found = weighting_of(dataset)
    if found is None:
        return []
    names = [variable_label(dataset.variable(margin.variable), dataset, reader) for margin in found.margins]
    sentences = [
        _("Weighted by raking to what is known of the population. Margins: %(variables)s")
        % {"variables": "; ".join(names)}
    ]
    if found.lower or found.upper:
        sentences.append(
            _("Weights were kept between %(lower)s and %(upper)s times their mean.")
            % {"lower": reader.number(found.lower), "upper": reader.number(found.upper) if found.upper else "∞"}
        )
    for fit in found.fits:
        sentences += [fit_sentence(fit, reader), "" if fit.refused else sample_sentence(fit.channel, found, reader)]
    if model := reader.text(found.model, dataset.source):
        sentences.append(_("The model, and what it assumes: %(model)s") % {"model": model})
    if found.left_out:
        sentences.append(
            _("Tables without weighted shares, because these would have told a hidden count: %(number)s.")
            % {"number": reader.number(len(found.left_out))}
        )
    return [sentence for sentence in sentences if sentence]


def fit_sentence(fit: Fit, reader: Reader) -> str:
    """How the weights of one channel came about."""
    _ = reader.words
    channel = channel_label(fit.channel, reader)
    if fit.refused == "weights.margins.few":
        return _("%(channel)s: no weights, because too few took part.") % {"channel": channel}
    if fit.refused:
        return _("%(channel)s: no weights, because the margins cannot be met there.") % {"channel": channel}
    return _(
        "%(channel)s: weights from %(least)s to %(greatest)s times their mean, design effect by weighting %(deff)s, "
        "effective base %(effective)s or more."
    ) % {
        "channel": channel,
        "least": reader.number(fit.least),
        "greatest": reader.number(fit.greatest),
        "deff": reader.number(fit.design_effect),
        "effective": reader.number(fit.effective),
    }


def sample_sentence(channel: str, weighting: Weighting, reader: Reader) -> str:
    """What the responses of a channel are a sample of, and so whether they have a margin of error."""
    _ = reader.words
    if channel == Channel.INVITED:
        return _("By invitation: intervals are 95 % confidence intervals of a sample drawn by chance.")
    if weighting.model:
        return _("Self-selected; not a sample of the population. Intervals hold under the model below, if it is true.")
    return _("Self-selected; not a sample of the population. There is no margin of error.")


def beside_sentence(shown: Shown, dataset: Dataset, reader: Reader) -> str:
    """What must be read with the weighted shares of a table; empty where nothing is weighted."""
    _ = reader.words
    if left_out(shown.table, dataset):
        return _("Weighted shares are left out here: they would have told a hidden count.")
    found = weighting_of(dataset)
    if found is None or not shown.beside:
        return ""
    return " ".join(dict.fromkeys(sample_sentence(column.channel, found, reader) for column in shown.beside))


def reading(reader: Reader) -> str:
    """How to read tables and charts in which something is missing."""
    _ = reader.words
    return _(
        "Where it says “hidden”, a number would have told too much about a small group; in charts such places are "
        "hatched. Categories after “Together:” are counted as one."
    )


def paragraphs(content: Content, reader: Reader) -> list[str]:
    """How the numbers came about, and how participants were protected."""
    return [*tabulation(content, reader), *protected(content, reader)]


def protected(content: Content, reader: Reader) -> list[str]:
    """What was read of answers in words, and how participants were protected."""
    return [
        *protection(content, reader),
        *on_codes(content, reader),
        *on_entries(content, reader),
        *taking_part.in_consultations(content, reader),
        *taking_part.in_events(content, reader),
    ]


def counted(content: Content, reader: Reader) -> str:
    """What the numbers of activities count."""
    _ = reader.words
    if any(one.contributions for one in content.datasets):
        return _("How many")
    return _("Responses, or entries") if any(one.entries for one in content.datasets) else _("Responses")


def on_codes(content: Content, reader: Reader) -> list[str]:
    """How answers in words were coded and counted; empty where none were."""
    _ = reader.words
    if not any(dataset.codebook for dataset in content.datasets):
        return []
    return [
        _(
            "People read answers to open questions and gave them codes of the codebook of the process; an answer can "
            "have several or none. Where two coded an answer and differed, what a third decided counts. Percentages "
            "are of the answers that were coded when the release was made. Answers that were not coded yet, on which "
            "nobody had decided yet, that were set apart as a protection concern or that were withdrawn are not among "
            "them; they stand under “No coded answer”, with those who wrote nothing."
        ),
        _(
            "Where fewer than the threshold were left uncoded, some coded answers drawn at random are left out with "
            "them, so that there are that many: nobody is to tell how few these were. With fewer coded answers than "
            "that there is no table."
        ),
    ]


def on_entries(content: Content, reader: Reader) -> list[str]:
    """What entries of repeats are, and how their counts were protected; empty where none are counted."""
    _ = reader.words
    if not any(dataset.entries and not dataset.contributions for dataset in content.datasets):
        return []
    counted = _(
        "Where a part of the questionnaire could be filled in several times, as for each person in a household, its "
        "tables count entries and not respondents. They are not weighted."
    )
    if content.method != SUPPRESSION:
        return [counted]
    protected = _(
        "A number of entries is shown where there are %(threshold)s at least, from %(threshold)s respondents at "
        "least, no two of whom gave more than 85 %% of them; twice as many with a sensitive question. Further numbers "
        "are hidden so that no other can be worked out more closely than to as many entries as that many respondents "
        "can have given."
    )
    return [counted, protected % {"threshold": content.threshold}]


def tabulation(content: Content, reader: Reader) -> list[str]:
    """How the numbers of questionnaires and of consultations came about."""
    _ = reader.words
    asked = [
        _("Questions that were not relevant to somebody were not asked of them; others could be left unanswered."),
        _(
            "Percentages are of those who answered. Where that number is hidden, they are of those who were asked, "
            "or of all responses; each table says which. Participants could give several answers to some questions."
        ),
    ]
    contributed = [
        _(
            "Percentages of consultations are of those of whom something is known: of the participants who voted on "
            "a statement, or who said for whom they speak. Where that number is hidden, they are of all; each table "
            "says which."
        ),
    ]
    return [
        *(asked if _questionnaires(content) else ()),
        *(contributed if taking_part.consultations(content) else ()),
    ]


def _questionnaires(content: Content) -> bool:
    return not all(dataset.contributions for dataset in content.datasets)


def protection(content: Content, reader: Reader) -> list[str]:
    """What is hidden and why; or how counts were changed; empty where nothing had to be."""
    _ = reader.words
    if content.method == CELL_KEY:
        return _on_noise(content, reader)
    if content.method != SUPPRESSION:
        return []
    found = [
        _(
            "To protect participants, counts under %(threshold)s are hidden, and under %(sensitive)s in tables "
            "with a sensitive question. Further counts are hidden so that none of these can be worked out. "
            "Groups that are too small stand together."
        )
        % {"threshold": content.threshold, "sensitive": content.sensitive_threshold},
        _("Means are given where enough people answered, medians and quartiles from twice as many; all are rounded."),
        _(
            "Every hidden count was attacked with a linear programme over all tables of this release. None can be "
            "bounded more closely than the threshold."
        ),
    ]
    if not _questionnaires(content):
        del found[1]
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
        _("There are no weighted shares: beside changed counts they would tell the exact ones."),
    ]


def editions(dataset: Dataset, reader: Reader) -> list[str]:
    """Which editions of a questionnaire were answered, and through which answer maps they were read; none of a
    consultation."""
    _ = reader.words
    if dataset.contributions:
        return []
    words = {"edition": _("Edition %(number)s, %(hash)s"), "map": _("Answer map of edition %(number)s, %(hash)s")}
    parts = (("edition", dataset.editions), ("map", dataset.maps))
    found = [words[what] % {"number": number, "hash": hash_} for what, each in parts for number, hash_ in each]
    if dataset.codebook:
        number, hash_ = dataset.codebook
        found.append(_("Codebook, version %(number)s, %(hash)s") % {"number": number, "hash": hash_})
    return found


def base_sentence(item: Item, reader: Reader) -> str:
    """Who stands behind the table of a question."""
    _ = reader.words
    if item.one_way.table.withheld or item.base is None:
        return taking_part.few(item.dataset, reader) or withheld_sentence(reader)
    parts = [
        (_how_many(item, reader), item.base.responses),
        (_("asked: %(number)s"), item.base.asked),
        (_("answered: %(number)s"), item.base.answered),
    ]
    if item.dataset.contributions:  # nobody was asked of what language a comment is
        parts[1:] = taking_part.bases(item, reader)
    elif item.variable.coded:
        parts[1:] = [(_("coded: %(number)s"), item.base.answered)]
    known = [sentence % {"number": reader.number(value)} for sentence, value in parts if value is not None]
    return ", ".join(known) + "."


def _how_many(item: Item, reader: Reader) -> str:
    _ = reader.words
    if item.dataset.contributions:
        return wording.how_many(item.dataset, _)
    return _("Entries: %(number)s") if item.one_way.table.entries else _("Responses: %(number)s")


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
    if table.entries:
        return _("Hidden counts: %(number)s, to protect small groups of participants.") % {"number": count}
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
