"""Forms of staff pages: cleaned text, texts in several locales, sentences in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from flask_babel import gettext, ngettext
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, Field, PasswordField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.core import UnboundField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from consult.config import LOCALES
from consult.core.errors import Problem
from consult.core.text import LocalisedText, clean
from consult.web.locale import Locale, locale_of
from consult.web.messages import sentence
from consult.web.messages.forms import FIELD_SENTENCES, LENGTH_SENTENCES

_LOCAL: Final = "%Y-%m-%dT%H:%M"
"""How browsers send a local date and time."""


class _Sentences:
    """What WTForms asks for the words of an error."""

    def gettext(self, text: str) -> str:
        """A sentence, in our words."""
        return str(gettext(FIELD_SENTENCES.get(text, text))) if text else ""

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """A sentence with a number, in our words."""
        if singular not in LENGTH_SENTENCES:
            return self.gettext(singular if count == 1 else plural)
        # WTForms puts the numbers in itself; naming the placeholders after themselves leaves them in place.
        return str(ngettext(*LENGTH_SENTENCES[singular], count, min="%(min)s", max="%(max)s"))


class StaffForm(FlaskForm):  # type: ignore[misc]  # WTForms is untyped
    """Base of every form: what is typed is cleaned and trimmed, passwords excepted."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # WTForms is untyped
        """WTForms' settings."""

        def get_translations(self, form: StaffForm) -> _Sentences:
            """The project's own catalogue instead of WTForms'."""
            return _Sentences()

        def bind_field(self, form: StaffForm, unbound_field: UnboundField, options: dict[str, Any]) -> Field:
            """Have every text cleaned before anything looks at it."""
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                filters = unbound_field.kwargs.get("filters", ())
                unbound_field = UnboundField(
                    kind,
                    *unbound_field.args,
                    **{
                        **unbound_field.kwargs,
                        "filters": [_trimmed if issubclass(kind, TextAreaField) else _one_line, *filters],
                    },
                )
            return unbound_field.bind(form=form, **options)

    def __init__(self, *args: Any, locales: Sequence[str] = LOCALES, **kwargs: Any) -> None:
        """`locales`: those in which `LocalisedField`s are edited, the source locale first."""
        self.locales = [locale_of(code) for code in locales]
        super().__init__(*args, **kwargs)

    def refuse(self, problems: Sequence[Problem]) -> None:
        """Show what a service refused, at the fields it names (`title`, `title-fr`), else above the form."""
        parts = {part.name: part for found in self if isinstance(found, LocalisedField) for part in found}
        for problem in problems:
            name = problem.place.field
            if name in parts:
                parts[name].errors.append(sentence(problem))
            elif name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, sentence(problem)]
            else:
                self.form_errors.append(sentence(problem))


class ConfirmForm(StaffForm):
    """Nothing but the token: somebody was asked and says yes."""


def _trimmed(value: object) -> object:
    return clean(value).strip() if isinstance(value, str) else value


def _one_line(value: object) -> object:
    return " ".join(clean(value).split()) if isinstance(value, str) else value


@dataclass(slots=True)
class Part:
    """A text in one of its locales, as the form macros show it."""

    id: str
    name: str
    locale: Locale
    data: str
    errors: list[str] = field(default_factory=list)


class LocalisedField(Field):  # type: ignore[misc]  # WTForms is untyped
    """One text in several locales; its data is a `LocalisedText`. `InputRequired` asks for the source locale.

    Locales that the form does not show keep their text.
    """

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        longest: int = 200,
        **kwargs: Any,
    ) -> None:
        self.longest = longest
        self.errors: list[Any] = []
        self._locales: list[Locale] = kwargs["_form"].locales
        super().__init__(label, validators, **kwargs)

    def process_data(self, value: Mapping[str, str] | None) -> None:
        """Take the text as it is stored."""
        self.data = LocalisedText(value or {})
        self.parts = self._shown()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Nothing: the parts have names of their own, see `process`."""

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Take the stored text, then what was typed in each locale."""
        super().process(None, *args, **kwargs)
        if formdata is None:
            return
        text = self.data
        for part in self.parts:
            if part.name in formdata:
                text = text.with_text(part.locale.code, clean(formdata.get(part.name)).strip())
        self.data = text
        self.raw_data = [text.get(locale.code, "") for locale in self._locales[:1]]
        self.parts = self._shown()

    def post_validate(self, form: StaffForm, validation_stopped: bool) -> None:
        """Show errors at the part they belong to."""
        if self.errors:
            self.parts[0].errors.extend(str(error) for error in self.errors)
        for part in self.parts:
            if len(part.data) > self.longest:
                part.errors.append(
                    ngettext(
                        "Write at most %(max)s character.",
                        "Write at most %(max)s characters.",
                        self.longest,
                        max=self.longest,
                    )
                )
        self.errors = [part.errors for part in self.parts if part.errors]

    def __iter__(self) -> Iterator[Part]:
        return iter(self.parts)

    def _shown(self) -> list[Part]:
        return [
            Part(f"{self.id}-{locale.code}", f"{self.name}-{locale.code}", locale, self.data.get(locale.code, ""))
            for locale in self._locales
        ]


def moment_field(label: str, *validators: Any, **given: Any) -> DateTimeLocalField:
    """A date and a time by the clocks of a place; may be left empty unless a validator says otherwise."""
    return DateTimeLocalField(
        label, [*(validators or (Optional(),)), _within_calendar], format=[_LOCAL, f"{_LOCAL}:%S"], **given
    )


def _within_calendar(_form: StaffForm, field: Field) -> None:
    # At the edges of the calendar a local time is no moment in UTC.
    if field.data is not None and not dt.MINYEAR < field.data.year < dt.MAXYEAR:
        raise ValidationError(gettext("Write a date and a time, for example 2026-03-31 18:00."))


class MultiCheckboxField(SelectMultipleField):  # type: ignore[misc]  # WTForms is untyped
    """Several of some options, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
