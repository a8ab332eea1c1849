"""The form of a data-protection notice."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length

from consult.web.fields import LocalisedField, StaffForm


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
