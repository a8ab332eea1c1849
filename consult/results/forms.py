"""The plan of a release."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from consult.web.fields import LocalisedField, MultiCheckboxField, StaffForm


class PlanForm(StaffForm):
    """What is to be in a release."""

    title = LocalisedField(_l("Title of the release"), [InputRequired()])
    crossings = MultiCheckboxField(
        _l("Break every question down by"),
        description=_l("Each breakdown hides more small groups. Choose those that the analysis needs."),
    )
    threshold = IntegerField(
        _l("Least number of people behind a count"),
        [Optional()],
        description=_l("Empty: the threshold of the process. It can only be raised."),
    )

    def offer(self, crossings: Sequence[tuple[str, str]], least: int) -> None:
        """Which breakdowns there are, and how low the threshold may be."""
        self.crossings.choices = list(crossings)
        self.threshold.validators = [Optional(), NumberRange(least, 1000)]


class WithdrawForm(StaffForm):
    """What everybody is told of a withdrawal."""

    note = LocalisedField(
        _l("Public note: why it is withdrawn, and what to use instead"),
        [InputRequired()],
        longest=2000,
        description=_l("In every language of the process. It stands where the numbers stood."),
    )
