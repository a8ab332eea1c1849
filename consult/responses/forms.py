"""The form of taking responses in from a file."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired

from consult.web.fields import StaffForm


class ImportForm(StaffForm):
    """A file with responses, and the edition that they answer."""

    file = FileField(_l("File with responses (.csv or .xlsx)"), [FileRequired()])
    edition = SelectField(_l("Edition"), [InputRequired()], coerce=int)
    incomplete = BooleanField(_l("Also take in rows that leave required questions unanswered"))
