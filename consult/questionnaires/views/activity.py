"""An activity at a glance, importing its questionnaire, publishing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flask import Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Problem, Refused
from consult.core.exchange import lss, xlsform
from consult.core.questionnaire import document
from consult.core.questionnaire import media as files
from consult.core.text import LocalisedText
from consult.files import Folder
from consult.privacy import queries as privacy
from consult.privacy.template import gaps
from consult.privacy.words import PARTS
from consult.processes import desk
from consult.processes import queries as processes
from consult.processes.models import Activity, Kind
from consult.processes.words import UNITS
from consult.questionnaires import fieldwork, media, queries, rounds, service, translating
from consult.questionnaires.forms import ImportForm
from consult.questionnaires.models import Revision
from consult.questionnaires.overview import overview
from consult.questionnaires.views.blueprint import PREFIX, blueprint
from consult.web.context import now, settings
from consult.web.locale import locale_of
from consult.web.messages import sentence
from consult.web.permissions import actor, scope
from consult.web.security import UPLOAD_LIMIT, takes_files
from consult.web.transaction import database, session

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list of problems, as components/problems.html shows it."""

    sheet: str
    row: int | None
    column: str
    message: str


def lines(problems: Iterable[Problem]) -> list[Line]:
    """Problems in the reader's language, with their places; languages by their names."""
    return [
        Line(problem.place.sheet, problem.place.row, problem.place.column, sentence(_spelt_out(problem)))
        for problem in problems
    ]


def _spelt_out(problem: Problem) -> Problem:
    names: Mapping[str, str | int | float] = {
        name: locale_of(str(value)).name if name == "locale" else value for name, value in problem.params.items()
    }
    return replace(problem, params=names)


@blueprint.get(PREFIX)
def show(slug: str) -> str:
    """One activity: what it is made of, what is missing, when people can take part."""
    activity = desk.found_activity(slug)
    draft = queries.draft(session(), activity.id)
    latest = queries.latest_edition(session(), activity.id)
    notice = privacy.notice(session(), activity.id)
    return render(
        "questionnaires/show.html",
        activity,
        draft=draft,
        overview=overview(draft) if draft else None,
        latest=latest,
        translated={count.locale: count for count in translating.counts(session(), activity)} if draft else {},
        changed=draft is not None and not service.is_published(session(), activity, draft, latest),
        media=media_counts(activity, draft),
        editions=queries.editions(session(), activity.id),
        with_media=queries.with_media(session(), activity.id),
        revisions=queries.revisions(session(), activity.id),
        gaps=gaps(notice, activity.locales),
        notice_written=notice is not None,
        parts=PARTS,
        hindrances=lines(fieldwork.hindrances(session(), activity, now=now())),
        units=UNITS,
        asks_for_files=queries.asks_for_files(session(), activity.id),
        following=rounds.following(session(), activity),
        gone=privacy.erased_on(session(), activity.id),
        stays_closed=privacy.erased_at_all(session(), activity.id),
    )


@dataclass(frozen=True, slots=True)
class Files:
    """The sounds and pictures of a draft in numbers."""

    wanted: int
    there: int
    missing: Mapping[str, tuple[str, ...]]
    """Names by language."""


def media_counts(activity: Activity, draft: Revision | None) -> Files | None:
    """Which sounds and pictures a draft has; none where it names none."""
    questionnaire = document.decode(draft.document) if draft else None
    wanted = files.wanted(questionnaire) if questionnaire else {}
    if questionnaire is None or not wanted:
        return None
    types = {name: medium.media_type for name, medium in queries.media(session(), activity.id).items()}
    there = sum(want.kind.takes(types.get(name, "")) for name, want in wanted.items())
    return Files(len(wanted), there, files.missing(questionnaire, types))


@blueprint.route(f"{PREFIX}/import", endpoint="import", methods=["GET", "POST"])
@takes_files
def import_form(slug: str) -> ResponseReturnValue:
    """Read an XLSForm or a survey of LimeSurvey into a draft, or say everything that is wrong with it."""
    with database().reading() as opened:
        # Reading a large file takes a moment; nothing is locked before it is over.
        before = processes.activity(opened, scope(), slug) or abort(404)
        title = before.title
    form, problems = ImportForm(), []
    if form.validate_on_submit():
        upload = form.file.data
        attached = {file.filename: file.read() for file in form.attached.data or ()}
        try:
            found = _read(form, title, attached)
            kept = media.keep(Folder(settings().media), files.accept(found.questionnaire, files.among(attached)))
        except Refused as refused:
            problems = lines(refused.problems)
        else:
            activity = desk.found_activity(slug)
            service.save_draft(
                session(),
                activity,
                found.questionnaire,
                origin=upload.filename,
                warnings=found.warnings,
                by=actor(),
                now=now(),
            )
            media.attach(session(), activity, kept, by=actor(), now=now())
            flash(_("The questionnaire is imported as a draft. Look at it, then publish it."), "success")
            return redirect(url_for("questionnaires.show", slug=slug, _anchor="draft"))
    return render(
        "questionnaires/import.html",
        desk.found_activity(slug),
        form=form,
        problems=problems,
        limit=UPLOAD_LIMIT // 1024 // 1024,
    )


def _read(form: ImportForm, title: LocalisedText, attached: Mapping[str, bytes]) -> xlsform.Imported | lss.Imported:
    upload = form.file.data
    data, name = upload.read(), upload.filename
    if lss.looks_like(data, name):
        return lss.read(data, filename=name, title=title)
    return xlsform.read(data, filename=name, source=form.source.data, title=title, attached=attached)


@blueprint.get(f"{PREFIX}/download.xlsx", endpoint="download")
@blueprint.get(f"{PREFIX}/editions/<int:number>/download.xlsx", endpoint="download")
def download(slug: str, number: int | None = None) -> ResponseReturnValue:
    """The draft, or an edition, as an XLSForm."""
    activity = desk.found_activity(slug)
    found = queries.document_of(session(), activity.id, number) or abort(404)
    try:
        data = xlsform.write(document.decode(found), lambda code: locale_of(code).name)
    except Refused as refused:
        for line in lines(refused.problems):
            flash(line.message, "danger")
        return redirect(url_for("questionnaires.show", slug=slug))
    name = f"{slug}.xlsx" if number is None else f"{slug}-{number}.xlsx"
    return Response(data, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def render(template: str, activity: Activity, **context: object) -> str:
    """A page of an activity."""
    own = template == "questionnaires/show.html" and activity.kind == Kind.QUESTIONNAIRE
    return desk.render(
        template,
        activity.process,
        crumbs=[] if own else [desk.activity_crumb(activity)],
        activity=activity,
        state=activity.state(now()),
        lines=lines,
        **context,
    )
