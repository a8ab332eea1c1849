"""One reader's view of pages with holes: what stands in each hole, which sections they see."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from flask import get_template_attribute
from flask_babel import gettext as _
from markupsafe import Markup, escape

from consult.core import numbering
from consult.core.expressions.environment import Path
from consult.core.questionnaire import inplace, instances
from consult.core.questionnaire.answers import OTHER, Answer, refill
from consult.core.questionnaire.definition import Question, QuestionType
from consult.core.questionnaire.instances import how_many, shared, suffixed
from consult.core.questionnaire.routing import Sheet, Standing
from consult.core.questionnaire.uploads import Upload
from consult.participation import codes
from consult.responses.texts import Texts, data_block, point
from consult.web.holes import Filler, Part, as_text, cut, fill
from consult.web.locale import figures, locale_of
from consult.web.templating import interface_lang, number

_LINE: Final = "<br>"
_NUMERIC: Final = frozenset(
    {
        QuestionType.INTEGER,
        QuestionType.DECIMAL,
        QuestionType.RANGE,
        QuestionType.DATE,
        QuestionType.TIME,
        QuestionType.DATETIME,
    }
)
"""Types whose answers are typed in digits."""


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
        action: str = "",
        challenge: str = "",
    ) -> None:
        self.texts = texts
        self.answers = answers
        self.shown = shown
        self.when = when
        self.code = code
        self.action = action
        """Where the page's form is sent to."""
        self.challenge = challenge
        """What the browser computes before it is sent."""
        self.chain: tuple[str, ...] = ()
        """The repeats in which they are at the moment, and in which instance of each."""
        self.path: Path = ()
        self._piped: dict[tuple[str, tuple[str, ...], Path], str] = {}
        """Answers as they stand in texts, by question and instance."""

    def read(self, parts: tuple[Part, ...]) -> Markup:
        """A text as they see it."""
        return as_text(self.encoded(parts))

    def encoded(self, parts: tuple[Part, ...]) -> bytes:
        """The page as they see it, as it is sent."""
        return fill(parts, self.fillers(), self.sees, self.order, each=self.each, holds=self.holds, chosen=self.chosen)

    def fillers(self) -> dict[str, Filler]:
        """What stands in the holes, by kind."""
        return {
            "answer": self._answer,
            "words": self._words,
            "given": self._given,
            "code": self._code,
            "action": lambda key, part: escape(self.action),
            "challenge": lambda key, part: self.challenge,
            "instance": self._instance,
            "place": lambda key, part: "-".join(map(str, self.path)),
        }

    def sees(self, kind: str, key: str, part: str) -> bool:
        """Whether a section is seen; one of kind `any` where something of several is, named with spaces between."""
        if kind == "shown":
            return self.key(key) in self.shown
        if kind == "when":
            return key in self.when
        if kind == "kept":
            return isinstance(self.answers.get(self.key(key)), Upload)
        return any(self.key(name) in self.shown for name in key.split())

    def each(self, key: str) -> Iterator[object]:
        """The instances of a repeat within the one in which they are; they are in each for a turn."""
        before = self.chain, self.path
        within = shared(self.chain, self.texts.compiled.by_id[key].chain, self.path)
        for instance in range(1, how_many(self.answers, key, within) + 1):
            self.chain, self.path = (*before[0], key), (*within, instance)
            yield instance
        self.chain, self.path = before

    def key(self, name: str) -> str:
        """Under what the answers and the sight of a question or group are kept, by its id."""
        chain = self.texts.compiled.by_id[name].chain if self.path else ()
        if chain == self.chain:
            return instances.key(name, self.path)
        return instances.key(name, shared(self.chain, chain, self.path)) if chain else name

    def holds(self, kind: str, key: str, part: str) -> bool:
        """Whether a section that is not seen comes along for the script."""
        return False

    def chosen(self, key: str) -> Sequence[str]:
        """What is chosen from a list, by the question's id."""
        return ()

    def order(self, key: str) -> Collection[str]:
        """The codes of a question's choices in the order in which they are seen."""
        return self.texts.compiled.by_id[key].rows.keys()

    def _lines(self, key: str) -> list[str]:
        return self.texts.lines(key, self.answers, self.chain, self.path)

    def _answer(self, key: str, _part: str) -> str:
        place = key, self.chain, self.path
        if place not in self._piped:  # the name of a member of a household stands in every question about them
            lines = self._lines(key)
            self._piped[place] = f"<bdi>{escape(', '.join(lines))}</bdi>" if lines else ""
        return self._piped[place]

    def _words(self, key: str, _part: str) -> str:
        return escape(", ".join(self._lines(key)))

    def _given(self, key: str, _part: str) -> str:
        lines = self._lines(key)
        if lines:  # each runs its own way, and begins where the page's lines begin
            return _LINE.join(f"<bdi>{escape(line)}</bdi>".replace("\n", _LINE) for line in lines)
        return Markup('<span class="optional"{}>{}</span>').format(interface_lang(), _("Not answered"))

    def _instance(self, _key: str, part: str) -> str:
        """The number of the instance: as the reader's locale writes it, plain for a form."""
        return "" if not self.path else str(self.path[-1]) if part == "plain" else escape(number(self.path[-1]))

    def _code(self, _key: str, _part: str) -> str:
        return " ".join(Markup("<span>{}</span>").format(group) for group in codes.groups(self.code))


