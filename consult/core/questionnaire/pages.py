"""How a questionnaire falls into pages: a page per top-level group, one for each run of questions between them.

A group marked `field-list` is a page wherever it stands; the group around it then falls into several. So does one
around a repeat, which has pages of its own for each instance. Where participants say themselves how many instances
there are, a page that lists them stands behind those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from consult.core.questionnaire.answers import Form, fields
from consult.core.questionnaire.definition import (
    SILENT,
    UNANSWERED,
    UPLOADS,
    Group,
    Node,
    Question,
    Questionnaire,
    Repeat,
)
from consult.core.questionnaire.matrices import wordless


@dataclass(frozen=True, eq=False)
class Page:
    """What is asked at once."""

    number: int
    """Place among all pages of the edition, from 1; whether a reader sees it depends on their answers."""
    group: Group | None
    """The group whose title and hint the page has; none: those of the questionnaire."""
    nodes: tuple[Node, ...]
    repeats: tuple[Repeat, ...] = ()
    """The repeats around it, the outermost first: it is asked once for each instance of the last."""
    listing: Repeat | None = None
    """The repeat whose instances it lists."""

    @cached_property
    def chain(self) -> tuple[str, ...]:
        """Ids of the repeats around it."""
        return tuple(repeat.id for repeat in self.repeats)

    @cached_property
    def asked(self) -> tuple[Question, ...]:
        """Its questions and notes, in order."""
        return tuple(shown(self.nodes))

    @cached_property
    def uploads(self) -> tuple[Question, ...]:
        """Those that ask for a file."""
        return tuple(question for question in self.asked if question.type in UPLOADS)

    @cached_property
    def gates(self) -> tuple[Question, ...]:
        """Those that turn away whoever chooses certain answers."""
        return tuple(question for question in self.asked if question.turns_away)

    def turns_away(self, form: Form) -> bool:
        """Whether something was chosen with which nobody can take part."""
        return any(code in gate.turns_away for gate in self.gates for code in form.get(gate.id, ()))

    def lets_in(self, form: Form) -> bool:
        """Whether everything is answered before which nothing may be kept: the gates that are put to everybody."""
        return all(gate.relevant or any(form.get(gate.id, ())) for gate in self.gates)

    @cached_property
    def fields(self) -> frozenset[str]:
        """Names of its form fields."""
        return frozenset(name for question in self.asked for name in fields(question))


@dataclass(frozen=True)
class Block:
    """The pages of a repeat: all of them for its first instance, then all for the second."""

    repeat: Repeat
    parts: tuple[Part, ...]
    listing: Page | None
    """What lists its instances, after them; none where the questionnaire says how many there are."""

    @cached_property
    def summary(self) -> Question | None:
        """The first question of an instance: its answer tells instances apart where they are listed."""
        own = (page for page in flat(self.parts) if page.repeats[-1:] == (self.repeat,))
        return next((one for page in own for one in page.asked if one.type not in UNANSWERED), None)


Part = Page | Block


def split(questionnaire: Questionnaire) -> tuple[Part, ...]:
    """The pages of a questionnaire in order; those on which nothing is shown are left out."""
    return _Splitting().part(questionnaire.children, None, ())


def flat(parts: Sequence[Part]) -> Iterator[Page]:
    """All pages, those of repeats once."""
    for part in parts:
        if isinstance(part, Page):
            yield part
            continue
        yield from flat(part.parts)
        if part.listing is not None:
            yield part.listing


def blocks(parts: Sequence[Part]) -> Iterator[Block]:
    """The blocks of all repeats that have pages."""
    for part in parts:
        if isinstance(part, Block):
            yield part
            yield from blocks(part.parts)


def shown(nodes: Sequence[Node]) -> Iterator[Question]:
    """The questions and notes that stand on one page, in order, without those that no participant sees."""
    for node in nodes:
        if isinstance(node, Question):
            if node.type not in SILENT and not wordless(node):
                yield node
        elif not isinstance(node, Repeat):
            yield from shown(node.children)


class _Splitting:
    def __init__(self) -> None:
        self._number = 0

    def part(self, nodes: Sequence[Node], around: Group | None, repeats: tuple[Repeat, ...]) -> tuple[Part, ...]:
        """The pages of nodes within a group and repeats."""
        found: list[Part] = []
        run: list[Node] = []
        for node in nodes:
            if isinstance(node, Question) or not _stands_apart(node, around):
                run.append(node)
                continue
            found += self._page(run, around, repeats)
            run = []
            if isinstance(node, Repeat):
                found += self._block(node, repeats)
            elif _holds_repeat(node) or (_holds_page(node) and not _is_page(node)):
                found += self.part(node.children, node, repeats)
            else:
                found += self._page(node.children, node, repeats)
        return (*found, *self._page(run, around, repeats))

    def _page(self, nodes: Sequence[Node], group: Group | None, repeats: tuple[Repeat, ...]) -> list[Part]:
        if not any(True for _ in shown(nodes)):
            return []
        return [Page(self._next(), group, tuple(nodes), repeats)]

    def _block(self, repeat: Repeat, repeats: tuple[Repeat, ...]) -> list[Part]:
        parts = self.part(repeat.children, None, (*repeats, repeat))
        if not parts:
            return []
        listing = None if repeat.repeat_count else Page(self._next(), None, (), repeats, repeat)
        return [Block(repeat, parts, listing)]

    def _next(self) -> int:
        self._number += 1
        return self._number


def _stands_apart(node: Group | Repeat, around: Group | None) -> bool:
    return isinstance(node, Repeat) or around is None or _is_page(node) or _holds_page(node) or _holds_repeat(node)


def _holds_repeat(group: Group) -> bool:
    return any(isinstance(node, Repeat) or (isinstance(node, Group) and _holds_repeat(node)) for node in group.children)


def _is_page(group: Group) -> bool:
    return "field-list" in group.appearance


def _holds_page(group: Group) -> bool:
    return any(isinstance(node, Group) and (_is_page(node) or _holds_page(node)) for node in group.children)
