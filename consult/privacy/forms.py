"""The forms of a data-protection notice and of help for participants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from consult.core.text import LocalisedText
from consult.privacy.helping import COMPLAINT, LONGEST_URL, Line
from consult.privacy.helping import TEXTS as HELPLINE
from consult.privacy.models import MONTHS
from consult.privacy.retention import Due
from consult.privacy.service import Particulars
from consult.privacy.template import FURTHER, TEXTS
from consult.privacy.told import RIGHTS
from consult.privacy.words import BASES, KEPT, PARTS, SPECIAL, Ground
from consult.web.choices import as_listed, countries
from consult.web.fields import LocalisedField, MultiCheckboxField, StaffForm


def _part(name: str) -> LazyString:
    return _l(PARTS[name])


def _grounds(grounds: Mapping[str, Ground]) -> list[SelectChoice]:
    return as_listed({code: f"{gettext(ground.name)}: {gettext(ground.meaning)}" for code, ground in grounds.items()})


class NoticeForm(StaffForm):
    """What participants are told about their data; may be saved before it is complete."""

    controller = LocalisedField(
        _part("controller"),
        longest=TEXTS["controller"],
        description=_l("Name and postal address of the institution that decides about the data."),
    )
    purpose = LocalisedField(
        _part("purpose"),
        longest=TEXTS["purpose"],
        description=_l("In plain words. Name every use: what is not named here must not be done with the answers."),
    )
    basis = RadioField(_part("basis"), [Optional()], choices=lambda: _grounds(BASES))
    law = LocalisedField(
        _l("Law or decision"),
        longest=FURTHER["law"],
        description=_l("Which law or decision gives you this task: its name, number and date."),
    )
    special = RadioField(
        _part("special"),
        [Optional()],
        choices=lambda: _grounds(SPECIAL),
        description=_l(
            "Health, belief, ethnic origin, political opinions, trade unions, sexual life, genetic and biometric data."
        ),
    )
    recipients = LocalisedField(
        _part("recipients"),
        longest=TEXTS["recipients"],
        description=_l("Who can see answers, or kinds of such people; also those who run the servers for you."),
    )
    transfers = LocalisedField(
        _part("transfers"),
        longest=TEXTS["transfers"],
        description=_l("If data leave the country: where to, and how they are protected there."),
    )
    automated = LocalisedField(
        _part("automated"),
        longest=TEXTS["automated"],
        description=_l("If machines alone decide anything about people: what, by which rules, and with what effect."),
    )
    source = LocalisedField(
        _part("source"),
        longest=TEXTS["source"],
        description=_l("If not all data come from the people themselves: from where else."),
    )
    rights = MultiCheckboxField(
        _l("Rights of participants"),
        choices=lambda: as_listed({code: gettext(words) for code, words in RIGHTS.items()}),
        description=_l("Which of them people have follows from the legal basis and from your law."),
    )
    authority = LocalisedField(
        _l("Authority to complain to"),
        longest=FURTHER["authority"],
        description=_l("Name, address and web page of your data-protection authority."),
    )
    contact = StringField(
        _part("contact"),
        [Length(max=200)],
        description=_l("An e-mail address or telephone number."),
    )
    months = IntegerField(_l("Months for which answers are kept after closing"), [InputRequired()], default=MONTHS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in PARTS:  # not optional, although it may be written later
            self[name].flags.required = True

    def said(self) -> Particulars:
        """What was written."""
        data = {name: value for name, value in self.data.items() if name != "csrf_token"}
        data |= {name: data[name] or "" for name in ("basis", "special", "contact")}
        return Particulars(**{**data, "rights": tuple(data["rights"] or ())})


class ComplaintForm(StaffForm):
    """How people can complain."""

    complaint = LocalisedField(
        _l("How to complain"),
        longest=COMPLAINT["complaint"],
        description=_l("Where, and what happens then. It must be possible without giving a name."),
    )


class HelplineForm(StaffForm):
    """One helpline."""

    country = SelectField(_l("Country"), choices=lambda: [SelectChoice("", gettext("Every country")), *countries()])
    name = LocalisedField(_l("Name"), [InputRequired()], longest=HELPLINE["name"])
    phone = StringField(_l("Telephone"), [Length(max=40)])
    url = StringField(_l("Web page"), [Length(max=LONGEST_URL)])
    words = LocalisedField(
        _l("What people should know"),
        longest=HELPLINE["words"],
        description=_l("For whom it is, when and in which languages it answers, and whether it costs anything."),
    )

    def line(self) -> Line:
        """What was written."""
        return Line(
            country=self.country.data,
            name=self.name.data or LocalisedText(),
            phone=self.phone.data or "",
            url=self.url.data or "",
            words=self.words.data or LocalisedText(),
        )


def periods_form(dues: Sequence[Due]) -> StaffForm:
    """For how long each kind of data is kept; without those that are being erased."""
    fields = {
        due.kind.name: IntegerField(
            gettext(KEPT[due.kind.since, due.kind.unit], kind=gettext(due.kind.label)),
            [InputRequired()],
            default=due.length,
            description=gettext("From %(least)s to %(most)s.", least=due.kind.least, most=due.most),
        )
        for due in dues
        if due.begun is None
    }
    form: StaffForm = type("PeriodsForm", (StaffForm,), fields)()
    return form
