"""Forms of officers: what a consultation asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from consult.consultations.models.moderated import Act
from consult.consultations.words import ACTS, OUTCOMES, PHASES, REASONS
from consult.core.drafting.reading import CHARACTERS
from consult.processes.models import Activity, Process
from consult.web.choices import as_listed, languages
from consult.web.fields import LocalisedField, MultiCheckboxField, StaffForm
from consult.web.locale import locale_of


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


class TextForm(StaffForm):
    """A file with the draft text, or with its translation."""

    file = FileField(_l("Word file (.docx) or Markdown file (.md)"), [FileRequired()])
    locale = RadioField(_l("Language of the file"), [InputRequired()])

    def offer(self, activity: Activity) -> None:
        """Set the languages: that in which the consultation is written, chosen at first, and the further ones."""
        source = activity.locales[0]
        codes = [source, *(code for code in activity.process.locales if code != source)]
        self.locale.choices = [(code, locale_of(code).name) for code in codes]
        self.locale.data = self.locale.data or source


class BlockForm(StaffForm):
    """A paragraph of the draft text."""

    text = TextAreaField(
        _l("Text"), [Length(max=CHARACTERS)], description=_l("Leave it empty to take the paragraph out of the draft.")
    )
    theme = SelectField(_l("Theme"))
    seen = HiddenField()

    def offer(self, themes: Mapping[str, str], chosen: str) -> None:
        """Set the themes of the process; one that is gone by now can be kept."""
        known = {chosen: chosen} if chosen and chosen not in themes else {}
        self.theme.choices = as_listed({"": gettext("No theme"), **themes, **known})


class PublishForm(StaffForm):
    """Somebody saw what is published."""

    seen = HiddenField()


class StatementsForm(StaffForm):
    """Many statements at once."""

    pasted = TextAreaField(
        _l("Statements"),
        [InputRequired()],
        description=_l(
            "One in each line, a single thought in at most 200 characters. Or a table (CSV) whose first line names "
            "languages by their codes, and “theme” for the codes of themes."
        ),
    )


class StatementForm(StaffForm):
    """Translations and theme of a statement; its own language is no part of it."""

    label = LocalisedField(_l("Translations"))
    theme = SelectField(_l("Theme"))


class AnswerForm(StaffForm):
    """An official answer."""

    said = LocalisedField(
        _l("You said"), [InputRequired()], longest=3000, description=_l("What was said, in plain words and fairly.")
    )
    did = LocalisedField(
        _l("We did"),
        longest=3000,
        description=_l("What comes of it; if nothing does, why. Both sides can be read by all."),
    )
    outcome = SelectField(_l("Outcome"))
    institutions = MultiCheckboxField(_l("Institutions that answer"), [InputRequired()])
    themes = MultiCheckboxField(_l("Themes that it answers"))
    parts = MultiCheckboxField(_l("Parts of the draft text that it answers"))

    def offer(self, institutions: Mapping[str, str], themes: Mapping[str, str], parts: Mapping[str, str]) -> None:
        """Set the options that depend on the consultation."""
        outcomes = {str(outcome): gettext(label) for outcome, label in OUTCOMES.items()}
        self.outcome.choices = as_listed({"": gettext("Not said yet"), **outcomes})
        self.institutions.choices = as_listed(institutions)
        self.themes.choices = as_listed(themes)
        self.parts.choices = as_listed(parts)


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
    revision = HiddenField()
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


class QuestionForm(StaffForm):
    """A question that people answer in their own words."""

    label = LocalisedField(_l("Question"), [InputRequired()], longest=500)
    theme = SelectField(_l("Theme"), description=_l("Answers stand there beside those of other activities."))

    def offer(self, process: Process, locale: str) -> None:
        """Set the themes of the process, in the reader's locale."""
        themes = {theme.code: theme.label.resolve(locale, process.locales[0]).text for theme in process.themes}
        self.theme.choices = as_listed({"": gettext("No theme"), **themes})
