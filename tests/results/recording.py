"""Files of single records, made and unpacked."""

from __future__ import annotations

import csv
import io
import zipfile

import msgspec
import pyreadstat

from consult.processes.models import Activity
from consult.results.microdata.choosing import Choice, offer
from consult.results.microdata.making import make
from consult.results.presentation import Reader
from consult.results.translations import words_of


class Records:
    """A file of records, unpacked."""

    def __init__(self, path, report):
        self.report = report
        with zipfile.ZipFile(path) as archive:
            self.files = {name: archive.read(name) for name in archive.namelist()}
            self.moments = {info.date_time[3:] for info in archive.infolist()}

    @property
    def rows(self):
        return self.table("data.csv")

    def table(self, name):
        return list(csv.DictReader(io.StringIO(self.files[name].decode("utf-8-sig"))))

    def read(self, name, tmp_path, **how):
        path = tmp_path / name
        path.write_bytes(self.files[name])
        return (pyreadstat.read_sav if name.endswith("sav") else pyreadstat.read_dta)(str(path), **how)


def offered(survey):
    with survey.database.reading() as session:
        return offer(session, session.get_one(Activity, survey.activity_id))


def records(survey, tmp_path, *, locale="en", progress=lambda _done, _of: None, **chosen):
    there = offered(survey)
    choice = Choice(variables=tuple(one.id for one in there.variables))
    choice = msgspec.structs.replace(choice, **chosen)
    path, reader = tmp_path / "made" / "records.zip", Reader(locale, words_of(locale))
    report = make(
        survey.database,
        survey.activity_id,
        choice,
        path,
        settings=survey.settings,
        engine=survey.engine,
        reader=reader,
        now=survey.now,
        progress=progress,
    )
    return Records(path, report)


def told(answers):
    """What a response leaves as, in the terms of the CSV."""

    def plain(name):
        return ":not-relevant" if name not in answers else answers[name] if answers[name] is not None else ":skipped"

    row = {name: str(plain(name)) for name in ("country", "sex", "age", "sent", "arrived", "status", "agreed")}
    row["sent"] = row["sent"] if row["sent"].startswith(":") else str(float(row["sent"]))
    topics = plain("topics")
    for topic in ("remittances", "skills", "vote", "services"):
        row[f"topics_{topic}"] = topics if isinstance(topics, str) else str(int(topic in topics))
    return row
