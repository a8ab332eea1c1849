"""Where people read the draft text, its versions and what changed between two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import abort
from werkzeug.wrappers import Response as Answer

from consult.consultations import queries, texts
from consult.consultations.models.asked import Phase, TextVersion
from consult.consultations.views import visit as at
from consult.consultations.views.blueprint import PUBLIC, blueprint
from consult.consultations.views.visit import Visit
from consult.consultations.words import CHANGES
from consult.core.drafting.document import Block, Draft, Kind
from consult.core.drafting.landing import WHOLE
from consult.core.drafting.tokens import essence
from consult.web.transaction import session

_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Shown:
    """A block as it is shown."""

    block: Block
    level: int
    """Of a heading: below that of the page, and none is left out between."""
    begins: str
    """Its first words, which name it where it is spoken of."""
    numbered: bool
    """Whether its own text begins with its number."""


@blueprint.get(f"{PUBLIC}/text")
def text(slug: str) -> Answer:
    """The latest version, paragraph by paragraph, with its contents."""
    seen, versions = _published(slug)
    draft = texts.opened(versions[0].document)
    counts = texts.tally(session(), versions)
    return at.page(
        seen,
        "consultations/read.html",
        version=versions[0],
        earlier=len(versions) > 1,
        groups=shown(draft, seen.locale),
        counts=counts,
        whole=counts.get(WHOLE, 0),
        text_url=seen.url("text"),
    )


@blueprint.get(f"{PUBLIC}/text/versions")
def text_versions(slug: str) -> Answer:
    """Every version, and ways to what changed."""
    seen, versions = _published(slug)
    return at.page(seen, "consultations/versions.html", versions=versions)


@blueprint.get(f"{PUBLIC}/text/versions/<int:earlier>-<int:later>")
def text_difference(slug: str, earlier: int, later: int) -> Answer:
    """What changed between two versions."""
    seen, versions = _published(slug)
    known = {version.number: version for version in versions}
    if not (earlier < later and earlier in known and later in known):
        abort(404)
    rows = texts.difference(known[earlier].document, known[later].document, seen.locale)
    return at.page(
        seen,
        "consultations/version_difference.html",
        earlier=known[earlier],
        later=known[later],
        rows=rows,
        changes=CHANGES,
        counts={change: count for change in CHANGES if (count := sum(row.change is change for row in rows))},
        moved=sum(row.moved for row in rows),
        text_url=seen.url("text"),
    )


def _published(slug: str) -> tuple[Visit, Sequence[TextVersion]]:
    """The visit and the versions, the latest first; 404 before it opens and where nobody reads anything."""
    seen = at.begun(slug)
    if Phase.READ not in seen.consultation.phases:
        abort(404)
    return seen, queries.versions(session(), seen.door.activity_id) or abort(404)


def shown(draft: Draft, locale: str) -> list[list[Shown]]:
    """The blocks of a text for a reader; items that follow one another are together, as are those between lists."""
    found: list[Shown] = []
    level = 1
    for block in draft.blocks:
        if block.kind is Kind.HEADING:
            level = min(block.level + 1, level + 1, _DEEPEST)
        words = block.words.resolve(locale, draft.source).text
        said = essence(words)
        found.append(Shown(block, level, " ".join(said.split()[:6])[:60], said != " ".join(words.split())))
    return [list(group) for _item, group in groupby(found, lambda one: one.block.kind is Kind.ITEM)]
