"""The plan of a release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, DecimalField, Field, IntegerField, RadioField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from consult.core.aggregation.joint import BY
from consult.results.content import CELL_KEY, SUPPRESSION
from consult.web.fields import LocalisedField, MultiCheckboxField, StaffForm


class PairsField(Field):  # type: ignore[misc]  # WTForms is untyped
    """Some pairs of options: in each row two lists to choose from. Its data are the rows that say something."""

    rows = 3
    choices: Sequence[tuple[str, str]] = ()
    data: list[tuple[str, str]]

    def process_data(self, value: Sequence[tuple[str, str]] | None) -> None:
        """Take the pairs as they are."""
        self.data = list(value or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was chosen, row by row."""
        pairs = zip(valuelist[::2], valuelist[1::2], strict=False)
        self.data = [pair for pair in pairs if any(pair)]

    def pre_validate(self, form: StaffForm) -> None:
        """A pair is of two options that there are."""
        known = {code for code, _label in self.choices}
        for one, other in self.data:
            if one not in known or other not in known or one == other:
                raise ValidationError(gettext("Choose two different ones in a row, or none."))

    def lines(self) -> list[tuple[str, str]]:
        """All rows, those that say nothing yet included."""
        return [*self.data, *[("", "")] * (self.rows - len(self.data))]

    def crossings(self) -> tuple[str, ...]:
        """The pairs as a plan names them."""
        return tuple(BY.join(pair) for pair in self.data)


class PlanForm(StaffForm):
    """What is to be in a release."""

    title = LocalisedField(_l("Title of the release"), [InputRequired()])
    crossings = MultiCheckboxField(
        _l("Break every question down by"),
        description=_l("Each breakdown hides more small groups. Choose those that the analysis needs."),
    )
    together = PairsField(
        _l("Break every question down by two at a time"),
        description=_l(
            "Women by country, for example: every combination is a group of its own. Those with few people stand "
            "together, and both are broken down by one another first."
        ),
    )
    details = MultiCheckboxField(_l("Also count"), description=_l("More tables, in which more is hidden."))
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

    def offer(self, crossings: Sequence[tuple[str, str]], details: Mapping[str, str], least: int, method: str) -> None:
        """Which breakdowns and details there are, how low the threshold may be, and which method is usual."""
        self.method.default = method
        if not self.is_submitted():
            self.method.data = method
        self.details.choices = list(details.items())
        self.crossings.choices = self.together.choices = list(crossings)
        self.threshold.validators = [Optional(), NumberRange(least, 1000)]


class WithdrawForm(StaffForm):
    """What everybody is told of a withdrawal."""

    note = LocalisedField(
        _l("Public note: why it is withdrawn, and what to use instead"),
        [InputRequired()],
        longest=2000,
        description=_l("In every language of the process. It stands where the numbers stood."),
    )


class MarginsForm(StaffForm):
    """Margins, in a file or as its lines, and bounds of weights."""

    file = FileField(
        _l("File with margins (.csv)"), description=_l("It takes the place of the lines below, where you can mend it.")
    )
    lines = TextAreaField(
        _l("Margins"),
        description=_l(
            "First variable,category,total; then a line for each category. A variable is the concept or the name of a "
            "question with one answer, a category its code; codes joined by + have one total. All variables have the "
            "same sum."
        ),
    )
    lower = DecimalField(
        _l("Least weight"),
        [Optional(), NumberRange(0, 1)],
        description=_l("As a multiple of the mean, such as 0.3. Empty: no bound."),
        places=None,
    )
    upper = DecimalField(
        _l("Greatest weight"),
        [Optional(), NumberRange(1, 100)],
        description=_l("As a multiple of the mean, such as 3. Empty: no bound."),
        places=None,
    )


class ModelForm(StaffForm):
    """The model of a self-selected sample."""

    model = LocalisedField(
        _l("Model and assumptions"),
        description=_l(
            "Why these participants may stand for the population, and what must be true for it. Printed with every "
            "interval. Empty: self-selected responses have no interval."
        ),
        longest=2_000,
    )


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
