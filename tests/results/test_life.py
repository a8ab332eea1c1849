"""The life of a release on the desk: planned, computed, looked at, frozen, published, compared, withdrawn."""

from __future__ import annotations

import datetime as dt
import re
import threading

import pytest
from sqlalchemy import func, select

from consult.accounts.models import Role
from consult.audit.models import Entry
from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.jobs import asking, long, made
from consult.processes.models import Process, Seat
from consult.results import drafts, tasks
from consult.results.content import Plan
from consult.results.models import Release, ReleaseDraft
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.processes import make_member
from tests.results.surveying import PLAN, WITHDRAWN

NOTE = {f"note-{locale}": words for locale, words in WITHDRAWN.items()}


@pytest.fixture
def browse(app, database, survey, ministry):
    """Signs somebody in: by a role at the ministry, or by a seat in the core group."""

    def browser(*roles, seat=None):
        with database.transaction() as session:
            person = make.user(session, ministry, *roles) if roles else make.user(session)
            if seat:
                process = session.get_one(Process, survey.process_id)
                make_member(session, process, person, seat=seat, institution=ministry)
        client = app.test_client()
        sign_in(client, person)
        client.person = person.id
        return client

    return browser


@pytest.fixture
def officer(browse):
    return browse(Role.OFFICER)


def desk(survey, rest=""):
    return f"/en/desk/processes/{survey.slug}{rest}"


def post(browser, path, **fields):
    return browser.post(path, data={"csrf_token": token(browser), **fields})


def plan(browser, survey, **fields):
    """Plan a release; the address of its job."""
    answer = post(
        browser,
        desk(survey, "/results/new"),
        **{"title-en": "First", "crossings": ["sex"], "method": "suppression", **fields},
    )
    return answer.location


def computed(browser, survey):
    """Plan a release and have it computed; the address of its preview."""
    page = plan(browser, survey)
    assert survey.work() == 1
    return re.search(r'class="button" href="([^"]+)"', browser.get(page).text).group(1)


def rows(survey, model):
    with survey.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def test_a_release_is_planned_followed_looked_at_frozen_and_published(survey, officer):
    job = plan(officer, survey)
    page = officer.get(job).text
    assert "It waits for its turn" in page
    assert '<meta http-equiv="refresh" content="3">' in page
    assert rows(survey, ReleaseDraft) == 0

    survey.work()
    page = officer.get(job).text
    assert "Done" in page
    assert "refresh" not in page
    preview = re.search(r'class="button" href="([^"]+)"', page).group(1)

    page = officer.get(preview).text
    assert "The auditor’s verdict" in page
    assert "Tables in which something is hidden" in page
    assert "download" not in page
    assert rows(survey, Release) == 0
    question = re.search(rf'href="({re.escape(preview)}/[^"]+)"', page).group(1)
    assert "By: sex in English" in officer.get(question).text
    assert preview in officer.get(desk(survey, "/results")).text

    frozen = post(officer, f"{preview}/freeze")
    assert frozen.location.endswith(desk(survey, "/results/1"))
    assert rows(survey, ReleaseDraft) == 0
    assert survey.verify().good
    assert post(officer, desk(survey, "/results/1/publish")).status_code == 302


def test_clicking_twice_makes_one_release(survey, officer):
    first, second = plan(officer, survey), plan(officer, survey)
    assert first == second
    assert "is being computed already" in officer.get(second).text
    assert survey.work() == 1
    preview = re.search(r'class="button" href="([^"]+)"', officer.get(first).text).group(1)

    post(officer, f"{preview}/freeze")
    again = post(officer, f"{preview}/freeze")

    assert "not there any more" in officer.get(again.location).text
    assert rows(survey, Release) == 1
    with survey.database.transaction() as session:
        process = session.get_one(Process, survey.process_id)
        made = survey.draft()
        with pytest.raises(Refused):
            drafts.freeze(session, process, survey.activity_id, made, by=None, now=survey.now, keys=survey.keys)


