"""Forms of those who decide who comes: choosing, nominating, drawing."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TelField, TextAreaField
from wtforms.fields import EmailField
from wtforms.validators import Email, InputRequired, Length, Optional

from consult.events.choosing import LONGEST, Act
from consult.events.drawing import LONGEST as LONGEST_SEED
from consult.events.words import ACTS, NEEDS
from consult.processes.models import Activity
from consult.web.choices import as_listed
from consult.web.fields import MultiCheckboxField, StaffForm
from consult.web.locale import locale_of


class ChooseForm(StaffForm):
    """What is decided about those who are marked, and why."""

    act = RadioField(_l("Decision"), [InputRequired()])
    reason = TextAreaField(
        _l("Reason"),
        [Length(max=LONGEST)],
        description=_l("Only those who work on the event read it. A place, or that there is none, needs a reason."),
    )

    def offer(self, acts: Sequence[Act]) -> None:
        """Set what can be decided."""
        self.act.choices = as_listed({str(act): gettext(ACTS[act]) for act in acts})


class NominateForm(StaffForm):
    """Somebody whom an institution or association nominates."""

    key = HiddenField()
    """Drawn with the form: one that comes twice enters somebody once."""
    institution = StringField(_l("Nominated by"), [InputRequired(), Length(max=200)])
    name = StringField(_l("Name"), [InputRequired(), Length(max=200)])
    address = EmailField(_l("E-mail address"), [Optional(), Email(), Length(max=254)])
    phone = TelField(_l("Telephone"), [Length(max=40)])
    locale = SelectField(_l("Language"), [InputRequired()], description=_l("In which they are written to."))
    needs = MultiCheckboxField(_l("What they need"))

    def offer(self, activity: Activity, needs: Sequence[str]) -> None:
        """Set the options that depend on the event."""
        self.locale.choices = as_listed({code: locale_of(code).name for code in activity.locales})
        self.needs.choices = as_listed({str(need): gettext(NEEDS[need]) for need in NEEDS if need in needs})


class DrawForm(StaffForm):
    """The seed of a draw."""

    seed = StringField(
        _l("Seed"),
        [InputRequired(), Length(max=LONGEST_SEED)],
        description=_l("Exactly as the announced source says it. It cannot be changed afterwards."),
    )
