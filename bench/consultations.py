"""Pages of a text with few and with many comments: how much longer the server takes, in one process and in turns.

    python -m bench.consultations [COMMENTS]

Prints JSON: the milliseconds of the first page where there are few, and for each page the ratio of many to few. A third
of the comments are one pasted text, and a third answer one comment.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from consult import config
from consult.app import create_app
from consult.config import Settings
from consult.consultations.models.contributed import Comment
from consult.db import migrate
from consult.db.session import Database
from consult.processes.models import Activity
from tests.factories.consultations import make_consultation
from tests.factories.processes import make_process
from tests.factories.texts import make_text

FEW, MANY, ROUNDS = 20, 20_000, 30
CEILING = 2.0
DAY = dt.date(2026, 3, 2)
PASTED = "We pay consular fees and send money home every month, and still we cannot vote for the parliament."


def fill(session: Session, activity: Activity, count: int, seed: int) -> uuid.UUID:
    """So many comments on the paragraph `p1`, a third of them pasted, a third answers to one; that one's id."""
    chance = random.Random(seed)  # of a measurement
    ids = [uuid.UUID(int=chance.getrandbits(128), version=4) for _ in range(count)]
    rows = []
    for number, comment_id in enumerate(ids):
        pasted, answers = number % 3 == 1, number % 3 == 2
        rows.append(
            {
                "activity_id": activity.id,
                "id": comment_id,
                "code": chance.randbytes(32),
                "target": "text",
                "part": "p1",
                "version": 1,
                "parent_id": ids[0] if answers else None,
                "stance": "" if pasted or answers else chance.choice(("support", "oppose", "question")),
                "body": PASTED if pasted else f"Comment {chance.getrandbits(64)} on what is proposed here. " * 5,
                "suggestion": "",
                "redacted": [],
                "locale": chance.choice(("en", "fr")),
                "day": DAY,
                "channel": "open",
                "state": "shown",
                "alike_id": ids[1] if pasted else None,
                "endorsed": chance.randrange(200),
            }
        )
    session.execute(insert(Comment), rows)
    return ids[0]


def milliseconds(client: FlaskClient, page: str) -> float:
    """How long a page takes."""
    began = time.perf_counter()
    answer = client.get(page)
    took = 1000 * (time.perf_counter() - began)
    assert answer.status_code == 200, page
    return took


def pages(slug: str, answered: uuid.UUID) -> dict[str, str]:
    """The pages by their names; the keys lie in the middle of all."""
    root, middle = f"/en/c/{slug}", "80000000-0000-4000-8000-000000000000"
    return {
        "first": f"{root}/text/p1",
        "middle": f"{root}/text/p1?after={middle}",
        "filtered": f"{root}/text/p1?stance=question&language=fr",
        "thread": f"{root}/comments/{answered}",
    }


def main(many: int = MANY) -> None:
    """Measure and print; exit 1 where a page takes more than twice the time."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), base_url="http://localhost", trusted_hosts=("localhost",))
        database = Database(f"sqlite:///{folder}/consult.db")
        migrate.upgrade(database)
        with database.transaction() as session:
            process = make_process(session, locales=("en", "fr"), public=True)
            answered = {}
            for slug, count in (("few", FEW), ("many", many)):
                made = make_consultation(session, process, slug=slug, locales=("en", "fr"))
                make_text(session, made)
                answered[slug] = fill(session, made, count, seed=count)
        client = create_app(settings, config.load_keys(settings.keys_file), database).test_client()
        few, lots = (pages(slug, answered[slug]) for slug in ("few", "many"))
        took: dict[str, list[tuple[float, float]]] = {name: [] for name in few}
        for _ in range(ROUNDS):
            for name, times in took.items():
                times.append((milliseconds(client, few[name]), milliseconds(client, lots[name])))
        database.close()
    medians = {name: [statistics.median(column) for column in zip(*times, strict=True)] for name, times in took.items()}
    # The page without a filter is that on which as much is shown.
    ratios = {
        name: round(most / (medians["first"][0] if name in ("middle", "filtered") else least), 2)
        for name, (least, most) in medians.items()
    }
    json.dump({"comments": many, "few_ms": round(medians["first"][0], 1), "ratios": ratios}, sys.stdout)
    sys.exit(int(max(ratios.values()) > CEILING))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
