"""Forms of officers: what a consultation asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from consult.consultations.models.moderated import Act
from consult.consultations.words import ACTS, PHASES, REASONS
from consult.processes.models import Activity
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


class DecideForm(StaffForm):
    """What a moderator does with what they saw."""

    act = RadioField(_l("What is to be done"), [InputRequired()])
    reason = SelectField(
        _l("Reason"),
        default="",
        description=_l("Needed to refuse, and to blacken parts. The public reads it."),
    )

    def offer(self, acts: Sequence[Act]) -> None:
        """Set what can be done."""
        self.act.choices = as_listed({str(act): gettext(ACTS[act]) for act in acts})
        self.reason.choices = as_listed(
            {"": gettext("No reason"), **{str(code): gettext(label) for code, label in REASONS.items()}}
        )


class ModerateForm(DecideForm):
    """The same for one contribution, whose parts can be blackened."""

    marked = TextAreaField(
        _l("Blacken parts"),
        description=_l("Put [[ before and ]] after what nobody else is to read. Change nothing else."),
    )
    seen = HiddenField()
    before = HiddenField()


class ConcernForm(StaffForm):
    """What somebody tells the focal point."""

    words = TextAreaField(
        _l("What worries you"),
        [InputRequired()],
        description=_l("Only the focal point for protection concerns reads it."),
    )
    seen = HiddenField()


class SettleForm(StaffForm):
    """What the focal point did."""

    words = TextAreaField(
        _l("What was done"), [InputRequired()], description=_l("Nobody but you and who follows you reads it.")
    )
    then = RadioField(_l("What becomes of the contribution"), [InputRequired()])
    seen = HiddenField()


class TranslateForm(StaffForm):
    """A comment in another language."""

    body = TextAreaField(_l("Comment"), [InputRequired()])
    suggestion = TextAreaField(_l("Suggested words"), [InputRequired()])
    seen = HiddenField()
