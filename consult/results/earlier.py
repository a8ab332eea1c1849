"""A release held against those that were published before it: together they must not tell more than each alone."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec
from sqlalchemy.orm import Session

from consult.config import Keys
from consult.core.aggregation import contributions
from consult.core.aggregation.attack import ContradictionError
from consult.core.aggregation.cells import Sum
from consult.core.aggregation.compare import Close, broken_between, broken_together, too_close
from consult.core.aggregation.entrycounts import UnaccountableError
from consult.core.aggregation.refinement import dependencies_of, moved
from consult.core.aggregation.tables import EVERYBODY, UNTOLD, Dataset, Key, Told, key
from consult.core.aggregation.translate import Translation
from consult.core.errors import Problem, Refused
from consult.core.opinion.matching import plausible
from consult.core.sealing import unseal
from consult.processes.models import Unit
from consult.questionnaires.queries import documents
from consult.results import coded, letters, queries, weighing
from consult.results.content import CELL_KEY, Content, Restricted, RestrictedDataset, content_of, restricted_of
from consult.results.models import Release
from consult.results.repeats import activity_of, repeat_of, said_across
from consult.results.terms import terms_of, translation_to

_MOST_NAMED: Final = 20
"""Cells named in a refusal."""


def hold(
    session: Session,
    process_id: uuid.UUID,
    content: Content,
    restricted: Restricted,
    *,
    keys: Keys,
    held: Collection[int] = (),
    step: Callable[[], None] = lambda: None,
) -> frozenset[int]:
    """Hold a release against all published ones but those in `held`; the numbers of all of them.

    Withdrawn ones are among them: what was public is known. `step` is called for each. It may take seconds per
    release, so do it with a reading session first. Refuses `results.release.difference` and
    `results.release.together` for every cell that would say something of a small group, `results.release.alike` where
    it would say the same of all whose contributions came in between, and `results.release.noise`; with the ways out
    (`results.release.ways`) at the end.
    """
    published = queries.all_published(session, process_id, but=held)
    problems: list[Problem] = []
    for earlier in published:
        problems += _against(session, earlier, content, restricted, keys)
        step()
    if problems:
        raise Refused(*problems[:_MOST_NAMED], Problem("results.release.ways"))
    return frozenset((*held, *(earlier.number for earlier in published)))


def opened(release: Release, keys: Keys) -> Restricted:
    """The sealed part of a release; raises `core.sealing.UnsealError`."""
    return restricted_of(unseal(keys.contact, release.restricted, sealed_for(release.process_id, release.number)))


def sealed_for(process_id: uuid.UUID, number: int) -> bytes:
    """What the sealed part of a release is bound to."""
    return f"release:{process_id}:{number}".encode()


class _Part(NamedTuple):
    """One release's tables of an activity, and what lay behind them."""

    dataset: Dataset
    secret: RestrictedDataset

    def translated(self, translation: Translation) -> _Part:
        """The same in terms of other editions; what was known of the questionnaire is not taken along."""
        tables = tuple(map(translation.table, self.dataset.tables))
        needs = tuple((translation.key(cell), need) for cell, need in self.secret.needs)
        told = tuple((translation.key(cell), span) for cell, span in self.secret.told)
        return _Part(
            msgspec.structs.replace(self.dataset, tables=tables),
            msgspec.structs.replace(
                self.secret,
                variables=tuple(map(translation.variable, self.secret.variables)),
                needs=needs,
                told=told,
                depends=(),
            ),
        )

    def without(self, names: Collection[str]) -> _Part:
        """The same without the tables of some variables, and what had to be hidden there."""
        dataset, secret = self.dataset, self.secret

        def needs(found: Iterable[tuple[Key, int]]) -> tuple[tuple[Key, int], ...]:
            return tuple(one for one in found if not any(name.split("/")[0] in names for name, _ in one[0]))

        tables = tuple(table for table in dataset.tables if table.variable not in names)
        dataset = msgspec.structs.replace(dataset, tables=tables)
        secret = msgspec.structs.replace(secret, needs=needs(secret.needs))
        if not isinstance(dataset.weighting, msgspec.UnsetType):
            kept = tuple(table for table in dataset.weighting.tables if table.variable not in names)
            weighting = msgspec.structs.replace(dataset.weighting, tables=kept)
            dataset = msgspec.structs.replace(dataset, weighting=weighting)
        if not isinstance(secret.weights, msgspec.UnsetType):
            splits = needs(secret.weights.splits)
            secret = msgspec.structs.replace(secret, weights=msgspec.structs.replace(secret.weights, splits=splits))
        return _Part(dataset, secret)


