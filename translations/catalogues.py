"""Extracts, updates and compiles the message catalogues of the interface.

`python translations/catalogues.py update` (make strings) or `compile` (part of make run and make test).
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "_l": None,
    "NN_": (1, 2),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
COMMENT = "Translators:"


METHODS = {
    "consult": [("**.py", "python")],
    "templates": [("**.html", "jinja2"), ("**.txt", "jinja2")],
}
OPTIONS = {pattern: {"trimmed": "true"} for pattern in ("**.html", "**.txt")}


def extract() -> Catalog:
    """The strings of the interface as the sources have them now, with the files that use them."""
    catalogue = Catalog(project="consult", charset="utf-8")
    for folder, methods in METHODS.items():
        for name, _line, message, comments, context in extract_from_dir(
            ROOT / folder, methods, OPTIONS, KEYWORDS, (COMMENT,), strip_comment_tags=True
        ):
            catalogue.add(message, locations=[(f"{folder}/{name}", None)], auto_comments=comments, context=context)
    return catalogue


def locales() -> list[str]:
    """The locales that have a catalogue: all that are shipped but the source language."""
    return [code for code in json.loads((HERE / "locales.json").read_text(encoding="utf-8")) if code != "en"]


def catalogue_of(locale: str) -> Path:
    """The catalogue of a locale."""
    return HERE / locale / "LC_MESSAGES" / "messages.po"


def update() -> None:
    """Write messages.pot and bring every catalogue up to it; a changed string loses its translation."""
    template = extract()
    _write(HERE / "messages.pot", template)
    for locale in locales():
        path = catalogue_of(locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = read(locale) if path.exists() else Catalog(locale=locale, charset="utf-8")
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        _write(path, catalogue)


def read(locale: str) -> Catalog:
    """The catalogue of a locale as it is."""
    with catalogue_of(locale).open("rb") as file:
        return read_po(file, locale=locale)


def compile_all() -> None:
    """Compile the catalogues that are newer than their compiled form."""
    for locale in locales():
        path = catalogue_of(locale)
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            with compiled.open("wb") as target:
                write_mo(target, read(locale))


_VOLATILE = (
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Last-Translator",
    "Language-Team",
    "Report-Msgid-Bugs-To",
    "Generated-By",
)


def _write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue so that it changes only where its strings do: no dates, no names, no line numbers."""
    catalogue.project, catalogue.version, catalogue.fuzzy = "consult", "1", False
    catalogue.header_comment = "# Part of consult; under the same licence (EUPL-1.2)."
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, sort_output=True, omit_header=path.suffix == ".pot", include_lineno=False)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    path.write_text(
        "".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in _VOLATILE))), "utf-8"
    )


if __name__ == "__main__":
    {"update": update, "compile": compile_all}[sys.argv[1]]()
