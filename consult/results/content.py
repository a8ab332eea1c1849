"""What a release says, to everybody and under seal; and the plan it was made by."""

from __future__ import annotations

import hashlib

import msgspec

from consult.core.aggregation.dependencies import Dependency
from consult.core.aggregation.tables import Dataset, Key, Span, Table, Variable, canonical, parser
from consult.core.text import LocalisedText

SCHEMA = 1
SUPPRESSION = "suppression"
CELL_KEY = "cell-key"
NONE = "none"
METHODS = (SUPPRESSION, CELL_KEY)
"""By which counts of persons can be protected."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a release is to contain."""

    title: LocalisedText = LocalisedText()
    crossings: tuple[str, ...] = ("country_of_residence", "sex", "age_group")
    """Concepts, ids or names of questions by whose groups every question is broken down, where an activity has them."""
    threshold: int = 0
    """Never under the process's; 0: the process's."""
    method: str = ""
    """One of `METHODS`; empty: what suits the process (`service.usual_method`)."""


class ThemeLabel(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A theme of the process."""

    code: str
    label: LocalisedText
    parent: str = ""


class ConceptCodes(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The code list of a concept that questions of this release measure."""

    concept: str
    codes: tuple[str, ...]
    standard: str = ""
    """The name of a standard code list; empty for one of the process."""
    labels: dict[str, LocalisedText] = {}
    """What the codes of one of the process are called."""


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """A release: everything that is shown, and the parameters by which it came about."""

    schema: int = SCHEMA
    process: str
    """Address of the process."""
    process_title: LocalisedText
    source: str
    """The process's source locale."""
    number: int
    title: LocalisedText
    frozen_on: str
    synthetic: bool
    method: str = SUPPRESSION
    threshold: int
    sensitive_threshold: int
    crossings: tuple[str, ...]
    themes: tuple[ThemeLabel, ...]
    datasets: tuple[Dataset, ...]
    concepts: tuple[ConceptCodes, ...] = ()

    def encoded(self) -> bytes:
        """Canonical bytes."""
        return canonical(self)


class SegmentRef(msgspec.Struct, frozen=True, kw_only=True):
    """A segment that was read."""

    id: str
    hash: str


class RestrictedWeights(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the audit of weighted tables rests on."""

    cells: tuple[tuple[tuple[str, ...], int], ...]
    """Weights by channel and category of each margin, in millionths."""
    splits: tuple[tuple[Key, int], ...] = ()
    """Parts of cells in a category of the margins that must stay unknown, with the width of doubt each needs."""


class RestrictedCodes(msgspec.Struct, frozen=True, kw_only=True):
    """The codes of answers as they were counted: whoever recomputes a release later needs them, as coding goes on."""

    version: int
    """Of the codebook."""
    given: dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]
    """By id of the question: codes that stand together, with the names (`core.coding.unlinking`) of the answers that
    have them, in hexadecimal digits."""


class RestrictedDataset(msgspec.Struct, frozen=True, kw_only=True):
    """What only the steward may see of one activity."""

    activity: str
    segments: tuple[SegmentRef, ...]
    variables: tuple[Variable, ...]
    tables: tuple[Table, ...]
    """Unprotected."""
    needs: tuple[tuple[Key, int], ...] = ()
    """The pattern: cells that must stay unknown, with the width of doubt each needs."""
    told: tuple[tuple[Key, Span], ...] = ()
    """Between which numbers cells were known to lie from fieldwork pages."""
    depends: tuple[Dependency, ...] = ()
    """What whoever has read the questionnaire knows of its variables."""
    withheld: tuple[tuple[str, str], ...] = ()
    """Tables given up because the auditor broke them."""
    weights: RestrictedWeights | msgspec.UnsetType = msgspec.UNSET
    """Where the activity is weighted."""
    codes: RestrictedCodes | msgspec.UnsetType = msgspec.UNSET
    """Where answers in words were coded."""


class Restricted(msgspec.Struct, frozen=True, kw_only=True):
    """The sealed part of a release."""

    datasets: tuple[RestrictedDataset, ...]


plan_of = parser(Plan)
"""Read a plan back."""
content_of = parser(Content)
"""Read a release's content back."""
restricted_of = parser(Restricted)
"""Read the restricted part back, once it is unsealed."""


def digest(raw: bytes) -> str:
    """SHA-256 in hexadecimal digits: the identity of a release."""
    return hashlib.sha256(raw).hexdigest()
