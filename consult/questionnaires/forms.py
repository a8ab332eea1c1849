"""Forms of importing and of letting people in."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from consult.core.questionnaire.standing import AGE, CONSENT, FILLED_IN_BY, Wanted
from consult.web.choices import every_language
from consult.web.fields import LocalisedField, StaffForm, moment_field


def _languages() -> list[SelectChoice]:
    return [SelectChoice("", gettext("As the file says, else English")), *every_language()]


class ImportForm(StaffForm):
    """A file to be read."""

    file = FileField(_l("XLSForm (.xlsx) or LimeSurvey survey (.lss)"), [FileRequired()])
    attached = MultipleFileField(_l("Files that belong to the form: choices (.csv), sounds, pictures"))
    source = SelectField(_l("Language of columns that name none"), choices=_languages)


class TranslationsForm(StaffForm):
    """A file of translations."""

    file = FileField(_l("File of translations (.xlsx, .xlf or .po)"), [FileRequired()])
    reviews = BooleanField(_l("What the file marks as reviewed counts as reviewed"))


class MediaForm(StaffForm):
    """Sounds and pictures to be taken in."""

    files = MultipleFileField(_l("Sounds and pictures"), [FileRequired()])


class RoundForm(StaffForm):
    """What the next round is called."""

    title = StringField(_l("Title"), [InputRequired(), Length(max=200)])


class StandingForm(StaffForm):
    """Which standing questions are asked, and in which words."""

    consent = BooleanField(
        _l("Ask for consent to special categories of data"),
        description=_l("Who does not agree is thanked and led out."),
    )
    consent_words = LocalisedField(
        _l("What people are asked to agree to"),
        longest=1000,
        description=_l("Name the matters that your questions are about, in plain words."),
    )
    least_age = IntegerField(
        _l("Least age"), [Optional()], description=_l("In years. Leave it empty if everybody may take part.")
    )
    guardians = BooleanField(
        _l("Younger people may take part"),
        description=_l("If they want to, and if a parent or guardian agrees: both are asked in one choice."),
    )
    age_words = LocalisedField(_l("How age is asked for"), longest=500)
    filled_in_by = BooleanField(
        _l("Ask who fills the questionnaire in"),
        description=_l(
            "By oneself, with help, or for somebody else. Nobody has to say it; tables can be divided by it."
        ),
    )
    filled_in_by_words = LocalisedField(_l("How that is asked for"), longest=500)

    def wanted(self) -> Wanted:
        """What was decided."""
        words = {
            CONSENT: self.consent_words.data,
            AGE: self.age_words.data,
            FILLED_IN_BY: self.filled_in_by_words.data,
        }
        return Wanted(self.consent.data, self.least_age.data or 0, self.guardians.data, self.filled_in_by.data, words)


class ScheduleForm(StaffForm):
    """Local times in the activity's time zone."""

    opens_at = moment_field(_l("Opens"))
    closes_at = moment_field(_l("Closes"))


class ReopenForm(StaffForm):
    """Until when people can take part again."""

    closes_at = moment_field(_l("Closes"))
