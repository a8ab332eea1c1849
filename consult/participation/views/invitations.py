"""Who can take part, the lists of invitations, new codes and the files that have them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.jobs import asking, made
from consult.jobs.models import Job
from consult.participation import entrances, generating
from consult.participation.forms import EntranceForm, GenerateForm, WordsForm
from consult.participation.generating import Wanted
from consult.participation.models import InvitationList
from consult.participation.printing import address as door_address
from consult.participation.trail import note
from consult.participation.views.blueprint import PREFIX, address, back, blueprint, found, render
from consult.processes import desk
from consult.processes.models import Activity
from consult.web.context import keys, now, settings
from consult.web.fields import ConfirmForm
from consult.web.permissions import actor
from consult.web.transaction import session


@blueprint.route(PREFIX, methods=["GET", "POST"])
def invitations(slug: str, activity: str) -> ResponseReturnValue:
    """Who can take part, and the lists of those who are invited."""
    here = found(slug, activity)
    entrance = entrances.entrance(session(), here.id)
    form = EntranceForm(obj=entrance)
    if form.validate_on_submit():
        ways = {"open_link": form.open_link.data, "invited": form.invited.data}
        try:
            entrances.decide(session(), here, **ways, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
        else:
            flash(_("From now on people can take part this way."), "success")
            return back(here)
    return render(
        "participation/invitations.html",
        here,
        form=form,
        entrance=entrance,
        lists=entrances.lists(session(), here.id),
        mails=bool(settings().smtp_url),
        state=here.state(now()),
        threshold=here.process.threshold,
        door=door_address(settings().base_url, here, here.locales[0]),
    )


@blueprint.route(f"{PREFIX}/words", methods=["GET", "POST"])
def words(slug: str, activity: str) -> ResponseReturnValue:
    """What invitations and reminders say."""
    here = found(slug, activity)
    form = WordsForm(obj=entrances.entrance(session(), here.id), locales=here.locales)
    if form.validate_on_submit():
        said = {"invitation": form.invitation.data, "reminder": form.reminder.data}
        entrances.word(session(), here, **said, by=actor(), now=now())
        flash(_("The words are saved."), "success")
        return back(here)
    return render("participation/words.html", here, form=form)


@blueprint.route(f"{PREFIX}/codes", methods=["GET", "POST"])
def generate(slug: str, activity: str) -> ResponseReturnValue:
    """Ask for codes; a job makes them, and the file that has them."""
    here = found(slug, activity)
    form = GenerateForm()
    form.offer(here.locales)
    if form.validate_on_submit():
        try:
            asked = generating.ask(session(), here, _wanted(here, form), by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
        else:
            return redirect(url_for("processes.job", slug=slug, job_id=asked.id))
    return render("participation/generate.html", here, form=form)


def _wanted(activity: Activity, form: GenerateForm) -> Wanted:
    return Wanted(
        at={"activity": activity.slug},
        activity_id=activity.id,
        name=form.name.data,
        count=form.count.data,
        locale=form.locale.data,
        profile=form.profile.data or "",
        letters=form.letters.data,
    )


@blueprint.route(f"{PREFIX}/files/<uuid:job_id>", methods=["GET", "POST"])
def codes_file(slug: str, activity: str, job_id: uuid.UUID) -> ResponseReturnValue:
    """A file with codes: fetched once by who asked for it, then deleted."""
    here = found(slug, activity)
    job = _job(here, job_id)
    path = made.path_of(settings().made, job, now()) or abort(404)
    if not ConfirmForm().validate_on_submit():
        until = job.ended_at + made.KEPT if job.ended_at else None
        return render("participation/codes_file.html", here, until=until, megabytes=path.stat().st_size / 1e6)
    if "discard" in request.form:
        made.remove(settings().made, job)
        flash(_("The file is deleted."), "success")
        return back(here)
    note(session(), here, "fetch", {"task": job.kind}, actor(), now())
    folder, pieces = settings().made, generating.content(path, keys(), job.id)

    def streamed() -> Iterator[bytes]:
        yield from pieces
        made.remove(folder, job)  # a download that breaks off can be begun again

    answer = Response(streamed(), mimetype=job.result["media_type"])
    answer.headers.set("Content-Disposition", "attachment", filename=job.result["name"])
    return answer


def _job(activity: Activity, job_id: uuid.UUID) -> Job:
    """The job that made a file, for who asked and nobody else."""
    job = asking.job(session(), activity.process_id, job_id) or abort(404)
    mine = job.asked_by == actor().id and job.kind in (generating.GENERATE, generating.MERGE)
    if not mine or job.payload["activity_id"] != str(activity.id):
        abort(404)
    return job


@blueprint.route(f"{PREFIX}/lists/<uuid:list_id>/remove", methods=["GET", "POST"])
def remove_list(slug: str, activity: str, list_id: uuid.UUID) -> ResponseReturnValue:
    """Ask once, then let nobody in by the codes of a list any more."""
    here = found(slug, activity)
    wanted = found_list(here, list_id)
    if ConfirmForm().validate_on_submit():
        name = wanted.name
        entrances.remove_list(session(), here, list_id, by=actor(), now=now())
        flash(_("The list %(name)s is deleted.", name=name), "success")
        return back(here)
    return render("participation/remove_list.html", here, list=wanted, onward=address("invitations", here))


def found_list(activity: Activity, list_id: uuid.UUID) -> InvitationList:
    """A list of an activity, else 404."""
    known = entrances.lists(session(), activity.id)
    return next((one for one in known if one.id == list_id), None) or abort(404)
