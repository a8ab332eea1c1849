"""Mails in the recipient's language, from `templates/email/<name>.txt` (its first line is the subject) and `.html`."""

from __future__ import annotations

from flask import g, render_template
from flask_babel import force_locale

from consult.mail.service import Letter
from consult.web.locale import current, locale_of


def compose(name: str, locale: str, **values: object) -> Letter:
    """A letter in a locale; works in requests and in the worker. Subjects never carry what somebody typed."""
    readers, written = current(), locale_of(locale)
    g.locale = written
    try:
        with force_locale(written.shipped):
            values = {**values, "locale": written}
            subject, _, text = render_template(f"email/{name}.txt", **values).partition("\n")
            return Letter(subject.strip(), text.strip() + "\n", render_template(f"email/{name}.html", **values))
    finally:
        g.locale = readers
