"""Forms of officers: occasions, series, programme, documents, profile grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from consult.events.grid import Asked
from consult.events.words import PROVISIONS
from consult.processes.models import Activity, Process
from consult.web.choices import as_listed, every_language, zones
from consult.web.fields import LocalisedField, MultiCheckboxField, StaffForm, moment_field
from consult.web.locale import current, locale_of

ROWS: Final = 8
"""Cities that a series gets at once."""
CELL: Final = "cell_"
"""Before the id of a question: the field of its categories."""


class OccasionForm(StaffForm):
    """When and where, for how many, in which languages."""

    title = LocalisedField(
        _l("Title"), [InputRequired()], description=_l("What tells it from the others: the city, for example.")
    )
    time_zone = SelectField(
        _l("Time zone"), [InputRequired()], description=_l("Of the place. Times are those of its clocks.")
    )
    starts = moment_field(_l("Begins"), InputRequired())
    minutes = IntegerField(_l("Minutes that it lasts"), [InputRequired(), NumberRange(min=5, max=10_080)])
    sign_up_until = moment_field(
        _l("Sign-up ends"), description=_l("Leave it empty if people can sign up until it begins.")
    )
    capacity = IntegerField(
        _l("Places"),
        [InputRequired(), NumberRange(min=1, max=100_000)],
        description=_l("Those whom people bring along take a place, too."),
    )
    in_place = BooleanField(_l("People meet in a place"))
    place = LocalisedField(_l("Place"), longest=1000, description=_l("The address, the room, and how one gets there."))
    online = BooleanField(_l("People can join online"))
    link = StringField(
        _l("Link to join"), [Length(max=500)], description=_l("Only those who have a place are told it.")
    )
    languages = MultiCheckboxField(_l("Languages in which it is held"))
    further_language = SelectField(_l("Another language in which it is held"))
    interpretation = MultiCheckboxField(_l("Languages into which it is interpreted"))
    further_interpretation = SelectField(_l("Another language into which it is interpreted"))
    provisions = MultiCheckboxField(_l("What is provided"))

    def offer(self, activity: Activity, chosen: Sequence[str]) -> None:
        """Set the options; `chosen`: languages that were chosen so far."""
        self.time_zone.choices = zones(self.time_zone.data)
        offered = dict.fromkeys((*activity.locales, *activity.process.locales, *chosen))
        for field in (self.languages, self.interpretation):
            field.choices = as_listed({code: locale_of(code).name for code in offered})
        for field in (self.further_language, self.further_interpretation):
            field.choices = [*as_listed({"": gettext("No other language")}), *every_language()]
        self.provisions.choices = as_listed({str(one): gettext(label) for one, label in PROVISIONS.items()})


def series_form(activity: Activity) -> StaffForm:
    """Further cities, one in each row: `title_1`, `place_1`, `time_zone_1`, `starts_1`, …"""
    fields: dict[str, Any] = {}
    named = zones(activity.time_zone)
    for row in range(1, ROWS + 1):
        fields[f"title_{row}"] = StringField(_l("Title"), [Length(max=200)])
        fields[f"place_{row}"] = TextAreaField(_l("Place"), [Length(max=1000)])
        fields[f"time_zone_{row}"] = SelectField(_l("Time zone"), choices=named, default=activity.time_zone)
        fields[f"starts_{row}"] = moment_field(_l("Begins"))
    form: StaffForm = type("SeriesForm", (StaffForm,), fields)()
    return form


class SlotForm(StaffForm):
    """A part of the programme."""

    title = LocalisedField(_l("What happens"), [InputRequired()])
    minutes = IntegerField(_l("Minutes"), [InputRequired(), NumberRange(min=1, max=1440)])
    theme = SelectField(_l("Theme"))

    def offer(self, process: Process) -> None:
        """Set the themes of the process."""
        source = process.locales[0]
        themes = {theme.code: theme.label.resolve(current().code, source).text for theme in process.themes}
        self.theme.choices = as_listed({"": gettext("No theme"), **themes})


class HandoutForm(StaffForm):
    """A document for those who take part."""

    title = LocalisedField(_l("Title"), [InputRequired()])
    file = FileField(_l("File"), [FileRequired()])


class TargetForm(StaffForm):
    """How many of a profile there should be; a field of categories for each question comes before (`target_form`)."""

    minimum = IntegerField(_l("At least"), [Optional(), NumberRange(min=0, max=100_000)])
    maximum = IntegerField(
        _l("At most"), [Optional(), NumberRange(min=0, max=100_000)], description=_l("Empty: as many as there are.")
    )

    def cell(self) -> Mapping[str, Sequence[str]]:
        """The categories chosen, by question."""
        return {field.name.removeprefix(CELL): field.data for field in self if field.name.startswith(CELL)}


def target_form(asked: Sequence[Asked], source: str, **given: Any) -> TargetForm:
    """A form that offers the questions of the screening and their choices."""
    reader = current().code
    fields = {
        f"{CELL}{one.id}": MultiCheckboxField(
            one.label.resolve(reader, source).text,
            choices=as_listed({code: label.resolve(reader, source).text for code, label in one.choices.items()}),
        )
        for one in asked
    }
    form: TargetForm = type("ChosenTargetForm", (TargetForm,), fields)(**given)
    return form
