"""Official answers at the desk of several institutions, and on the public page."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections import Counter

from flask.testing import FlaskClient
from sqlalchemy import event, insert, select

from consult.accounts.models import Role, User
from consult.consultations.models.answered import AnswerTo, OfficialAnswer
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.processes.models import Seat
from tests.consultations.test_answering import published
from tests.factories.accounts import institution, sign_in, token, user
from tests.factories.consultations import make_comment, make_consultation
from tests.factories.processes import make_member, make_theme
from tests.responses.journey import visible


class House:
    """A consultation, the lead's officer and head, and a member from another institution."""

    def __init__(self, database: Database) -> None:
        with database.transaction() as session:
            activity = make_consultation(session)
            make_theme(session, activity.process, "rights")
            self.comment = make_comment(session, activity, "<script>alert(1)</script>")
            self.people: dict[str, User] = {
                "officer": user(session, activity.process.lead_institution, Role.OFFICER),
                "member": user(session),
                "lead": user(session),
                "observer": user(session),
                "foreign": user(session, institution(session, "Elsewhere"), Role.OFFICER),
            }
            diaspora = institution(session, "Diaspora office")
            for seat in (Seat.MEMBER, Seat.LEAD, Seat.OBSERVER):
                make_member(session, activity.process, self.people[str(seat)], seat=seat, institution=diaspora)
            self.desk, self.public = f"/en/desk/consultations/{activity.slug}/answers", f"/en/c/{activity.slug}/answers"
            self.institution = str(diaspora.id)

    def wording(self, client: FlaskClient, **given: object) -> dict[str, object]:
        row = {"said-en": "Voting is hard.", "did-en": "We count votes.", "outcome": "accepted", "themes": ["rights"]}
        return {**row, "institutions": [self.institution], "csrf_token": token(client), **given}


def test_several_draft_the_lead_approves_and_all_is_published_together(client: FlaskClient, database: Database) -> None:
    house = House(database)
    sign_in(client, house.people["member"])
    made = client.post(f"{house.desk}/new", data=house.wording(client))
    assert made.status_code == 302
    one = made.location
    page = client.get(f"{one}/comment").text
    assert "&lt;script&gt;" in page and "<script>alert" not in page
    chosen = {"chosen": [str(house.comment.id)], "shown": [str(house.comment.id)], "seen": "1"}
    assert client.post(f"{one}/comment", data={**chosen, "csrf_token": token(client)}).status_code == 302
    assert "1 comment, with those that say nearly the same" in visible(client.get(one))
    assert client.post(f"{one}/approve", data={"seen": "2", "csrf_token": token(client)}).status_code == 404
    sign_in(client, house.people["officer"])
    assert "changed or published this answer meanwhile" in visible(
        client.post(f"{one}/approve", data={"seen": "1", "csrf_token": token(client)})
    )
    client.post(f"{one}/approve", data={"seen": "2", "csrf_token": token(client)})
    assert "Nothing is answered yet" in visible(client.get(house.public)), "approved is not published"
    client.post(f"{house.desk}/publish", data={"csrf_token": token(client)})
    shown = visible(client.get(house.public))
    assert "Voting is hard." in shown and "Diaspora office" in shown and "Accepted" in shown
    assert client.get(f"{one}/comment").status_code == 404
    stale = client.post(one, data=house.wording(client, seen="2", **{"said-en": "Otherwise"}))
    assert "Otherwise" not in visible(stale) and "Otherwise" not in visible(client.get(house.public))


def test_who_drafted_cannot_approve_even_as_the_lead(client: FlaskClient, database: Database) -> None:
    house = House(database)
    sign_in(client, house.people["lead"])
    one = client.post(f"{house.desk}/new", data=house.wording(client)).location
    sent = {"seen": "1", "csrf_token": token(client)}
    assert "somebody else approves" in visible(client.post(f"{one}/approve", data=sent))
    with database.reading() as session:
        assert session.scalars(select(OfficialAnswer.state)).all() == ["draft"]


def test_what_is_missing_is_said_and_what_was_typed_stays(client: FlaskClient, database: Database) -> None:
    house = House(database)
    sign_in(client, house.people["officer"])
    page = client.post(f"{house.desk}/new", data=house.wording(client, **{"said-en": ""}))
    assert "We count votes." in page.text and "There is a problem" in visible(page)
    forged = client.post(
        f"{house.desk}/new", data=house.wording(client, institutions=["00000000-0000-0000-0000-00000000000f"])
    )
    assert forged.status_code == 200 and "There is a problem" in visible(forged)


def test_nobody_else_reads_drafts(client: FlaskClient, database: Database) -> None:
    house = House(database)
    sign_in(client, house.people["member"])
    one = client.post(f"{house.desk}/new", data=house.wording(client)).location
    for who in ("observer", "foreign"):
        sign_in(client, house.people[who])
        assert client.get(house.desk).status_code == client.get(one).status_code == 404
    assert "Voting is hard." not in visible(client.get(house.public))


def test_the_public_reads_by_theme_and_in_pages(client: FlaskClient, database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        activity = make_consultation(session)
        make_theme(session, activity.process, "rights")
        make_theme(session, activity.process, "money")
        for number in range(21):
            theme = "rights" if number else "money"
            published(session, activity, now, themes=[theme], said=LocalisedText({"en": f"Said {number}."}))
    address = f"/en/c/{activity.slug}/answers"
    first = client.get(address)
    assert first.text.count("<article") == 20 and 'rel="next"' in first.text
    assert client.get(f"{address}?theme=money").text.count("<article") == 1
    assert client.get(f"{address}?theme=%22%3E&from=x&part=%00").status_code in (200, 404)
    link = re.search(r'<a[^>]*rel="next"[^>]*>', first.text)
    further = re.search(r'href="([^"]+)"', link[0] if link else "")
    second = client.get(further[1].replace("&amp;", "&") if further else "")
    assert second.text.count("<article") == 1
    assert visible(first).index("Said 0.") == visible(first).index("Said "), "money comes before rights"
    assert "“>" not in client.get(f"{address}?theme=%22%3E").text


def test_a_page_of_answers_reads_no_more_than_it_shows(
    client: FlaskClient, database: Database, now: dt.datetime
) -> None:
    with database.transaction() as session:
        activity = make_consultation(session)
        make_theme(session, activity.process, "rights")
        for number in range(25):
            one = published(session, activity, now, themes=["rights"], said=LocalisedText({"en": f"Said {number}."}))
            to = ({"kind": "comment", "target": str(uuid.uuid4()), "answer_id": one.id} for _ in range(20))
            session.execute(insert(AnswerTo), list(to))
    loaded: Counter[type] = Counter()

    def count(target: object, _context: object) -> None:
        loaded[type(target)] += 1

    for model in (OfficialAnswer, AnswerTo):
        event.listen(model, "load", count)
    try:
        page = client.get(f"/en/c/{activity.slug}/answers")
    finally:
        for model in (OfficialAnswer, AnswerTo):
            event.remove(model, "load", count)
    assert page.text.count("<article") == 20 and visible(page).count("Comments") == 20
    assert loaded == {OfficialAnswer: 20}