class _Held(NamedTuple):
    """An activity's tables in two releases, in the same terms."""

    number: int
    """Of the earlier release."""
    before: _Part
    now: _Part
    needs: Mapping[Key, int]
    links: Sequence[Sum]
    """Which cells of the one consist of cells of the other."""
    grown: bool
    """Whether the two are of different numbers of responses."""


def _against(
    session: Session, release: Release, content: Content, restricted: Restricted, keys: Keys
) -> Iterable[Problem]:
    earlier = content_of(release.content)
    if earlier.method == content.method == CELL_KEY:
        # The same people have the same noise, others new noise: there is nothing to subtract. Under another threshold
        # the same people have another noise, and both together tell more than either.
        if not _same_noise(earlier, content):
            yield Problem("results.release.noise", {"number": release.number, "threshold": earlier.threshold})
        return
    theirs, mine = _parts(earlier, opened(release, keys)), _parts(content, restricted)
    for name in theirs.keys() & mine.keys():
        if mine[name].dataset.unit == Unit.PERSON:
            aligned = [_aligned(session, release.process_id, one, mine[name]) for one in _lettered(name, theirs, mine)]
            tried = ((one, _close(*one)) for one in aligned)
            if found := next((one for one in tried if one[1]), None):
                (before, now, _), close = found
                yield from _near(close, release.number, before, now)
                continue
            before, now, links = aligned[0]
            # Under a lower threshold more may be shown than what an earlier release had to hide; and what has noise in
            # one release may be large enough to be shown in the other.
            noised = CELL_KEY in (earlier.method, content.method)
            both = [(now, content), (before, earlier)]
            able = [one for one in both if one[1].method != CELL_KEY] if noised else both
            hiding = [part for part, said in able if said.threshold <= content.threshold]
            grown = _responses(before.secret) != _responses(now.secret)
            recoded = _recoded(before.secret, now.secret)
            # Where coding has gone on, the same responses have other codes: as if others had come, for these alone.
            for then, come in [(before.without(recoded), grown), *([(before, True)] if recoded and noised else [])]:
                secrets = [(then if part is before else part).secret for part in hiding]
                held = _Held(release.number, then, now, _needs(secrets), links, come)
                yield from _told_together(held, [] if repeat_of(name) else _entries(session, held, theirs, mine))


def _close(before: _Part, now: _Part, links: Sequence[Sum]) -> list[Close]:
    return too_close(before.dataset.tables, now.dataset.tables, links, _of_authors(before, now))


def _parts(content: Content, restricted: Restricted) -> dict[str, _Part]:
    sealed = {part.activity: part for part in restricted.datasets}
    return {dataset.activity: _Part(dataset, sealed[dataset.activity]) for dataset in content.datasets}


