"""The words for every error code, in the reader's language.

Each module of this package has a table `MESSAGES: dict[str, str]`; tests keep codes and sentences equal.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable

from flask_babel import gettext

from consult.core.errors import Problem


def _collect() -> dict[str, str]:
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        found.update(getattr(importlib.import_module(module.name), "MESSAGES", {}))
    return found


MESSAGES = _collect()


def sentence(problem: Problem, translate: Callable[[str], str] = gettext) -> str:
    """What a problem says to a person; outside a request in English."""
    return translate(MESSAGES[problem.code]) % dict(problem.params)


def sentences(problems: Iterable[Problem]) -> list[str]:
    """The sentences of several problems."""
    return [sentence(problem) for problem in problems]
