"""Codebooks are published in versions; coders code, differ, and a third decides; translators get batches."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.coding import batches, codebooks, exporting, flagging, queries, service, texts
from consult.coding.models import AnswerTranslation, Coding, Item
from consult.coding.queries import Latest, Wanted
from consult.coding.views.blueprint import FIRST
from consult.consultations.models.contributed import Comment
from consult.consultations.models.moderated import Concern
from consult.core.access import Actor
from consult.core.errors import Refused
from consult.core.exchange import sheets
from consult.core.exchange.entries import Exchange
from consult.db.session import Database
from consult.processes.models import Activity, Process
from tests.factories.coding import KEY, acting, gathered, make_answered, make_code, make_codebook, make_coder
from tests.factories.consultations import make_comment, make_consultation
from tests.factories.processes import make_process

VOTES = [{"wish": f"I want to vote at the embassy, please ({n})"} for n in range(6)]


class Desk:
    """A process with texts of an activity and three coders."""

    def __init__(self, database: Database, answers: Sequence[dict[str, object]], *, twice: int = 0, **given: object):
        with database.transaction() as session:
            self.process: Process = make_process(session, locales=("en", "fr"), threshold=5)
            make_codebook(session, self.process, twice=twice)
            self.activity: Activity = make_answered(session, self.process, answers, **given)  # type: ignore[arg-type]
            self.coders = [acting(make_coder(session, self.process)) for _ in range(3)]
        self.items = gathered(database, self.activity)

    def latest(self, session: Session) -> Latest:
        found = queries.latest(session, self.process.id)
        assert found is not None
        return found

    def next(self, session: Session, who: Actor) -> Item | None:
        return queries.next_item(session, self.process.id, who.id, Wanted(), FIRST)


def test_a_version_is_published_once_and_says_what_lost_codes_count_as(session: Session, now: dt.datetime) -> None:
    process = make_process(session, locales=("en",))
    with pytest.raises(Refused, match=r"codebook\.empty"):
        codebooks.publish(session, process, {}, by=None, now=now)
    first = make_codebook(session, process)
    with pytest.raises(Refused, match=r"codebook\.unchanged"):
        codebooks.publish(session, process, {}, by=None, now=now)
    codebooks.remove(session, process, "cost", by=None, now=now)
    codebooks.write(session, process, make_code("fees", theme="cost"), by=None, now=now)
    assert [code.code for code in codebooks.gone(session, process)] == ["cost"]
    with pytest.raises(Refused, match=r"codebook\.map"):
        codebooks.publish(session, process, {"cost": "money"}, by=None, now=now)
    second = codebooks.publish(session, process, {"cost": "fees"}, by=None, now=now)
    assert (first.number, second.number, second.maps) == (1, 2, {"cost": "fees"})
    assert first.hash != second.hash


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": "two words"}, r"codebook\.code"),
        ({"name": "vote"}, r"codebook\.code_twice"),
        ({"name": "new", "theme": "gone"}, r"codebook\.theme"),
        ({"name": "new", "parent": "gone"}, r"codebook\.parent"),
    ],
)
def test_a_code_is_refused_with_the_reason(
    session: Session, now: dt.datetime, given: dict[str, str], code: str
) -> None:
    process = make_process(session, locales=("en",))
    make_codebook(session, process)
    with pytest.raises(Refused, match=code):
        codebooks.write(session, process, make_code(**given), by=None, now=now)


def test_coders_meet_every_text_once_in_an_order_of_chance(database: Database) -> None:
    desk = Desk(database, VOTES)
    first, second, _ = desk.coders
    with database.transaction() as session:
        met = []
        while item := desk.next(session, first):
            met.append(item.id)
            if len(met) == 1:
                service.skip(session, item, desk.latest(session), by=first)
            else:
                service.code(session, item, ["vote"], desk.latest(session), by=first)
        assert met == sorted(item.id for item in desk.items)
        left = desk.next(session, second)
        assert left is not None and left.id == met[0], "what one leaves, another codes; what is coded, nobody again"
        service.take_back(session, left, by=first)
        again = desk.next(session, first)
        assert again is not None and again.id == met[0]


def test_codes_are_proposed_from_similar_texts_and_it_is_kept_who_took_them(database: Database) -> None:
    desk = Desk(database, [*VOTES, {"wish": "Schools teach our language"}])
    with database.transaction() as session:
        words = texts.read(session, KEY, desk.items)
        latest = desk.latest(session)
        votes = [item for item in desk.items if "vote" in words[item.activity_id, item.id].body]
        for item in votes[1:]:
            service.code(session, item, ["vote"], latest, by=desk.coders[0])
        found = service.proposals(session, KEY, votes[0], words[votes[0].activity_id, votes[0].id], latest)
        assert [one.code for one in found] == ["vote"]
        service.code(session, votes[0], ["cost"], latest, proposed=["vote", "forged"], by=desk.coders[0])
        kept = queries.coding(session, votes[0], desk.coders[0].id)
        assert kept is not None and (kept.codes, kept.proposed) == (["cost"], {"vote": False})
        with pytest.raises(Refused, match=r"coding\.code"):
            service.code(session, votes[0], ["forged"], latest, by=desk.coders[0])


def test_texts_coded_twice_show_agreement_and_a_third_decides(database: Database) -> None:
    desk = Desk(database, VOTES, twice=100)
    first, second, third = desk.coders
    with database.transaction() as session:
        latest = desk.latest(session)
        for place, item in enumerate(desk.items):
            service.code(session, item, ["vote"] if place else ["cost"], latest, by=first)
            assert service.report(session, desk.process, latest) is None or place >= 4, "from the threshold on"
            service.code(session, item, ["vote"], latest, by=second)
        report = service.report(session, desk.process, latest)
        assert report is not None and report.texts == 6
        by_code = {line.code: line.between for line in report.lines}
        assert by_code["vote"].f1 == pytest.approx(10 / 11) and by_code["cost"].f1 == 0.0
        assert desk.next(session, third) is None, "two are enough"
        differing = queries.next_difference(session, desk.process.id, third.id, FIRST)
        assert differing is not None and differing.id == desk.items[0].id
        assert queries.next_difference(session, desk.process.id, first.id, FIRST) is None
        with pytest.raises(Refused, match=r"coding\.own"):
            service.decide(session, differing, ["vote"], latest, by=first)
        assert len(list(service.codes_of(session, KEY, desk.process.id))) == 5, "undecided ones do not count"
        service.decide(session, differing, ["cost", "vote"], latest, by=third)
        service.decide(session, differing, [], latest, by=desk.coders[2])
        found = {given.item_id: given.codes for given in service.codes_of(session, KEY, desk.process.id)}
        assert found[differing.id] == ("cost", "vote"), "whoever decides first decides"
        assert queries.next_difference(session, desk.process.id, third.id, FIRST) is None


def test_a_flagged_answer_is_nobodys_and_never_a_result(database: Database, now: dt.datetime) -> None:
    desk = Desk(database, VOTES[:2], locales=("fr",))
    coder = desk.coders[0]
    with database.transaction() as session:
        batch = batches.make(session, session.get_one(Activity, desk.activity.id), "fr", by=coder, now=now)
        item, other = (session.merge(one) for one in desk.items)
        service.code(session, item, ["vote"], desk.latest(session), by=coder)
        activity = session.get_one(Activity, desk.activity.id)
        with pytest.raises(Refused, match=r"coding\.concern\.words"):
            flagging.flag(session, activity, item, "  ", by=coder, now=now)
        flagging.flag(session, activity, item, "She fears him.", by=coder, now=now)
        session.expire_all()
        assert [given.item_id for given in service.codes_of(session, KEY, desk.process.id)] == []
        assert [entry.key for entry in batches.file_of(session, KEY, batch).entries] == [str(other.id)]
        waiting = desk.next(session, desk.coders[1])
        assert waiting is not None and waiting.id == other.id
        assert [one.concern for one in queries.concerns(session, desk.process.id)] == ["She fears him."]
        with pytest.raises(Refused, match=r"coding\.gone"):
            service.code(session, item, [], desk.latest(session), by=coder)
        flagging.give_back(session, desk.process, item, by=coder, now=now)
        session.expire_all()
        assert len(list(service.codes_of(session, KEY, desk.process.id))) == 1


def test_a_flagged_comment_is_with_its_focal_point(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        activity = make_consultation(session)
        make_codebook(session, activity.process)
        make_comment(session, activity)
        coder = acting(make_coder(session, activity.process))
    (item,) = gathered(database, activity)
    with database.transaction() as session:
        flagging.flag(session, session.get_one(Activity, activity.id), item, "A threat.", by=coder, now=now)
        assert session.scalars(select(Comment.state)).all() == ["concern"]
        assert session.scalars(select(Concern.words)).all() == ["A threat."]
        assert session.scalars(select(Item)).all() == []


FORMULA = '=HYPERLINK("http://example.org")'


def test_translators_get_answers_unlinked_and_safe_and_coders_read_both(database: Database, now: dt.datetime) -> None:
    desk = Desk(database, [{"wish": FORMULA, "worry": "Les frais"}, {"wish": "Voter", "age": 33}], locales=("fr",))
    with database.transaction() as session:
        activity = session.get_one(Activity, desk.activity.id)
        batch = batches.make(session, activity, "fr", by=None, now=now)
        with pytest.raises(Refused, match=r"coding\.batch\.empty"):
            batches.make(session, activity, "fr", by=None, now=now)
        found = batches.file_of(session, KEY, batch)
        assert [entry.key for entry in found.entries] == sorted(str(item.id) for item in desk.items)
        data = sheets.write(found)
        sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet and not re.search(rb"\b33\b", sheet), "no formula, no profile"
        back = sheets.read(data, "batch.xlsx")
        typed = [*back.entries[:2]]
        translated = Exchange(
            "fr", "en", tuple(_with(entry, "=1+1" if n else "To vote") for n, entry in enumerate(typed)), "batch"
        )
        assert batches.take(session, desk.process, batch, translated, by=None, now=now) == 2
        done = texts.read(session, KEY, desk.items)
        assert sorted("".join(words.translations.values()) for words in done.values()) == ["", "=1+1", "To vote"]
        with pytest.raises(Refused, match=r"exchange\.locale"):
            batches.take(session, desk.process, batch, Exchange("fr", "ar", ()), by=None, now=now)
        other = Exchange("fr", "en", (_with(back.entries[0], "x", key=str(batch.id)),))
        with pytest.raises(Refused, match=r"coding\.batch\.other"):
            batches.take(session, desk.process, batch, other, by=None, now=now)
        assert session.scalar(select(func.count()).select_from(AnswerTranslation)) == 3


def _with(entry: object, target: str, **rest: str) -> object:

    return replace(entry, target=target, **rest)  # type: ignore[type-var]  # an Entry


def test_the_table_of_codings_has_names_and_codes_alone(database: Database) -> None:
    desk = Desk(database, [{"wish": FORMULA}], twice=100)
    first, second, third = desk.coders
    (item,) = desk.items
    with database.transaction() as session:
        latest = desk.latest(session)
        service.code(session, item, ["vote", "cost"], latest, by=first)
        service.code(session, item, [], latest, by=second)
        service.decide(session, item, ["cost"], latest, by=third)
        rows = list(exporting.rows(session, KEY, desk.process, latest))
    common = (desk.activity.slug, "answer", item.part, str(item.id), "en")
    assert sorted(row[6:] for row in rows) == [("1", "", ""), ("1", "cost", "cost"), ("1", "cost vote", "cost vote")]
    assert {row[:5] for row in rows} == {common} and {row[5] for row in rows} == {"1", "2", "decided"}
    for form in exporting.FORMATS.values():
        data = b"".join(form.write(exporting.HEADER, iter(rows)))
        assert b"HYPERLINK" not in data and str(first.id).encode() not in data


def test_what_was_coded_earlier_counts_in_the_latest_version(database: Database, now: dt.datetime) -> None:
    desk = Desk(database, VOTES[:1])
    with database.transaction() as session:
        service.code(session, desk.items[0], ["cost", "vote"], desk.latest(session), by=desk.coders[0])
        process = session.get_one(Process, desk.process.id)
        codebooks.remove(session, process, "vote", by=None, now=now)
        codebooks.publish(session, process, {"vote": "school"}, by=None, now=now)
        (given,) = service.codes_of(session, KEY, process.id)
        assert (given.codes, given.themes) == (("cost", "school"), ("cost", "school"))
        assert session.scalars(select(Coding.codes)).all() == [["cost", "vote"]], "what was said stays"
