"""Answers that LimeSurvey has built in: they stand in no file, so their words in some languages stand here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from consult.core.questionnaire.definition import Choice
from consult.core.text import LocalisedText

_LANGUAGES: Final = ("en", "fr", "ar", "es", "pt", "ru", "de", "it", "nl")
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "yes": ("Yes", "Oui", "نعم", "Sí", "Sim", "Да", "Ja", "Sì", "Ja"),
    "no": ("No", "Non", "لا", "No", "Não", "Нет", "Nein", "No", "Nee"),
    "uncertain": (
        *("Uncertain", "Indécis", "غير متأكد", "Sin seguridad", "Incerteza", "Трудно сказать"),
        *("Unsicher", "Incerto", "Onzeker"),
    ),
    "female": ("Female", "Féminin", "أنثى", "Femenino", "Feminino", "Женский", "Weiblich", "Femmina", "Vrouwelijk"),
    "male": ("Male", "Masculin", "ذكر", "Masculino", "Masculino", "Мужской", "Männlich", "Maschio", "Mannelijk"),
    "increase": (
        *("Increase", "Augmente", "زيادة", "Aumenta", "Aumenta", "Увеличение"),
        *("Zunahme", "Aumenta", "Toename"),
    ),
    "same": (
        *("Same", "Reste le même", "بلا تغيير", "Sigue igual", "Continua igual", "Без изменений"),
        *("Gleich", "Resta uguale", "Gelijk"),
    ),
    "decrease": (
        *("Decrease", "Diminue", "نقصان", "Disminuye", "Diminui", "Уменьшение"),
        *("Abnahme", "Diminuisce", "Afname"),
    ),
    "comment": (
        *("Comment", "Commentaire", "تعليق", "Comentario", "Comentário", "Комментарий"),
        *("Kommentar", "Commento", "Opmerking"),
    ),
}
_SCALES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "yes_no": (("Y", "yes"), ("N", "no")),
    "yes_no_uncertain": (("Y", "yes"), ("U", "uncertain"), ("N", "no")),
    "sex": (("F", "female"), ("M", "male")),
    "change": (("I", "increase"), ("S", "same"), ("D", "decrease")),
}


def word(name: str, locales: Iterable[str]) -> LocalisedText:
    """A built-in word in those of the locales in which it is known."""
    known = dict(zip(_LANGUAGES, _WORDS[name], strict=True))
    return LocalisedText({locale: known.get(locale.split("-")[0], "") for locale in locales})


def scale(name: str, locales: Iterable[str]) -> tuple[Choice, ...]:
    """A built-in list of choices."""
    tags = tuple(locales)
    return tuple(Choice(name=code, label=word(label, tags)) for code, label in _SCALES[name])


def points(count: int, locales: Iterable[str]) -> tuple[Choice, ...]:
    """Choices 1 to `count`, called by their number."""
    tags = tuple(locales)
    numbers = (str(number) for number in range(1, count + 1))
    return tuple(Choice(name=number, label=LocalisedText(dict.fromkeys(tags, number))) for number in numbers)
