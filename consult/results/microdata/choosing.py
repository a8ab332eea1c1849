"""What of an activity may go out as records, and what a steward chooses of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy.orm import Session

from consult.core.aggregation.tables import Dataset, Kind, Variable
from consult.core.aggregation.variables import CHANNEL, EDITION, LOCALE
from consult.processes.models import Activity
from consult.questionnaires.queries import documents
from consult.results import columns
from consult.results.measures import decided, measuring
from consult.results.microdata.columns import MEASURED
from consult.results.terms import circumstances, terms_of

FORMATS: Final = ("csv", "sav", "dta", "r")
_KNOWN: Final = (
    "age age_group citizenship city country_of_birth country_of_origin country_of_residence date_of_birth education "
    "ethnicity gender household_size legal_status marital_status migration_status nationality occupation "
    "place_of_residence profession region religion sex year_of_arrival year_of_birth"
)
KEY_CONCEPTS: Final = frozenset(_KNOWN.split())
"""What somebody may know of a person beforehand."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What goes out, by ids of variables."""

    variables: tuple[str, ...]
    exact: tuple[str, ...] = ()
    """Numbers and dates that go out as they were given; the others in groups."""
    keys: tuple[str, ...] = ()
    """Key variables: what somebody may know of a person beforehand."""
    blank: bool = False
    """Whether records whose combination of key variables is too rare lose these (local suppression)."""
    texts: tuple[str, ...] = ()
    """Questions whose answers in words go out, in a file apart."""
    formats: tuple[str, ...] = FORMATS


class Offer(msgspec.Struct, frozen=True):
    """What there is to choose from."""

    variables: tuple[Variable, ...]
    texts: tuple[Variable, ...]
    records: int

    def numbers(self) -> tuple[Variable, ...]:
        """What can go out in groups or exactly."""
        return tuple(one for one in self.variables if one.kind in MEASURED)

    def usual(self) -> Choice:
        """What is proposed: no sensitive question, numbers in groups, no texts, rare combinations blanked."""
        chosen = tuple(one.id for one in self.variables if not one.sensitive and one.id != CHANNEL)
        known = [one for one in self.variables if one.concept in KEY_CONCEPTS or one.id == LOCALE]
        return Choice(variables=chosen, keys=tuple(one.id for one in known if one.id in chosen), blank=True)

    def only(self, choice: Choice) -> Choice:
        """A choice without what there is not; keys and exact ones are among the variables."""
        chosen = _among(choice.variables, self.variables)
        return Choice(
            variables=chosen,
            exact=tuple(name for name in choice.exact if name in chosen),
            keys=tuple(name for name in choice.keys if name in chosen),
            blank=choice.blank,
            texts=_among(choice.texts, self.texts),
            formats=tuple(name for name in FORMATS if name in choice.formats),
        )


def _among(wanted: Sequence[str], there: Sequence[Variable]) -> tuple[str, ...]:
    return tuple(one.id for one in there if one.id in wanted)


def dataset_of(activity: Activity) -> Dataset:
    """What labels need to know of an activity."""
    return Dataset(
        activity=str(activity.id),
        slug=activity.slug,
        title=activity.title,
        unit=activity.unit,
        source=activity.locales[0],
        editions=(),
        responses=None,
        variables=(),
        tables=(),
    )


def offer(session: Session, activity: Activity) -> Offer | None:
    """What an activity has; none while the column store holds nothing of it."""
    held = columns.manifest(session, activity.id)
    if not held:
        return None
    terms = terms_of(documents(session, activity.id), {segment.edition for segment in held})
    known = tuple(measuring(decided(session, activity), terms.variables()))
    return Offer(
        tuple(one for one in (*known, *circumstances(terms)) if one.kind is not Kind.TEXT and one.id != EDITION),
        tuple(one for one in known if one.kind is Kind.TEXT),
        sum(segment.rows for segment in held),
    )
