"""Forms of the door: inviting, quotas, measures against bots."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from consult.participation.contacts import LONGEST
from consult.participation.generating import MOST
from consult.participation.models import Channel
from consult.participation.wordings import TEXTS
from consult.web.fields import LocalisedField, StaffForm
from consult.web.locale import locale_of

CHANNELS = {
    Channel.OPEN: _l("Open link"),
    Channel.INVITED: _l("Invitations"),
    Channel.ASSISTED: _l("Interviews"),
}


class EntranceForm(StaffForm):
    """Who may come in."""

    open_link = BooleanField(_l("Open link: everybody who knows the address can take part"))
    invited = BooleanField(_l("Invitations: whoever has a code can take part, once"))


class GenerateForm(StaffForm):
    """How many codes, and what for."""

    name = StringField(
        _l("Name of the list"),
        [InputRequired(), Length(max=80)],
        description=_l("For yourself, for example “Letters to Gulf states”."),
    )
    count = IntegerField(_l("Number of codes"), [InputRequired(), NumberRange(1, MOST)])
    locale = SelectField(_l("Language of the letters"), [InputRequired()])
    profile = StringField(
        _l("Profile"),
        [Length(max=LONGEST)],
        description=_l("What those who get these codes have in common, if you want to set a quota for it."),
    )
    letters = BooleanField(_l("Also make letters to print (PDF)"))

    def offer(self, locales: Sequence[str]) -> None:
        """The activity's locales."""
        self.locale.choices = [SelectChoice(code, locale_of(code).name) for code in locales]


class ContactsForm(StaffForm):
    """Who is to be invited by mail."""

    name = StringField(_l("Name of the list"), [InputRequired(), Length(max=80)])
    file = FileField(_l("Table of contacts (CSV or XLSX)"), [FileRequired()])


class WordsForm(StaffForm):
    """What invitations and reminders say."""

    invitation = LocalisedField(
        _l("Invitation"),
        longest=TEXTS["invitation"],
        description=_l("For letters and mails. Address, code and how to use it are added. **Bold** and lists work."),
    )
    reminder = LocalisedField(
        _l("Reminder"),
        longest=TEXTS["reminder"],
        description=_l("For mails to those whose code has not been used."),
    )


class QuotaForm(StaffForm):
    """How many may take part by a channel."""

    channel = SelectField(
        _l("Channel"), [InputRequired()], choices=[SelectChoice(*named) for named in CHANNELS.items()]
    )
    profile = SelectField(_l("Profile"), default="")
    most = IntegerField(_l("How many may take part"), [InputRequired(), NumberRange(1, 10_000_000)])

    def offer(self, profiles: Sequence[str], everybody: str) -> None:
        """The profiles of invitations, and that of nobody in particular."""
        named = {"": everybody, **{profile: profile for profile in profiles}}
        self.profile.choices = [SelectChoice(*one) for one in named.items()]


class BotsForm(StaffForm):
    """What is set apart at the open link, and whether it counts."""

    seconds = IntegerField(
        _l("Least time to answer, in seconds"),
        [InputRequired(), NumberRange(min=0, max=600)],
        description=_l(
            "From the first page that is sent to the last. Take less than the quickest person needs, 4 seconds for a "
            "single page; 0 sets nobody apart."
        ),
    )
    hourly = IntegerField(
        _l("Responses in an hour from one range of addresses"),
        [InputRequired(), NumberRange(min=0, max=100_000)],
        description=_l(
            "Those above it are set apart. Many people share a range: a camp, a consulate, a whole mobile network. 0 "
            "sets nobody apart."
        ),
    )
    work = BooleanField(
        _l("Let sending cost some computing"),
        description=_l(
            "The browser works for a few seconds while people read their answers over: nobody notices, and sending in "
            "bulk becomes dear. Without JavaScript the same is reached by half a minute from beginning to sending. "
            "Nothing is asked of another server (ALTCHA)."
        ),
    )
    counted = BooleanField(
        _l("Count in results what was set apart"),
        description=_l(
            "It always stands apart from the other channels. Without this mark results leave it out, whatever came "
            "before; you can change your mind."
        ),
    )
