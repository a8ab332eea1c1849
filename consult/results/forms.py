"""The plan of a release."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
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


class ConfirmForm(StaffForm):
    """Nothing but the wish to go on."""


class MicrodataForm(StaffForm):
    """Which single records leave, and how."""

    variables = MultiCheckboxField(_l("Questions"), [InputRequired()])
    keys = MultiCheckboxField(
        _l("Key variables"),
        description=_l(
            "What somebody may know of a person beforehand: country, sex, age, education … The more of them, the more "
            "easily somebody is found again."
        ),
    )
    blank = BooleanField(
        _l("Blank the key variables of records whose combination is rare"),
        description=_l("Records that share their combination with fewer people than the threshold lose it."),
    )
    exact = MultiCheckboxField(
        _l("Numbers and dates as they were given"),
        description=_l("The others leave in groups. An exact amount or day can be what gives somebody away."),
    )
    texts = MultiCheckboxField(
        _l("Answers in words"),
        description=_l(
            "They leave in a file apart, in random order, joined to no record. What people wrote can name them or "
            "others: read it before you pass it on."
        ),
    )
    formats = MultiCheckboxField(_l("File formats"), [InputRequired()])


class FetchForm(StaffForm):
    """The wish to fetch a file of records, and, where participants can be found again in it, to do so all the same."""

    accept = BooleanField(
        _l("I answer for it that nobody is looked for in these records, and that they go to nobody else")
    )

    def warn(self) -> None:
        """Ask for it: somebody can be found again."""
        self.accept.validators = [InputRequired()]
