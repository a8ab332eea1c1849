"""How a questionnaire falls into pages: a page per top-level group, one for each run of questions between them.

A group marked `field-list` is a page wherever it stands; the group around it then falls into several.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from consult.core.questionnaire.answers import fields
from consult.core.questionnaire.definition import (
    ANSWERABLE_LATER,
    SILENT,
    Group,
    Node,
    Question,
    Questionnaire,
    Repeat,
)


@dataclass(frozen=True)
class Page:
    """What is asked at once."""

    number: int
    """Place among all pages of the edition, from 1; whether a reader sees it depends on their answers."""
    group: Group | None
    """The group whose title and hint the page has; none: those of the questionnaire."""
    nodes: tuple[Node, ...]

    @cached_property
    def asked(self) -> tuple[Question, ...]:
        """Its questions and notes, in order, without those that no participant sees."""
        return tuple(_shown(self.nodes))

    @cached_property
    def fields(self) -> frozenset[str]:
        """Names of its form fields."""
        return frozenset(name for question in self.asked for name in fields(question))


def split(questionnaire: Questionnaire) -> tuple[Page, ...]:
    """The pages of a questionnaire; those on which nothing is shown are left out."""
    found: list[tuple[Group | None, tuple[Node, ...]]] = []
    _split(questionnaire.children, None, found)
    shown = [(group, nodes) for group, nodes in found if any(True for _ in _shown(nodes))]
    return tuple(Page(number, group, nodes) for number, (group, nodes) in enumerate(shown, start=1))


def _split(nodes: Sequence[Node], around: Group | None, found: list[tuple[Group | None, tuple[Node, ...]]]) -> None:
    run: list[Node] = []
    for node in nodes:
        apart = isinstance(node, Group) and (around is None or _is_page(node) or _holds_page(node))
        if not apart:
            run.append(node)
            continue
        assert isinstance(node, Group)
        found.append((around, tuple(run)))
        run = []
        if _holds_page(node) and not _is_page(node):
            _split(node.children, node, found)
        else:
            found.append((node, node.children))
    found.append((around, tuple(run)))


def _is_page(group: Group) -> bool:
    return "field-list" in group.appearance


def _holds_page(group: Group) -> bool:
    return any(isinstance(node, Group) and (_is_page(node) or _holds_page(node)) for node in group.children)


def _shown(nodes: Sequence[Node]) -> Iterator[Question]:
    for node in nodes:
        if isinstance(node, Question):
            if node.type not in SILENT and node.type not in ANSWERABLE_LATER:
                yield node
        elif not isinstance(node, Repeat):
            yield from _shown(node.children)
