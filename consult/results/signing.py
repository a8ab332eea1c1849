"""What institutions signed: read in full from the column store, and shown as institution × item."""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date
from sqlalchemy.orm import Session

from consult.config import Store
from consult.core.aggregation.matrix import Given, matrix, naming
from consult.core.aggregation.readings import Reading
from consult.core.aggregation.tables import Dataset, Kind, Matrix, Value, Variable
from consult.core.aggregation.variables import CIRCUMSTANCES, kept
from consult.core.exchange.safe import cell
from consult.core.text import LocalisedText
from consult.responses.joint import queries as joint
from consult.results import segments
from consult.results.columns import Held
from consult.results.content import Content
from consult.results.presentation import Reader, category_label, variable_label
from consult.results.sections import theme_label
from consult.results.segments import KEY, Columns


def signed(session: Session, held: Held, store: Store, activity_id: uuid.UUID) -> Matrix | None:
    """The matrix of an activity whose unit is an institution.

    Institutions are named by the question for that, else by who signed; none where neither says for whom is answered.
    """
    variables, signatories = held.terms.variables(), joint.signatories(session, activity_id)
    by = naming(variables)
    if by is None and not signatories:
        return None
    nobody = "", LocalisedText()
    found = [
        (reading, given, signatories.get(uuid.UUID(bytes=key), nobody))
        for key, reading, given in _responses(held, store, activity_id)
    ]
    responses = ((reading, given, place) for reading, given, (place, _name) in found)
    return matrix(by, variables, responses, dict(who for *_, who in found if who != nobody))


def _responses(held: Held, store: Store, activity_id: uuid.UUID) -> Iterator[tuple[bytes, Reading, Given]]:
    terms = held.terms
    for edition, questionnaire, reading in zip(terms.editions, terms.questionnaires, terms.readings, strict=True):
        names = [segment.id for segment in held.segments if segment.edition == edition.number]
        found = segments.read(store, activity_id, names)
        for line in _lines(found) if found else ():
            yield line[KEY], reading, {name: _values(line.get(name)) for name in kept(questionnaire)}


def _lines(found: Columns) -> Iterator[Mapping[str, Any]]:
    """Responses as they were given: the words of texts instead of that there are some."""
    words = {line[KEY]: line for line in found.texts.to_pylist()}
    for line in found.coded.to_pylist():
        yield {**line, **{name: text for name, text in words[line[KEY]].items() if text is not None}}


def _values(found: Any) -> tuple[Value, ...]:
    if found is None:
        return ()
    if isinstance(found, list):
        return tuple(found)
    return (found.isoformat() if isinstance(found, dt.date) else found,)


@dataclass(frozen=True, slots=True)
class Part:
    """The items of one theme, as columns."""

    heading: str
    items: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    """Per institution its name, and its answer to each item."""


def parts(content: Content, dataset: Dataset, reader: Reader) -> list[Part]:
    """The matrix of an activity by theme, in the order of the questionnaire; items nobody answered are left out."""
    found = dataset.matrix
    if found is None:
        return []
    answered = {name for row in found.rows for name in row.answers}
    shown = [one for one in dataset.variables if one.id in answered and one.id not in (*CIRCUMSTANCES, found.by)]
    names = [institution(dataset, row.institution, reader) for row in found.rows]
    by_theme: dict[str, list[Variable]] = {}
    for variable in shown:
        by_theme.setdefault(theme_label(content, variable.theme, reader), []).append(variable)
    return [
        Part(
            heading=heading,
            items=tuple(variable_label(one, dataset, reader) for one in variables),
            rows=tuple(
                (name, tuple(_words(one, row.answers.get(one.id, ()), dataset, reader) for one in variables))
                for name, row in zip(names, found.rows, strict=True)
            ),
        )
        for heading, variables in by_theme.items()
    ]


def institution(dataset: Dataset, name: str, reader: Reader) -> str:
    """What an institution is called."""
    _ = reader.words
    assert dataset.matrix is not None
    if not name:
        return _("Not named")
    if dataset.matrix.names:
        return reader.text(dataset.matrix.names[name], dataset.source)
    by = dataset.variable(dataset.matrix.by)
    return category_label(by, name, {}, dataset, reader) if by.kind is Kind.SINGLE else name


def _words(variable: Variable, values: Iterable[Value], dataset: Dataset, reader: Reader) -> str:
    return "; ".join(_word(variable, value, dataset, reader) for value in values)


def _word(variable: Variable, value: Value, dataset: Dataset, reader: Reader) -> str:
    if variable.kind is Kind.DATE:
        return format_date(dt.date.fromisoformat(str(value)), locale=reader.locale)
    if variable.kind is Kind.NUMBER and not isinstance(value, str):
        return reader.number(value)
    return str(value) if variable.kind is Kind.TEXT else category_label(variable, str(value), {}, dataset, reader)


def as_csv(content: Content, dataset: Dataset, reader: Reader) -> Iterator[bytes]:
    """The matrix as a file: a row per institution, a column per item."""
    found = parts(content, dataset, reader)
    yield "\ufeff".encode()
    yield _line([reader.words("Institution"), *(item for part in found for item in part.items)])
    for together in zip(*(part.rows for part in found), strict=True):
        yield _line([together[0][0], *(answer for _name, answers in together for answer in answers)])


def _line(fields: Iterable[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(map(cell, fields))
    return buffer.getvalue().encode()
