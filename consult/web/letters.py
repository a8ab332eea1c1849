"""What is written to people in their language: mails from `templates/email/<name>.txt` (its first line is the subject)
and `.html`, letters on paper."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g, render_template
from flask_babel import force_locale

from consult.mail.service import Letter
from consult.web.locale import Locale, current, in_whole, locale_of
from consult.web.words import unmarked


def compose(name: str, locale: str, **values: object) -> Letter:
    """A mail in a locale; works in requests and in the worker. Subjects never carry what somebody typed."""
    with _written_in(locale) as written:
        values = {**values, "locale": written}
        subject, _, text = unmarked(render_template(f"email/{name}.txt", **values)).partition("\n")
        return Letter(subject.strip(), text.strip() + "\n", _settled(render_template(f"email/{name}.html", **values)))


def page(template: str, locale: str, **values: object) -> str:
    """A page to be printed in a locale, likewise."""
    with _written_in(locale) as written:
        return _settled(render_template(template, **{**values, "locale": written}))


def _settled(html: str) -> str:
    return in_whole(html.encode()).decode()


@contextmanager
def _written_in(locale: str) -> Iterator[Locale]:
    readers, written = current(), locale_of(locale)
    g.locale = written
    try:
        with force_locale(written.shipped):
            yield written
    finally:
        g.locale = readers
