"""Forms of officers: what a consultation asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired

from consult.consultations.words import PHASES
from consult.processes.models import Activity, Process
from consult.web.choices import as_listed, languages
from consult.web.fields import LocalisedField, MultiCheckboxField, StaffForm


class DescribeForm(StaffForm):
    """Everything that officers decide about a consultation before it opens."""

    purpose = LocalisedField(
        _l("Purpose"), [InputRequired()], description=_l("Why people are asked, and what their words can change.")
    )
    policy = LocalisedField(
        _l("Moderation policy"),
        [InputRequired()],
        description=_l("What is shown and what is not. Everybody can read it, and decisions give their reason by it."),
    )
    phases = MultiCheckboxField(_l("What people can do"))
    further = MultiCheckboxField(_l("Further languages"), description=_l("The consultation is offered in these, too."))
    before = RadioField(
        _l("Moderation"),
        choices=[
            ("yes", _l("Contributions wait for a moderator before they are shown")),
            ("no", _l("Contributions are shown at once and can be taken off afterwards")),
        ],
    )
    propose = BooleanField(_l("People may propose statements"))
    focal_id = SelectField(
        _l("Focal point for protection concerns"),
        description=_l("Who gets what reveals abuse or danger. Nobody else sees it then."),
    )

    def offer(self, activity: Activity, people: Mapping[str, str]) -> None:
        """Set the options that depend on the process."""
        self.phases.choices = as_listed({str(phase): gettext(label) for phase, label in PHASES.items()})
        offered: Sequence[str] = activity.process.locales
        self.further.choices = [
            choice for choice in languages() if choice.value in offered and choice.value != activity.locales[0]
        ]
        self.focal_id.choices = as_listed({"": gettext("Nobody yet"), **people})


class QuestionForm(StaffForm):
    """A question that people answer in their own words."""

    label = LocalisedField(_l("Question"), [InputRequired()], longest=500)
    theme = SelectField(_l("Theme"), description=_l("Answers stand there beside those of other activities."))

    def offer(self, process: Process, locale: str) -> None:
        """Set the themes of the process, in the reader's locale."""
        themes = {theme.code: theme.label.resolve(locale, process.locales[0]).text for theme in process.themes}
        self.theme.choices = as_listed({"": gettext("No theme"), **themes})
