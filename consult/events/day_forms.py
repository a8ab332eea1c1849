"""Forms of those who hold an event, on its day."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField, TelField
from wtforms.fields import EmailField
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional

from consult.events.models.planned import Event
from consult.events.speaking_order import LONGEST
from consult.processes.models import Activity
from consult.web.choices import as_listed
from consult.web.fields import StaffForm
from consult.web.locale import locale_of


class WalkInForm(StaffForm):
    """Somebody who came without having signed up."""

    code = HiddenField()
    """Theirs, drawn with the page: however often it is sent, they are there once."""
    name = StringField(_l("Name"), [Length(max=200)])
    address = EmailField(_l("E-mail address"), [Optional(), Email(), Length(max=254)])
    phone = TelField(_l("Telephone"), [Length(max=40)])
    institution = StringField(_l("For whom they come"), [Length(max=200)])
    locale = SelectField(_l("Language"), [InputRequired()])
    speaks = BooleanField(_l("They ask to speak"))
    consents = BooleanField(_l("They have read this, or heard it read, and agree"))
    beyond = BooleanField(_l("Add a seat if all are taken"))

    def offer(self, activity: Activity, event: Event) -> None:
        """Set what depends on the event."""
        self.locale.choices = as_listed({code: locale_of(code).name for code in activity.locales})
        if not event.speaking:
            del self.speaks


class DrawSpeakersForm(StaffForm):
    """How the order of speakers is drawn."""

    number = StringField(
        _l("Number"),
        [Length(max=LONGEST)],
        description=_l("One that somebody in the room says aloud. If you leave it empty, one is drawn."),
    )
    turns = SelectField(_l("Take turns by"))
    minutes = IntegerField(_l("Minutes each"), [InputRequired(), NumberRange(min=1, max=60)])

    def offer(self, questions: Iterable[tuple[str, str]], nobody: str) -> None:
        """Set the questions of the profile by which speakers can take turns; `nobody`: the words for none."""
        self.turns.choices = [("", nobody), *questions]
