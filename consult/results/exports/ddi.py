"""DDI-Codebook 2.5: what was asked, of whom and how, with labels in every language there is and protected counts.

A multi-choice question is a group of variables, one for each choice. What is hidden in the release has no statistic
here; means and quantiles are those of the release. Element by element: the file may be of any size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import IO, Any, Final

from lxml import etree

from consult.config import LOCALES
from consult.core.aggregation.tables import (
    SELECTED,
    STATUSES,
    UNSELECTED,
    Category,
    Dataset,
    Kind,
    Table,
    Variable,
    base,
    rows_of,
)
from consult.core.aggregation.variables import CHANNEL, LOCALE
from consult.core.exchange import safe
from consult.core.text import LocalisedText
from consult.results import method
from consult.results.content import Content
from consult.results.exports import tidy
from consult.results.exports.spool import spooled
from consult.results.presentation import Item, Reader, category_label, channel_label, show, variable_label
from consult.results.translations import words_of

MEDIA_TYPE: Final = "application/xml"
NAMESPACE: Final = "ddi:codebook:2_5"
_SCHEMA: Final = "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
_FORMATS: Final = {Kind.NUMBER: "numeric", Kind.TEXT: "character"}

Words = Callable[[Reader], str]
Texts = Mapping[str, str]
"""A text by locale."""


def write(content: Content, _frozen: bytes, hash_: str, _who: Reader) -> Iterator[bytes]:
    """The codebook, in chunks; the same whoever reads it."""

    def fill(file: IO[bytes]) -> None:
        with etree.xmlfile(file, encoding="utf-8") as xml:
            xml.write_declaration()
            attributes = {"version": "2.5", f"{{{_INSTANCE}}}schemaLocation": f"{NAMESPACE} {_SCHEMA}"}
            with xml.element(f"{{{NAMESPACE}}}codeBook", attributes, nsmap={None: NAMESPACE, "xsi": _INSTANCE}):
                xml.write(_document(content), pretty_print=True)
                xml.write(_study(content, hash_), pretty_print=True)
                for number, dataset in enumerate(content.datasets, start=1):
                    xml.write(_file(dataset, number), pretty_print=True)
                _data(xml, content)

    return spooled(fill)


# --- the study ---


def _document(content: Content) -> Any:
    root = _element("docDscr")
    citation = _add(root, "citation")
    _titles(_add(citation, "titlStmt"), content)
    _add(_add(citation, "prodStmt"), "software", "consult")
    return root


def _titles(parent: Any, content: Content) -> None:
    texts = dict(content.process_title) or {content.source: content.process}
    main = content.source if content.source in texts else next(iter(texts))
    _add(parent, "titl", texts.pop(main), main)
    _each(parent, "parTitl", texts)
    _add(parent, "IDNo", f"{content.process}/{content.number}", agency="consult")


def _study(content: Content, hash_: str) -> Any:
    root = _element("stdyDscr")
    citation = _add(root, "citation")
    _titles(_add(citation, "titlStmt"), content)
    _add(_add(citation, "distStmt"), "distDate", content.frozen_on, date=content.frozen_on)
    version = _add(citation, "verStmt")
    texts = dict(content.title) or {content.source: str(content.number)}
    locale, text = next(iter(texts.items()))
    _add(version, "version", f"{content.number} – {text}", locale, date=content.frozen_on)
    _add(version, "notes", f"SHA-256 {hash_}")
    about = _add(root, "stdyInfo")
    subject = _add(about, "subject")
    for theme in content.themes:
        _each(subject, "topcClas", theme.label)
    summary = _add(about, "sumDscr")
    for unit in dict.fromkeys(dataset.unit for dataset in content.datasets):
        _each(summary, "anlyUnit", _in_words(partial(_unit, unit)))
    _each(summary, "universe", _in_words(_universe))
    _each(summary, "dataKind", _in_words(_kind_of_data))
    root.append(_method(content))
    return root


def _method(content: Content) -> Any:
    """How answers were gathered, that they are not weighted, how small groups were hidden."""
    root = _element("method")
    collection = _add(root, "dataColl")
    channels = dict.fromkeys(
        row.code
        for dataset in content.datasets
        for table in dataset.one_way()
        if table.variable == CHANNEL
        for row in table.rows
        if row.counts[0] != 0 and row.code not in STATUSES
    )
    chosen, unweighted, *others = zip(*_lines(lambda reader: method.caveats(reader, content)), strict=True)
    _each(collection, "sampProc", dict(chosen))
    for code in channels:
        _each(collection, "collMode", _in_words(partial(channel_label, code)))
    _each(collection, "weight", dict(unweighted))
    for other in others:
        _each(root, "notes", dict(other))
    analysis = _add(root, "anlyInfo")
    for paragraph in zip(*_lines(lambda reader: method.paragraphs(content, reader)), strict=True):
        _each(analysis, "dataAppr", dict(paragraph))
    return root


def _lines(written: Callable[[Reader], list[str]]) -> Iterator[list[tuple[str, str]]]:
    """The paragraphs of each shipped locale."""
    for locale in LOCALES:
        yield [(locale, paragraph) for paragraph in written(_reader(locale))]


def _universe(reader: Reader) -> str:
    _ = reader.words
    return _("Everybody who took part in the activities of this release.")


def _kind_of_data(reader: Reader) -> str:
    _ = reader.words
    return _("Frequencies of answers to questionnaires, protected against disclosure.")


def _unit(unit: str, reader: Reader) -> str:
    _ = reader.words
    return {"person": _("Person"), "institution": _("Institution"), "event": _("Event")}.get(unit, unit)


def _file(dataset: Dataset, number: int) -> Any:
    root = _element("fileDscr", ID=f"F{number}")
    about = _add(root, "fileTxt")
    _add(about, "fileName", dataset.slug)
    _add(about, "fileCont", dataset.title.resolve(dataset.source, dataset.source).text, dataset.source)  # one alone
    if dataset.responses is not None:
        _add(_add(about, "dimensns"), "caseQnty", str(dataset.responses))
    for number_, hash_ in () if dataset.contributions else dataset.editions:
        _add(root, "notes", f"edition {number_}, SHA-256 {hash_}")
    return root


# --- variables ---


@dataclass(frozen=True, slots=True)
class _Described:
    """A variable on its way into the codebook."""

    id: str
    name: str
    labels: Texts
    question: Texts
    categories: tuple[tuple[str, Texts, int | None], ...]
    """Code, labels and count; the statuses among them. None is hidden."""


def _data(xml: Any, content: Content) -> None:
    counter = iter(range(1, 1 << 31))
    described = [
        (number, dataset, table, dataset.variable(table.variable), counter)
        for number, dataset in enumerate(content.datasets, start=1)
        for table in dataset.one_way()
    ]
    with xml.element(f"{{{NAMESPACE}}}dataDscr"):
        groups: list[tuple[Variable, Dataset, list[_Described]]] = []
        singles: list[tuple[int, Dataset, Table, Variable, list[_Described]]] = []
        for number, dataset, table, variable, ids in described:
            made = list(_described(variable, table, dataset, ids))
            singles.append((number, dataset, table, variable, made))
            if variable.kind is Kind.MULTIPLE and made:
                groups.append((variable, dataset, made))
        for number, (variable, dataset, made) in enumerate(groups, start=1):
            xml.write(_group(variable, dataset, made, number), pretty_print=True)
        for number, dataset, table, variable, made in singles:
            for one in made:
                xml.write(_variable(one, variable, table, dataset, f"F{number}"), pretty_print=True)


def _described(variable: Variable, table: Table, dataset: Dataset, ids: Iterator[int]) -> Iterator[_Described]:
    question = variable_labels(variable, dataset)
    counted = [
        (row.code, category_labels(variable, row.code, dataset, table.pooled_rows), row)
        for row in rows_of(variable, table)
    ]
    if variable.kind is not Kind.MULTIPLE:
        categories = tuple((code, labels, row.counts[0]) for code, labels, row in counted)
        yield _Described(f"V{next(ids)}", tidy.name(variable), question, question, categories)
        return
    missing = tuple((code, labels, row.counts[0]) for code, labels, row in counted if code in STATUSES)
    for code, labels, row in counted:
        if code not in STATUSES:
            unselected = row.unselected[0] if row.unselected else None
            yes_no = ((SELECTED, row.counts[0]), (UNSELECTED, unselected))
            categories = tuple((value, _in_words(partial(_selected, value)), n) for value, n in yes_no)
            yield _Described(f"V{next(ids)}", f"{variable.name}/{code}", labels, question, (*categories, *missing))


def _selected(value: str, reader: Reader) -> str:
    _ = reader.words
    return _("Chosen") if value == SELECTED else _("Not chosen")


def _group(variable: Variable, dataset: Dataset, made: Iterable[_Described], number: int) -> Any:
    members = " ".join(one.id for one in made)
    root = _element("varGrp", ID=f"G{number}", type="multipleResp", name=safe.xml(variable.name), var=members)
    _each(root, "labl", variable_labels(variable, dataset))
    return root


def _variable(one: _Described, variable: Variable, table: Table, dataset: Dataset, file: str) -> Any:
    root = _element("var", ID=one.id, name=safe.xml(one.name), files=file)
    _each(root, "labl", one.labels)
    if variable.sensitive:
        _each(root, "security", _in_words(_sensitive))
    asked = _add(root, "qstn")
    _each(asked, "qstnLit", one.question)
    _each(root, "universe", _in_words(partial(_asked_of, variable, table, dataset)))
    for kind, value in _statistics(table):
        _add(root, "sumStat", repr(value), type=kind)
    for code, labels, count in one.categories:
        category = _add(root, "catgry", **({"missing": "Y"} if code in STATUSES else {}))
        _add(category, "catValu", code)
        _each(category, "labl", labels)
        if count is not None:
            _add(category, "catStat", str(count), type="freq")
    if variable.concept:
        _add(root, "concept", variable.concept)
    _add(root, "varFormat", type=_FORMATS.get(variable.kind, "character"))
    if table.withheld or table.hidden():
        said = method.withheld_sentence if table.withheld else lambda reader: method.hidden_sentence(table, reader)
        _each(root, "notes", _in_words(said))
    return root


def _asked_of(variable: Variable, table: Table, dataset: Dataset, reader: Reader) -> str:
    shown = show(table, dataset, reader)
    known = None if table.withheld else base(table)
    return method.base_sentence(Item(dataset, variable, "", shown, (), known), reader)


def _statistics(table: Table) -> Iterator[tuple[str, float]]:
    found = table.summary
    if found is None:
        return
    median = found.quartiles[1] if found.quartiles else None
    for kind, value in (("mean", found.mean), ("medn", median), ("stdev", found.deviation)):
        if value is not None:
            yield kind, value


def _sensitive(reader: Reader) -> str:
    _ = reader.words
    return _("Sensitive question: a higher threshold protects its answers.")


def variable_labels(variable: Variable, dataset: Dataset) -> Texts:
    """What a question is called, in every locale in which it has a name."""
    locales = LOCALES if variable.id in (CHANNEL, LOCALE) or not variable.label else tuple(variable.label)
    return {locale: variable_label(variable, dataset, _reader(locale)) for locale in locales}


def category_labels(variable: Variable, code: str, dataset: Dataset, pools: Mapping[str, tuple[str, ...]]) -> Texts:
    """What a category is called, in every locale in which it has a name."""
    category: Category | None = next((one for one in variable.categories if one.code == code), None)
    locales = tuple(category.label) if category is not None and category.label and not category.until else LOCALES
    return {locale: category_label(variable, code, pools, dataset, _reader(locale)) for locale in locales}


# --- elements ---


def _reader(locale: str) -> Reader:
    return Reader(locale, words_of(locale))


def _in_words(said: Words) -> Texts:
    """A sentence of the interface in every shipped locale."""
    return {locale: said(_reader(locale)) for locale in LOCALES}


def _element(tag: str, /, **attributes: str) -> Any:
    return etree.Element(f"{{{NAMESPACE}}}{tag}", attributes, nsmap={None: NAMESPACE})


def _add(parent: Any, tag: str, text: str = "", locale: str = "", /, **attributes: str) -> Any:
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)
    if text:
        child.text = safe.xml(text)
    if locale:
        child.set(_LANG, locale)
    return child


def _each(parent: Any, name: str, texts: LocalisedText | Texts) -> None:
    """An element for every locale of a text."""
    for locale, text in texts.items():
        _add(parent, name, text, locale)
