"""Translating side by side: how far each language is, and the editor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core.errors import Problem, Refused
from consult.core.translation import Count, Gate, State, count
from consult.languages import queries as languages
from consult.languages.models import Language
from consult.processes import desk
from consult.processes.models import Activity, Process
from consult.processes.wordings import Owner
from consult.processes.words import GATES
from consult.questionnaires import translating, wordings
from consult.questionnaires.translating import Item, Typed, source_of
from consult.questionnaires.views.blueprint import blueprint
from consult.questionnaires.words import FIELDS, KINDS, STATES
from consult.web.choices import every_language
from consult.web.context import now
from consult.web.fields import ConfirmForm
from consult.web.locale import Locale, current, forget_added, locale_of
from consult.web.messages import sentence
from consult.web.permissions import actor, may, scope
from consult.web.transaction import rollback, session

Address = dict[str, Any]
PREFIX: Final = "/<locale>/desk/processes/<slug>/translations"
WORDS: Final = "/<locale>/desk/languages/<target>"
PAGE: Final = 20
"""Texts of one page of the editor."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is translated into a locale: a process, one of its activities, or the words of a language."""

    owner: Owner
    source: Locale
    target: Locale

    @property
    def address(self) -> Address:
        """What addresses of its pages need."""
        return {**address_of(self.owner), "target": self.target.code}

    def endpoint(self, page: str) -> str:
        """The route of a page about it: `translate`, `download`, `upload` or `review`."""
        words = page if page == "translate" else f"{page}_translations"
        return f"questionnaires.{f'{page}_words' if isinstance(self.owner, Language) else words}"

    def url(self, page: str, **values: Any) -> str:
        """The address of a page about it."""
        return url_for(self.endpoint(page), **self.address, **values)

    @property
    def name(self) -> str:
        """The title of the process or activity, for the reader."""
        return title_of(self.owner)

    def written(self) -> None:
        """Have pages look for words that have just been written."""
        if isinstance(self.owner, Language):
            forget_added()


def address_of(owner: Owner) -> Address:
    """What the address of a page about a process, an activity or a language needs."""
    if isinstance(owner, Language):
        return {}
    if isinstance(owner, Process):
        return {"slug": owner.slug}
    return {"slug": owner.process.slug, "activity": owner.slug}


def title_of(owner: Owner) -> str:
    """The title of a process or activity, or what else is translated, for the reader."""
    if isinstance(owner, Language):
        return str(_("What participants read on every page"))
    return desk.title(owner) if isinstance(owner, Process) else desk.activity_title(owner)


def found_owner(slug: str) -> tuple[Process, Owner]:
    """The process of an address and what of it is meant: itself, or the activity named in the query; else 404."""
    process = desk.found_process(slug)
    named = request.args.get("activity")
    if not named:
        return process, process
    activity = desk.found_activity(named)
    if activity.process_id != process.id:
        abort(404)
    return process, activity


def found_place(slug: str, target: str) -> Place:
    """The same with the locale to translate into, without a process the words of that language; 404 where there is no
    such thing, and for the source."""
    owner = found_owner(slug)[1] if slug else _found_language(target)
    if not translating.into(session(), owner, target):
        abort(404)
    return Place(owner, locale_of(source_of(session(), owner)), locale_of(target))


def _found_language(code: str) -> Language:
    """A language that was added, for those who work for the operator."""
    if not languages.reachable(session(), scope()):
        abort(404)
    return languages.language(session(), code) or abort(404)


def show(place: Place, template: str, **context: object) -> str:
    """A desk page about what is translated."""
    owner, trail = place.owner, crumbs(place)
    if isinstance(owner, Language):
        return render_template(template, crumbs=trail, place=place, can=may, **context)
    process = owner if isinstance(owner, Process) else owner.process
    return desk.render(template, process, crumbs=trail, place=place, **context)


@dataclass(frozen=True, slots=True)
class Part:
    """A process or activity with its languages."""

    owner: Owner
    title: str
    source: Locale
    counts: Sequence[Count]
    address: Address
    waiting: Sequence[str]
    """Locales of the latest edition that could be offered by now."""


