"""The form of who signs up: what was typed into it, and what that says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import request

from consult.core.errors import Problem
from consult.events.models.planned import Need
from consult.events.models.signed import SignUp, Way
from consult.events.vault import Person
from consult.events.views.screening import Sent
from consult.events.views.visit import Visit
from consult.events.wanted import Wanted
from consult.participation.views.carrying import typed
from consult.web.messages import sentence

Typed = Mapping[str, str | Sequence[str]]
"""What stands in the fields of the form, by their names."""

_LINES = ("name", "address", "phone", "time_zone", "institution", "guardian")
_TICKS = ("agreed", "guardian_agreed", "speaks")


def fields() -> Typed:
    """What was sent."""
    return {
        **{name: _line(name) for name in _LINES},
        **{name: typed(name) for name in ("needs", "companions", *_TICKS)},
        "need": request.form.getlist("need"),
        "way": request.form.get("way", ""),
        "of_age": request.form.get("of_age", ""),
    }


def fields_of(mine: SignUp, person: Person) -> Typed:
    """The same of somebody who signed up."""
    return {
        **{name: getattr(person, name) for name in ("name", "address", "phone", "time_zone", "needs")},
        "companions": "\n".join(person.companions),
        "need": mine.needs,
    }


def wanted(seen: Visit, code: str, screened: Sent) -> Wanted:
    """What that says."""
    event = seen.event
    lines = {name: _line(name) for name in _LINES}
    companions = (" ".join(line.split()) for line in typed("companions").splitlines())
    nominated = event.nominates and request.form.get("way") == Way.NOMINATED
    return Wanted(
        Person(
            name=lines["name"],
            address=lines["address"],
            phone=lines["phone"],
            time_zone=lines["time_zone"],
            needs=typed("needs"),
            guardian=lines["guardian"] if event.guardian else "",
            companions=tuple(filter(None, companions)),
            answers=dict(screened.answers),
            code=code,
        ),
        seen.locale,
        agreed=bool(request.form.get("agreed")),
        of_age={"yes": True, "no": False}.get(request.form.get("of_age", "")),
        guardian_agreed=bool(request.form.get("guardian_agreed")),
        way=Way.NOMINATED if nominated else Way.SELF,
        institution=lines["institution"] if event.asks_institution else "",
        profile=screened.profile,
        needs=[Need(need) for need in event.needs if need in request.form.getlist("need")],
        speaks=bool(request.form.get("speaks")),
    )


def told(problems: Sequence[Problem]) -> dict[str, str]:
    """What is wrong, by field."""
    return {problem.place.field: sentence(problem) for problem in problems}


def _line(name: str) -> str:
    return " ".join(typed(name).split())