def at_once(database, act, times=4):
    """Run an act in several transactions that begin together; what each gave, or what it was refused for."""
    barrier, found = threading.Barrier(times), []

    def run():
        barrier.wait()
        try:
            with database.transaction() as session:
                found.append(act(session))
        except Refused as refused:
            found.append(refused.problems[0].code)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_whoever_acts_at_once_makes_one_job_and_one_release(survey, officer):
    def process(session):
        return session.get_one(Process, survey.process_id)

    def ask(session):
        return drafts.plan(session, process(session), PLAN, by=None, now=dt.datetime.now(dt.UTC))

    asked = at_once(survey.database, ask)
    assert sorted(one.new for one in asked) == [False, False, False, True]
    assert len({one.id for one in asked}) == 1
    assert survey.work() == 1
    made = survey.draft()

    def freeze(session):
        release = drafts.freeze(session, process(session), asked[0].id, made, by=None, now=survey.now, keys=survey.keys)
        return release.number

    frozen = at_once(survey.database, freeze)
    assert sorted(map(str, frozen)) == ["1", *["results.draft.gone"] * 3]


def test_a_draft_is_kept_under_seal_and_discarded(survey, officer):
    preview = computed(officer, survey)
    with survey.database.reading() as session:
        [kept] = session.scalars(select(ReleaseDraft)).all()
    assert b"remittances" not in kept.computed
    assert drafts.opened(kept, survey.keys).content.title == LocalisedText({"en": "First"})

    assert post(officer, f"{preview}/discard").status_code == 302
    assert (rows(survey, ReleaseDraft), rows(survey, Release)) == (0, 0)
    assert post(officer, f"{preview}/discard").status_code == 302
    assert officer.get(preview).status_code == 302


def test_a_draft_that_nobody_decides_on_expires(survey, officer, installation):
    preview = computed(officer, survey)
    tasks.forget(installation, {}, dt.datetime.now(dt.UTC))
    assert officer.get(preview).status_code == 200
    tasks.forget(installation, {}, dt.datetime.now(dt.UTC) + drafts.KEPT)
    assert rows(survey, ReleaseDraft) == 0


def test_a_draft_is_held_against_what_was_published_meanwhile(survey, officer):
    preview = computed(officer, survey)
    survey.answer([{"country": "GB", "sex": "female"}] * 3)
    survey.publish(survey.freeze())

    refused = post(officer, f"{preview}/freeze")

    assert refused.status_code == 422
    assert "country = GB" in refused.text
    assert rows(survey, Release) == 1


def test_a_refused_plan_says_which_cells(survey, officer):
    survey.publish(survey.freeze())
    survey.keep_reports()
    survey.answer([{"country": "GB", "sex": "female"}] * 3)
    job = plan(officer, survey)
    survey.work()

    page = officer.get(job).text

    assert "It was refused" in page
    assert "“country = GB” was" in page


def test_who_asked_and_the_steward_can_cancel(survey, officer, browse):
    job = plan(officer, survey)
    other, steward, member = browse(Role.OFFICER), browse(Role.STEWARD), browse(seat=Seat.MEMBER)
    assert "Cancel this job" in officer.get(job).text
    assert "Cancel this job" not in other.get(job).text
    assert post(other, f"{job}/cancel").status_code == 404
    assert member.get(job).status_code == 404

    assert post(steward, f"{job}/cancel").status_code == 302

    assert "Nothing of it was kept" in officer.get(job).text
    assert survey.work() == 0
    with survey.database.reading() as session:
        actions = session.scalars(select(Entry.action).order_by(Entry.action)).all()
    assert [action for action in actions if action in ("results.plan", "processes.cancel")] == [
        "processes.cancel",
        "results.plan",
    ]


def test_the_column_store_is_brought_up_to_date_by_a_job(survey, officer):
    asked = post(officer, desk(survey, "/results/renew"))
    assert survey.work() == 1
    page = officer.get(asked.location).text
    assert "Done" in page
    assert desk(survey, "/results/new") in page
    assert "Taking in new responses" in officer.get(desk(survey, "/jobs")).text


