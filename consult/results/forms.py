"""The plan of a release."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional

from consult.results.content import CELL_KEY, SUPPRESSION
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

    method = RadioField(
        _l("How small groups are protected"),
        [InputRequired()],
        choices=[
            (SUPPRESSION, _l("Small counts are hidden, and others beside them; what is shown is exact")),
            (CELL_KEY, _l("Every count is changed a little; nothing small is hidden, further releases are possible")),
        ],
    )

    def offer(self, crossings: Sequence[tuple[str, str]], least: int, method: str) -> None:
        """Which breakdowns there are, how low the threshold may be, and which method is usual."""
        self.method.default = method
        if not self.is_submitted():
            self.method.data = method
        self.crossings.choices = list(crossings)
        self.threshold.validators = [Optional(), NumberRange(least, 1000)]


class ConfirmForm(StaffForm):
    """Nothing but the wish to go on."""
