"""Repeats without JavaScript: pages for each instance, a list where participants add them."""

from __future__ import annotations

import time

from flask.testing import FlaskClient
from sqlalchemy import select

from consult.db.session import Database
from consult.participation.models import Intake
from tests.responses.journey import Opened, code_in, first, send, stored, to, visible


def page(client: FlaskClient, path: str) -> str:
    response = client.get(f"/en/q/survey{path}")
    assert response.status_code == 200
    return visible(response)


def test_a_household_is_answered_member_by_member_and_job_by_job(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("repeats")

    assert to(first(client, size="2")) == "/page/2/1"
    assert "Member 1" in page(client, "/page/2/1")
    assert to(send(client, "/page/2/1", first_name="Ama", age="41")) == "/page/4/1"
    assert "You have added nothing here so far" in page(client, "/page/4/1")
    assert to(send(client, "/page/4/1", then="add")) == "/page/3/1-1"
    assert "What does Ama do?" in page(client, "/page/3/1-1")
    assert to(send(client, "/page/3/1-1", title="nurse", hours="30")) == "/page/4/1"
    assert to(send(client, "/page/4/1", then="add")) == "/page/3/1-2"
    assert to(send(client, "/page/3/1-2", title="trader", hours="8")) == "/page/4/1"
    assert "Job 2 trader" in page(client, "/page/4/1")
    assert to(send(client, "/page/4/1")) == "/page/2/2"
    assert to(send(client, "/page/2/2", first_name="Kofi", age="9")) == "/page/2/2?more="
    assert to(send(client, "/page/2/2", first_name="Kofi", age="9", school="Achimota")) == "/page/4/2"
    assert to(send(client, "/page/4/2")) == "/page/5"
    assert "Anything to say about Ama, Kofi ?" in page(client, "/page/5")
    assert to(send(client, "/page/5", remark="")) == "/check"
    told = page(client, "/check")
    assert told.index("Member 1") < told.index("nurse") < told.index("trader") < told.index("Member 2")
    assert to(send(client, "/submit")) == "/receipt"
    sent = stored(database)
    assert (sent["member"], sent["job-1"], sent["job-2"]) == (2, 2, 0)
    assert (sent["title-1-2"], sent["worked-1"], sent["total_age"], sent["second"]) == ("trader", "38", "50", "Kofi")
    assert "trader" in page(client, "/answers")


def begun(client: FlaskClient) -> None:
    """A household of one, at the list of jobs, with two of them."""
    first(client, size="1")
    send(client, "/page/2/1", first_name="Ama", age="41")
    for number, title in enumerate(("nurse", "trader"), start=1):
        send(client, "/page/4/1", then="add")
        send(client, f"/page/3/1-{number}", title=title, hours="8")


def test_before_something_is_removed_one_is_asked(client: FlaskClient, database: Database, opened: Opened) -> None:
    opened("repeats")
    begun(client)

    asked = send(client, "/page/4/1", remove="1")
    assert asked.status_code == 200
    assert "This deletes the answers of: Job 1" in visible(asked)
    assert stored(database)["title-1-1"] == "nurse"
    assert 'name="of" value="2"' in asked.text
    assert to(send(client, "/page/4/1", remove="1", sure="yes", of="2")) == "/page/4/1"
    left = stored(database)
    assert (left["job-1"], left["title-1-1"]) == (1, "trader")
    assert "title-1-2" not in left
    assert to(send(client, "/page/4/1", remove="1", sure="yes", of="2")) == "/page/4/1"  # a double click
    assert to(send(client, "/page/4/1", remove="7", sure="yes", of="1")) == "/page/4/1"
    assert stored(database)["job-1"] == 1


def test_what_was_answered_can_be_changed_from_the_list_and_from_the_check(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("repeats")
    begun(client)

    listed = client.get("/en/q/survey/page/4/1").text
    assert 'href="/en/q/survey/page/3/1-2"' in listed
    assert 'value="trader"' in client.get("/en/q/survey/page/3/1-2").text
    send(client, "/page/4/1")
    send(client, "/page/5", remark="")
    check = client.get("/en/q/survey/check").text
    assert 'href="/en/q/survey/page/3/1-2?check#title"' in check
    assert 'href="/en/q/survey/page/4/1?check"' in check
    assert to(send(client, "/page/3/1-2?check", title="trader", hours="9")) == "/check"
    assert to(send(client, "/page/4/1?check")) == "/check"
    assert stored(database)["hours-1-2"] == 9


def test_mistakes_are_told_at_the_instance_where_they_were_made(client: FlaskClient, opened: Opened) -> None:
    opened("repeats")
    first(client, size="1")

    refused = send(client, "/page/2/1", first_name="", age="200")

    assert refused.status_code == 422
    assert 'value="200"' in refused.text
    assert 'action="/en/q/survey/page/2/1"' in refused.text
    assert "Answer this question." in visible(refused)


def test_places_that_there_are_not_lead_onwards_or_nowhere(client: FlaskClient, opened: Opened) -> None:
    opened("repeats")
    first(client, size="1")

    assert to(client.get("/en/q/survey/page/2/7")) == "/page/2/1"
    for place in ("/page/2", "/page/2/0", "/page/2/x", "/page/2/1-1", "/page/3/1", "/page/1/1", "/page/2/1-"):
        assert client.get(f"/en/q/survey{place}").status_code == 404


def test_a_list_can_be_left_and_gone_on_with_later(client: FlaskClient, opened: Opened) -> None:
    opened("repeats")
    begun(client)

    assert to(send(client, "/page/4/1", then="later")) == "/saved"
    code = code_in(client)
    client.delete_cookie("draft-survey")
    assert to(send(client, "/resume", code=code)) == "/page/5"


def test_there_is_an_end_to_adding(client: FlaskClient, opened: Opened) -> None:
    opened("repeats")
    first(client, size="1")
    send(client, "/page/2/1", first_name="Ama", age="41")
    for _ in range(100):
        send(client, "/page/4/1", then="add")

    refused = send(client, "/page/4/1", then="add")

    assert refused.status_code == 422
    assert "There can be 100 at most." in visible(refused)


def test_choices_can_be_what_was_answered_before(client: FlaskClient, database: Database, opened: Opened) -> None:
    opened("choices_from_answers")
    first(client)
    for number, name in enumerate(("Ama <b>", "Kofi"), start=1):
        send(client, "/page/2", then="add")
        send(client, f"/page/1/{number}", first_name=name, age="")
    assert to(send(client, "/page/2")) == "/page/3"

    page = client.get("/en/q/survey/page/3").text
    assert page.count('value="Ama &lt;b&gt;"') == 3
    assert to(send(client, "/page/3", eldest="Ama <b>", work=["Kofi"], kofi="", partner="")) == "/check"

    assert "Ama &lt;b&gt;" in client.get("/en/q/survey/check").text
    assert client.get("/en/q/survey/page/3").text.count(" checked>") == 2
    assert stored(database)["work"] == ("Kofi",)


def test_a_list_tells_instances_apart_by_words_not_codes(client: FlaskClient, opened: Opened) -> None:
    opened("repeats_named")
    first(client, remark="", nm="Ama")
    send(client, "/page/3", then="add")
    assert to(send(client, "/page/2/1", who="p1")) == "/page/3"
    assert "Visit 1 Ama" in page(client, "/page/3")


def test_what_was_computed_once_is_deleted_with_its_instance(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("repeats_once")
    first(client)
    for number, name in enumerate(("Ama", "Kofi"), start=1):
        send(client, "/page/2", then="add")
        send(client, f"/page/1/{number}", called=name)

    send(client, "/page/2", remove="1", sure="yes", of="2")
    send(client, "/page/2")
    assert to(send(client, "/submit")) == "/receipt"

    assert {name: answer for name, answer in stored(database).items() if name != "person"} == {
        "called-1": "Kofi",
        "kept-1": "Kofi",
    }
    with database.reading() as session:
        assert "Ama" not in str(session.scalars(select(Intake.context)).all())


def test_a_list_of_nobody_takes_nothing(client: FlaskClient, database: Database, opened: Opened) -> None:
    opened("repeats")
    first(client, size="1")

    assert to(send(client, "/page/4/7", then="add")) == "/page/2/1"
    assert "job-7" not in stored(database)


def test_one_field_cannot_ask_for_more_than_a_server_can_bear(client: FlaskClient, opened: Opened) -> None:
    opened("repeats_nested")
    began = time.monotonic()
    assert to(first(client, n="100")) == "/page/2/1-1"
    assert time.monotonic() - began < 5


def test_a_repeat_that_holds_another_one_only_can_be_changed_from_its_list(client: FlaskClient, opened: Opened) -> None:
    opened("repeats_within")
    first(client)
    assert to(send(client, "/page/3", then="add")) == "/page/2/1"
    assert to(send(client, "/page/2/1", then="add")) == "/page/1/1-1"
    send(client, "/page/1/1-1", what="x")

    assert 'href="/en/q/survey/page/1/1-1"' in client.get("/en/q/survey/page/3").text
