"""Somebody who answers one of the real forms; what must appear to them is decided by the words of the form alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from consult.core.questionnaire.definition import Group, Question, Questionnaire, QuestionType
from consult.core.text import LocalisedText
from tests.browser.language import assert_language, plain

Answer = str | int | tuple[str, ...]
TERM = re.compile(r"selected\(\$\{([^}]+)\},\s*'([^']*)'\)|\$\{([^}]+)\}\s*=\s*'([^']*)'")
"""All that the conditions of these forms are made of, besides `and`, `or` and parentheses."""


def holds(condition: str, answers: dict[str, Answer]) -> bool:
    """Whether a condition of these forms holds, by its words alone."""

    def said(term: re.Match[str]) -> str:
        name, code = term[1] or term[3], term[2] or term[4]
        answer = answers.get(name, "")
        return str(code in answer if isinstance(answer, tuple) else code == answer)

    logic = TERM.sub(said, condition) or "True"
    assert set(re.findall(r"\w+", logic)) <= {"True", "False", "and", "or"}, condition
    return bool(eval(logic))


@dataclass
class Participant:
    """Somebody who answers everything such that conditions hold, or (not `eager`) only what must be answered."""

    questionnaire: Questionnaire
    locale: str
    eager: bool
    answers: dict[str, Answer] = field(default_factory=dict)
    """What was sent, by the question's name."""
    seen: dict[str, str] = field(default_factory=dict)
    """On which page each question was shown, by id."""

    def __post_init__(self) -> None:
        source = self.questionnaire.source
        self.texts: Callable[[LocalisedText], str] = lambda text: plain(text.resolve(self.locale, source).text)
        conditions = " ".join(node.relevant for node, _ in self.questionnaire.walk())
        self.decisive = {(term[1] or term[3], term[2] or term[4]) for term in TERM.finditer(conditions)}

    def relevant(self) -> Iterator[Question]:
        """The questions that must be put, given what was sent."""
        for node, above in self.questionnaire.walk():
            if isinstance(node, Question):
                groups = [group.relevant for group in above if isinstance(group, Group)]
                if all(holds(condition, self.answers) for condition in (*groups, node.relevant)):
                    yield node

    def asked(self) -> list[Question]:
        """Those of them that people see."""
        return [question for question in self.relevant() if question.type is not QuestionType.CALCULATE]

    def choose(self, question: Question) -> Answer | None:
        """What they answer; always the same to the same question."""
        if question.type in (QuestionType.NOTE, QuestionType.IMAGE) or not (self.eager or question.required):
            return None
        names = [
            choice.name for found in self.questionnaire.choice_lists if found.name == question.choices
            for choice in found.choices
        ]  # fmt: skip
        match question.type:
            case QuestionType.SELECT_ONE | QuestionType.SELECT_MULTIPLE:
                fitting = [name for name in names if ((question.name, name) in self.decisive) == self.eager]
                if question.type is QuestionType.SELECT_ONE:
                    return (fitting or names)[-1]
                return tuple(names) if self.eager else tuple((fitting or names)[:1])
            case QuestionType.INTEGER:
                return 1234
            case _ if question.constraint:
                return "zoë@example.org" if "\\s" in question.constraint else "zoe@example.org"
            case _:
                return (
                    "Zoë & <b>Ana</b> ‹سارة›\n“and’ more" if "multiline" in question.appearance else "Zoë & <b>Ana</b>"
                )

    def typed(self, answer: Answer) -> str:
        """A text or number as people of the locale type it."""
        if isinstance(answer, int):
            return {"ar": "١٬٢٣٤", "de": "1.234", "fr": "1 234"}.get(self.locale, str(answer))
        return str(answer)

    def fill(self, page: Page, question: Question, answer: Answer) -> None:
        """Put an answer into the fields of a question."""
        if question.type in (QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE):
            box = page.locator(f"select[name={question.id}]")
            for name in answer if isinstance(answer, tuple) else (answer,):
                if box.count():
                    box.select_option(str(name))
                else:
                    page.locator(f"input[name={question.id}][value='{name}']").check()
        else:
            page.locator(f"#{question.id}").fill(self.typed(answer))

    def look(self, page: Page) -> list[Question]:
        """What a page asks: nothing that must not be asked, in the participant's language."""
        assert_language(page, self.locale)
        visible = "found => found.filter(one => one.checkVisibility()).map(one => one.id)"
        ids = set(page.locator("main form [id]").evaluate_all(visible))
        relevant = self.asked()
        on_page = [question for question in self.questionnaire.questions() if question.id in ids]
        assert [question.name for question in on_page if question not in relevant] == []
        words = plain(page.locator("main").inner_text())
        for question in on_page:
            assert self.texts(question.label) in words
            assert self.texts(question.hint) in words
            where = page.url.split("?")[0].split("#")[0]
            assert self.seen.setdefault(question.id, where) in (where, first_address(where)), question.name
        return on_page

    def go_through(self, page: Page, address: str, *, scripts: bool) -> None:
        """Answer page after page until the check; with scripts also what appears meanwhile."""
        page.goto(address)
        for _ in range(40):
            if page.url.endswith("/check"):
                break
            questions = self.look(page)
            self.make_mistakes(page, questions)
            put: list[Question] = []
            while questions:
                filled = [self.answer(page, question) for question in questions]
                put += questions
                if scripts and any(filled):
                    expect(page.locator("main form template"), "the script has begun").to_have_count(0)
                questions = [question for question in self.look(page) if question not in put] if scripts else []
            page.locator("main form button.button").click()
            assert page.locator(".summary").count() == 0, page.locator(".summary").inner_text()
        assert set(self.seen) == {question.id for question in self.asked()}

    def answer(self, page: Page, question: Question) -> bool:
        """Answer a question, or do not."""
        answer = self.choose(question)
        if answer is None:
            return False
        self.fill(page, question, answer)
        self.answers[question.name] = answer
        return True

    def make_mistakes(self, page: Page, questions: list[Question]) -> None:
        """Leave out what must be answered, or break the constraint: each is named, in the author's words."""
        new = [question for question in questions if question.name not in self.answers]
        wrong = [question for question in new if (question.constraint if self.eager else question.required)]
        for question in wrong if self.eager else ():
            page.locator(f"#{question.id}").fill("nobody")
        if not wrong:
            return
        page.locator("main form button.button").click()
        assert_language(page, self.locale)
        links = page.locator(".summary a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        assert {f"#{question.id}" for question in wrong} <= set(links)
        if not self.eager:
            assert len(links) == len(wrong)
        said = plain(page.locator(".summary").inner_text())
        for question in wrong:
            assert self.texts(question.constraint_message if self.eager else question.required_message) in said

    def check(self, page: Page) -> None:
        """Before they are sent, all answers are shown in words."""
        assert_language(page, self.locale)
        rows = [
            (plain(row.locator("dt").inner_text()), plain(row.locator("dd").first.inner_text()))
            for row in page.locator("main dl.facts div:not(.within)").all()
        ]
        asked = [question for question in self.asked() if question.type is not QuestionType.NOTE]
        assert [label for label, _ in rows] == [self.texts(question.label) for question in asked]
        for question, (_label, given) in zip(asked, rows, strict=True):
            if question.name in self.answers:
                assert given == self.in_words(question)

    def in_words(self, question: Question) -> str:
        """An answer as it is read."""
        answer = self.answers[question.name]
        labels = {
            choice.name: self.texts(choice.label)
            for found in self.questionnaire.choice_lists if found.name == question.choices for choice in found.choices
        }  # fmt: skip
        if labels:
            return plain(" ".join(labels[name] for name in (answer if isinstance(answer, tuple) else (str(answer),))))
        return plain(str(answer))

    def stored(self) -> dict[str, object]:
        """What the database must hold, calculations apart."""
        return {
            question.id: list(found) if isinstance(found := self.answers.get(question.name), tuple) else found
            for question in self.asked()
            if question.type is not QuestionType.NOTE
        }


def first_address(url: str) -> str:
    """The address of the first page as it is before a draft exists."""
    return url.removesuffix("/page/1")