def _entries(
    session: Session, held: _Held, theirs: Mapping[str, _Part], mine: Mapping[str, _Part]
) -> Iterator[tuple[list[Sum], Told]]:
    """What the entries of each repeat say of respondents, whichever of two releases counts them.

    Raises `UnaccountableError`.
    """
    activity, two = activity_of(held.now.dataset.activity), (held.before.dataset, held.now.dataset)
    names = [name for name in {**theirs, **mine} if repeat_of(name) and activity_of(name) == activity]
    if not names or held.now.dataset.contributions:  # of contributions nothing says how many each person has
        return
    answered = {number for dataset in two for number, _ in dataset.editions}
    known = documents(session, activity)
    terms = terms_of(known, answered)
    for name in names:
        found = [parts[name].dataset for parts in (theirs, mine) if name in parts]
        entries, more = [], list[Sum]()
        for dataset in found:
            translation = translation_to(known, dataset, max(answered))
            entries.append(tuple(map(translation.table, dataset.tables)))
            more += [link for table in dataset.tables for link in translation.links(table)]
        respondents = (*held.before.dataset.tables, *held.now.dataset.tables)
        variables = [dataset.variables for dataset in two]
        links, told = said_across(repeat_of(name), terms, variables, respondents, entries)
        yield [*more, *links], told


def _same_noise(earlier: Content, content: Content) -> bool:
    marked = {(one.activity, each.id): each.sensitive for one in earlier.datasets for each in one.variables}
    return (earlier.threshold, earlier.sensitive_threshold) == (content.threshold, content.sensitive_threshold) and all(
        marked.get((one.activity, each.id), each.sensitive) == each.sensitive
        for one in content.datasets
        for each in one.variables
    )


def _lettered(name: str, theirs: Mapping[str, _Part], mine: Mapping[str, _Part]) -> list[_Part]:
    """What an earlier release says, by the letters its opinion groups may have in the later one, likely ones first.

    Which groups are the same is nowhere written: whatever the shares in both leave open is looked at.
    """
    part, whole = theirs[name], str(activity_of(name))
    if not part.dataset.contributions or whole not in theirs or whole not in mine:
        return [part]
    then, now = letters.of(theirs[whole].dataset), letters.of(mine[whole].dataset)
    return [
        part
        if all(one == other for one, other in found.pairs.items())
        else part.translated(letters.translation(part.secret.variables, then, found.pairs))
        for found in plausible(then, now)
    ]


def _aligned(session: Session, process_id: uuid.UUID, before: _Part, now: _Part) -> tuple[_Part, _Part, list[Sum]]:
    """Two releases in the terms and codes of the newer edition and codebook."""
    before, now, links = _in_the_same_terms(session, before, now)
    before, now, of_codes = _in_the_same_codes(session, process_id, before, now)
    return before, now, [*links, *of_codes]


def _in_the_same_terms(session: Session, before: _Part, now: _Part) -> tuple[_Part, _Part, list[Sum]]:
    """Two releases in the terms of the newer edition: nearly always the later release's.

    An edition can be without answers again, when all were withdrawn.
    """
    ends = [part.dataset.editions[-1][0] for part in (before, now)]
    if ends[0] == ends[1]:
        return before, now, []
    known = documents(session, activity_of(now.dataset.activity))
    older = before if ends[0] < ends[1] else now
    return _translated(before, now, older, translation_to(known, older.dataset, max(ends)))


def _in_the_same_codes(
    session: Session, process_id: uuid.UUID, before: _Part, now: _Part
) -> tuple[_Part, _Part, list[Sum]]:
    """Two releases in the codes of the newer codebook."""
    codebooks = before.dataset.codebook, now.dataset.codebook
    if isinstance(codebooks[0], msgspec.UnsetType) or isinstance(codebooks[1], msgspec.UnsetType):
        return before, now, []
    ends = codebooks[0][0], codebooks[1][0]
    if ends[0] == ends[1]:
        return before, now, []
    older = before if ends[0] < ends[1] else now
    translation = coded.translation(session, process_id, older.secret.variables, min(ends), max(ends))
    return _translated(before, now, older, translation)


def _translated(before: _Part, now: _Part, older: _Part, translation: Translation) -> tuple[_Part, _Part, list[Sum]]:
    """Two releases, the older of them translated, and which cells of the other its own are."""
    links = [link for table in older.dataset.tables for link in translation.links(table)]
    if older is before:
        return before.translated(translation), now, links
    return before, now.translated(translation), links


