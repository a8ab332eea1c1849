"""The form of the bot measures."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from consult.web.fields import StaffForm


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
