"""Codebooks: written code by code, published as versions, earlier codes counted as later versions say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy.orm import Session

from consult.coding import gathering, queries
from consult.coding.models import Draft, Version
from consult.coding.service import note
from consult.core.access import Actor
from consult.core.coding import codebook
from consult.core.coding.codebook import Code, Codebook, decode, digest, encode
from consult.core.errors import Place, Problem, Refused, refuse_if_any
from consult.jobs import service as jobs
from consult.processes.models import Process
from consult.processes.service import lock


def written(session: Session, process: Process) -> Codebook:
    """The codebook as it is being written; empty where nobody has begun."""
    found = queries.draft(session, process.id)
    return decode(found.document.encode()) if found else Codebook()


def write(
    session: Session, process: Process, code: Code, *, instead: str = "", by: Actor | None, now: dt.datetime
) -> None:
    """Add a code, or change the one that is called `instead`.

    Refuses what `core.coding.codebook.problems` finds of it, at the fields `code`, `label`, `theme` and `parent`, and
    `codebook.gone` where somebody else deleted it meanwhile.
    """
    lock(session, process)
    before = written(session, process)
    if instead and instead not in before.named():
        raise Refused.because("codebook.gone", code=instead)
    after = before.with_code(code, instead=instead)
    _refuse(process, after, code.code)
    _keep(session, process, after)
    note(session, process, "write_code", {"code": code.code, "before": instead}, by=by, now=now)


def _refuse(process: Process, after: Codebook, code: str) -> None:
    themes = {theme.code for theme in process.themes}
    found = codebook.problems(after, source=process.locales[0], themes=themes)
    fields = {"codebook.label": f"label-{process.locales[0]}", "codebook.theme": "theme", "codebook.parent": "parent"}
    refuse_if_any(
        Problem(problem.code, problem.params, Place(field=fields.get(problem.code, "code")))
        for problem in found
        if problem.place.field == code
    )


def remove(session: Session, process: Process, code: str, *, by: Actor | None, now: dt.datetime) -> None:
    """Delete a code from the draft, and those under it. What was coded with published versions stays."""
    lock(session, process)
    _keep(session, process, written(session, process).without(code))
    note(session, process, "remove_code", {"code": code}, by=by, now=now)


def share(session: Session, process: Process, twice: int, *, by: Actor | None, now: dt.datetime) -> None:
    """Decide how many per cent of the texts two coders code. Refuses `codebook.twice` outside 0 … 100."""
    if not 0 <= twice <= 100:
        raise Refused(Problem("codebook.twice", place=Place(field="twice")))
    lock(session, process)
    draft = _keep(session, process, written(session, process))
    if draft.twice != twice:
        draft.twice = twice
        gathering.share_anew(session, process.id, twice)
        note(session, process, "share", {"twice": twice}, by=by, now=now)


def gone(session: Session, process: Process) -> tuple[Code, ...]:
    """The codes of the version before that the draft has no more: publishing says what they count as."""
    before = queries.latest(session, process.id)
    known = written(session, process).named()
    return tuple(code for code in before.codebook.codes if code.code not in known) if before else ()


def publish(
    session: Session, process: Process, maps: Mapping[str, str], *, by: Actor | None, now: dt.datetime
) -> Version:
    """Publish the draft as the next version, and have the texts looked for that are to be coded.

    `maps`: what codes that are gone count as. Refuses `codebook.empty`, `codebook.unchanged`, `codebook.theme` where a
    theme was deleted meanwhile, and `codebook.map` where a code is to count as one that there is not.
    """
    lock(session, process)
    draft, before = written(session, process), queries.latest(session, process.id)
    if not draft.codes:
        raise Refused.because("codebook.empty")
    document = encode(draft)
    if before and encode(before.codebook) == document:
        raise Refused.because("codebook.unchanged")
    themes = {theme.code for theme in process.themes}
    refuse_if_any(codebook.problems(draft, source=process.locales[0], themes=themes))
    lost = {code.code: maps.get(code.code, "") for code in gone(session, process)}
    known = {"", *draft.named()}
    refuse_if_any(
        Problem("codebook.map", {"code": code}, Place(field=f"map:{code}"))
        for code, to in lost.items()
        if to not in known
    )
    version = Version(
        process_id=process.id,
        number=before.number + 1 if before else 1,
        document=document.decode(),
        hash=digest(document),
        maps=lost,
        published_at=now,
        by_id=by.id if by else None,
    )
    session.add(version)
    note(session, process, "publish", {"number": version.number, "hash": version.hash}, by=by, now=now)
    jobs.enqueue(session, "coding.gather", {}, run_at=now, key="coding.gather")
    return version


def _keep(session: Session, process: Process, after: Codebook) -> Draft:
    draft = queries.draft(session, process.id) or Draft(process_id=process.id, twice=10)
    draft.document = encode(after).decode()
    session.add(draft)
    session.flush()
    return draft
