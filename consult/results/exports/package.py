"""A Frictionless data package (Data Package 1.0): the other data formats in one archive, and a schema of its tables.

`datapackage.json` is written last, when size and hash of everything else are known.
"""

from __future__ import annotations

import hashlib
import json as json_text
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, Any, Final, get_type_hints

from consult.core.aggregation.tables import Kind, rows_of
from consult.core.exchange.csv import Fields, lines
from consult.results import method
from consult.results.content import Content
from consult.results.exports import ddi, json, ods, parquet, tidy, xlsx
from consult.results.exports.spool import put, spooled
from consult.results.presentation import Reader, variable_label

MEDIA_TYPE: Final = "application/zip"
_NUMBERS: Final[dict[object, str]] = {int | None: "integer", float | None: "number"}
_TYPES: Final = {
    "sensitive": "boolean",
    **{name: _NUMBERS[kind] for name, kind in get_type_hints(tidy.Cell).items() if kind in _NUMBERS},
}
_LIMITS: Final[dict[str, dict[str, Any]]] = {
    "count": {"minimum": 0},
    "percent": {"minimum": 0, "maximum": 100},
    "status": {"required": True, "enum": list(tidy.STATUSES)},
    "kind": {"enum": [str(kind) for kind in Kind]},
    "activity": {"required": True},
    "question": {"required": True},
}
_QUESTIONS: Final = ("activity", "question", "label", "kind", "theme", "concept", "sensitive")
_LABELS: Final = ("activity", "question", "category", "locale", "label")
_IDENTITY: Final = ["activity", "question"]


def write(content: Content, frozen: bytes, hash_: str, reader: Reader, quotes: bytes = b"") -> Iterator[bytes]:
    """The archive, in chunks. `quotes`: those beside the release by now, as CSV; they are no part of what is frozen."""

    def fill(file: IO[bytes]) -> None:
        given = (content, frozen, hash_, reader)
        tables: list[tuple[str, Iterable[str], Iterator[Fields], dict[str, Any]]] = [
            ("cells", tidy.Cell._fields, tidy.cells(content, reader), {"foreignKeys": [_key("questions")]}),
            ("questions", _QUESTIONS, _questions(content, reader), {"primaryKey": _IDENTITY}),
            ("labels", _LABELS, _labels(content), {"foreignKeys": [_key("questions")]}),
        ]
        files = [
            ("release", "json", "application/json", json.write(*given)),
            ("codebook", "xml", ddi.MEDIA_TYPE, ddi.write(*given)),
            ("cells-parquet", "parquet", parquet.MEDIA_TYPE, parquet.write(*given)),
            ("workbook", "xlsx", xlsx.MEDIA_TYPE, xlsx.write(*given)),
            ("workbook-ods", "ods", ods.MEDIA_TYPE, ods.write(*given)),
            *([("quotes", "csv", "text/csv", iter([quotes]))] if quotes else []),
        ]
        resources = []
        with zipfile.ZipFile(file, "w") as archive:
            for name, header, rows, more in tables:
                schema = {"fields": [_field(column) for column in header], "missingValues": [""], **more}
                about = _put(archive, content, f"data/{name}.csv", lines(header, rows))
                resources.append(_tabular(name, about) | {"schema": schema})
            for name, ending, media_type, pieces in files:
                about = _put(archive, content, f"{name.partition('-')[0]}.{ending}", pieces)
                resources.append({"name": name, **about, "type": "file", "format": ending, "mediatype": media_type})
            described = json_text.dumps(_descriptor(content, hash_, reader, resources), ensure_ascii=False, indent=2)
            put(archive, "datapackage.json", [described.encode()], content.frozen_on)

    return spooled(fill)


def _put(archive: zipfile.ZipFile, content: Content, path: str, pieces: Iterable[bytes]) -> dict[str, Any]:
    """Write a part; where it is, how large, and its hash."""
    digest = hashlib.sha256()

    def passed() -> Iterator[bytes]:
        for piece in pieces:
            digest.update(piece)
            yield piece

    size = put(archive, path, passed(), content.frozen_on)
    return {"path": path, "bytes": size, "hash": f"sha256:{digest.hexdigest()}"}


def _descriptor(content: Content, hash_: str, reader: Reader, resources: list[dict[str, Any]]) -> dict[str, Any]:
    _ = reader.words
    mark = [method.synthetic_mark(reader)] if content.synthetic else []
    title = reader.text(content.title, content.source)
    return {
        "profile": "data-package",
        "name": f"{content.process}-{content.number}",
        "id": hash_,
        "title": " – ".join(filter(None, (reader.text(content.process_title, content.source), title))),
        "description": "\n\n".join([*mark, *method.caveats(reader, content), *method.paragraphs(content, reader)]),
        "version": str(content.number),
        "created": f"{content.frozen_on}T00:00:00Z",
        "licenses": [
            {"name": "notspecified", "title": _("No licence is stated. Ask the lead institution before you reuse it.")}
        ],
        "sources": [
            {"title": f"{reader.text(dataset.title, dataset.source)} – {line}"}
            for dataset in content.datasets
            for line in (*method.weighting(dataset, reader), *method.editions(dataset, reader))
        ],
        "resources": resources,
    }


def _tabular(name: str, about: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        **about,
        "profile": "tabular-data-resource",
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
    }


def _field(name: str) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "type": _TYPES.get(name, "string")}
    return field | ({"constraints": _LIMITS[name]} if name in _LIMITS else {})


def _key(resource: str) -> dict[str, Any]:
    return {"fields": _IDENTITY, "reference": {"resource": resource, "fields": _IDENTITY}}


def _questions(content: Content, reader: Reader) -> Iterator[Fields]:
    for dataset in content.datasets:
        for variable in dataset.variables:
            label = variable_label(variable, dataset, reader)
            about = (str(variable.kind), variable.theme, variable.concept, variable.sensitive)
            yield dataset.slug, tidy.name(variable), label, *about


def _labels(content: Content) -> Iterator[Fields]:
    """Questions (without a category) and categories, in every locale in which they have a name."""
    for dataset in content.datasets:
        for table in dataset.one_way():
            variable = dataset.variable(table.variable)
            head = dataset.slug, tidy.name(variable)
            for locale, text in ddi.variable_labels(variable, dataset).items():
                yield *head, "", locale, text
            for row in rows_of(variable, table):
                for locale, text in ddi.category_labels(variable, row.code, dataset, table.pooled_rows).items():
                    yield *head, row.code, locale, text
