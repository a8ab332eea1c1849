"""What a process learned on each theme: the released items of all its activities, theme by theme.

An entry says what it is and what came of it in a sentence, so that anything a release holds can stand beside others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from consult.core.aggregation.contributions import NOTES, is_codes, is_statement, read
from consult.core.aggregation.signups import NOTE_OCCASION, is_position
from consult.core.aggregation.variables import CIRCUMSTANCES
from consult.core.exchange import csv
from consult.results import dashboard, method, opinions, wording
from consult.results.content import Content, ThemeLabel
from consult.results.presentation import Item, Reader, items


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was released on a theme."""

    slug: str
    """Of the activity."""
    name: str
    """Id of the question."""
    label: str
    activity: str
    base: str
    finding: str
    """What it says, in one sentence; empty where a sentence cannot say it."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme with its entries; without a code, what has no theme."""

    code: str
    label: str
    depth: int
    entries: tuple[Entry, ...]


def themes(content: Content, reader: Reader, quoted: Collection[str] = ()) -> list[Theme]:
    """The themes of the process on which there is something, each followed by those under it; then the rest.

    `quoted`: codes of themes that have quotes beside the release, which are something too.
    """
    _ = reader.words
    every = [item for dataset in content.datasets for item in items(dataset, reader)]
    asked = [item for item in every if item.variable.id not in CIRCUMSTANCES and not item.variable.place]
    agreed = {name: value for one in content.datasets for name, value in opinions.consensus(one).items()}
    found = []
    for top in (theme for theme in content.themes if not theme.parent):
        under = [theme for theme in content.themes if theme.parent == top.code]
        below = [_theme(theme, 1, asked, agreed, content, reader) for theme in under]
        parts = [
            _theme(top, 0, asked, agreed, content, reader),
            *(one for one in below if one.entries or one.code in quoted),
        ]
        found += parts if len(parts) > 1 or parts[0].entries or top.code in quoted else []
    codes = {theme.code for theme in content.themes}
    rest = tuple(
        _entry(item, agreed, reader)
        for item in asked
        if _says(item)
        and not codes.intersection([item.variable.theme, *(one.theme for one in item.variable.categories)])
    )
    return [*found, *([Theme("", _("Other questions"), 0, rest)] if rest else [])]


def _says(item: Item) -> bool:
    """Whether it says what people think; of a consultation that is what they voted and wrote, not who and where, and
    of an event what institutions stand for."""
    name = item.variable.id
    return not item.dataset.contributions or is_statement(name) or is_codes(name) or is_position(name)


def _theme(
    theme: ThemeLabel,
    depth: int,
    asked: Sequence[Item],
    agreed: Mapping[str, float],
    content: Content,
    reader: Reader,
) -> Theme:
    entries = (
        *(
            _entry(item, agreed, reader, codes)
            for item in asked
            for codes in [[one.code for one in item.variable.categories if one.theme == theme.code]]
            if codes or item.variable.theme == theme.code
        ),
        *(entry for item in asked for entry in _contributions(item, theme.code, reader)),
    )
    return Theme(theme.code, reader.text(theme.label, content.source), depth, entries)


def _entry(item: Item, agreed: Mapping[str, float], reader: Reader, codes: Collection[str] = ()) -> Entry:
    """`codes`: those that answers were given and that belong to the theme."""
    return Entry(
        slug=item.dataset.slug,
        name=item.variable.id,
        label=item.label,
        activity=reader.text(item.dataset.title, item.dataset.source),
        base=method.base_sentence(item, reader),
        finding=_finding(item, agreed, reader, codes),
    )


def _finding(item: Item, agreed: Mapping[str, float], reader: Reader, codes: Collection[str]) -> str:
    if codes:
        return _of_codes(item, codes, reader)
    if is_position(item.variable.id):
        return _of_positions(item, reader)
    return " ".join(filter(None, (dashboard.finding(item, reader), _consensus(item, agreed, reader))))


def _of_positions(item: Item, reader: Reader) -> str:
    """How many institutions take each position: of a few, percentages would say less."""
    stated = [line for line in item.one_way.lines if line.counts[0] and not line.missing]
    return "; ".join(f"{line.label}: {reader.number(line.counts[0] or 0)}" for line in stated) + "."


def _of_codes(item: Item, codes: Collection[str], reader: Reader) -> str:
    """The shares of some codes that are shown, the largest first."""
    _ = reader.words
    lines = [line for line in item.one_way.lines if line.code in codes and line.shares[0] is not None]
    lines.sort(key=lambda line: -(line.shares[0] or 0))
    named = [
        _("%(answer)s: %(percent)s") % {"answer": line.label, "percent": reader.percent(line.shares[0] or 0)}
        for line in lines
    ]
    return f"{'; '.join(named)} ({item.one_way.basis})." if named else ""


def _consensus(item: Item, agreed: Mapping[str, float], reader: Reader) -> str:
    """How far all opinion groups agree to a statement; empty for anything else."""
    _ = reader.words
    found = agreed.get(item.variable.id)
    return "" if found is None else _("Consensus of the opinion groups: %(number)s.") % {"number": reader.number(found)}


def _contributions(item: Item, theme: str, reader: Reader) -> Iterator[Entry]:
    """How many comments and answers there are on a theme: on parts of the text, and to open questions, that have it;
    and how many notes."""
    of, what = read(item.variable.id)
    if not item.dataset.contributions or what != "theme" or item.one_way.table.withheld:
        return
    _ = reader.words
    for line in item.one_way.lines:
        if line.code == theme and not (of == NOTES and line.counts[0] == 0):
            count = _("hidden") if line.counts[0] is None else reader.number(line.counts[0])
            finding = wording.how_many(item.dataset, reader.words) % {"number": count}
            label = wording.on_theme(item.dataset, reader.words)
            where = _by_occasion(item, theme, reader)
            yield replace(_entry(item, {}, reader), label=label, finding=f"{finding}{where}.")


def _by_occasion(item: Item, theme: str, reader: Reader) -> str:
    """How many notes on a theme there are from each occasion of a series; empty for anything else."""
    found = [one for one in item.crossed if one.table.by == NOTE_OCCASION and len(one.groups) > 1]
    counts = [
        f"{group} {reader.number(count)}"
        for shown in found
        for line in shown.lines
        if line.code == theme
        for group, count in zip(shown.groups, line.counts, strict=True)
        if count
    ]
    return f" ({', '.join(counts)})" if counts else ""


def as_csv(content: Content, reader: Reader) -> Iterator[bytes]:
    """The same as a file: a row for each entry."""
    _ = reader.words
    yield csv.MARK
    note = [method.synthetic_mark(reader)] if content.synthetic else []
    yield csv.line([_("Theme"), _("Code"), _("Question"), _("Activity"), _("Base"), _("Finding")])
    for theme in themes(content, reader):
        for entry in theme.entries:
            yield csv.line([theme.label, theme.code, entry.label, entry.activity, entry.base, entry.finding, *note])
