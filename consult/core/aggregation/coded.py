"""Codes that people gave to answers in words, counted like the choices of a multi-choice question.

Its base are the answers that were coded; one that was read and given no code stands under `NO_CODE`. Whoever gave no
answer, or one that nobody has coded, is *not relevant*; nobody is *skipped*. What was coded was answered, as everybody
knows: the auditor reckons with it, and the table of the answers tells how many were not coded. So that these are none
or many, some that were coded are left out where they are few (`counted`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from consult.core.aggregation.dependencies import Dependency
from consult.core.aggregation.tables import (
    ANSWERED,
    NO_CODE,
    NOT_RELEVANT,
    OTHERWISE,
    SELECTED,
    STATUSES,
    Category,
    Kind,
    Variable,
    choice_of,
    codes_of,
)
from consult.core.coding.codebook import Codebook
from consult.core.text import LocalisedText

if TYPE_CHECKING:
    import ibis.expr.types as ir

RESPONSE: Final = "key"
"""Column by which responses are told apart."""
_GIVEN: Final = ":given"
"""Column of the codes of an answer."""
_JOINED: Final = ":coded"

Coded = Mapping[bytes, Sequence[str]]
"""By key of a response: the codes of its answer to a question, none among them."""


def variable(texts: Variable, codebook: Codebook) -> Variable:
    """What counts the codes of texts: the codes of a codebook in their order, under them that there are none."""
    return msgspec.structs.replace(
        texts,
        id=codes_of(texts.id),
        name=codes_of(texts.name),
        kind=Kind.MULTIPLE,
        categories=(*categories(codebook), Category(code=NO_CODE)),
        concept="",
        coded=texts.id,
    )


def categories(codebook: Codebook) -> Iterator[Category]:
    """The codes of a codebook in their order, with what they are called and the theme to which they belong."""
    for one, _depth in codebook.tree():
        theme = next(iter(codebook.themes([one.code])), "")
        yield Category(code=one.code, label=_label(one.parent, one.label, codebook), theme=theme)


def _label(parent: str, label: LocalisedText, codebook: Codebook) -> LocalisedText:
    """What a code is called; one that stands under another, after that."""
    above = codebook.named().get(parent)
    if above is None:
        return label
    both = (locale for locale in label if above.label.get(locale))
    return LocalisedText({locale: f"{above.label[locale]} – {label[locale]}" for locale in both}) or label


def counted(coded: Sequence[uuid.UUID], answered: int, k: int) -> Sequence[uuid.UUID]:
    """Which coded answers are counted: all; without some, as the order of their random names draws them, where fewer
    than k were not coded; and none where fewer than k would be left.

    `coded`: their names; `answered`: how many answers there are.
    """
    without = answered - len(coded)
    left = sorted(coded)[k - without if 0 < without < k else 0 :]
    return left if len(left) >= k else ()


# --- on every engine alike -------------------------------------------------------------------------------------------


def given(found: Coded) -> ir.Table:
    """Codes as a table of whichever engine asks for it: a row for each coded answer."""
    import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only aggregation needs it

    keys = sorted(found)
    codes = [list(found[key]) or [NO_CODE] for key in keys]
    return ibis.memtable(
        pa.table({_JOINED: pa.array(keys, pa.binary()), _GIVEN: pa.array(codes, pa.list_(pa.string()))})
    )


def joined(responses: ir.Table, codes: ir.Table) -> ir.Table:
    """Responses, each with the codes of its answer where it was coded."""
    return responses.left_join(codes, responses[RESPONSE] == codes[_JOINED])


def answers(responses: ir.Table, texts: str, codes: ir.Table) -> tuple[int, set[bytes]]:
    """How many answers there are, and the keys of the responses whose answers were coded. `texts`: their column."""
    found = responses.filter(responses[texts].cast("string") == ANSWERED)
    coded = codes.semi_join(found, codes[_JOINED] == found[RESPONSE]).select(_JOINED)
    return int(found.count().execute()), set(coded.to_pyarrow()[_JOINED].to_pylist())


def outcome(table: ir.Table) -> ir.Value:
    """What a response that was joined counts as."""
    import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it

    return table[_GIVEN].coalesce(ibis.array([ibis.literal(NOT_RELEVANT)]))


# --- what everybody knows --------------------------------------------------------------------------------------------


def dependencies(variables: Iterable[Variable], known: Iterable[Dependency]) -> Iterator[Dependency]:
    """What depends on what where codes are counted; `known`: what is known of the texts, which holds of their codes."""
    found = list(known)
    for one in variables:
        if one.coded:
            yield from _parts(one, one.coded, {code: (code,) for code in (ANSWERED, *STATUSES)})
            for of_texts in (each for each in found if each.fine == one.coded):
                yield from _parts(one, of_texts.coarse, of_texts.under)


def _parts(codes: Variable, coarse: str, under: Mapping[str, tuple[str, ...]]) -> Iterator[Dependency]:
    """Choices overlap: each is a variable of its own. `under`: with what the texts can occur."""
    everywhere = tuple(dict.fromkeys(answer for allowed in under.values() for answer in allowed))
    if under[ANSWERED] != everywhere:
        for code in codes.codes():
            part = {SELECTED: under[ANSWERED], OTHERWISE: everywhere}
            yield Dependency(fine=choice_of(codes.id, code), coarse=coarse, under=part)
        yield Dependency(fine=codes.id, coarse=coarse, under={NOT_RELEVANT: everywhere, OTHERWISE: under[ANSWERED]})