@blueprint.get(PREFIX)
def translations(slug: str) -> str:
    """How far each language is: of the process's own texts and of its activities, or of one of them."""
    process, owner = found_owner(slug)
    owners: list[Owner] = [process, *process.activities] if owner is process else [owner]
    return desk.render(
        "questionnaires/translations.html",
        process,
        crumbs=_way(owner),
        parts=[_part(one) for one in owners],
        single=owner is not process,
        states=STATES,
        gate=GATES[Gate(process.gate)],
        choices=every_language(),
    )


def _part(owner: Owner) -> Part:
    return Part(
        owner,
        title_of(owner),
        locale_of(source_of(session(), owner)),
        translating.counts(session(), owner),
        address_of(owner),
        wordings.waiting(session(), owner) if isinstance(owner, Activity) else (),
    )


@blueprint.get(f"{PREFIX}/into")
def translate_into(slug: str) -> ResponseReturnValue:
    """To the editor of a language that was chosen."""
    _process, owner = found_owner(slug)
    if target := request.args.get("target"):
        return redirect(url_for("questionnaires.translate", **address_of(owner), target=target))
    return redirect(url_for("questionnaires.translations", **address_of(owner)))


@dataclass(slots=True)
class Row:
    """A text in the editor."""

    number: int
    item: Item
    heading: str
    """What kind of texts begins here, and in which group; empty where it is that of the row before."""
    before: str
    after: str
    """The sources of its neighbours."""
    suggestion: str
    typed: str
    ticked: bool
    errors: list[str] = field(default_factory=list)


@blueprint.route(f"{PREFIX}/<target>", methods=["GET", "POST"])
@blueprint.route(f"{WORDS}/translate", endpoint="translate_words", methods=["GET", "POST"])
def translate(target: str, slug: str = "") -> ResponseReturnValue:
    """Write translations beside their sources, and mark them as reviewed."""
    place = found_place(slug, target)
    typed, problems = _typed(), list[Problem]()
    if ConfirmForm().validate_on_submit():
        try:
            saved = translating.save(session(), place.owner, target, typed, by=actor(), now=now())
        except Refused as refused:
            rollback()
            place = found_place(slug, target)
            problems = list(refused.problems)
        else:
            place.written()
            flash(ngettext("%(num)s text is saved.", "%(num)s texts are saved.", saved), "success")
            return redirect(place.url("translate", **_view()))
    every = translating.items(session(), place.owner, target)
    shown = [item for item in every if not _state() or item.here.state == _state()]
    first = _first(len(shown))
    keys = {one.key for one in typed}
    page = [item for item in every if item.key in keys] if problems else shown[first : first + PAGE]
    return show(
        place,
        "questionnaires/translate.html",
        rows=_rows(every, page, place, {one.key: one for one in typed} if problems else {}, problems),
        count=count(target, (item.here.state for item in every)),
        states=STATES,
        chosen=_state(),
        fields=FIELDS,
        first=first + 1,
        shown=len(shown),
        earlier=_page_url(place, first - PAGE) if first else "",
        later=_page_url(place, first + PAGE) if first + PAGE < len(shown) else "",
    )


def crumbs(place: Place) -> list[desk.Crumb]:
    """The way back from the editor."""
    if isinstance(place.owner, Language):
        return [(_("Languages of participants"), url_for("languages.index"))]
    own = address_of(place.owner)
    return [*_way(place.owner), (_("Translations"), url_for("questionnaires.translations", **own))]


def _way(owner: Owner) -> list[desk.Crumb]:
    return [desk.activity_crumb(owner)] if isinstance(owner, Activity) else []


def _state() -> str:
    found = request.args.get("state", "")
    return found if found in {state.value for state in State} else ""