def _needs(parts: Iterable[RestrictedDataset]) -> dict[Key, int]:
    needs: dict[Key, int] = {}
    for part in parts:
        splits = () if isinstance(part.weights, msgspec.UnsetType) else part.weights.splits
        for cell, need in (*part.needs, *splits):
            needs[cell] = max(need, needs.get(cell, 0))
    return needs


def _told_together(held: _Held, entries: Iterable[tuple[list[Sum], Told]]) -> Iterator[Problem]:
    """`entries`: what those of each repeat say of respondents."""
    before, now, known = held.before.dataset, held.now.dataset, held.now.secret
    names = _names(held.before, held.now)
    for weak in _broken(held, entries):
        yield Problem("results.release.together", {"cell": _cell_name(weak, names), "number": held.number})
    if not held.grown and not held.links:
        for variable in weighing.told_together(before, now, known, held.needs):
            yield Problem("results.release.together", {"cell": names[variable], "number": held.number})


def _near(close: Iterable[Close], number: int, before: _Part, now: _Part) -> Iterator[Problem]:
    names = _names(before, now)
    for cell in close:
        yield Problem(
            "results.release.alike" if cell.alike else "results.release.difference",
            {"cell": _cell_name(cell.key, names), "earlier": cell.earlier, "later": cell.later, "number": number},
        )


def _of_authors(*parts: _Part) -> set[str]:
    """What is not public of those whose contributions are counted, which everybody can read as they come."""
    found = [part.dataset for part in parts]
    written = [one for one in found if one.contributions and one.contributions.of in contributions.ENTRIES]
    names = {variable.id for one in written for variable in one.variables}
    return {name for name in names if contributions.read(name).of not in contributions.ENTRIES}


def _names(*parts: _Part) -> dict[str, str]:
    return {variable.id: variable.name for part in parts for variable in part.dataset.variables}


def _recoded(before: RestrictedDataset, now: RestrictedDataset) -> frozenset[str]:
    """The variables of codes, where answers have others than they had."""
    return frozenset() if before.codes == now.codes else frozenset(one.id for one in before.variables if one.coded)


def _broken(held: _Held, entries: Iterable[tuple[list[Sum], Told]]) -> list[Key]:
    """The cells that two releases give away together; a whole variable, or everybody, where nobody can reckon."""
    before, now, secret = held.before.dataset.tables, held.now.dataset.tables, held.now.secret
    variables = (*held.before.secret.variables, *secret.variables)
    atoms = moved(held.before.secret.variables, secret.variables)
    others = held.grown and not any(table.noise for table in (*before, *now))
    if others and not atoms:
        return []
    try:
        beside = [] if others else list(entries)
    except UnaccountableError:
        return [EVERYBODY]
    depends = tuple(dependencies_of(secret.depends, atoms, variables)) if atoms else secret.depends
    found: set[Key] = set()
    for more, told in beside or [([], UNTOLD)]:
        links, known = (*held.links, *more), {**dict(secret.told), **told}
        if not atoms:
            weak = broken_together(before, now, held.needs, known, depends, links, grown=held.grown)
        else:
            try:
                weak = broken_between(before, now, atoms, held.needs, known, depends, links, grown=held.grown)
            except ContradictionError:  # some responses have gone, so that nobody can tell what there was between edges
                return [key((name, "*")) for name in sorted(atoms)]
        found |= {one.key for one in weak}
    return sorted(found)


def _responses(secret: RestrictedDataset) -> int | None:
    return next((table.totals[0] for table in secret.tables if not table.by), None)


def _cell_name(cell: Key, names: Mapping[str, str]) -> str:
    """A cell as staff read it: `sex = female, country = GH`; the questions by their names."""
    if not cell:
        return "*"
    return ", ".join(
        f"{names.get(name.split('/')[0], name)}{name[len(name.split('/')[0]) :]} = {code}" for name, code in cell
    )
