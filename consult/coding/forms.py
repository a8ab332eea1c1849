"""Forms of those who write codebooks, code, and translate for coders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from consult.core.coding.codebook import Code, Codebook
from consult.processes.models import Process
from consult.web.choices import as_listed
from consult.web.fields import LocalisedField, StaffForm
from consult.web.locale import current


class CodeForm(StaffForm):
    """A code of the codebook."""

    label = LocalisedField(_l("Name"), [InputRequired()])
    code = StringField(
        _l("Code"), [InputRequired(), Length(max=40)], description=_l("Short, for files: letters, digits, - _ and .")
    )
    definition = LocalisedField(
        _l("Definition"), longest=1000, description=_l("When it is given and when not, with an example.")
    )
    theme = SelectField(_l("Theme"))
    parent = SelectField(_l("Under"))

    def offer(self, process: Process, codebook: Codebook, own: str = "") -> None:
        """Set the options that depend on the process and on the other codes."""
        source = process.locales[0]
        themes = {theme.code: theme.label.resolve(current().code, source).text for theme in process.themes}
        tops = {
            one.code: one.label.resolve(current().code, source).text
            for one, depth in codebook.tree()
            if depth == 0 and one.code != own
        }
        self.theme.choices = as_listed({"": gettext("None"), **themes})
        self.parent.choices = as_listed({"": gettext("None"), **tops})

    def written(self) -> Code:
        """What was written."""
        return Code(
            code=self.code.data,
            label=self.label.data,
            definition=self.definition.data,
            theme=self.theme.data or "",
            parent=self.parent.data or "",
        )


class ShareForm(StaffForm):
    """How many texts two coders code."""

    twice = IntegerField(
        _l("Texts that two people code"),
        [InputRequired()],
        description=_l("In per cent. How far they agree shows how clear the codebook is."),
    )


class ConcernForm(StaffForm):
    """What a coder writes of a text in which somebody may be in danger."""

    words = TextAreaField(
        _l("What worries you"),
        [InputRequired(), Length(max=2000)],
        description=_l("Only those who follow it up read this."),
    )


class BatchForm(StaffForm):
    """Which answers go to translators."""

    which = SelectField(_l("Answers"), [InputRequired()])

    def offer(self, waiting: Sequence[tuple[str, str]]) -> None:
        """Set the options: value and words."""
        self.which.choices = as_listed(dict(waiting))


class FileForm(StaffForm):
    """A file that comes back from translators."""

    file = FileField(_l("File of translations (.xlsx, .xlf or .po)"), [FileRequired()])


def maps_of(form: Mapping[str, str], gone: Sequence[Code]) -> dict[str, str]:
    """What codes that are gone are to count as, of a form with a field for each."""
    return {code.code: form.get(f"map:{code.code}", "") for code in gone}
