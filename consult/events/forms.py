"""Forms of officers: what an event is."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange

from consult.events.words import FORMS, NEEDS, SELECTIONS
from consult.processes.models import Activity
from consult.web.choices import as_listed, languages
from consult.web.fields import LocalisedField, MultiCheckboxField, StaffForm


class DescribeForm(StaffForm):
    """Everything that officers decide about an event before people can sign up."""

    form = RadioField(_l("Form"), [InputRequired()])
    about = LocalisedField(
        _l("What it is about"),
        [InputRequired()],
        description=_l("Why people are invited, and what becomes of what they say."),
    )
    selection = RadioField(_l("Who gets a place"), [InputRequired()])
    seed_source = LocalisedField(
        _l("From where the seed of the draw comes"),
        description=_l(
            "Something public that nobody knows before sign-up has closed, for example the winning numbers of a "
            "lottery on a certain day. Everybody can read it, and recompute the draw."
        ),
    )
    consent = LocalisedField(
        _l("Consent"), [InputRequired()], description=_l("What people agree to when they sign up.")
    )
    minimum_age = IntegerField(_l("Minimum age"), [InputRequired(), NumberRange(min=0, max=99)])
    guardian = LocalisedField(
        _l("Consent of guardians"),
        description=_l(
            "What guardians agree to for those who are younger. Leave it empty if nobody younger takes part."
        ),
    )
    companions = IntegerField(
        _l("Companions"),
        [InputRequired(), NumberRange(min=0, max=9)],
        description=_l("How many people somebody may bring along."),
    )
    needs = MultiCheckboxField(_l("People are asked whether they need"))
    offer_hours = IntegerField(
        _l("Hours to take a place that became free"),
        [InputRequired(), NumberRange(min=1, max=720)],
        description=_l("Then it is offered to the next on the waiting list."),
    )
    speaking = BooleanField(_l("People can ask to speak"))
    further = MultiCheckboxField(_l("Further languages"), description=_l("The event is offered in these, too."))

    def offer(self, activity: Activity) -> None:
        """Set the options that depend on the process."""
        self.form.choices = as_listed({str(form): gettext(label) for form, label in FORMS.items()})
        self.selection.choices = as_listed({str(way): gettext(label) for way, label in SELECTIONS.items()})
        self.needs.choices = as_listed({str(need): gettext(label) for need, label in NEEDS.items()})
        offered: Sequence[str] = activity.process.locales
        self.further.choices = [
            choice for choice in languages() if choice.value in offered and choice.value != activity.locales[0]
        ]
