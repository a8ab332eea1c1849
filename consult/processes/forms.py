"""Forms of processes, seats, themes and activities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional

from consult.accounts.models import Institution
from consult.core.policy.themes import STARTER_SETS
from consult.processes.models import Kind, Theme
from consult.processes.words import GATES, KINDS, SEATS, STAGES, UNITS
from consult.web.choices import as_listed, by_name, countries, languages, zones
from consult.web.fields import LocalisedField, MultiCheckboxField, StaffForm
from consult.web.locale import current


def institution_choices(institutions: Sequence[Institution]) -> list[SelectChoice]:
    """Institutions for a select field, by their names in the reader's language."""
    return by_name({place.id: place.name.resolve(current().code).text for place in institutions})


def _named(names: Mapping[Any, str]) -> list[SelectChoice]:
    return as_listed({code: gettext(name) for code, name in names.items()})


class BeginForm(StaffForm):
    """A new process: what is needed to write the rest."""

    title = StringField(_l("Title of the policy"), [InputRequired(), Length(max=200)])
    locale = SelectField(
        _l("Language in which texts are written first"), choices=languages, validators=[InputRequired()]
    )
    lead_institution_id = SelectField(_l("Lead institution"), [InputRequired()])
    country = SelectField(_l("Country"), [InputRequired()], choices=countries)


class ProcessForm(StaffForm):
    """Everything about a process that its officers decide."""

    title = LocalisedField(_l("Title"), [InputRequired()])
    mandate = LocalisedField(
        _l("Mandate"),
        longest=5000,
        description=_l("What the policy is about and who asked for it. **Bold**, lists and [links](https://…) work."),
    )
    public_name = LocalisedField(
        _l("Name for the public"),
        description=_l("What the people that you listen to are called, for example “Ghanaians abroad”."),
    )
    stage = SelectField(_l("Stage of the policy cycle"), [InputRequired()])
    lead_institution_id = SelectField(_l("Lead institution"), [InputRequired()])
    country = SelectField(_l("Country"), [InputRequired()], choices=countries)
    further = MultiCheckboxField(
        _l("Further languages"), description=_l("The public page is offered in these languages as well.")
    )
    gate = SelectField(
        _l("A language is offered as soon as"),
        description=_l("Of questionnaires; the language in which they were written first is always offered."),
    )
    approval = BooleanField(
        _l("A second person approves of every questionnaire before people are asked"),
        description=_l("Without that it cannot open, and no new edition can be published while it is open."),
    )
    contact = StringField(
        _l("Contact for participants"),
        [Length(max=200)],
        description=_l("An e-mail address or telephone number that people can use without giving a name."),
    )
    threshold = IntegerField(
        _l("Disclosure threshold"),
        [InputRequired(), NumberRange(max=1000)],
        description=_l("Numbers about fewer people than this are never shown."),
    )
    public = BooleanField(_l("Show this process to the public"))

    def offer(self, source: str, institutions: Sequence[Institution]) -> None:
        """Set the options that depend on the process."""
        self.stage.choices = _named(STAGES)
        self.gate.choices = _named(GATES)
        self.lead_institution_id.choices = institution_choices(institutions)
        self.further.choices = [choice for choice in languages() if choice.value != source]


class PersonForm(StaffForm):
    """Somebody who is to do something for an institution; they may have no account yet."""

    email = StringField(_l("E-mail address"), [InputRequired(), Email(), Length(max=254)])
    name = StringField(_l("Name"), [Length(max=200)], description=_l("Needed if this person has no account here yet."))
    institution_id = SelectField(_l("For the institution"), [InputRequired()])

    def offer(self, institutions: Sequence[Institution]) -> None:
        """Set the options."""
        self.institution_id.choices = institution_choices(institutions)


class SeatForm(PersonForm):
    """A seat in the core group."""

    seat = SelectField(_l("Role in the core group"), [InputRequired()])
    expires_on = DateField(_l("Last day"), [Optional()], description=_l("Advisers need one."))

    def offer(self, institutions: Sequence[Institution]) -> None:
        """Set the options."""
        super().offer(institutions)
        self.seat.choices = _named(SEATS)


class ThemeForm(StaffForm):
    """A theme."""

    label = LocalisedField(_l("Name"), [InputRequired()])
    code = StringField(
        _l("Code"),
        [Length(max=80)],
        description=_l("Names the theme in imported questionnaires. Made from the name if left empty."),
    )
    parent_id = SelectField(_l("Under"))
    objectives = MultiCheckboxField(_l("Objectives of the Global Compact for Migration"))
    targets = StringField(
        _l("Targets of the Sustainable Development Goals"),
        [Length(max=200)],
        description=_l("Separated by spaces, for example 10.7 8.8"),
    )

    def offer(self, source: str, parents: Sequence[Theme]) -> None:
        """Set the options: the themes that others can stand under, the objectives by name."""
        reader = current().code
        names = {theme.id: theme.label.resolve(reader, source).text for theme in parents}
        self.parent_id.choices = as_listed({"": gettext("No other theme"), **names})
        self.objectives.choices = as_listed(
            {
                number: f"{number}. {theme.label.resolve(reader).text}"
                for theme in STARTER_SETS["global_compact"].themes
                for number in theme.objectives
            }
        )


class ActivityForm(StaffForm):
    """A new activity."""

    kind = RadioField(_l("Kind"), default=Kind.QUESTIONNAIRE)
    title = StringField(_l("Title"), [InputRequired(), Length(max=200)])
    unit = SelectField(
        _l("One response stands for"),
        description=_l("What persons say is protected: numbers about few people are hidden."),
    )
    time_zone = SelectField(
        _l("Time zone"),
        default="UTC",
        description=_l("Opening and closing are set by the clocks of this place."),
    )

    def offer(self) -> None:
        """Set the options."""
        self.unit.choices = _named(UNITS)
        self.time_zone.choices = zones(self.time_zone.data)
        if self.kind is not None:
            self.kind.choices = _named(KINDS)


class RenameForm(ActivityForm):
    """What can be changed about an activity."""

    kind = None
    title = LocalisedField(_l("Title"), [InputRequired()])
