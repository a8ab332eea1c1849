"""A question compared with those of other questionnaires that measure the same concept, in the codes of the concept.

Made of the protected tables of one release: nothing is counted anew, and where a count is hidden so is the sum.
"""

from __future__ import annotations

from collections.abc import Iterator

from consult.core.aggregation.tables import Kind, percentage
from consult.processes.concepts import CodeList
from consult.results.comparison import Compared, Comparison, column
from consult.results.content import ConceptCodes, Content
from consult.results.presentation import Item, Reader, items

_Cell = tuple[int | None, float | None] | None


def over_questionnaires(item: Item, content: Content, reader: Reader) -> Comparison | None:
    """The comparison of a question with others of its concept; none where no other questionnaire has one.

    Several categories of a question that are one code count together; of a multiple choice, where somebody may have
    chosen several of them, their number is not known.
    """
    concept = next((one for one in content.concepts if one.concept == item.variable.concept), None)
    if concept is None or not _mapped(item):
        return None
    shown = [item, *_others(item, content, reader)]
    if len(shown) < 2:
        return None
    codes = [code for code in concept.codes if any(code in _mapped(one).values() for one in shown)]
    return Comparison(
        tuple(column(one, "", reader) for one in shown),
        tuple(
            Compared(_name(concept, code, content, reader), tuple(_cell(one, code) for one in shown), missing=False)
            for code in codes
        ),
    )


def _mapped(item: Item) -> dict[str, str]:
    return item.dataset.measures.get(item.variable.id, {})


def _others(item: Item, content: Content, reader: Reader) -> Iterator[Item]:
    """The question of each other activity that measures the same; rounds of the same activity among them."""
    for dataset in content.datasets:
        if dataset.activity != item.dataset.activity:
            alike = (
                one
                for one in items(dataset, reader)
                if one.variable.concept == item.variable.concept and _mapped(one) and not one.one_way.table.withheld
            )
            yield from list(alike)[:1]


def _cell(item: Item, code: str) -> _Cell:
    """Count and percentage of a code in one questionnaire."""
    lines = {line.code: line for line in item.one_way.lines}
    found = [lines[own] for own, target in _mapped(item).items() if target == code and own in lines]
    if not found:
        return None
    counts = [line.counts[0] for line in found]
    if None in counts or (len(counts) > 1 and item.variable.kind is Kind.MULTIPLE):
        return None, None
    count = sum(count or 0 for count in counts)
    return count, percentage(count, item.one_way.bases[0])


def _name(concept: ConceptCodes, code: str, content: Content, reader: Reader) -> str:
    names = CodeList(concept.codes, concept.standard, concept.labels)
    return names.name(code, reader.locale, reader.words, content.source)
