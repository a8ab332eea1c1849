"""Forms of accounts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import Email, InputRequired, Length

from consult.accounts.models import Role
from consult.web.choices import as_listed, countries, languages
from consult.web.fields import LocalisedField, MultiCheckboxField, StaffForm

ROLES = {
    Role.ADMINISTRATOR: _("Administrator: people, roles, audit trail"),
    Role.OFFICER: _("Officer: processes, questionnaires, opening and closing"),
    Role.TRANSLATOR: _("Translator: texts in other languages"),
    Role.FACILITATOR: _("Facilitator: meetings and focus groups"),
    Role.STEWARD: _("Data steward: weights, disclosure, releases"),
    Role.INTERVIEWER: _("Interviewer: enters answers for people who cannot"),
    Role.CODER: _("Coder: codes open texts"),
    Role.RESPONDENT: _("Respondent: answers for the institution"),
}
ROLE_NAMES = {
    Role.ADMINISTRATOR: _("Administrator"),
    Role.OFFICER: _("Officer"),
    Role.TRANSLATOR: _("Translator"),
    Role.FACILITATOR: _("Facilitator"),
    Role.STEWARD: _("Data steward"),
    Role.INTERVIEWER: _("Interviewer"),
    Role.CODER: _("Coder"),
    Role.RESPONDENT: _("Respondent"),
}
KIND_NAMES = {
    "ministry": _("Ministry"),
    "department": _("Department"),
    "agency": _("Agency"),
    "statistics_office": _("Statistics office"),
    "local_authority": _("Local authority"),
    "international_organisation": _("International organisation"),
    "ngo": _("Non-governmental organisation"),
    "diaspora_association": _("Diaspora association"),
    "university": _("University"),
    "other": _("Another institution"),
}


class SignInForm(StaffForm):
    """Address and password."""

    email = EmailField(_("E-mail address"), [InputRequired(), Length(max=254)])
    password = PasswordField(_("Password"), [InputRequired(), Length(max=1000)])


class CodeForm(StaffForm):
    """The second step."""

    code = StringField(
        _("Code"),
        [InputRequired(), Length(max=40)],
        description=_("Six digits from your authenticator app, or one of your recovery codes."),
    )


class SecondStepForm(StaffForm):
    """Setting up the second step: the first code proves that the app has the secret."""

    password = PasswordField(_("Your password"), [InputRequired(), Length(max=1000)])
    code = StringField(
        _("Code"), [InputRequired(), Length(max=40)], description=_("Six digits that your authenticator app shows now.")
    )


class EmailForm(StaffForm):
    """Asking for a link."""

    email = EmailField(_("E-mail address"), [InputRequired(), Email(), Length(max=254)])


class PasswordForm(StaffForm):
    """Confirming with the password."""

    current = PasswordField(_("Your password"), [InputRequired(), Length(max=1000)])


class NewPasswordForm(StaffForm):
    """A new password, by a link."""

    password = PasswordField(
        _("New password"),
        [InputRequired(), Length(max=1000)],
        description=_("At least 12 characters. Several words that only you would put together are good."),
    )


class ChangePasswordForm(PasswordForm, NewPasswordForm):
    """A new password, by the old one."""


class ProfileForm(StaffForm):
    """What a person says of themselves."""

    name = StringField(_("Name"), [InputRequired(), Length(max=200)])
    locale = SelectField(_("Language of mails to you"), [InputRequired()], choices=languages)


class InstitutionForm(StaffForm):
    """An institution."""

    name = LocalisedField(_("Name"), [InputRequired()])
    kind = SelectField(_("Kind"), [InputRequired()], choices=as_listed(KIND_NAMES))
    country = SelectField(_("Country"), [InputRequired()], choices=countries)


class RolesForm(StaffForm):
    """What a person may do at an institution."""

    roles = MultiCheckboxField(_("Roles"), choices=as_listed(ROLES))


class InviteForm(ProfileForm):
    """Whom to invite."""

    email = EmailField(_("E-mail address"), [InputRequired(), Email(), Length(max=254)])
    roles = MultiCheckboxField(_("Roles"), [InputRequired()], choices=as_listed(ROLES))
