"""What is counted of consultations and events in the words of who reads it: questions, answers, what numbers count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import babel

from consult.config import LOCALES
from consult.consultations.models.contributed import Stakeholder, Stance
from consult.consultations.words import STAKEHOLDERS
from consult.core.aggregation import contributions, signups
from consult.core.aggregation.contributions import ANSWERS, COMMENTS, NOTES, PARTICIPANTS, SUBMISSIONS
from consult.core.aggregation.signups import POSITIONS, SIGN_UPS
from consult.core.aggregation.tables import NOT_RELEVANT, STATUSES, Dataset, Variable
from consult.core.aggregation.variables import CHANNEL, LOCALE
from consult.core.text import LocalisedText
from consult.events.words import VIEWS, WAYS
from consult.results.translations import Words, words_of

if TYPE_CHECKING:
    from consult.results.presentation import Reader

_YES_OR_NO: Final = ("reply", "alike", "coded", signups.ATTENDED)
"""What is asked of each contribution, or sign-up; elsewhere `no` can be a language."""


def named(of: str) -> LocalisedText:
    """What is counted, in all languages of the interface: participants, contributions of a kind, or who signed up."""
    return LocalisedText({locale: _named(of, words_of(locale)) for locale in LOCALES})


def _named(of: str, words: Words) -> str:
    _ = words
    return {
        PARTICIPANTS: _("Participants"),
        COMMENTS: _("Comments"),
        ANSWERS: _("Answers to open questions"),
        SUBMISSIONS: _("Written submissions"),
        SIGN_UPS: _("Sign-ups"),
        NOTES: _("Notes"),
        POSITIONS: _("Positions of institutions"),
    }[of]


def how_many(dataset: Dataset, words: Words) -> str:
    """How many are counted, with the place of the number; empty where it is a questionnaire."""
    _ = words
    found = {
        PARTICIPANTS: _("Participants: %(number)s"),
        COMMENTS: _("Comments: %(number)s"),
        ANSWERS: _("Answers: %(number)s"),
        SUBMISSIONS: _("Submissions: %(number)s"),
        SIGN_UPS: _("Signed up: %(number)s"),
        NOTES: _("Notes: %(number)s"),
        POSITIONS: _("Institutions: %(number)s"),
    }
    return found[dataset.contributions.of] if dataset.contributions else ""


def on_theme(dataset: Dataset, words: Words) -> str:
    """What is called how many there are on a theme."""
    _ = words
    found = {
        COMMENTS: _("Comments on this theme"),
        ANSWERS: _("Answers on this theme"),
        NOTES: _("Notes on this theme"),
    }
    return found[dataset.contributions.of] if dataset.contributions else ""


def of_whom(dataset: Dataset, base: str, words: Words) -> str:
    """What percentages are of, by the base (`tables.bases`); empty where that is said as of questionnaires."""
    _ = words
    some = {
        SIGN_UPS: {"answered": _("of those of whom it is known"), "asked": _("of those whom it concerns")},
        NOTES: {"answered": _("of the notes that have one"), "asked": _("of the notes that were coded")},
        POSITIONS: {"answered": _("of the institutions whose position is known")},
    }
    every = {
        PARTICIPANTS: _("of all participants"),
        COMMENTS: _("of all comments"),
        ANSWERS: _("of all answers"),
        SUBMISSIONS: _("of all submissions"),
        SIGN_UPS: _("of all who signed up"),
        NOTES: _("of all notes"),
        POSITIONS: _("of all institutions"),
    }
    if not dataset.contributions:
        return ""
    of = dataset.contributions.of
    return every[of] if base == "responses" else some.get(of, {}).get(base, "")


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
        signups.OCCASION: _("Occasion"),
        signups.STANDING: _("What came of the sign-up"),
        signups.WAY: _("How people came to be signed up"),
        signups.ATTENDED: _("Was there"),
        "occasion": _("Occasion"),
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
        found = {"stance": _("No stance is asked for"), signups.ATTENDED: _("Had no place")}
        return _("Not coded") if contributions.is_codes(variable.id) else found.get(what, "")
    if contributions.is_statement(variable.id):
        return _("No vote")
    if contributions.is_codes(variable.id):
        return _("None of these")
    return {
        contributions.GROUP: _("In no group"),
        "theme": _("No theme"),
        signups.ATTENDED: _("Not recorded"),
    }.get(what, _("Not said"))


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
    if what in _YES_OR_NO:
        return {contributions.YES: _("Yes"), contributions.NO: _("No")}
    return _of_events(variable, words)


def _of_events(variable: Variable, words: Words) -> Mapping[str, str]:
    _ = words
    if signups.is_position(variable.id):
        return {name: words(label) for name, label in VIEWS.items()}
    found: Mapping[str, Mapping[str, str]] = {
        signups.STANDING: {
            signups.PLACED: _("Got a place"),
            signups.WAITING: _("On the waiting list"),
            signups.REFUSED: _("Not chosen"),
            signups.CANCELLED: _("Cancelled"),
            signups.UNDECIDED: _("Not decided yet"),
        },
        signups.WAY: {name: words(label) for name, label in WAYS.items()},
    }
    return found.get(variable.id, {})
