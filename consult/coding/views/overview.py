"""How far coding is, how far coders agree, the table of codings, and answers that coders flagged."""

from __future__ import annotations

import uuid

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.coding import exporting, flagging, queries, service, texts
from consult.coding.views.blueprint import DESK, blueprint, published, render
from consult.privacy.retention import about
from consult.processes import desk
from consult.web.context import keys, now
from consult.web.fields import ConfirmForm
from consult.web.permissions import actor
from consult.web.transaction import session


@blueprint.get(DESK)
def overview(slug: str) -> str:
    """What there is to code, by activity and language, in round numbers; the ways to work on it."""
    process = desk.found_process(slug)
    tallies = queries.tallies(session(), process.id)
    titles = {one.id: desk.activity_title(one) for one in process.activities}
    slugs = {one.id: one.slug for one in process.activities}
    return render(
        "coding/overview.html",
        process,
        latest=queries.latest(session(), process.id),
        rows=[(one, titles[one.activity_id], slugs[one.activity_id]) for one in tallies],
        about=about,
        formats=list(exporting.FORMATS),
    )


@blueprint.get(f"{DESK}/agreement")
def agreement(slug: str) -> str:
    """How far coders agree, code by code."""
    process = desk.found_process(slug)
    latest = published(process)
    report = service.report(session(), process, latest)
    return render("coding/agreement.html", process, latest=latest, report=report, about=about)


@blueprint.post(f"{DESK}/codings")
def export(slug: str) -> Response:
    """Every coding, for data stewards: names of texts and codes."""
    process = desk.found_process(slug)
    form = request.form.get("form", "")
    wanted = exporting.FORMATS.get(form) or abort(400)
    rows = list(exporting.rows(session(), keys().codes, process, published(process)))
    service.note(session(), process, "export", {"form": form, "about": about(len(rows))}, by=actor(), now=now())
    return _file(f"{process.slug}-codings.{form}", wanted, exporting.HEADER, rows)


def _file(name: str, wanted: exporting.Format, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(b"".join(wanted.write(header, iter(rows))), mimetype=wanted.media_type, headers=headers)


@blueprint.get(f"{DESK}/codebook.csv")
def codebook_file(slug: str) -> Response:
    """The latest version of the codebook as a table."""
    process = desk.found_process(slug)
    latest = published(process)
    header, rows = exporting.codebook_rows(latest.codebook, process.locales)
    return _file(f"{process.slug}-codebook-{latest.number}.csv", exporting.FORMATS["csv"], header, list(rows))


@blueprint.get(f"{DESK}/concerns")
def concerns(slug: str) -> str:
    """The answers that coders flagged, with what they wrote of them."""
    process = desk.found_process(slug)
    items = queries.concerns(session(), process.id)
    words = texts.read(session(), keys().codes, items)
    titles = {one.id: desk.activity_title(one) for one in process.activities}
    rows = [
        (item, words[item.activity_id, item.id], titles[item.activity_id])
        for item in items
        if (item.activity_id, item.id) in words
    ]
    return render("coding/concerns.html", process, rows=rows)


@blueprint.post(f"{DESK}/concerns/<uuid:item_id>/back")
def give_back(slug: str, item_id: uuid.UUID) -> ResponseReturnValue:
    """Have a flagged answer coded after all."""
    process = desk.found_process(slug)
    item = next((one for one in queries.concerns(session(), process.id) if one.id == item_id), None) or abort(404)
    if ConfirmForm().validate_on_submit():
        flagging.give_back(session(), process, item, by=actor(), now=now())
        flash(_("The answer is with the coders again."), "success")
    return redirect(url_for("coding.concerns", slug=slug))
