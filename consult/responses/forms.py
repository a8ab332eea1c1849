"""Forms of responses: taking them in from a file; asking institutions, signing for one."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length

from consult.accounts.models import Institution
from consult.core.questionnaire.answers import LONGEST_TEXT
from consult.processes.forms import institution_choices
from consult.web.fields import StaffForm


class ImportForm(StaffForm):
    """A file with responses, and the edition that they answer."""

    file = FileField(_l("File with responses (.csv or .xlsx)"), [FileRequired()])
    edition = SelectField(_l("Edition"), [InputRequired()], coerce=int)
    incomplete = BooleanField(_l("Also take in rows that leave required questions unanswered"))


class AskForm(StaffForm):
    """An institution that is to answer."""

    institution_id = SelectField(_l("Institution"), [InputRequired()])

    def offer(self, institutions: Sequence[Institution]) -> None:
        """Set the options."""
        self.institution_id.choices = institution_choices(institutions)


class HandForm(StaffForm):
    """Somebody who is to answer for their institution; they may have no account yet."""

    email = StringField(_l("E-mail address"), [InputRequired(), Email(), Length(max=254)])
    name = StringField(_l("Name"), [Length(max=200)], description=_l("Needed if this person has no account here yet."))
    signs = BooleanField(_l("May sign for the institution"))


class RemarkForm(StaffForm):
    """A word to the other hands."""

    text = TextAreaField(_l("Your remark"), [InputRequired(), Length(max=LONGEST_TEXT)])


class SignForm(StaffForm):
    """Who signs, and that it is they."""

    name = StringField(_l("Your name and office"), [InputRequired(), Length(max=200)])
    password = PasswordField(_l("Your password"), [InputRequired(), Length(max=1000)])


class ReopenForm(StaffForm):
    """Why what was signed is to be changed."""

    reason = TextAreaField(
        _l("Reason"), [InputRequired(), Length(max=1000)], description=_l("The institution reads it.")
    )
