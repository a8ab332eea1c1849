"""The re-identification report: what a steward looks at before records go out, and what goes with them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from consult.core.aggregation.risk import Risk
from consult.results.presentation import Reader


class KeyVariable(msgspec.Struct, frozen=True, kw_only=True):
    """A key variable."""

    name: str
    label: str
    categories: int
    """How many different answers there are."""
    smallest: int
    """Records with the rarest of them."""
    at_risk_without: int
    """Records that would still be at risk without this variable."""


class Sensitive(msgspec.Struct, frozen=True, kw_only=True):
    """A sensitive question, within the classes of the key variables."""

    name: str
    label: str
    least: int
    """Different answers in the class with the fewest: the l of l-diversity."""
    uniform: int
    """Records in classes in which everybody gave the same answer."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """How easily participants could be found again in a file of records."""

    activity: str
    title: str
    made_on: str
    threshold: int
    records: int
    keys: tuple[KeyVariable, ...]
    before: Risk
    """Without blanking."""
    after: Risk
    """Of the records that were not blanked; the same as `before` where none were."""
    blanked: int
    """Records that lost their key variables; nobody knows to which class they belong."""
    sensitive: tuple[Sensitive, ...]
    variables: tuple[str, ...]
    exact: tuple[str, ...]
    texts: int
    """Answers in words that go out, in a file apart."""

    @property
    def safe(self) -> bool:
        """Whether there are key variables, no record is at risk by them, and no text goes out."""
        return (
            bool(self.keys)
            and not self.after.at_risk
            and (not self.blanked or self.blanked >= self.threshold)
            and not self.texts
        )


def lines(report: Report, reader: Reader) -> Iterator[tuple[str, str]]:
    """The report as labels and values."""
    _ = reader.words
    yield _("Records"), reader.number(report.records)
    yield _("Key variables"), ", ".join(key.label for key in report.keys) or _("none")
    found = [(report.before, _("before blanking"))] if report.blanked else []
    for risk, when in (*found, (report.after, "")):
        suffix = f" ({when})" if when else ""
        yield _("Groups that agree in every key variable") + suffix, reader.number(risk.classes)
        yield _("Records in the smallest group") + suffix, reader.number(risk.smallest)
        yield _("Records that are alone in their group") + suffix, reader.number(risk.unique)
        at_risk = _("Records in groups under %(threshold)s") % {"threshold": report.threshold}
        yield at_risk + suffix, reader.number(risk.at_risk)
        yield _("Mean chance to pick the right record") + suffix, reader.percent(100 * risk.mean)
    yield _("Records whose key variables are blanked"), reader.number(report.blanked)
    yield _("Numbers and dates as they were given"), ", ".join(report.exact) or _("none")
    yield _("Answers in words, in a file apart"), reader.number(report.texts)


def paragraphs(reader: Reader) -> list[str]:
    """What the report means."""
    _ = reader.words
    return [
        _(
            "Key variables are what somebody may know of a person beforehand. Records that agree in all of them form a "
            "group; whoever knows that a person took part can pick the right record of a group of five with a chance "
            "of one in five."
        ),
        _(
            "A group in which everybody gave the same answer to a sensitive question gives that answer away, however "
            "large it is."
        ),
        _("Blanked records have lost their key variables: nobody can tell to which group they belong."),
    ]


def text(report: Report, reader: Reader) -> str:
    """The report as plain text."""
    _ = reader.words
    rows = [f"{label}: {value}" for label, value in lines(report, reader)]
    keys = [
        _(
            "%(label)s. Different answers: %(categories)s; records with the rarest: %(smallest)s; "
            "at risk without it: %(without)s"
        )
        % {
            "label": key.label,
            "categories": key.categories,
            "smallest": key.smallest,
            "without": key.at_risk_without,
        }
        for key in report.keys
    ]
    sensitive = [
        _(
            "%(label)s. Fewest different answers in a group: %(least)s; "
            "records in groups with a single answer: %(uniform)s"
        )
        % {"label": one.label, "least": one.least, "uniform": one.uniform}
        for one in report.sensitive
    ]
    title = f"{_('Re-identification report')}: {report.title}, {report.made_on}"
    blocks = [[title], rows, keys, sensitive, paragraphs(reader)]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
