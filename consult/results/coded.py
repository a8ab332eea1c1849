"""Codes of answers in words as variables of a release: read where coding keeps them, joined to responses as they are
counted and nowhere else.

An answer's name leads to its response by the installation's key of codes alone. What stays of a join are counts; for
whoever recomputes a release its sealed part keeps the names of answers with their codes.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
from sqlalchemy.orm import Session

from consult.coding import queries, service, texts
from consult.coding.models import ItemKind
from consult.core.aggregation import coded
from consult.core.aggregation.disclosure import Thresholds
from consult.core.aggregation.readings import Reading
from consult.core.aggregation.tables import NO_CODE, Kind, Variable
from consult.core.aggregation.tabulate import Source
from consult.core.aggregation.translate import Translation
from consult.core.coding import codebook, unlinking
from consult.processes.models import Activity
from consult.results.content import RestrictedCodes

Codes = RestrictedCodes | msgspec.UnsetType
"""Of the answers of an activity; unset where none was coded."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers in words to questions of an activity that are put once. `key`: the installation's key of codes."""

    session: Session
    key: bytes
    activity: Activity
    sources: Sequence[Source]

    def given(self) -> Codes:
        """The codes that count by now (`coding.service.codes_of`)."""
        latest = queries.latest(self.session, self.activity.process_id)
        if latest is None:
            return msgspec.UNSET
        asked = texts.open_questions(self.session, self.activity.id)
        found: dict[str, dict[uuid.UUID, tuple[str, ...]]] = defaultdict(dict)
        for one in service.given(self.session, self.key, self.activity.id, latest):
            if one.kind == ItemKind.ANSWER and one.part in asked:
                found[one.part][one.item_id] = one.codes
        return _kept(latest.number, found)

    def counted(
        self, codes: Codes, variables: Sequence[Variable], limits: Thresholds | None
    ) -> tuple[Codes, tuple[Variable, ...], list[Source]]:
        """Of these codes those that are counted (`coded.counted`), the variables, each of texts followed by that of its
        codes, and what counts them. `limits`: none where answers need no protection.
        """
        if isinstance(codes, msgspec.UnsetType):
            return codes, tuple(variables), list(self.sources)
        version = queries.version(self.session, self.activity.process_id, codes.version)
        assert version is not None, "published versions stay"
        book = codebook.decode(version.document.encode())
        given = _by_name(codes)
        found: dict[str, dict[uuid.UUID, tuple[str, ...]]] = defaultdict(dict)
        every = list[Variable]()
        for variable in variables:
            every.append(variable)
            question = next(filter(None, (source.question(variable) for source in self.sources)), "")
            if variable.kind is Kind.TEXT and question in given:
                some = self._counted(variable, question, given[question], limits.least(variable) if limits else 1)
                if some:
                    found[question] |= some
                    every.append(coded.variable(variable, book))
        tables = {question: coded.given(self._by_response(question, some)) for question, some in found.items()}
        return _kept(codes.version, found), tuple(every), [replace(one, coded=tables) for one in self.sources]

    def _counted(
        self, variable: Variable, question: str, given: Mapping[uuid.UUID, tuple[str, ...]], k: int
    ) -> dict[uuid.UUID, tuple[str, ...]]:
        """Of the answers to a question that were coded those in the column store that are counted. `variable`: what
        the question was in some editions; in others it can be another."""
        names = dict(zip((one.bytes for one in self._responses(question, given)), given, strict=True))
        table = coded.given(self._by_response(question, given))
        found = [coded.answers(one.table, question, table) for one in self.sources if one.question(variable)]
        there = [names[key] for _, keys in found for key in keys]
        return {name: given[name] for name in coded.counted(there, sum(many for many, _ in found), k)}

    def _by_response(self, question: str, given: Mapping[uuid.UUID, tuple[str, ...]]) -> coded.Coded:
        keys = (one.bytes for one in self._responses(question, given))
        return dict(zip(keys, given.values(), strict=True))

    def _responses(self, question: str, names: Iterable[uuid.UUID]) -> list[uuid.UUID]:
        return unlinking.responses(self.key, self.activity.id, question, names)


def _kept(version: int, found: Mapping[str, Mapping[uuid.UUID, tuple[str, ...]]]) -> Codes:
    """Codes as they are kept under seal: the same codes, the same bytes."""
    given = {question: tuple(_alike(codes)) for question, codes in found.items() if codes}
    return RestrictedCodes(version=version, given=given) if given else msgspec.UNSET


def _alike(codes: Mapping[uuid.UUID, tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, together in codes.items():
        alike[together].append(name.hex)
    return ((together, tuple(sorted(alike[together]))) for together in sorted(alike))


def _by_name(codes: RestrictedCodes) -> dict[str, dict[uuid.UUID, tuple[str, ...]]]:
    return {
        question: {uuid.UUID(hex=name): together for together, names in alike for name in names}
        for question, alike in codes.given.items()
    }


def version_of(session: Session, activity: Activity, codes: Codes) -> tuple[int, str] | msgspec.UnsetType:
    """Number and hash of the codebook by which codes count."""
    if isinstance(codes, msgspec.UnsetType):
        return msgspec.UNSET
    found = queries.version(session, activity.process_id, codes.version)
    assert found is not None, "published versions stay"
    return found.number, found.hash


def translation(
    session: Session, process_id: uuid.UUID, variables: Iterable[Variable], then: int, now: int
) -> Translation:
    """What codes of one version of the codebook are in a later one."""
    latest, wanted = queries.latest(session, process_id), queries.version(session, process_id, now)
    assert latest is not None and wanted is not None, "published versions stay"
    known = {NO_CODE, *codebook.decode(wanted.document.encode()).named()}
    offered = {one.id: one.codes() for one in variables if one.coded}
    codes = {
        name: {
            code: counts
            for code in found
            if (counts := codebook.counted([code], then, now, latest.maps, known)) != (code,)
        }
        for name, found in offered.items()
    }
    return Translation(Reading(codes=codes), offered)