def test_files_are_for_who_asked_alone(survey, officer, browse, app, installation, monkeypatch):
    def write(_installation, _order, target, _progress):
        target.write_bytes(b"a,b\n")
        return made.Made("answers.csv", "text/csv")

    kinds = {"letters.write": long.Long(made.to_file(write), "Writing", needs="results.plan")}
    monkeypatch.setitem(app.extensions, "consult.long", kinds)
    moment, process_id = dt.datetime.now(dt.UTC), survey.process_id
    with survey.database.transaction() as session:
        asked = asking.ask(session, "letters.write", {}, by=officer.person, process_id=process_id, key="k", now=moment)
    long.run_due(installation, kinds, clock=lambda: moment)
    path = desk(survey, f"/jobs/{asked.id}")

    answer = officer.get(f"{path}/file")

    assert (answer.status_code, answer.data) == (200, b"a,b\n")
    assert "answers.csv" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert f"{path}/file" in officer.get(desk(survey, "/jobs")).text
    for other in (browse(Role.OFFICER), browse(Role.STEWARD)):
        assert other.get(path).status_code == 200
        assert other.get(f"{path}/file").status_code == 404


def test_a_withdrawn_release_is_gone_and_says_why(survey, officer, client):
    survey.publish(survey.freeze())
    public = f"/{{}}/p/{survey.slug}/results"
    assert client.get(public.format("en") + "/1").status_code == 200

    missing = post(officer, desk(survey, "/results/1/withdraw"), **{"note-en": "Wrong"})
    assert "Write the note in this language" in missing.text
    assert post(officer, desk(survey, "/results/1/withdraw"), **NOTE).status_code == 302

    gone = client.get(public.format("fr") + "/1")
    assert gone.status_code == 410
    assert NOTE["note-fr"] in gone.text
    assert client.get(public.format("en") + "/1/download.csv").status_code == 410
    assert NOTE["note-en"] in client.get(public.format("en")).text
    assert officer.get(desk(survey, "/results/1")).status_code == 410
    assert officer.get(desk(survey, "/results/1/download.csv")).status_code == 410
    page = officer.get(desk(survey, "/results")).text
    assert "Withdrawn" in page
    assert "No numbers have been released yet" in page
    assert officer.get(desk(survey, "/results/1/withdraw")).status_code == 404
    with survey.database.reading() as session:
        assert "results.withdraw" in session.scalars(select(Entry.action)).all()


def test_only_what_is_published_can_be_withdrawn_and_only_once(survey):
    survey.freeze()
    with pytest.raises(Refused, match=r"results\.release\.unpublished"):
        survey.withdraw()
    survey.publish(1)
    survey.withdraw()
    with pytest.raises(Refused, match=r"results\.release\.withdrawn"):
        survey.withdraw()
    with pytest.raises(Refused, match=r"results\.release\.withdrawn"):
        survey.publish(1)


def test_what_was_public_stays_known_to_the_auditor(survey):
    survey.publish(survey.freeze())
    survey.withdraw()
    survey.answer([{"country": "GB", "sex": "female"}] * 3)

    with pytest.raises(Refused, match=r"results\.release\.difference"):
        survey.freeze()


def test_releases_are_compared(survey, officer, client):
    survey.publish(survey.freeze(Plan(title=PLAN.title, crossings=("sex",))))
    survey.answer_at_random(400)
    survey.publish(survey.freeze(Plan(title=PLAN.title, crossings=("country_of_residence",))))

    for page in (
        officer.get(desk(survey, "/results/1/compare/2")).text,
        client.get(f"/en/p/{survey.slug}/results/1/compare/2").text,
    ):
        assert "Release 2 compared with release 1" in page
        assert "New tables" in page
        assert "Tables that are not shown any more" in page
        assert "Shares that have changed" in page
        assert re.search(r"<bdi>[+-]\d", page)
    assert "results/1/compare/2" in officer.get(desk(survey, "/results/2")).text
    survey.withdraw()
    assert client.get(f"/en/p/{survey.slug}/results/1/compare/2").status_code == 410
    assert officer.get(desk(survey, "/results/1/compare/2")).status_code == 200
