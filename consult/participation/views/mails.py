"""People who are invited by mail: their table, the mails to them, the file for a mail merge."""

from __future__ import annotations

import uuid

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from consult.core.errors import Refused
from consult.participation import contacts, entrances, generating, mailing
from consult.participation.forms import ContactsForm
from consult.participation.trail import note
from consult.participation.views.blueprint import PREFIX, address, blueprint, found, render
from consult.participation.views.invitations import found_list
from consult.processes import desk
from consult.processes import queries as processes
from consult.questionnaires.views.activity import Line, lines
from consult.web.context import keys, now, settings
from consult.web.fields import ConfirmForm
from consult.web.messages import sentences
from consult.web.permissions import actor, scope
from consult.web.security import takes_files
from consult.web.transaction import database, rollback, session

SHOWN = 1_000
"""Refused rows that the page lists."""


@blueprint.route(f"{PREFIX}/contacts", methods=["GET", "POST"])
@takes_files
def add_contacts(slug: str, activity: str) -> ResponseReturnValue:
    """Take in a table of people; each gets a code, and who can't be invited is listed."""
    with database().reading() as opened:
        # Reading and sealing take a moment; nothing is locked before they are over.
        before = processes.activity(opened, scope(), activity)
        locales, activity_id = (before.locales, before.id) if before else ([], uuid.UUID(int=0))
    form, refused, rows = ContactsForm(), list[Line](), list[dict[str, object]]()
    valid = form.validate_on_submit()
    if valid:
        try:
            read = contacts.read(form.file.data.read(), form.file.data.filename, locales)
        except Refused as error:
            refused = lines(error.problems)
        else:
            refused, rows = lines(read.refused[:SHOWN]), contacts.sealed(keys(), activity_id, read.people)
    here = found(slug, activity)
    taken = 0
    if valid and rows:
        try:
            made = entrances.begin_list(session(), here, form.name.data, size=len(rows), contacts=True)
        except Refused as error:
            desk.refuse(form, error)
        else:
            contacts.add(session(), made, rows)
            note(session(), here, "contacts", {"list": made.name, "size": made.size}, actor(), now())
            taken = len(rows)
    return render(
        "participation/contacts.html", here, form=form, refused=refused, taken=taken, columns=contacts.COLUMNS
    )


@blueprint.route(f"{PREFIX}/lists/<uuid:list_id>/mail", methods=["GET", "POST"])
def mail(slug: str, activity: str, list_id: uuid.UUID) -> ResponseReturnValue:
    """Ask once, then write to everybody on a list whose code is unused."""
    here = found(slug, activity)
    wanted, problems = found_list(here, list_id), list[str]()
    if ConfirmForm().validate_on_submit():
        try:
            asked = mailing.ask(session(), here, wanted, settings=settings(), by=actor(), now=now())
        except Refused as refused:
            rollback()
            problems = sentences(refused.problems)
        else:
            return redirect(url_for("processes.job", slug=slug, job_id=asked.id))
    return render(
        "participation/mail.html",
        here,
        list=wanted,
        problems=problems,
        reminds=wanted.mailing >= mailing.FIRST,
        onward=address("invitations", here),
    )


@blueprint.route(f"{PREFIX}/lists/<uuid:list_id>/merge", methods=["GET", "POST"])
def merge(slug: str, activity: str, list_id: uuid.UUID) -> ResponseReturnValue:
    """Ask once, then have the file made by which mails can be sent from elsewhere."""
    here = found(slug, activity)
    wanted = found_list(here, list_id)
    if not wanted.contacts:
        abort(404)
    if ConfirmForm().validate_on_submit():
        asked = generating.ask_merge(session(), here, wanted, by=actor(), now=now())
        return redirect(url_for("processes.job", slug=slug, job_id=asked.id))
    return render("participation/merge.html", here, list=wanted, onward=address("invitations", here))
