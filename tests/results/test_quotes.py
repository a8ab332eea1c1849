"""Quotes beside a release: who may choose them, what may be quoted, and that it goes everywhere at once."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from sqlalchemy import select

from consult.accounts.models import Role
from consult.audit.models import Entry
from consult.consultations.listing import Filter
from consult.consultations.models.contributed import Comment, CommentTranslation, Permission, State, Submission
from consult.core.errors import Refused
from consult.results import quotes
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.consultations import OPENED
from tests.results.gathering import Consultation


@pytest.fixture
def published(database, settings, keys, now):
    """A published release of a consultation in which sixty people said something on money, and four on rights."""
    made = Consultation(database, settings, keys, now)
    who = made.take_part(64)
    made.money = made.comment(who[:60], 0, body="It costs too much.")
    made.rights = made.comment(who[60:], 1, body="Let us vote.", stakeholder="ngo")
    made.publish(made.freeze())
    return made


def submit(made, permission=Permission.NAMED, **given):
    """A submission that is shown; its id."""
    row = {"title": "Our view", "body": "Pay for it.", "stakeholder": "union", "locale": "fr", "state": State.SHOWN}
    row |= {"name": "Example Union" if permission == Permission.NAMED else "", "day": OPENED.date(), "channel": "open"}
    with made.database.transaction() as session:
        one = Submission(activity_id=made.activity_id, id=made.id(), permission=permission, **{**row, **given})
        session.add(one)
        session.flush()
        return one.id


def quote(made, theme, name, change=quotes.choose):
    with made.database.transaction() as session:
        change(session, made.process(session), made.release(), theme, name, by=None, now=made.now)


def change(made, name, **values):
    with made.database.transaction() as session:
        one = session.get_one(Comment, (made.activity_id, name))
        for field, value in values.items():
            setattr(one, field, value)


def shown(made, locale="en"):
    with made.database.reading() as session:
        return {
            theme: [one.id for one in some] for theme, some in quotes.shown(session, made.release(), locale).items()
        }


def page(made, client, rest="themes", locale="en"):
    return client.get(f"/{locale}/p/{made.slug}/results/1/{rest}").get_data(as_text=True)


def sheet(made, client, locale="en"):
    return list(csv.reader(io.StringIO(page(made, client, "quotes.csv", locale).removeprefix("\ufeff"))))[1:]


def test_only_what_everybody_may_read_can_be_quoted(published):
    allowed = [published.money[0], submit(published), submit(published, Permission.ANONYMOUS)]
    question = published.comment([b"q" * 32], 0, target="question")
    states = [s for s in State if s is not State.SHOWN]
    hidden = [published.comment([b"s" * 32], 0, state=state)[0] for state in states]

    for name in allowed:
        quote(published, "money", name)
    for name in (*question, *hidden, submit(published, Permission.NOT), submit(published, state=State.WAITING)):
        with pytest.raises(Refused) as refused:
            quote(published, "money", name)
        assert refused.value.problems[0].code == "results.quote.gone"

    assert shown(published) == {"money": allowed}


def test_quotes_have_an_order_and_there_are_five_on_a_theme_at_most(published):
    first, second, *others = published.money[:6]
    for name in (first, second, *others[:3]):
        quote(published, "money", name)
    quote(published, "money", second, quotes.raise_up)

    with pytest.raises(Refused) as refused:
        quote(published, "money", others[3])

    assert refused.value.problems[0].code == "results.quote.many"
    assert shown(published)["money"][:2] == [second, first]
    quote(published, "money", first, quotes.remove)
    quote(published, "money", others[3])
    assert len(shown(published)["money"]) == 5
    with published.database.reading() as session:
        found = session.scalars(select(Entry).where(Entry.action == "results.quote")).all()
    assert {str(first), "too much"}.isdisjoint(str(entry.details) for entry in found)
    assert {entry.details["theme"] for entry in found} == {"money"}


def test_what_can_be_quoted_on_a_theme_is_on_its_parts_or_was_given_a_code_of_it(published):
    published.code(published.rights[:1], "cost")

    with published.database.reading() as session:
        process = published.process(session)
        rights = quotes.offered(session, process, "rights", "comment", Filter(), "en")
        french = quotes.offered(session, process, "rights", "comment", Filter(locale="fr"), "en")

    assert {one.id for one in rights.rows} == {*published.rights}
    assert french.rows == []


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.REFUSED, State.CONCERN, State.SET_APART])
def test_what_is_not_shown_any_more_is_gone_from_page_and_file(published, client, state):
    name = published.comment([b"a" * 32], 0, body="=Mine alone.")[0]
    quote(published, "money", name)
    assert "=Mine alone." in page(published, client)
    assert sheet(published, client)[0][5] == "'=Mine alone."

    change(published, name, state=state)

    assert "Mine alone" not in page(published, client)
    assert sheet(published, client) == []


def test_what_is_blackened_is_blackened_and_what_it_says_now_stands(published, client):
    name = published.comment([b"a" * 32], 0, body="Ama told me.")[0]
    quote(published, "money", name)

    change(published, name, redacted=[[0, 3]])

    assert "Ama" not in page(published, client)
    assert sheet(published, client)[0][5] == "▮▮▮ told me."


def test_a_quote_says_who_may_be_named_and_is_translated_where_somebody_did(published, client):
    quote(published, "rights", published.rights[0])
    quote(published, "rights", submit(published))
    quote(published, "rights", submit(published, Permission.ANONYMOUS, title="Unnamed"))
    with published.database.transaction() as session:
        at = {"activity_id": published.activity_id, "comment_id": published.rights[0]}
        session.add(CommentTranslation(**at, locale="fr", body="Laissez-nous voter."))

    french, (comment, named, unnamed) = page(published, client, locale="fr"), sheet(published, client, "fr")

    assert "Laissez-nous voter." in french
    assert "<bdi>Example Union</bdi>" in french
    assert f"/comments/{published.rights[0]}" in french
    assert comment[3:8] == ["", "en", "Let us vote.", "fr", "Laissez-nous voter."]
    assert client.get(comment[8].removeprefix("http://localhost")).status_code == 200
    package = zipfile.ZipFile(io.BytesIO(client.get(f"/fr/p/{published.slug}/results/1/download.zip").data))
    assert "Example Union" in package.read("quotes.csv").decode()
    assert named[3:6] == ["Example Union", "fr", "Our view\n\nPay for it."]
    assert unnamed[3] == ""


def test_officers_of_the_lead_choose_and_nobody_else(published, app):
    with published.database.transaction() as session:
        lead = published.process(session).lead_institution
        officer, viewer = make.user(session, lead, Role.OFFICER), make.user(session, lead, Role.FACILITATOR)
        stranger = make.user(session, make.institution(session, "Elsewhere"), Role.OFFICER)
    start = f"/en/desk/processes/{published.slug}/results/1/quotes"
    answers = []
    for person in (officer, viewer, stranger):
        browser = app.test_client()
        sign_in(browser, person)
        form = {"csrf_token": token(browser), "contribution": str(published.rights[0])}
        seen = browser.get(f"{start}?theme=rights")
        answers.append((seen.status_code, browser.post(f"{start}/choose?theme=rights", data=form).status_code))
        if person is officer:
            assert "Let us vote." in seen.text
            assert f"{start}/remove" in browser.get(f"{start}?theme=rights").text

    assert answers[0] == (200, 302)
    assert all(code in (403, 404) for codes in answers[1:] for code in codes)
    assert shown(published) == {"rights": [published.rights[0]]}
