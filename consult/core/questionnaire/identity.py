"""Ids of questions: the same question keeps its id from edition to edition, whatever file it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import count

import msgspec

from consult.core.questionnaire.definition import Node, Question, Questionnaire, node_id

Path = tuple[str, ...]
"""Names of a node and the groups around it, outermost first."""


def keep_ids(questionnaire: Questionnaire, newest: Questionnaire, taken: Collection[str] = ()) -> Questionnaire:
    """A questionnaire as it was imported, with the ids that its questions had in the newest edition.

    A question is the one of the same path of names, else the only one of its name. An id that the file itself names
    (it does not derive from the path) stays. What is new gets no id that is in use, nor one of `taken`, those of
    editions before the newest, unless it has the path to which that id belongs.
    """
    wanted = _paths(questionnaire)
    known = _paths(newest)
    names, known_names = _only(wanted), _only(known)
    kept: dict[Path, str] = {}
    used: set[str] = set()
    named = {path: node.id for path, node in wanted.items() if node.id != _derived(path)}
    same = {path: known[path].id for path in wanted if path in known and _alike(wanted[path], known[path])}
    moved = {
        path: known[known_names[name]].id
        for name, path in names.items()
        if name in known_names
        and path not in known
        and known_names[name] not in wanted
        and _alike(wanted[path], known[known_names[name]])
    }
    for found in (named, same, moved):
        for path, name in found.items():
            if path not in kept and name not in used:
                kept[path] = name
                used.add(name)
    for path in wanted:
        if path not in kept:
            kept[path] = _fresh(path, used | {node.id for node in known.values()}, taken)
            used.add(kept[path])
    return _renumbered(questionnaire, lambda path, _node: kept[path])


def with_ids(questionnaire: Questionnaire, ids: Mapping[str, str]) -> Questionnaire:
    """The same questionnaire with other ids in place of some."""
    return _renumbered(questionnaire, lambda _path, node: ids.get(node.id, node.id))


def _renumbered(questionnaire: Questionnaire, new_id: Callable[[Path, Node], str]) -> Questionnaire:
    def renumber(node: Node, above: Path) -> Node:
        path = (*above, node.name)
        if isinstance(node, Question):
            return msgspec.structs.replace(node, id=new_id(path, node))
        children = tuple(renumber(child, path) for child in node.children)
        return msgspec.structs.replace(node, id=new_id(path, node), children=children)

    return msgspec.structs.replace(questionnaire, children=tuple(renumber(node, ()) for node in questionnaire.children))


def _paths(questionnaire: Questionnaire) -> dict[Path, Node]:
    return {(*(group.name for group in above), node.name): node for node, above in questionnaire.walk()}


def _only(paths: Iterable[Path]) -> dict[str, Path]:
    """The paths of names that occur once."""
    often = Counter(path[-1] for path in paths)
    return {path[-1]: path for path in paths if often[path[-1]] == 1}


def _alike(one: Node, other: Node) -> bool:
    return isinstance(one, Question) == isinstance(other, Question)


def _derived(path: Path) -> str:
    return node_id("/".join(path))


def _fresh(path: Path, used: Collection[str], taken: Collection[str]) -> str:
    """The id of a path, or one made from it where a renamed question has that already."""
    if _derived(path) not in used:
        return _derived(path)
    numbered = (node_id(f"{'/'.join(path)}#{number}") for number in count(2))
    return next(name for name in numbered if name not in used and name not in taken)
