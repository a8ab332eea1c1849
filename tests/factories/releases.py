"""Releases made by hand: a question of every kind, so that every picture and every part of a report is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from consult.core.aggregation.tables import Category, Dataset, Kind, Row, Summary, Table, Variable
from consult.core.text import LocalisedText
from consult.results.content import Content, ThemeLabel

AGREEMENT = ("strongly_agree", "agree", "neither", "disagree", "strongly_disagree", "dont_know")
COUNTRIES = ("GH", "NG", "DE", "FR", "GB", "US", "CI", "IT", "other")
Counts = Sequence[int | None]


def text(words: str) -> LocalisedText:
    """A text in English."""
    return LocalisedText({"en": words})


def variable(name: str, codes: Sequence[str], kind: Kind = Kind.SINGLE, **more: object) -> Variable:
    """A question whose choices are called as their codes."""
    categories = tuple(Category(code=code, label=text(code.replace("_", " "))) for code in codes)
    label = text(f"Question {name}?")
    return msgspec.structs.replace(Variable(id=name, name=name, kind=kind, label=label, categories=categories), **more)


def ages() -> Variable:
    """A number in bins."""
    edges = (20, 30, 40, 50)
    categories = (
        Category(code="..20", upper=20),
        *(Category(code=f"{low}..{low + 10}", lower=low, upper=low + 10) for low in edges[:-1]),
        Category(code="50..", lower=50),
    )
    return Variable(id="age", name="age", kind=Kind.NUMBER, label=text("How old are you?"), categories=categories)


def one_way(asked: Variable, counts: Counts, **more: object) -> Table:
    """A table of a question; nobody skipped it."""
    rows = [Row(code=code, counts=(count,)) for code, count in zip(asked.codes(), counts, strict=True)]
    return Table(variable=asked.id, totals=(_total(counts),), threshold=10, rows=(*rows, *_statuses(1)), **more)  # type: ignore[arg-type]


def crossed(asked: Variable, by: Variable, groups: Mapping[str, Counts], **more: object) -> Table:
    """A table of a question by groups."""
    rows = [
        Row(code=code, counts=tuple(counts[place] for counts in groups.values()))
        for place, code in enumerate(asked.codes())
    ]
    return Table(
        variable=asked.id,
        by=by.id,
        groups=tuple(groups),
        totals=tuple(_total(counts) for counts in groups.values()),
        threshold=10,
        rows=(*rows, *_statuses(len(groups))),
        **more,  # type: ignore[arg-type]
    )


def _total(counts: Counts) -> int:
    """What is hidden is 15."""
    return sum(15 if count is None else count for count in counts)


def _statuses(groups: int) -> tuple[Row, ...]:
    return tuple(Row(code=code, counts=(0,) * groups) for code in (":skipped", ":not-relevant"))


def release(number: int = 1, *, title: LocalisedText | None = None, shift: int = 0) -> Content:
    """A release with a scale, a second statement on it, countries, a number, a sex, a withheld table.

    `title`: of the process; `shift`: by how many the women are more than in the first release.
    """
    listened = variable("listened", AGREEMENT, scale=True, theme="trust")
    easy = variable("easy", AGREEMENT, scale=True, theme="trust")
    country, age, sex = variable("country", COUNTRIES), ages(), variable("sex", ("female", "male"))
    secret = variable("status", ("a", "b"), sensitive=True)
    tables = (
        one_way(listened, (120, 80, 60, 80, 40, 20)),
        one_way(easy, (40, 40, 80, 120, 100, 20)),
        one_way(country, (160, 100, None, None, 30, 20, 20, 0, 40)),
        one_way(age, (30, 90, 140, 100, 40), summary=Summary(mean=34.2, deviation=9.5, quartiles=(25.0, 33.0, 42.0))),
        one_way(sex, (220 + shift, 180)),
        crossed(listened, sex, {"female": (70, 40, 30, 40, 30, 10), "male": (50, 40, None, None, 10, 10)}),
        crossed(age, sex, {"female": (20, 50, 70, 60, 20), "male": (10, 40, 70, 40, 20)}),
        Table(variable="status", groups=(), totals=(), rows=(), threshold=20, withheld=True),
    )
    return Content(
        process="diaspora-policy",
        process_title=title or LocalisedText({"en": "Diaspora policy", "ar": "سياسة الشتات"}),
        source="en",
        number=number,
        title=LocalisedText({"en": "First results", "ar": "النتائج الأولى"}),
        frozen_on="2026-03-02",
        synthetic=True,
        threshold=10,
        sensitive_threshold=20,
        crossings=("sex",),
        themes=(ThemeLabel(code="trust", label=LocalisedText({"en": "Trust", "ar": "الثقة"})),),
        datasets=(
            Dataset(
                activity="a",
                slug="survey",
                title=text("Survey"),
                unit="person",
                source="en",
                editions=((1, "ab" * 32),),
                responses=400,
                variables=(listened, easy, country, age, sex, secret),
                tables=tables,
            ),
        ),
    )
