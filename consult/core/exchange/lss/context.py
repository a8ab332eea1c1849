"""What is known while a survey is turned into a questionnaire, and how losses are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from consult.core.errors import Place
from consult.core.exchange.lss.markup import read_text, without_markup
from consult.core.exchange.lss.naming import Lists, Names
from consult.core.exchange.lss.script import Lost
from consult.core.exchange.lss.survey import Group, Question, Texts
from consult.core.exchange.lss.translating import both, condition
from consult.core.exchange.lss.unasked import Unasked
from consult.core.exchange.lss.variables import NOBODY, Own, Variables
from consult.core.exchange.xlsform.report import Report
from consult.core.expressions import parse
from consult.core.text import LocalisedText


@dataclass(slots=True)
class Context:
    """The survey's languages, names, lists and variables."""

    locales: dict[str, str]
    """Our tag of each of the survey's languages, the base language first."""
    base: str
    report: Report
    names: Names = field(default_factory=Names)
    lists: Lists = field(default_factory=Lists)
    variables: Variables = field(default_factory=Variables)
    unasked: Unasked = field(default_factory=Unasked)
    group: str = ""
    """Title of the group that is being read."""
    group_id: str = ""

    def enter(self, group: Group) -> None:
        """What follows belongs to this group."""
        title = next((text for text in (group.title.get(self.base), *group.title.values()) if text), "")
        self.group_id = group.id
        self.group = without_markup(title)[:80] or group.id

    def place(self, question: Question | None = None, attribute: str = "") -> Place:
        """Where something is: group, question and attribute."""
        return Place(
            self.group, None, " · ".join(part for part in (question.code if question else "", attribute) if part)
        )

    def text(self, texts: Texts, place: Place, own: Own = NOBODY) -> LocalisedText:
        """A text in all languages; what it loses is told. Codes: `lss.text.*`."""
        found: dict[str, str] = {}
        elements: dict[str, None] = {}
        for language, html in texts.items():
            tag = self.locales.get(language or self.base)
            if tag is None:
                continue
            plain = read_text(html, self.variables, own)
            found[tag] = plain.text
            elements |= dict.fromkeys(plain.elements)
            for source in plain.expressions:
                self.report.warn("lss.text.expression", place, source=f"{{{source}}}"[:200])
            if plain.cut:
                self.report.warn("lss.text.cut", place, length=len(html))
        if elements:
            self.report.warn("lss.text.markup", place, elements=", ".join(elements))
        return LocalisedText(found)

    def condition(self, source: str, place: Place, own: Own, within: Iterable[str] = ()) -> str:
        """When something is asked; what differs from LimeSurvey is told. Codes: `lss.expression.lost .hidden`.

        `within` names the questions that are asked then: on their own answers the condition cannot depend.
        """

        def translate() -> str:
            found = condition(source, self.variables, own)
            for name in sorted(parse(found).names.intersection(within)):
                raise Lost(name)
            return found

        found = self.translated(source, place, translate)
        if found:
            for name in self.unasked.differing(source, found, self.variables, own, self.group_id):
                self.report.warn("lss.expression.hidden", place, source=source.strip()[:200], name=name)
        return found

    def both(self, question: Question, *conditions: str) -> str:
        """Conditions that must all hold; where they are too long together, the first, and that is told."""
        try:
            return both(*conditions)
        except Lost as lost:
            place = self.place(question, "relevance")
            self.report.warn("lss.expression.lost", place, source=" and ".join(conditions)[:200], part=lost.part[:60])
            return next(each for each in conditions if each)

    def translated(self, source: str, place: Place, translate: Callable[[], str]) -> str:
        """What an expression becomes; where it is lost, nothing, and that is told. Code: `lss.expression.lost`."""
        try:
            return translate()
        except Lost as lost:
            self.report.warn("lss.expression.lost", place, source=source.strip()[:200], part=lost.part[:60])
            return ""
