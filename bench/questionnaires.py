"""Questionnaires: simple conditions evaluated per second, and a page of 1,000 questions validated.

    python -m bench.questionnaires

Prints JSON: conditions per second, and the median of the milliseconds that reading and checking a sent page takes.
"""

from __future__ import annotations

import datetime as dt
import json
import statistics
import time
from urllib.parse import parse_qs, urlencode

from bench.serving import form, survey
from consult.core.expressions import Environment, parse
from consult.core.questionnaire.accepting import accept
from consult.core.questionnaire.routing import Context, Sheet
from consult.core.questionnaire.steps import Compiled

CONDITIONS = ("${moved} = 'yes'", "${age} >= 18 and ${age} < 65", "selected(${topics}, 'work')", "not(${name} = '')")
TODAY = dt.date(2026, 1, 1)
QUESTIONS, ROUNDS = 1_000, 20


def conditions_per_second(seconds: float = 2.0) -> float:
    """How many of the conditions above are evaluated in a second, one after another."""
    env = Environment({"moved": "yes", "age": "41", "topics": ("work", "home"), "name": "Ama"}, today=TODAY)
    expressions = [parse(source) for source in CONDITIONS]
    assert all(expression.truth(env) for expression in expressions)
    count, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        for _ in range(1_000):
            for expression in expressions:
                expression.truth(env)
        count += 1_000 * len(expressions)
    return count / (time.perf_counter() - begun)


def page_milliseconds() -> float:
    """How long it takes to read and check what was sent of a page of so many questions."""
    asked = survey(QUESTIONS)
    compiled = Compiled(asked)
    sent = parse_qs(urlencode(form(asked)), keep_blank_values=True)
    fields = {name: values for name, values in sent.items() if name != "edition"}
    sheet, context = Sheet(compiled.pages[0]), Context(today=TODAY)
    durations = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        accepted = accept(compiled, sheet, fields, {}, context)
        durations.append((time.perf_counter() - begun) * 1_000)
    assert len(accepted.stored) >= QUESTIONS - len(accepted.problems)
    return statistics.median(durations)


def main() -> dict[str, float]:
    """Both figures."""
    return {"conditions_per_second": round(conditions_per_second()), "page_ms": round(page_milliseconds(), 1)}


if __name__ == "__main__":
    print(json.dumps(main(), indent=1))
