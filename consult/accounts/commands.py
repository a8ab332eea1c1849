"""The command line for accounts: the first administrator, and who there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import click
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from consult.accounts import addresses
from consult.accounts.models import Grant, Institution, Role, User
from consult.accounts.service import links, people
from consult.accounts.service.people import InstitutionFacts, Invitee
from consult.config import LOCALES
from consult.core.codes import COUNTRIES
from consult.core.text import LocalisedText, clean
from consult.db.installation import Installation


@click.group("accounts")
def accounts() -> None:
    """Institutions and the people who work for them."""


@accounts.command("create-administrator")
@click.option(
    "--institution", required=True, metavar="NAME", help="Name of the institution; made if there is none such."
)
@click.option(
    "--country", required=True, type=click.Choice(COUNTRIES), metavar="CODE", help="ISO 3166-1, for example GH."
)
@click.option("--email", required=True, help="Where this person signs in and gets mail.")
@click.option("--name", default="", help="Name of this person; empty: the address.")
@click.option("--locale", default=LOCALES[0], type=click.Choice(LOCALES), help="Language of the name and of mails.")
@click.pass_obj
def create_administrator(
    installation: Callable[[], Installation], institution: str, country: str, email: str, name: str, locale: str
) -> None:
    """Invite an administrator and print the link to set the password. The first institution runs the installation."""
    opened, now = installation(), dt.datetime.now(dt.UTC)
    if "@" not in email:
        raise click.BadParameter("this is no e-mail address", param_hint="--email")
    token, title = links.draw(), LocalisedText({locale: clean(institution).strip()})
    invitee = Invitee(email, clean(name).strip() or email, locale, frozenset({Role.ADMINISTRATOR}))
    with opened.database.transaction() as session:
        known = session.scalars(select(Institution).where(Institution.country == country)).all()
        place = next((found for found in known if title[locale] in found.name.values()), None)
        if place is None:
            first = session.scalar(select(Institution.id).limit(1)) is None
            facts = InstitutionFacts(title, "ministry", country)
            place = people.create_institution(session, facts, by=None, now=now, operates=first)
        user = people.invite(session, place, invitee, by=None, now=now)
        links.make(session, opened.keys, user, token, by=None, now=now)
    click.echo(addresses.link(opened.settings, locale, token))


@accounts.command("list")
@click.pass_obj
def list_accounts(installation: Callable[[], Installation]) -> None:
    """Print every account: address, name, roles by institution, state."""
    with installation().database.reading() as session:
        wanted = select(User).order_by(User.email).options(selectinload(User.grants).joinedload(Grant.institution))
        for user in session.scalars(wanted):
            roles = sorted(f"{grant.role} ({_name(grant.institution)})" for grant in user.grants)
            click.echo("\t".join([user.email, user.name, ", ".join(roles), _state(user)]))


def _name(institution: Institution) -> str:
    return institution.name.resolve(LOCALES[0]).text


def _state(user: User) -> str:
    if user.disabled_at:
        return "disabled"
    return "open" if user.password else "invited"
