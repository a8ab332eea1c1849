"""A household survey of 345 questions beside the demo's questionnaire: how long the server takes for pages of a draft.

    python -m bench.household [ROUNDS]

Prints JSON: the milliseconds of the demo's pages (their median), and of the slowest page of the survey, for showing and
for sending a page; the ratios, and the bytes of the largest page after gzip.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench.load import complete, expect, get, post
from bench.serving import serving
from consult import config
from consult.config import Keys
from consult.core.exchange.xlsform import read
from consult.core.questionnaire.answers import Answer, Answers, decode, encode, refill
from consult.core.questionnaire.definition import Question, Questionnaire, QuestionType
from consult.core.questionnaire.instances import key, paths
from consult.core.questionnaire.routing import Context, Sheet, Standing, stand
from consult.core.questionnaire.steps import Compiled, Step
from consult.db import migrate
from consult.db.session import Database
from consult.demo import content
from consult.demo.filling import documents
from consult.participation import codes, service
from consult.participation.service import Coming
from tests.factories.household import HOUSEHOLDS, MEMBERS, Household, form
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_edition

OPENED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_ANYTHING: Mapping[QuestionType, Answer] = {
    QuestionType.INTEGER: 3,
    QuestionType.DATE: "2019-05-01",
    QuestionType.ACKNOWLEDGE: "OK",
    QuestionType.TEXT: "some words",
}


@dataclass(frozen=True)
class Draft:
    """A draft in which everything is answered."""

    slug: str
    locale: str
    code: str
    standing: Standing


def answered(compiled: Compiled, household: Household) -> Answers:
    """An answer to every question for every member, whether it will be asked or not."""
    found: Answers = {}
    for step in compiled.steps:
        if step.repeat is not None and step.count is None:
            found[step.id] = MEMBERS
        if step.asked:
            for path in paths(step.chain, lambda _repeat, _within: MEMBERS):
                said = household.answer(step.name, path[-1] if path else 0)
                found[key(step.id, path)] = said or _anything(step, household)
    return found


def _anything(step: Step, household: Household) -> Answer:
    assert step.question is not None
    preferred = next((code for code in household.prefers if code in step.codes), step.codes[0] if step.codes else "")
    if step.question.type is QuestionType.SELECT_MULTIPLE:
        return (preferred,)
    return _ANYTHING.get(step.question.type) or preferred or "some words"


def draft(database: Database, keys: Keys, slug: str, locale: str, asked: Questionnaire, answers: Answers) -> Draft:
    """A draft of an activity that is open."""
    today = dt.datetime.now(dt.UTC).date()
    with database.transaction() as session:
        activity = make_activity(session, make_process(session), slug=slug, locales=asked.locales, opens_at=OPENED)
        make_edition(session, activity, asked)
        make_notice(session, activity)
        number = activity.id
    context = Context(today=today, seed="seed", locale=locale)
    asked_of = stand(Compiled(asked), answers, context).relevant
    answers = {name: answer for name, answer in answers.items() if name in asked_of}
    code = codes.spell(b"0123456789abcdef")
    coming = Coming(1, locale, today, {"today": today.isoformat(), "seed": "seed", "once": {}}, encode(answers))
    with database.single(write=True) as connection:
        service.begin(connection, number, codes.digest(keys.codes, number, code), coming, now=dt.datetime.now(dt.UTC))
    return Draft(slug, locale, code, stand(Compiled(asked), answers, context))


def fields(standing: Standing, sheet: Sheet) -> list[tuple[str, str]]:
    """What a browser sends of a page."""
    sent = [("edition", "1")]
    for question in sheet.page.asked:
        if key(question.id, sheet.path) in standing.seen:
            filled = refill(question, {question.id: standing.answers.get(key(question.id, sheet.path))})
            sent += [(question.id, "")] * (not filled or _silent(question))
            sent += [(name, value) for name, values in filled.items() for value in values]
    return sent


def _silent(question: Question) -> bool:
    return question.type in {QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE}


class Browser:
    """One connection to the server, on which each request waits for its answer."""

    def __init__(self, port: int) -> None:
        self._connection = socket.create_connection(("127.0.0.1", port))
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes, status: int) -> tuple[float, bytes]:
        """How long the answer took, and the answer, which must have this status."""
        begun, answer = time.perf_counter(), b""
        self._connection.sendall(request)
        while not complete(answer):
            answer += self._connection.recv(262_144)
        took = time.perf_counter() - begun
        expect(status, answer)
        return took, answer

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def seconds(browser: Browser, drafted: Draft, sheet: Sheet, rounds: int) -> tuple[float, float, int]:
    """Of a page: how long showing takes, how long sending takes, its bytes after gzip. The fastest of the rounds."""
    place = "/".join([str(sheet.page.number), *(["-".join(map(str, sheet.path))] if sheet.path else [])])
    path, cookie = (
        f"/{drafted.locale}/q/{drafted.slug}/page/{place}",
        f"Cookie: draft-{drafted.slug}={drafted.code}\r\n",
    )
    body = urlencode(fields(drafted.standing, sheet)).encode()
    listing = sheet.page.listing is not None
    shown = [browser.ask(get(path, cookie), 200) for _ in range(rounds)]
    sent = [browser.ask(post(path, body, cookie), 303) for _ in range(0 if listing else rounds)]
    html = shown[-1][1].split(b"\r\n\r\n", 1)[1]
    return min(shown)[0], min(sent)[0] if sent else 0.0, len(gzip.compress(html))


def main(rounds: int = 30) -> dict[str, float]:
    """The figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'consult.db'}"
        database = Database(url)
        migrate.upgrade(database)
        keys = config.load_keys(folder / "keys.json")
        demo = read(content.questionnaire_file(content.load()), filename="demo.xlsx").questionnaire
        today = dt.datetime.now(dt.UTC).date()
        locale, answers = next(documents(demo, count=1, today=today))
        drafts = [draft(database, keys, "demo", locale, demo, decode(answers))]
        for made in HOUSEHOLDS:
            household = made(today)
            stored = answered(Compiled(form()), household)
            drafts.append(draft(database, keys, made.__name__, household.locale, form(), stored))
        database.close()
        given = {"CONSULT_DATA": name, "CONSULT_DATABASE_URL": url, "CONSULT_BASE_URL": "http://localhost"}
        with serving("consult.cli:create_served_app", **given) as port:
            browser = Browser(port)
            short, *long = ([seconds(browser, one, sheet, rounds) for sheet in one.standing.sheets()] for one in drafts)
            browser.close()
    found: dict[str, float] = {"largest_page_bytes": max(page[2] for pages in long for page in pages)}
    for place, what in enumerate(("show", "send")):
        ours = statistics.median(page[place] for page in short)
        theirs = sorted(page[place] for pages in long for page in pages if page[place])
        found[f"{what}_demo_ms"] = round(ours * 1_000, 2)
        found[f"{what}_ratio_median"] = round(statistics.median(theirs) / ours, 1)
        found[f"{what}_ratio_slowest"] = round(theirs[-1] / ours, 1)
    return found


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:])), indent=1))
