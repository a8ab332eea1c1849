"""Single records of a questionnaire of 30 questions in all formats: how much memory their export takes over idle.

    python -m bench.microdata [RECORDS]

Prints JSON: records, seconds, the bytes of the archive, the megabytes of memory before (`idle`), at most (`peak`) and
their difference (`over`). Records are made by another process, so that idle is what an installation has that only
exports.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import numpy
import pyarrow
import pyarrow.parquet

from consult.config import LOCALES, Settings
from consult.core.aggregation.tabulate import asked
from consult.core.questionnaire.definition import Choice, ChoiceList, Questionnaire, QuestionType
from consult.core.text import LocalisedText
from consult.db import migrate
from consult.db.session import Database
from consult.processes.models import Activity
from consult.results import engines
from consult.results.microdata.choosing import Choice as Chosen
from consult.results.microdata.choosing import offer
from consult.results.microdata.making import make
from consult.results.models import Segment
from consult.results.presentation import Reader
from consult.results.segments import CHANNEL, EDITION, KEY, LOCALE, path_of
from consult.results.translations import words_of
from tests.factories.questionnaires import make_edition, make_question, make_questionnaire

SINGLES, MULTIPLES, NUMBERS = 25, 3, 2
CODES = [f"c{index}" for index in range(8)]
COUNTRIES = [f"k{index}" for index in range(40)]
NOW = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)
_SEGMENT = 100_000


def survey() -> Questionnaire:
    """25 single choices (one of 40 countries), 3 multiple choices, 2 numbers."""
    lists = {"codes": CODES, "countries": COUNTRIES}
    return make_questionnaire(
        make_question("s0", QuestionType.SELECT_ONE, choices="countries", concept="country_of_residence"),
        make_question("s1", QuestionType.SELECT_ONE, choices="codes", concept="education"),
        make_question("s2", QuestionType.SELECT_ONE, choices="codes", sensitive=True),
        *(make_question(f"s{index}", QuestionType.SELECT_ONE, choices="codes") for index in range(3, SINGLES)),
        *(make_question(f"m{index}", QuestionType.SELECT_MULTIPLE, choices="codes") for index in range(MULTIPLES)),
        make_question("n0", QuestionType.INTEGER, concept="age"),
        make_question("n1", QuestionType.DECIMAL),
        lists=tuple(
            ChoiceList(
                name=name,
                choices=tuple(Choice(name=code, label=LocalisedText({"en": f"Answer {code}"})) for code in codes),
            )
            for name, codes in lists.items()
        ),
    )


def fill(data: Path, records: int) -> None:
    """An installation with a questionnaire and its segments."""
    database, rng = Database(Settings(data=data).url), numpy.random.default_rng(1)
    migrate.upgrade(database)
    questionnaire = survey()
    with database.transaction() as session:
        activity_id = make_edition(session, questionnaire=questionnaire).activity_id
    folder = Settings(data=data).column_store / str(activity_id)
    folder.mkdir(parents=True)
    for start in range(0, records, _SEGMENT):
        count, segment = min(_SEGMENT, records - start), uuid.uuid4()
        path = path_of(folder.parent, activity_id, segment)
        pyarrow.parquet.write_table(rows(questionnaire, count, rng), path, compression="zstd")
        with database.transaction() as session:
            session.add(Segment(id=segment, activity_id=activity_id, edition=1, hash="0" * 64, rows=count))


def rows(questionnaire: Questionnaire, count: int, rng: numpy.random.Generator) -> pyarrow.Table:
    """Answers at random as the column store keeps them."""

    def coded(codes: list[str]) -> pyarrow.Array:
        return pyarrow.DictionaryArray.from_arrays(rng.integers(0, len(codes), count).astype("int32"), codes)

    columns: dict[str, pyarrow.Array] = {
        KEY: pyarrow.array([rng.bytes(16) for _ in range(count)], pyarrow.binary(16)),
        LOCALE: coded(list(LOCALES[:3])),
        CHANNEL: coded(["open", "invited"]),
        EDITION: pyarrow.array(numpy.ones(count, dtype="int32")),
    }
    for question in questionnaire.questions():
        if question.type is QuestionType.SELECT_ONE:
            columns[question.id] = coded([*(COUNTRIES if question.choices == "countries" else CODES), ":skipped"])
        elif question.type is QuestionType.SELECT_MULTIPLE:
            offsets = numpy.concatenate([[0], numpy.cumsum(rng.integers(1, 4, count))]).astype("int32")
            values = pyarrow.array(CODES).take(pyarrow.array(rng.integers(0, len(CODES), offsets[-1])))
            columns[question.id] = pyarrow.ListArray.from_arrays(offsets, values)
        else:
            whole = question.type is QuestionType.INTEGER
            values = rng.integers(15, 90, count) if whole else rng.lognormal(5, 1, count).round(2)
            columns[question.id] = pyarrow.array(values)
            columns[asked(question.id)] = pyarrow.array(numpy.ones(count, dtype=bool))
    return pyarrow.table(columns)


def resident() -> float:
    """Megabytes of this process at the moment."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def export(data: Path) -> dict[str, float]:
    """Make the archive with everything in it, and measure."""
    settings = Settings(data=data)
    database = Database(settings.url)
    with database.reading() as session:
        (activity,) = session.query(Activity).all()
        there = offer(session, activity)
    assert there is not None
    chosen = Chosen(
        variables=tuple(one.id for one in there.variables),
        exact=tuple(one.id for one in there.numbers()[1:]),
        keys=there.usual().keys,
        blank=True,
    )
    target = data / "records.zip"
    idle, start = resident(), time.perf_counter()
    report = make(
        database,
        activity.id,
        chosen,
        target,
        settings=settings,
        engine=engines.connect(settings),
        reader=Reader("en", words_of("en")),
        now=NOW,
    )
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "records": report.records,
        "keys": len(report.keys),
        "seconds": round(seconds, 1),
        "bytes": target.stat().st_size,
        "idle": round(idle),
        "peak": round(peak),
        "over": round(peak - idle),
    }


def main() -> None:
    """Make the records, then measure their export in a process that does nothing else."""
    if sys.argv[1:2] in (["fill"], ["export"]):
        data = Path(sys.argv[2])
        if sys.argv[1] == "fill":
            fill(data, int(sys.argv[3]))
        else:
            print(json.dumps(export(data)))
        return
    records = sys.argv[1] if len(sys.argv) > 1 else "1000000"
    with tempfile.TemporaryDirectory() as folder:
        for step in (["fill", folder, records], ["export", folder]):
            subprocess.run([sys.executable, "-m", "bench.microdata", *step], check=True)


if __name__ == "__main__":
    main()
