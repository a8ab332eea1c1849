"""Under which headings the questions of a release stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from consult.core.aggregation.variables import CIRCUMSTANCES
from consult.results.content import Content
from consult.results.presentation import Item, Reader, items


def by_theme(content: Content, reader: Reader, every: Sequence[Item] | None = None) -> Iterator[tuple[str, list[Item]]]:
    """Headings with questions under them, those of all activities if none are given: the themes in the order of the
    process, what has none, how and in which language responses came in, then what else was counted of consultations.
    """
    _ = reader.words
    if every is None:
        every = [item for dataset in content.datasets for item in items(dataset, reader)]
    every = [item for item in every if not item.variable.place]  # they stand with the first place
    known = {theme.code for theme in content.themes}
    others = [item for item in every if item.variable.theme not in known]
    answered = [item for item in others if not item.dataset.contributions]
    rest = [item for item in answered if item.variable.id not in CIRCUMSTANCES]
    contributed: dict[str, list[Item]] = {}
    for item in others:
        if item.dataset.contributions:
            contributed.setdefault(item.dataset.activity, []).append(item)
    sections = [
        *(
            (reader.text(theme.label, content.source), [item for item in every if item.variable.theme == theme.code])
            for theme in content.themes
        ),
        (_("Other questions") if len(rest) < len(every) else _("Questions"), rest),
        (_("How people took part"), [item for item in answered if item.variable.id in CIRCUMSTANCES]),
        *((reader.text(found[0].dataset.title, found[0].dataset.source), found) for found in contributed.values()),
    ]
    return ((heading, found) for heading, found in sections if found)


def theme_label(content: Content, code: str, reader: Reader) -> str:
    """What a theme of the process is called; what has none is under other questions."""
    _ = reader.words
    label = next((theme.label for theme in content.themes if theme.code == code), None)
    return _("Other questions") if label is None else reader.text(label, content.source)
