"""What can be wrong with accounts, passwords and links."""

from __future__ import annotations

from consult.web.messages.marks import N_

MESSAGES = {
    "accounts.password.short": N_("Use at least %(shortest)s characters."),
    "accounts.password.long": N_("Use at most %(longest)s characters."),
    "accounts.password.common": N_("Many people use this password, so it is guessed first. Choose another one."),
    "accounts.password.address": N_("Choose a password that is not like your e-mail address."),
    "accounts.password.wrong": N_("This is not your password."),
    "accounts.sign_in.wrong": N_("The e-mail address or the password is not right."),
    "accounts.sign_in.resting": N_(
        "There were too many attempts with this e-mail address. Wait a quarter of an hour, then try again."
    ),
    "accounts.code.wrong": N_("This code is not right, or it was used before. Wait for the next one."),
    "accounts.link.gone": N_("This link was used, has expired, or was replaced by a newer one."),
    "accounts.administrator.last": N_(
        "The institution would have no administrator left. Give somebody else this role first."
    ),
    "accounts.invite.name": N_("This address has no account yet. Enter the person's name to invite them."),
    "accounts.disable.self": N_("You cannot disable your own account."),
}
