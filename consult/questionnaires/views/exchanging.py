"""Files of translations: fetched by translators, and taken in again string by string."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import msgspec
from flask import Response, abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core.errors import Problem, Refused
from consult.core.exchange.entries import Exchange
from consult.core.translation import fingerprint
from consult.questionnaires import exchanging
from consult.questionnaires.exchanging import FORMATS
from consult.questionnaires.forms import TranslationsForm
from consult.questionnaires.translating import Item
from consult.questionnaires.views.activity import lines
from consult.questionnaires.views.blueprint import blueprint
from consult.questionnaires.views.translating import PREFIX, WORDS, Place, found_place, show
from consult.questionnaires.words import FIELDS
from consult.web.context import now
from consult.web.fields import ConfirmForm
from consult.web.locale import current, locale_of
from consult.web.permissions import actor
from consult.web.security import BODY_LIMIT, UPLOAD_LIMIT, takes_files
from consult.web.transaction import rollback, session

SHOWN: Final = 100
"""Texts of a list that are shown; of those to decide about, all are."""
_UNPACKED: Final = 16_000_000
_READ: Final = msgspec.json.Decoder(Exchange)
"""What the form carries from the page that asks to the page that takes in."""


@blueprint.get(f"{PREFIX}/<target>/download.<form>", endpoint="download_translations")
@blueprint.get(f"{WORDS}/download.<form>", endpoint="download_words")
def download(target: str, form: str, slug: str = "") -> Response:
    """Every text with its translation, for a translator's own tool."""
    place = found_place(slug, target)
    if form not in FORMATS:
        abort(404)
    data = exchanging.export(session(), place.owner, target, form, _note)
    name = f"{place.owner.slug}-{target}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, mimetype=FORMATS[form].media_type, headers=headers)


def _note(item: Item) -> str:
    """What a translator should know of a text: what it is, of which question, in which group."""
    within = item.text.within.resolve(current().code).text
    return " · ".join(filter(None, (_(FIELDS[item.text.field]), item.text.name, within)))


@blueprint.route(f"{PREFIX}/<target>/file", endpoint="upload_translations", methods=["GET", "POST"])
@blueprint.route(f"{WORDS}/file", endpoint="upload_words", methods=["GET", "POST"])
@takes_files
def upload(target: str, slug: str = "") -> ResponseReturnValue:
    """Read a file, show what it changes and ask where both sides changed a text; then take it in."""
    place = found_place(slug, target)
    if "found" in request.form:
        return _take(slug, place)
    form = TranslationsForm()
    if not form.validate_on_submit():
        return _ask_for_file(place, form, [])
    upload = form.file.data
    try:
        found = exchanging.read(upload.read(), upload.filename)
        return _ask(place, found, reviews=form.reviews.data)
    except Refused as refused:
        return _ask_for_file(place, form, list(refused.problems))


def _ask_for_file(place: Place, form: TranslationsForm, problems: list[Problem]) -> str:
    return show(
        place,
        "questionnaires/upload_translations.html",
        form=form,
        problems=lines(map(_named, problems)),
        limit=UPLOAD_LIMIT // 1024 // 1024,
    )


def _named(problem: Problem) -> Problem:
    """A problem that names two locales, with their names."""
    if problem.code != "exchange.locale":
        return problem
    return replace(problem, params={name: locale_of(str(code)).name for name, code in problem.params.items()})


def _ask(
    place: Place,
    found: Exchange,
    *,
    reviews: bool,
    choices: Mapping[str, str] | None = None,
    problems: Mapping[str, Problem] | None = None,
) -> str:
    merged = exchanging.compare(session(), place.owner, place.target.code, found, reviews=reviews)
    said = {change.entry.key: exchanging.said(choices or {}, change) for change in merged.asked}
    return show(
        place,
        "questionnaires/merge.html",
        merged=merged,
        said=said,
        marks={change.entry.key: fingerprint(change.here.text) for change in merged.asked},
        wrong=_wrong(problems or {}),
        found=_packed(found),
        name=found.name,
        reviews=reviews,
        most=SHOWN,
    )


def _wrong(problems: Mapping[str, Problem]) -> dict[str, str]:
    return {key: line.message for key, line in zip(problems, lines(problems.values()), strict=True)}


def _take(slug: str, place: Place) -> ResponseReturnValue:
    found = _unpacked(request.form["found"])
    reviews = "reviews" in request.form
    choices = {key: value for name, value in request.form.items() if (key := name.removeprefix("choose:")) != name}
    if not ConfirmForm().validate_on_submit():
        return _ask(place, found, reviews=reviews, choices=choices)
    try:
        done = exchanging.take(
            session(), place.owner, place.target.code, found, choices, reviews=reviews, by=actor(), now=now()
        )
    except Refused as refused:
        rollback()
        place = found_place(slug, place.target.code)
        undecided = {problem.place.field: problem for problem in refused.problems if problem.place.field}
        if not undecided:
            return _ask_for_file(place, TranslationsForm(formdata=None), list(refused.problems))
        return _ask(place, found, reviews=reviews, choices=choices, problems=undecided)
    place.written()
    flash(ngettext("%(num)s text is saved.", "%(num)s texts are saved.", done), "success")
    return redirect(place.url("translate"))


def _packed(found: Exchange) -> str:
    """The texts of a file, for the form that asks.

    Refuses `exchange.large` where a form cannot carry them.
    """
    packed = base64.b64encode(zlib.compress(msgspec.json.encode(found), 9)).decode()
    if len(packed) > BODY_LIMIT * 3 // 4:
        raise Refused.because("exchange.large", megabytes=1)
    return packed


def _unpacked(packed: str) -> Exchange:
    """The same again; 400 for what is no such thing. Nothing in it is trusted: it is looked at as a file is."""
    try:
        return _READ.decode(zlib.decompressobj().decompress(base64.b64decode(packed, validate=True), _UNPACKED))
    except (binascii.Error, zlib.error, msgspec.MsgspecError, RecursionError, ValueError):
        abort(400)
