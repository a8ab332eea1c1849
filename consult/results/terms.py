"""In which terms answers are counted: those of the newest edition that was answered, through the answer maps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from consult.core.aggregation.readings import Reading, read_on, readings
from consult.core.aggregation.tables import Category, Dataset, Kind, Variable
from consult.core.aggregation.translate import Translation
from consult.core.aggregation.variables import CHANNEL, CIRCUMSTANCES, EDITION, LOCALE, offered, variables
from consult.core.questionnaire import document, maps
from consult.core.questionnaire.definition import Questionnaire
from consult.participation.models import Channel
from consult.questionnaires.models import Edition


class Terms(NamedTuple):
    """The editions that were answered, the oldest first, and how each is read in the terms of the newest."""

    editions: tuple[Edition, ...]
    questionnaires: tuple[Questionnaire, ...]
    readings: tuple[Reading, ...]
    maps: tuple[tuple[int, str], ...]
    """Number and hash of every answer map that was read through."""

    def variables(self, repeat: str = "") -> tuple[Variable, ...]:
        """What there is to tabulate of responses, or of the entries of a repeat."""
        return variables(self.questionnaires, self.readings, repeat)


def terms_of(published: Sequence[Edition], answered: Collection[int] | None = None) -> Terms:
    """The terms of an activity. `published`: all its editions, the oldest first; `answered`: numbers, or all."""
    numbers = [edition.number for edition in published if answered is None or edition.number in answered]
    if not numbers:
        return Terms((), (), (), ())
    # Editions nobody answered are read through all the same: their maps lie on the way.
    on_the_way = {one.number: one for one in published if numbers[0] <= one.number <= numbers[-1]}
    known = {number: document.decode(edition.document) for number, edition in on_the_way.items()}
    answer_maps = {number: maps.decode(edition.answer_map) for number, edition in on_the_way.items()}
    found = readings({number: offered(one) for number, one in known.items()}, answer_maps)
    return Terms(
        tuple(on_the_way[number] for number in numbers),
        tuple(known[number] for number in numbers),
        tuple(found[number] for number in numbers),
        tuple((number, maps.digest(on_the_way[number].answer_map)) for number in on_the_way if number > numbers[0]),
    )


def circumstances(terms: Terms) -> tuple[Variable, ...]:
    """How responses came in, in which language and of which edition, as variables."""
    offered = dict.fromkeys(locale for one in reversed(terms.questionnaires) for locale in one.locales)
    codes: Mapping[str, Iterable[str]] = {
        CHANNEL: Channel,
        LOCALE: offered,
        EDITION: [str(edition.number) for edition in terms.editions],
    }
    return tuple(
        Variable(
            id=name,
            name=name.removeprefix(":"),
            kind=Kind.SINGLE,
            categories=tuple(Category(code=code) for code in found),
        )
        for name, found in codes.items()
        if name != EDITION or len(terms.editions) > 1
    )


def translation_to(published: Sequence[Edition], dataset: Dataset, newest: int) -> Translation:
    """What the tables of a release are in the terms of a newer edition."""
    start = dataset.editions[-1][0]
    on_the_way = [edition for edition in published if start <= edition.number <= newest]
    kept = {
        variable.id: (variable.kind, variable.codes())
        for variable in dataset.variables
        if variable.id not in CIRCUMSTANCES and not variable.parts and not variable.until
    }
    reading = read_on(
        start,
        kept,
        {edition.number: offered(document.decode(edition.document)) for edition in on_the_way},
        {edition.number: maps.decode(edition.answer_map) for edition in on_the_way},
    )
    return Translation(reading, {name: codes for name, (_, codes) in kept.items()})
