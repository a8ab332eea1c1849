"""Extracts, updates and compiles the message catalogues of the interface.

`python translations/catalogues.py update` (make strings) or `compile` (part of make run and make test).
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, meta

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


PUBLIC = "layouts/public.html"
"""What the pages of participants are made in."""
SLICES = ("responses", "privacy", "errors")
"""Folders of templates in which such pages are theirs: those of whoever speaks to them at an activity."""
OF_STAFF = ("responses/interview_", "responses/joint/", "responses/preview", "responses/trial")
"""How the names of pages and parts begin that look alike and that only staff see."""
SPEAKERS = (
    "consult/privacy/told.py",
    "consult/responses/reader.py",
    "consult/responses/texts.py",
    "consult/responses/views/inviting.py",
    "consult/responses/views/own.py",
    "consult/web/errors.py",
    "consult/web/messages/answers.py",
)
"""Modules that speak to participants. What is forgotten here, `tests/languages/test_pages.py` finds on the pages."""


def extract() -> Catalog:
    """The strings of the interface as the sources have them now, with the files that use them."""
    catalogue = Catalog(project="consult", charset="utf-8")
    for folder, methods in METHODS.items():
        for name, _line, message, comments, context in extract_from_dir(
            ROOT / folder, methods, OPTIONS, KEYWORDS, (COMMENT,), strip_comment_tags=True
        ):
            catalogue.add(message, locations=[(f"{folder}/{name}", None)], auto_comments=comments, context=context)
    return catalogue


def participants() -> Catalog:
    """Those that participants see, in the order in which they meet them: what an added language is translated from."""
    wanted = {f"templates/{name}" for name in templates_of_participants()} | {*SPEAKERS}
    found = []
    for message in extract():
        places = [place for place, _line in message.locations if place in wanted]
        if message.id and places:
            found.append((min(places, key=_order), message))
    catalogue = Catalog(project="consult", charset="utf-8")
    for place, message in sorted(found, key=lambda one: _order(one[0])):
        catalogue.add(message.id, locations=[(place, None)], auto_comments=message.auto_comments)
    return catalogue


def _order(place: str) -> tuple[int, str]:
    """Pages before their parts, what can go wrong last."""
    pages = ("layouts", "responses", "questions", "components", "privacy", "errors")
    folders = (*(f"templates/{folder}/" for folder in pages), "consult/responses/")
    return next((number for number, folder in enumerate(folders) if place.startswith(folder)), len(folders)), place


def templates_of_participants() -> set[str]:
    """The templates of pages that participants see, with everything that these take in."""
    folder = ROOT / "templates"
    parser = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.html"))]
    uses = {
        name: [*meta.find_referenced_templates(parser.parse((folder / name).read_text(encoding="utf-8")))]
        for name in names
    }

    def lines(name: str) -> Iterator[str]:
        """A page and the layouts that it is made in."""
        yield name
        extended = re.search(r'{% extends "([^"]+)"', (folder / name).read_text(encoding="utf-8"))
        if extended:
            yield from lines(extended[1])

    own = [name for name in names if name.startswith(tuple(f"{part}/" for part in SLICES))]
    named = [
        name for module in SPEAKERS for name in re.findall(r'"([a-z/_]+\.html)"', (ROOT / module).read_text("utf-8"))
    ]
    waiting = [*named, *(name for name in own if not name.startswith(OF_STAFF) and PUBLIC in lines(name))]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found and not name.startswith(OF_STAFF):
            found.add(name)
            for used in uses[name]:  # none: the name is computed, which is done for types of questions
                waiting += [used] if used else [one for one in names if one.startswith("questions/")]
    return found


def locales() -> list[str]:
    """The locales that have a catalogue: all that are shipped but the source language."""
    return [code for code in json.loads((HERE / "locales.json").read_text(encoding="utf-8")) if code != "en"]


def catalogue_of(locale: str) -> Path:
    """The catalogue of a locale."""
    return HERE / locale / "LC_MESSAGES" / "messages.po"


def update() -> None:
    """Write both templates and bring every catalogue up to date; a changed string loses its translation."""
    template = extract()
    _write(HERE / "messages.pot", template)
    update_participants()
    for locale in locales():
        path = catalogue_of(locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = read(locale) if path.exists() else Catalog(locale=locale, charset="utf-8")
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        _write(path, catalogue)


def update_participants() -> None:
    """Write participants.pot."""
    _write(HERE / "participants.pot", participants(), sort=False)


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


def _write(path: Path, catalogue: Catalog, *, sort: bool = True) -> None:
    """Write a catalogue so that it changes only where its strings do: no dates, no names, no line numbers."""
    catalogue.project, catalogue.version, catalogue.fuzzy = "consult", "1", False
    catalogue.header_comment = "# Part of consult; under the same licence (EUPL-1.2)."
    buffer = io.BytesIO()
    bare = path.suffix == ".pot"
    write_po(buffer, catalogue, width=120, sort_output=sort, omit_header=bare, include_lineno=False)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    path.write_text(
        "".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in _VOLATILE))), "utf-8"
    )


if __name__ == "__main__":
    {"update": update, "compile": compile_all}[sys.argv[1]]()
