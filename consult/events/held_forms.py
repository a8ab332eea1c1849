"""Forms of whoever facilitates: a block of the guide, a note, a position, what is summed up."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from consult.events.models.held import Said
from consult.events.words import SAID, VIEWS
from consult.processes.models import Activity
from consult.web.choices import as_listed
from consult.web.fields import LocalisedField, StaffForm
from consult.web.locale import current


def themes_of(activity: Activity) -> dict[str, str]:
    """The themes of the process by code, in the reader's locale."""
    process = activity.process
    return {theme.code: theme.label.resolve(current().code, process.locales[0]).text for theme in process.themes}


def _offer(field: Field, nothing: str, names: Mapping[str, str]) -> None:
    """Set what there is to choose; what was chosen before and is gone by now can be kept."""
    kept = field.object_data or ""
    field.choices = as_listed({"": nothing, **names, **({} if kept in ("", *names) else {kept: kept})})


def _offer_themes(field: Field, activity: Activity) -> None:
    _offer(field, gettext("No theme"), themes_of(activity))


class BlockForm(StaffForm):
    """A block of the guide."""

    title = LocalisedField(_l("Title"), [InputRequired()])
    theme = SelectField(_l("Theme"), default="", description=_l("Notes taken under this block get it."))
    questions = LocalisedField(
        _l("Questions"), [InputRequired()], longest=2000, description=_l("A question in each line.")
    )
    probes = LocalisedField(
        _l("If it does not come up"), longest=2000, description=_l("What is asked further, one in each line.")
    )
    minutes = IntegerField(_l("Minutes"), [InputRequired(), NumberRange(min=1, max=600)])

    def offer(self, activity: Activity) -> None:
        """Set the options that depend on the process."""
        _offer_themes(self.theme, activity)


class _SeenForm(StaffForm):
    """A form of what others can change meanwhile."""

    seen = HiddenField(default="0")
    """The revision that was seen."""

    @property
    def revision(self) -> int:
        """The same as a number; one that there never is where the form does not say."""
        seen = self.seen.data or ""
        return int(seen) if seen.isdecimal() and len(seen) < 10 else -1


class _SaidForm(_SeenForm):
    """What every form of what was said has."""

    key = HiddenField()
    """Of the note, drawn with the form: a form that comes twice makes one note."""
    theme = SelectField(_l("Theme"), default="")
    confidential = BooleanField(
        _l("Confidential"), description=_l("It stays with those who work on the event, and is not coded.")
    )
    sure = BooleanField(_l("This is nobody who signed up: keep it"))
    asks = False
    """Whether a word was taken for a name, so that `sure` is asked."""

    @property
    def drawn(self) -> uuid.UUID:
        """The id of the note; a new one where the form does not say."""
        try:
            return uuid.UUID(self.key.data or "")
        except ValueError:
            return uuid.uuid4()


class NoteForm(_SaidForm):
    """A note, or a quote."""

    body = TextAreaField(
        _l("What was said"),
        [InputRequired()],
        description=_l("Write no names: say who it was by role or profile below, or leave it open."),
    )
    said = RadioField(_l("This is"), [InputRequired()], default=Said.NOTE)
    consent = BooleanField(_l("Who said it agreed to be quoted"))
    speaker = SelectField(_l("Who said it"), default="")
    people = IntegerField(
        _l("How many shared it"), [Optional(), NumberRange(min=1, max=100_000)], description=_l("As you counted.")
    )

    def offer(self, activity: Activity, speakers: Mapping[str, str]) -> None:
        """Set the options that depend on the event."""
        self.said.choices = as_listed({str(kind): gettext(label) for kind, label in SAID.items()})
        _offer(self.speaker, gettext("Nobody in particular"), speakers)
        _offer_themes(self.theme, activity)


class PositionForm(_SaidForm):
    """Where an institution stands on a theme."""

    institution = StringField(_l("Institution"), [InputRequired(), Length(max=200)])
    view = RadioField(_l("Position"), [InputRequired()])
    body = TextAreaField(_l("In its words"), [Optional()])

    def offer(self, activity: Activity) -> None:
        """Set the options that depend on the event."""
        self.view.choices = as_listed({str(view): gettext(label) for view, label in VIEWS.items()})
        _offer_themes(self.theme, activity)


class SummingForm(_SeenForm):
    """What is summed up of an occasion; a field for each theme is added by `with_themes`."""

    summary = LocalisedField(_l("What came out of it"), longest=10_000)
    conduct = LocalisedField(
        _l("How it went"),
        longest=10_000,
        description=_l("What was unusual, who was missing, what to bear in mind. Name nobody."),
    )


def with_themes(activity: Activity) -> type[SummingForm]:
    """The form with a field for what was concluded on each theme of the process."""
    fields = {
        f"theme-{code}": TextAreaField(label, [Length(max=10_000)]) for code, label in themes_of(activity).items()
    }
    return type("SummingOfThemes", (SummingForm,), fields)
