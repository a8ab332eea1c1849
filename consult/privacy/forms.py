"""The form of a data-protection notice."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length

from consult.privacy.kinds import Since, Unit
from consult.privacy.retention import Due
from consult.web.fields import LocalisedField, StaffForm
from consult.web.messages.marks import N_


class NoticeForm(StaffForm):
    """What participants are told about their data; may be saved before it is complete."""

    controller = LocalisedField(
        _l("Who is responsible"),
        longest=500,
        description=_l("Name and postal address of the institution that decides about the data."),
    )
    purpose = LocalisedField(
        _l("What the answers are used for"),
        longest=2000,
        description=_l("In plain words, and on what legal ground."),
    )
    contact = StringField(
        _l("Data-protection contact"),
        [Length(max=200)],
        description=_l("An e-mail address or telephone number."),
    )
    months = IntegerField(_l("Months for which answers are kept after closing"), [InputRequired()], default=24)


_COUNTED = {
    (Since.CLOSING, Unit.MONTHS): N_("%(kind)s: months after closing"),
    (Since.CLOSING, Unit.DAYS): N_("%(kind)s: days after closing"),
    (Since.SAVING, Unit.DAYS): N_("%(kind)s: days after they were last saved"),
}


def periods_form(dues: Sequence[Due]) -> StaffForm:
    """For how long each kind of data is kept; without those that are being erased."""
    fields = {
        due.kind.name: IntegerField(
            _(_COUNTED[due.kind.since, due.kind.unit], kind=_(due.kind.label)),
            [InputRequired()],
            default=due.length,
            description=_("From %(least)s to %(most)s.", least=due.kind.least, most=due.most),
        )
        for due in dues
        if due.begun is None
    }
    form: StaffForm = type("PeriodsForm", (StaffForm,), fields)()
    return form