def _first(total: int) -> int:
    """Where the page begins; on the last page where there are fewer texts by now."""
    asked = request.args.get("from", "0")
    first = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
    return min(first // PAGE * PAGE, max(0, (total - 1) // PAGE * PAGE))


def _view() -> Address:
    return {name: request.args[name] for name in ("state", "from") if request.args.get(name)}


def _page_url(place: Place, first: int) -> str:
    view: Address = {"state": _state() or None, "from": first}
    return place.url("translate", **view)


def _typed() -> list[Typed]:
    """What the form says: fields `text:<key>`, `mark:<key>`, `reviewed:<key>`."""
    form = request.form
    return [
        Typed(key, form.get(f"text:{key}", ""), f"reviewed:{key}" in form, mark)
        for name, mark in form.items()
        if (key := name.removeprefix("mark:")) != name
    ]


def _rows(
    every: Sequence[Item], page: Sequence[Item], place: Place, typed: Mapping[str, Typed], problems: Sequence[Problem]
) -> Iterator[Row]:
    places = {item.key: number for number, item in enumerate(every)}
    found = translating.suggestions(session(), place.owner, place.target.code, page)
    last = ""
    for item in page:
        number, one = places[item.key], typed.get(item.key)
        heading = _heading(item)
        yield Row(
            number + 1,
            item,
            heading if heading != last else "",
            every[number - 1].source if number else "",
            every[number + 1].source if number + 1 < len(every) else "",
            found.get(item.key, ""),
            one.text if one else item.here.text,
            one.reviewed if one else item.here.state is State.REVIEWED,
            [sentence(problem) for problem in problems if problem.place.field == item.key],
        )
        last = heading


def _heading(item: Item) -> str:
    within = item.text.within.resolve(current().code).text
    return " – ".join(filter(None, (_(KINDS[item.kind.kind]), within)))


@blueprint.route(f"{PREFIX}/<target>/review", endpoint="review_translations", methods=["GET", "POST"])
@blueprint.route(f"{WORDS}/review", endpoint="review_words", methods=["GET", "POST"])
def review(target: str, slug: str = "") -> ResponseReturnValue:
    """Ask once, then mark everything that is translated as reviewed."""
    place = found_place(slug, target)
    if ConfirmForm().validate_on_submit():
        try:
            done = translating.review(session(), place.owner, target, by=actor(), now=now())
        except Refused as refused:
            rollback()
            flash(sentence(refused.problems[0]), "danger")
        else:
            place.written()
            flash(ngettext("%(num)s text is reviewed now.", "%(num)s texts are reviewed now.", done), "success")
        return redirect(found_place(slug, target).url("translate"))
    found = translating.items(session(), place.owner, target)
    states = count(target, (item.here.state for item in found))
    return show(place, "questionnaires/review.html", count=states, states=STATES)


@blueprint.route(f"{PREFIX}/<target>/leave-out", methods=["GET", "POST"])
def leave_out(slug: str, target: str) -> ResponseReturnValue:
    """Ask once, then take a language out of the draft of a questionnaire."""
    place = found_place(slug, target)
    activity = place.owner if isinstance(place.owner, Activity) else abort(404)
    if ConfirmForm().validate_on_submit():
        try:
            wordings.leave_out(session(), activity, target, by=actor(), now=now())
        except Refused as refused:
            rollback()
            flash(sentence(refused.problems[0]), "danger")
        else:
            flash(_("The language is no longer part of the draft."), "success")
        return redirect(url_for("questionnaires.translations", **address_of(found_owner(slug)[1])))
    return show(place, "questionnaires/leave_out.html")


@blueprint.post(f"{PREFIX}/offer")
def offer(slug: str) -> ResponseReturnValue:
    """Offer the latest edition in the languages that pass the gate by now."""
    _process, owner = found_owner(slug)
    activity = owner if isinstance(owner, Activity) else abort(404)
    if not ConfirmForm().validate_on_submit():
        abort(400)
    try:
        found = wordings.offer(session(), activity, by=actor(), now=now())
    except Refused as refused:
        rollback()
        for problem in refused.problems:
            flash(sentence(problem), "danger")
    else:
        flash(_("Offered now: %(languages)s.", languages=", ".join(locale_of(code).name for code in found)), "success")
    return redirect(url_for("questionnaires.translations", slug=slug, activity=request.args.get("activity")))
