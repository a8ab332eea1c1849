"""`consult demo`: an installation to look around in."""

from __future__ import annotations

import datetime as dt
import os
import random
import secrets
from collections.abc import Callable
from pathlib import Path

import click
import msgspec
import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.models import Institution, User
from consult.accounts.queries import needs_second_step
from consult.accounts.service import passwords, secondstep
from consult.config import Keys
from consult.core.access import Actor
from consult.db import migrate
from consult.db.installation import Installation
from consult.demo import content, event_content
from consult.demo.coded import code
from consult.demo.filling import RESPONSES, fill, questionnaire_of
from consult.demo.release import release
from consult.responses import mixing


class Accounts(msgspec.Struct, frozen=True):
    """How to sign in to the demo; kept in the data folder, because passwords are stored as hashes only."""

    password: str
    secrets: dict[str, str]
    """Secret of the second step by e-mail address, where a role needs one."""


@click.command("demo")
@click.option("--responses", default=RESPONSES, show_default=True, type=click.IntRange(0), help="Synthetic responses.")
@click.pass_obj
def demo(installation: Callable[[], Installation], responses: int) -> None:
    """Fill an empty installation with the demo (once), and print its address and accounts."""
    opened = installation()
    migrate.upgrade(opened.database)
    notes = opened.settings.data / "demo-accounts.json"
    with opened.database.reading() as session:
        empty = session.scalar(select(Institution.id).limit(1)) is None
    if empty:
        _fill(opened, notes, responses)
    elif not notes.exists():
        raise click.ClickException("This installation is in use; the demo fills empty ones only.")
    _say(opened.settings.base_url, msgspec.json.decode(notes.read_bytes(), type=Accounts))


def _fill(opened: Installation, notes: Path, count: int) -> None:
    now, rng = dt.datetime.now(dt.UTC), random.SystemRandom()
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    password_hash = passwords.hashed(password)
    with opened.database.transaction() as session:
        process = fill(
            session, opened.keys, password_hash, floor=opened.settings.threshold, count=count, rng=rng, now=now
        )
        activity = questionnaire_of(process)
        while mixing.mix(session, activity.id, least=process.threshold, chance=rng):
            pass
        accounts = Accounts(password, _second_steps(session, opened.keys, now))
        # Written before the commit: an installation that is filled can always be entered.
        with os.fdopen(os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.encode(accounts))
    code(opened, process.slug, now=now)
    release(opened, process.slug, now=now)


def _second_steps(session: Session, keys: Keys, now: dt.datetime) -> dict[str, str]:
    found = {}
    for user in session.scalars(select(User).order_by(User.email)):
        if needs_second_step(user):
            found[user.email] = secondstep.draw_secret()
            secondstep.enable(session, keys, user, found[user.email], 0, by=Actor(user.id, user.name), now=now)
    return found


def _say(address: str, accounts: Accounts) -> None:
    """Where to look and how to sign in. Codes change every 30 seconds: run the command again for a new one."""
    demo = content.load()
    click.echo(f"\nconsult serves the demo at {address} (every response in it is synthetic)\n")
    click.echo(f"  public page    {address}/en/p/{demo.process.slug}")
    click.echo(f"  questionnaire  {address}/en/q/{demo.activity.slug}")
    click.echo(f"  consultation   {address}/en/c/{content.consultation().slug}")
    for event in event_content.events().events:
        click.echo(f"  event          {address}/en/e/{event.slug}")
    click.echo(f"  staff          {address}/en/staff/sign-in\n")
    click.echo(f"Accounts, all with the password {accounts.password}")
    for person in demo.users:
        secret = accounts.secrets.get(person.email)
        second = f"  code {pyotp.TOTP(secret).now()} (secret {secret})" if secret else ""
        click.echo(f"  {', '.join(person.roles) or f'core group: {person.seat}':24} {person.email}{second}")
    click.echo("")
