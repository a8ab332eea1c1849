"""One reader's view of pages with holes: what stands in each hole, which sections they see."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Final

from flask import get_template_attribute
from flask_babel import gettext as _
from markupsafe import Markup, escape

from consult.core.questionnaire import inplace
from consult.core.questionnaire.answers import Answer, refill
from consult.core.questionnaire.pages import Page
from consult.core.questionnaire.routing import Standing
from consult.participation import codes
from consult.responses.texts import Texts, data_block, decimal_mark
from consult.web.holes import Filler, Part, fill
from consult.web.templating import interface_lang

_LINE: Final = "<br>"


class Reader:
    """Somebody with answers, reading an edition in a locale."""

    def __init__(
        self,
        texts: Texts,
        answers: Mapping[str, Answer],
        shown: Collection[str],
        *,
        when: Collection[str] = (),
        code: str = "",
    ) -> None:
        self.texts = texts
        self.answers = answers
        self.shown = shown
        self.when = when
        self.code = code

    def read(self, parts: tuple[Part, ...]) -> Markup:
        """The page as they see it."""
        return fill(parts, self.fillers(), self.sees, self.order, self.holds)

    def fillers(self) -> dict[str, Filler]:
        """What stands in the holes, by kind."""
        return {"answer": self._answer, "words": self._words, "given": self._given, "code": self._code}

    def sees(self, kind: str, key: str, part: str) -> bool:
        """Whether a section is seen."""
        if kind == "shown":
            return key in self.shown
        if kind == "when":
            return key in self.when
        return any(question.id in self.shown for question in self.texts.compiled.pages[int(key) - 1].asked)

    def holds(self, kind: str, key: str, part: str) -> bool:
        """Whether a section that is not seen comes along for the script."""
        return False

    def order(self, key: str) -> list[str]:
        """The codes of a question's choices in the order in which they are seen."""
        return [choice.name for choice in self.texts.compiled.by_id[key].choices]

    def _answer(self, key: str, _part: str) -> str:
        lines = self.texts.lines(key, self.answers)
        return Markup("<bdi>{}</bdi>").format(", ".join(lines)) if lines else ""

    def _words(self, key: str, _part: str) -> str:
        return escape(", ".join(self.texts.lines(key, self.answers)))

    def _given(self, key: str, _part: str) -> str:
        lines = self.texts.lines(key, self.answers)
        if lines:
            return _LINE.join(str(escape(line)).replace("\n", _LINE) for line in lines)
        return Markup('<span class="optional"{}>{}</span>').format(interface_lang(), _("Not answered"))

    def _code(self, _key: str, _part: str) -> str:
        return " ".join(Markup("<span>{}</span>").format(group) for group in codes.groups(self.code))


class PageReader(Reader):
    """Somebody before a page of questions, with what they typed and what is wrong with it."""

    def __init__(
        self,
        texts: Texts,
        standing: Standing,
        page: Page,
        *,
        action: str,
        typed: Mapping[str, Sequence[str]] | None = None,
        when: Collection[str] = (),
    ) -> None:
        super().__init__(texts, standing.answers, standing.seen, when=when)
        self.standing = standing
        self.page = page
        self.action = action
        self.errors: dict[str, str] = {}
        """What is wrong, by question."""
        self.typed = typed or {}
        self.logic = inplace.logic(texts.compiled, page.number)
        self._offered: dict[str, list[str]] = {}

    @cached_property
    def form(self) -> Mapping[str, Sequence[str]]:
        """What stands in the fields: what was typed, else what was answered."""
        mark = decimal_mark(self.texts.locale)
        filled: dict[str, Sequence[str]] = {}
        for question in self.page.asked:
            answers = self.answers if question.id in self.answers else self.standing.held(question)
            filled.update(refill(question, answers, decimal_mark=mark))
        return {**filled, **self.typed}

    def fillers(self) -> dict[str, Filler]:
        return {
            **super().fillers(),
            "value": self._value,
            "checked": lambda key, part: " checked" if part in self.form.get(key, ()) else "",
            "selected": lambda key, part: " selected" if part in self.form.get(key, ()) else "",
            "readonly": lambda key, part: " readonly" if self._locked(key) else "",
            "disabled": lambda key, part: " disabled" if self._locked(key) else "",
            "invalid": lambda key, part: ' aria-invalid="true"' if key in self.errors else "",
            "state": lambda key, part: " invalid" if key in self.errors else "",
            "described": self._described,
            "error": self._error,
            "error_title": lambda key, part: escape(f"{_('Error:')} ") if self.errors else "",
            "errors": self._errors,
            "step": self._step,
            "action": lambda key, part: escape(self.action),
            "logic": self._logic,
        }

    def sees(self, kind: str, key: str, part: str) -> bool:
        if kind == "choice":
            return part in self.order(key)
        return super().sees(kind, key, part)

    def order(self, key: str) -> list[str]:
        if key not in self._offered:
            question = self.texts.compiled.by_id[key].question
            assert question is not None
            self._offered[key] = [choice.name for choice in self.standing.choices(question)]
        return self._offered[key]

    def holds(self, kind: str, key: str, part: str) -> bool:
        return self.logic is not None and kind in ("shown", "choice") and key in self.logic.moving

    def _answer(self, key: str, part: str) -> str:
        if self.logic is None or key not in self.logic.changing:
            return super()._answer(key, part)
        return Markup('<bdi data-of="{}">{}</bdi>').format(key, ", ".join(self.texts.lines(key, self.answers)))

    def _logic(self, _key: str, _part: str) -> str:
        """What the script needs: the edition's part, and this reader's."""
        assert self.logic is not None, "only pages with logic have this hole"
        reader = data_block(inplace.circumstances(self.logic, self.standing))
        return f'{{"edition":{self.texts.logic(self.page.number)},"reader":{reader}}}'

    def _locked(self, key: str) -> bool:
        question = self.texts.compiled.by_id[key].question
        return question is not None and self.standing.read_only(question)

    def _value(self, key: str, part: str) -> str:
        values = self.form.get(f"{key}.{part}" if part else key, ())
        return escape(values[0]) if values else ""

    def _described(self, key: str, hint: str) -> str:
        ids = " ".join(filter(None, (hint, f"{key}-error" if key in self.errors else "")))
        return f' aria-describedby="{ids}"' if ids else ""

    def _error(self, key: str, _part: str) -> str:
        if key not in self.errors:
            return ""
        return str(get_template_attribute("components/forms.html", "error_message")(key, self.errors[key]))

    def _errors(self, _key: str, _part: str) -> str:
        if not self.errors:
            return ""
        problems = [(f"#{key}", sentence) for key, sentence in self.errors.items()]
        return str(get_template_attribute("components/forms.html", "error_summary")(problems))

    def _step(self, _key: str, _part: str) -> str:
        numbers = [page.number for page in self.standing.pages()]
        place = numbers.index(self.page.number) + 1 if self.page.number in numbers else 1
        return str(get_template_attribute("components/steps.html", "steps")(place, len(numbers)))
