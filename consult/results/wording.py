"""What is counted of consultations in the words of who reads it: questions, answers, and whom or what numbers count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import babel

from consult.config import LOCALES
from consult.consultations.models.contributed import Stakeholder, Stance
from consult.consultations.words import STAKEHOLDERS
from consult.core.aggregation import contributions
from consult.core.aggregation.contributions import ANSWERS, COMMENTS, PARTICIPANTS, SUBMISSIONS
from consult.core.aggregation.tables import NOT_RELEVANT, STATUSES, Dataset, Variable
from consult.core.aggregation.variables import CHANNEL, LOCALE
from consult.core.text import LocalisedText
from consult.results.translations import Words, words_of

if TYPE_CHECKING:
    from consult.results.presentation import Reader

_YES_OR_NO: Final = ("reply", "alike", "coded")
"""What is asked of each contribution; elsewhere `no` can be a language."""


def named(of: str) -> LocalisedText:
    """What is counted, in all languages of the interface: participants, or contributions of a kind."""
    return LocalisedText({locale: _named(of, words_of(locale)) for locale in LOCALES})


def _named(of: str, words: Words) -> str:
    _ = words
    return {
        PARTICIPANTS: _("Participants"),
        COMMENTS: _("Comments"),
        ANSWERS: _("Answers to open questions"),
        SUBMISSIONS: _("Written submissions"),
    }[of]


def how_many(dataset: Dataset, words: Words) -> str:
    """How many are counted, with the place of the number; empty where it is no consultation."""
    _ = words
    found = {
        PARTICIPANTS: _("Participants: %(number)s"),
        COMMENTS: _("Comments: %(number)s"),
        ANSWERS: _("Answers: %(number)s"),
        SUBMISSIONS: _("Submissions: %(number)s"),
    }
    return found[dataset.contributions.of] if dataset.contributions else ""


def on_theme(dataset: Dataset, words: Words) -> str:
    """What is called how many there are on a theme."""
    _ = words
    found = {COMMENTS: _("Comments on this theme"), ANSWERS: _("Answers on this theme")}
    return found[dataset.contributions.of] if dataset.contributions else ""


def of_all(dataset: Dataset, words: Words) -> str:
    """What percentages of everything are of; empty where it is no consultation."""
    _ = words
    found = {
        PARTICIPANTS: _("of all participants"),
        COMMENTS: _("of all comments"),
        ANSWERS: _("of all answers"),
        SUBMISSIONS: _("of all submissions"),
    }
    return found[dataset.contributions.of] if dataset.contributions else ""


def question(variable: Variable, words: Words) -> str:
    """What is asked under a fixed name; empty for statements."""
    _ = words
    what = contributions.read(variable.id).what
    if contributions.is_codes(variable.id):
        return _("Codes")
    return {
        contributions.STAKEHOLDER: _("For whom participants speak"),
        contributions.COUNTRY: _("Country of residence"),
        contributions.GROUP: _("Opinion group"),
        CHANNEL: _("How participants came"),
        LOCALE: _("Language of the participant"),
        "theme": _("Theme"),
        "part": _("Part of the text"),
        "question": _("Open question"),
        "reply": _("Answer to another comment"),
        "stance": _("Stance"),
        "alike": _("Says nearly the same as others"),
        "language": _("Language in which it is written"),
        "coded": _("Coded"),
    }.get(what, "")


def answer(variable: Variable, code: str, reader: Reader) -> str:
    """What a category without a label of its own is called; empty where whoever shows it knows that."""
    _ = words = reader.words
    of, what = contributions.read(variable.id)
    if code in STATUSES:
        return _missing(variable, what, code, words)
    if what == contributions.GROUP:
        return words("Group %(letter)s") % {"letter": code}
    if what == contributions.COUNTRY:
        return str(babel.Locale.parse(reader.locale, sep="-").territories.get(code, code))
    if what == contributions.STAKEHOLDER and of != PARTICIPANTS and code == contributions.THEMSELVES:
        return _("Themselves, or not said")
    if what == "language":
        return reader.language(code)
    return _fixed(variable, what, words).get(code, "")


def _missing(variable: Variable, what: str, status: str, words: Words) -> str:
    _ = words
    if status == NOT_RELEVANT:
        found = _("No stance is asked for") if what == "stance" else ""
        return _("Not coded") if contributions.is_codes(variable.id) else found
    if contributions.is_statement(variable.id):
        return _("No vote")
    if contributions.is_codes(variable.id):
        return _("None of these")
    return {contributions.GROUP: _("In no group"), "theme": _("No theme")}.get(what, _("Not said"))


def speak_for(words: Words) -> dict[str, str]:
    """For whom somebody speaks, told of others, by code."""
    _ = words
    said: dict[str, str] = {name: words(label) for name, label in STAKEHOLDERS.items()}
    return {**said, Stakeholder.CITIZEN: _("Themselves")}


def _fixed(variable: Variable, what: str, words: Words) -> Mapping[str, str]:
    _ = words
    if what == contributions.STAKEHOLDER:
        return speak_for(words)
    if what == "stance":
        return {
            Stance.SUPPORT: _("Support"),
            Stance.OPPOSE: _("Opposition"),
            Stance.SUGGEST: _("Other words suggested"),
            Stance.QUESTION: _("Question"),
        }
    if what == "part":
        return {contributions.WHOLE: _("The whole text")}
    if contributions.is_statement(variable.id):
        return {
            contributions.AGREE: _("Agree"),
            contributions.DISAGREE: _("Disagree"),
            contributions.PASS: _("Pass"),
        }
    return {contributions.YES: _("Yes"), contributions.NO: _("No")} if what in _YES_OR_NO else {}
