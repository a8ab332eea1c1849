"""The form of a language."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from consult.config import LOCALES
from consult.core import numbering, plurals
from consult.web.choices import as_listed
from consult.web.fields import StaffForm
from consult.web.locale import locale_of


def _directions() -> list[SelectChoice]:
    return as_listed({"ltr": gettext("From left to right"), "rtl": gettext("From right to left")})


def _digits() -> list[SelectChoice]:
    """Systems of digits, each by how it writes some numbers."""
    sample = "1 2 3 4 5 6 7 8 9"
    return as_listed({code: f"{numbering.written(sample, code)} ({code})" for code in numbering.SYSTEMS})


def _fallbacks() -> list[SelectChoice]:
    return as_listed({code: locale_of(code).name for code in LOCALES})


class LanguageForm(StaffForm):
    """A language of participants' pages."""

    name = StringField(
        _l("Name in the language itself"),
        [InputRequired(), Length(max=80)],
        description=_l("As its readers find it in the list of languages, for example دری."),
    )
    english = StringField(_l("Name in English"), [InputRequired(), Length(max=80)])
    direction = SelectField(_l("Direction of writing"), [InputRequired()], choices=_directions)
    digits = SelectField(
        _l("Digits"),
        [InputRequired()],
        choices=_digits,
        description=_l("In which numbers are shown. What is typed is understood in any digits."),
    )
    plural = TextAreaField(
        _l("Plural rule"),
        [Length(max=plurals.LONGEST)],
        description=_l(
            "A line for each form but the last one, for example “one: i = 0 or n = 1”, or “other:” where there is "
            "only one form. Leave this empty to take what Unicode CLDR says of the language."
        ),
    )
    fallback = SelectField(_l("Language for what is not translated yet"), [InputRequired()], choices=_fallbacks)


class NewLanguageForm(LanguageForm):
    """A language that is to be added."""

    code = StringField(
        _l("Code"),
        [InputRequired(), Length(max=35)],
        description=_l(
            "The code of the language by BCP 47, for example “prs” for Dari or “ti-ER” for Tigrinya of Eritrea."
        ),
    )
