"""A participant who answers whatever the pages ask, by the controls on them, and remembers what was given."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypedDict

from playwright.sync_api import Page

from consult.core.expressions.environment import Path
from consult.core.questionnaire.definition import Choice, Question, Questionnaire, QuestionType
from consult.core.questionnaire.instances import key
from tests.factories.household import MEMBERS, Household, Said

EASTERN: Final = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
MOST_PAGES: Final = 200
_PLACE: Final = re.compile(r"/page/(\d+(?:/[\d-]+)?)$")


class Control(TypedDict):
    """The fields of a question, as they stand on a page."""

    id: str
    kind: str
    """`radio`, `checkbox`, `select`, `parts`, `text`."""
    codes: list[str]
    """What can be chosen."""
    empty: bool
    """Nothing stands in them, and something can be put there."""


SHOWN: Final = """form => [...form.querySelectorAll("[name], option")].map(one => one.name ?? one.value)"""
"""What a page asks and offers."""
READ: Final = """form => {
  const found = new Map();
  for (const one of form.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const [id, part] = one.name.split(".");
    const pressed = one.type === "radio" || one.type === "checkbox";
    if (part === "calendar" || !one.closest(".question")?.checkVisibility()) continue;
    const kind = pressed ? one.type : part ? "parts" : one.type === "select-one" ? "select" : "text";
    const control = found.get(id) ?? { id, kind, codes: [], empty: true };
    if (pressed) control.codes.push(one.value);
    if (kind === "select") control.codes.push(...[...one.options].map(option => option.value).filter(Boolean));
    if (one.readOnly || one.disabled || (pressed ? one.checked : one.value !== "")) control.empty = false;
    found.set(id, control);
  }
  return [...found.values()];
}"""


@dataclass
class Robot:
    """Goes from page to page until the check.

    Fails where an answer is lost, a page comes again and asks nothing new, or something is called wrong.
    """

    questionnaire: Questionnaire
    household: Household
    look: Callable[[Page], None]
    """What is looked at on every page."""
    scripts: bool
    """Whether the browser runs them."""
    given: dict[str, Said] = field(default_factory=dict)
    """What was answered, under the key under which it must be stored."""
    way: list[str] = field(default_factory=list)
    """The pages in the order in which they came: number, and instance where there is one."""

    def __post_init__(self) -> None:
        self._met: dict[str, set[str]] = {}
        self._asked = {question.id: question for question in self.questionnaire.questions()}

    def id(self, name: str) -> str:
        """The id of a question."""
        return next(question.id for question in self._asked.values() if question.name == name)

    def label(self, choice: Choice) -> str:
        """What a choice is called in the household's language."""
        return choice.label.resolve(self.household.locale, self.questionnaire.source).text

    def go_through(self, page: Page) -> None:
        """Answer page after page until the check."""
        for _ in range(MOST_PAGES):
            if page.url.endswith("/check"):
                return
            self.look(page)
            place, path = place_of(page.url)
            self.way += [place]
            if page.locator("form#list").count():
                enough = page.locator("ol.instances > li").count() >= MEMBERS
                page.locator("main form .actions button").nth(0 if enough else 1).click()
            else:
                names = set(page.locator("main form").evaluate(SHOWN))
                assert not names <= self._met.get(place, set()), f"{place} comes again and asks nothing new"
                self._met[place] = names
                self._answer(page, path)
                page.locator("main form button.button").click()
            assert page.locator(".summary").count() == 0, f"{place}: {page.locator('.summary').inner_text()}"
        raise AssertionError(f"there is no end: {self.way}")

    def _answer(self, page: Page, path: Path) -> None:
        """Answer one question after the other, as each may bring up others; without scripts none does."""
        for _ in range(len(self._asked)):
            empty = [found for found in page.locator("main form").evaluate(READ) if found["empty"]]
            empty = [found for found in empty if self._can(found, path)]
            lost = [found["id"] for found in empty if key(found["id"], path) in self.given]
            assert lost == [], f"what was answered to {lost} is not there any more"
            if not empty:
                return
            for found in empty[:1] if self.scripts else empty:
                self._put(page, found, path)
        raise AssertionError("a page asks more than there is")

    def _can(self, control: Control, path: Path) -> bool:
        """Whether what shall be chosen is offered already."""
        wanted = self.household.answer(self._asked[control["id"]].name, path[-1] if path else 0)
        return not control["codes"] or wanted is None or {wanted} <= {*control["codes"]} or isinstance(wanted, tuple)

    def _put(self, page: Page, control: Control, path: Path) -> None:
        question = self._asked[control["id"]]
        answer = self._choose(question, control, path)
        self.given[key(question.id, path)] = answer
        match control["kind"]:
            case "select":
                page.locator(f"#{question.id}").select_option(str(answer))
            case "radio" | "checkbox":
                for code in answer if isinstance(answer, tuple) else (answer,):
                    page.locator(f"input[name={question.id}][value={json.dumps(code, ensure_ascii=False)}]").check()
            case "parts":
                for part, words in zip(("year", "month", "day"), str(answer).split("-"), strict=True):
                    box = page.locator(f"[name='{question.id}.{part}']")
                    if box.count():
                        box.fill(self._typed(words))
            case _:
                page.locator(f"#{question.id}").fill(self._typed(answer) if isinstance(answer, int) else str(answer))

    def _choose(self, question: Question, control: Control, path: Path) -> Said:
        if (said := self.household.answer(question.name, path[-1] if path else 0)) is not None:
            return said
        preferred = [code for code in self.household.prefers if code in control["codes"]] or control["codes"]
        match question.type:
            case QuestionType.SELECT_MULTIPLE:
                return tuple(code for code in control["codes"] if code in {preferred[0], control["codes"][0]})
            case QuestionType.INTEGER:
                return 3
            case QuestionType.DATE:
                return "2019-05-01"
            case QuestionType.TEXT:
                return f"{question.name} ‹سارة› & <b>é</b>"
            case _:
                return preferred[0]

    def _typed(self, answer: Said) -> str:
        """A number as people type it."""
        words = str(answer)
        return words.translate(EASTERN) if self.household.locale == "ar" else words


def place_of(url: str) -> tuple[str, Path]:
    """Number and instance of a page, by its address; before there is a draft it has none."""
    found = _PLACE.search(url.split("?")[0].split("#")[0])
    place = found[1] if found else "1"
    _, _, instance = place.partition("/")
    return place, tuple(map(int, instance.split("-"))) if instance else ()