class PageReader(Reader):
    """Somebody before a page of questions, with what they typed and what is wrong with it."""

    def __init__(
        self,
        texts: Texts,
        standing: Standing,
        sheet: Sheet,
        *,
        action: str,
        typed: Mapping[str, Sequence[str]] | None = None,
        when: Collection[str] = (),
    ) -> None:
        super().__init__(texts, standing.answers, standing.seen, when=when, action=action)
        self.standing = standing
        self.sheet = sheet
        self.page = sheet.page
        self.chain, self.path = sheet.page.chain, sheet.path
        self.errors: dict[str, str] = {}
        """What is wrong, by question."""
        self.offered = ""
        """The choice at hand of those that are answers to another question."""
        self.address: Callable[[Path], str] = lambda _path: ""
        """Where the answers of an instance are changed."""
        self.removed = 0
        """Which instance they want to remove."""
        self.typed = typed or {}
        self.logic = inplace.logic(texts.compiled, sheet.page.number)
        self._offered: dict[str, dict[str, None]] = {}

    @cached_property
    def form(self) -> Mapping[str, Sequence[str]]:
        """What stands in the fields: what was typed where it can be, else what was answered."""
        mark = point(self.texts.locale)
        filled: dict[str, Sequence[str]] = {}
        typed = dict(self.typed)
        for question in self.page.asked:
            if self._locked(question.id):
                for name in self.texts.compiled.by_id[question.id].fields:
                    typed.pop(name, None)
            known = self.key(question.id) in self.answers
            answers = self._own(question) if known else self.standing.held(question, self.path)
            filled.update(refill(question, answers, decimal_mark=mark))
        return {**filled, **typed}

    def _own(self, question: Question) -> Mapping[str, Answer]:
        """The answers by the ids of the questions, in the instance in which they are."""
        if not self.path:
            return self.answers
        names = (question.id, f"{question.id}.{OTHER}")
        return {name: self.answers.get(suffixed(name, self.path)) for name in names}

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
            "offered": self._offered_one,
            "address": lambda key, part: escape(self.address(self.path)),
            "of": lambda key, part: str(how_many(self.answers, key, self.path)),
            "removed": lambda key, part: str(self.removed) if part == "plain" else escape(number(self.removed)),
            "logic": self._logic,
        }

    def sees(self, kind: str, key: str, part: str) -> bool:
        if kind == "choice":
            return part in self.order(key)
        return super().sees(kind, key, part)

    def chosen(self, key: str) -> Sequence[str]:
        return self.form.get(key, ())

    def order(self, key: str) -> Collection[str]:
        if key not in self._offered:
            question = self.texts.compiled.by_id[key].question
            assert question is not None
            offered = self.standing.choices(question, self.path)
            self._offered[key] = dict.fromkeys(choice.name for choice in offered)
        return self._offered[key]

    def each(self, key: str) -> Iterator[object]:
        if self.texts.compiled.by_id[key].answers_of:
            for name in self.order(key):
                self.offered = name
                yield name
        else:
            yield from super().each(key)

    def _offered_one(self, key: str, part: str) -> str:
        """The choice at hand, where the choices are what was answered before; whether it is chosen."""
        if part == "checked":
            return " checked" if self.offered in self.form.get(key, ()) else ""
        return escape(self.offered)

    def holds(self, kind: str, key: str, part: str) -> bool:
        return self.logic is not None and kind in ("shown", "choice") and key in self.logic.moving

    def _answer(self, key: str, part: str) -> str:
        if self.logic is None or key not in self.logic.changing:
            return super()._answer(key, part)
        return Markup('<bdi data-of="{}">{}</bdi>').format(key, ", ".join(self._lines(key)))

    def _logic(self, _key: str, _part: str) -> str:
        """What the script needs: the edition's part, and this reader's."""
        assert self.logic is not None, "only pages with logic have this hole"
        reader = data_block(inplace.circumstances(self.logic, self.standing))
        return f'{{"edition":{self.texts.logic(self.page.number)},"reader":{reader}}}'

    def _locked(self, key: str) -> bool:
        question = self.texts.compiled.by_id[key].question
        return question is not None and self.standing.read_only(question, self.path)

    def _value(self, key: str, part: str) -> str:
        values = self.form.get(f"{key}.{part}" if part else key, ())
        return escape(self._figured(key, part, values[0])) if values else ""

    def _figured(self, key: str, part: str, value: str) -> str:
        """What stands in a field: numbers in the digits in which one reads and types them."""
        question = self.texts.compiled.by_id[key].question
        numeric = question is not None and question.type in _NUMERIC and part != OTHER
        return figures(value, self.texts.locale) if numeric and self._typeable else value

    @cached_property
    def _typeable(self) -> bool:
        return numbering.positional(locale_of(self.texts.locale).digits)

    def _described(self, key: str, hint: str) -> str:
        ids = " ".join(filter(None, (hint, f"{key}-error" if key in self.errors else "")))
        return f' aria-describedby="{ids}"' if ids else ""

    def _error(self, key: str, _part: str) -> str:
        if key not in self.errors:
            return ""
        return str(get_template_attribute("components/errors.html", "error_message")(key, self.errors[key]))

    def told(self) -> list[tuple[str, str]]:
        """What is wrong, for the summary: the address of each question, and its label with a sentence."""
        return [(f"#{key}", self._named(key, sentence)) for key, sentence in self.errors.items()]

    def _errors(self, _key: str, _part: str) -> str:
        if not self.errors:
            return ""
        return str(get_template_attribute("components/errors.html", "error_summary")(self.told()))

    def _named(self, key: str, sentence: str) -> str:
        """What is wrong, with the question: several may be wrong in the same way."""
        step = self.texts.compiled.by_id.get(key)
        if step is None or step.question is None:
            return sentence
        label = self.read(cut(self.texts.words(step.question.label)))
        return Markup("<bdi>{}</bdi> – {}").format(label, sentence)

    def _step(self, _key: str, _part: str) -> str:
        sheets = self.standing.sheets()
        place = sheets.index(self.sheet) + 1 if self.sheet in sheets else 1
        return str(get_template_attribute("components/steps.html", "steps")(place, len(sheets)))


class Author(PageReader):
    """Somebody who sees every question and choice, whatever has been answered."""

    def sees(self, kind: str, key: str, part: str) -> bool:
        return kind not in ("when", "kept")

    def order(self, key: str) -> Collection[str]:
        return self.texts.compiled.by_id[key].rows.keys()

    def _step(self, _key: str, _part: str) -> str:
        return ""
