"""PDF and DOCX reports: jobs make them; those of published releases are kept in every locale until it is withdrawn."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pytest

from consult.accounts.models import Role
from consult.app import TASKS
from consult.core.progress import Cancelled, unwatched
from consult.db.session import Database
from consult.jobs import asking, worker
from consult.processes.models import Process, Seat
from consult.results import reports
from consult.results.reports import Wanted
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.processes import make_member

KEPT = (Wanted("docx", "en"), Wanted("docx", "ar"), Wanted("pdf", "fr"))


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What becomes of files does not depend on the database."""
    return sqlite


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Three of twelve: each takes seconds."""
    monkeypatch.setattr(reports, "EVERY", KEPT)


@pytest.fixture
def browse(app, database, survey, ministry):
    """Signs in somebody with a seat in the core group."""

    def browser(seat):
        with database.transaction() as session:
            person, process = make.user(session), session.get_one(Process, survey.process_id)
            make_member(session, process, person, seat=seat, institution=ministry)
        found = app.test_client()
        sign_in(found, person)
        return found

    return browser


def desk(survey, rest="", locale="en"):
    return f"/{locale}/desk/processes/{survey.slug}/results/1{rest}"


def public(survey, rest="", locale="en"):
    return f"/{locale}/p/{survey.slug}/results/1{rest}"


def ask(browser, survey, extension="docx", locale="en"):
    """Ask for a report; the address of its job."""
    return browser.post(desk(survey, f"/report.{extension}", locale), data={"csrf_token": token(browser)})


def text(answer):
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(answer.data)).paragraphs)


def names(folder):
    return sorted(path.name.partition(".")[2] for path in folder.iterdir())


def sweep(installation):
    """What the worker does between long jobs."""
    return worker.run_due(installation, {reports.KEEP: TASKS[reports.KEEP]}, {}, clock=lambda: dt.datetime.now(dt.UTC))


# --- asked for on the desk ---


def test_a_report_of_a_frozen_release_is_asked_for_followed_and_fetched(survey, steward):
    survey.freeze()
    assert f'href="{desk(survey, "/download.docx")}">' in steward.get(desk(survey)).text
    page = steward.get(desk(survey, "/download.docx"))
    assert "Make the report" in page.text

    job = ask(steward, survey).location
    assert "It waits for its turn" in steward.get(job).text
    survey.work()

    assert f'href="{job}/file" download' in steward.get(job).text
    file = steward.get(f"{job}/file")
    assert file.is_streamed
    assert file.headers["Content-Disposition"] == f"attachment; filename={survey.slug}-1-en.docx"
    assert "First results" in text(file)


def test_a_report_is_in_the_language_it_was_asked_for_in(survey, steward):
    survey.freeze()
    job = ask(steward, survey, locale="ar").location
    survey.work()
    assert "-1-ar.docx" in steward.get(f"{job}/file").headers["Content-Disposition"]
    assert ask(steward, survey, locale="ru").status_code == 404


def test_clicking_twice_makes_one_report(survey, steward):
    survey.freeze()
    assert ask(steward, survey).location == ask(steward, survey).location
    assert ask(steward, survey, "pdf", "fr").location != ask(steward, survey).location
    assert survey.work() == 2


def test_a_report_that_is_cancelled_is_not_kept(survey, steward, settings):
    survey.freeze()
    job = ask(steward, survey).location
    steward.post(f"{job}/cancel", data={"csrf_token": token(steward)})
    assert survey.work() == 0
    assert "Nothing of it was kept" in steward.get(job).text
    assert desk(survey) in steward.get(job).text
    assert not settings.made.exists()


@pytest.mark.parametrize("extension", ["docx", "pdf"])
def test_a_report_hears_of_a_cancellation_while_it_is_made(survey, extension):
    number, seen = survey.freeze(), []

    def cancel(done, of):
        seen.append((done, of))
        raise Cancelled

    with pytest.raises(Cancelled):
        list(reports.pieces(survey.release(number), Wanted(extension, "en"), cancel))
    assert seen[0][0] == 1
    assert seen[0][1] > 2


def test_who_may_not_see_a_release_gets_no_report_of_it(survey, app, database, browse, steward):
    survey.freeze()
    job = ask(steward, survey).location
    survey.work()
    member = browse(Seat.MEMBER)
    assert member.get(desk(survey, "/download.docx")).status_code == 404
    assert ask(member, survey).status_code == 404
    assert member.get(f"{job}/file").status_code == 404
    with database.transaction() as session:
        stranger = make.user(session, make.institution(session, "Agency"), Role.OFFICER, Role.STEWARD)
    browser = app.test_client()
    sign_in(browser, stranger)
    for path in (desk(survey, "/download.docx"), job, f"{job}/file"):
        assert browser.get(path).status_code == 404
    assert ask(browser, survey).status_code == 404
    assert ask(steward, survey, "csv").status_code == 404


# --- kept, of published releases ---


def test_publishing_has_every_report_made_and_everybody_fetches_them(survey, steward, browse, client, settings):
    survey.publish(survey.freeze())
    early = client.get(public(survey, "/download.docx"))
    assert (early.status_code, early.headers["Retry-After"]) == (503, "60")
    assert "This report is being prepared" in early.text
    assert f'{public(survey, "/download.docx")}">' in client.get(public(survey)).text

    assert survey.work() == 1
    assert names(settings.reports) == ["ar.docx", "en.docx", "fr.pdf"]
    late = client.get(public(survey, "/download.docx"))
    assert (late.status_code, late.is_streamed) == (200, True)
    assert "First results" in text(late)
    assert f'{public(survey, "/download.docx")}" download' in client.get(public(survey)).text
    assert client.get(public(survey, "/download.docx", "ar")).data != late.data
    assert client.get(public(survey, "/download.pdf", "fr")).data.startswith(b"%PDF")
    assert browse(Seat.MEMBER).get(desk(survey, "/download.docx")).data == late.data
    assert "Making the reports of a release" in steward.get(f"/en/desk/processes/{survey.slug}/jobs").text


def test_reports_that_are_missing_are_made_again_and_the_others_left(survey, settings, installation):
    survey.publish(survey.freeze())
    survey.work()
    first, *others = sorted(settings.reports.iterdir())
    kept = {path: path.stat().st_ino for path in others}
    first.unlink()
    with survey.database.transaction() as session:
        reports.keep(session, settings.reports, dt.datetime.now(dt.UTC))
        reports.keep(session, settings.reports, dt.datetime.now(dt.UTC))
    assert survey.work() == 1
    assert first.exists()
    assert {path: path.stat().st_ino for path in others} == kept


def test_reports_of_a_withdrawn_release_are_gone_at_once_and_soon_deleted(survey, client, settings, installation):
    survey.publish(survey.freeze())
    survey.work()
    with client.get(public(survey, "/download.docx"), buffered=False) as begun:
        survey.withdraw()
        assert client.get(public(survey, "/download.docx")).status_code == 410
        assert sweep(installation) == 1
        assert list(settings.reports.iterdir()) == []
        assert "First results" in text(begun)


def test_a_release_that_is_withdrawn_before_its_reports_are_made_gets_none(survey, settings):
    survey.publish(survey.freeze())
    survey.withdraw()
    survey.work()
    assert not settings.reports.exists()
    with survey.database.reading() as session:
        assert [job.state for job in asking.asked_for(session, survey.process_id)] == ["refused"]


def test_what_a_killed_worker_left_half_is_deleted_after_an_hour(survey, settings):
    survey.publish(survey.freeze())
    reports.make_missing(settings.reports, survey.release(), unwatched)
    (settings.reports / ".half.en.pdf.0a").write_bytes(b"%PDF")
    for hours, left in ((0, 4), (2, 3)):
        with survey.database.transaction() as session:
            reports.keep(session, settings.reports, dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours))
        assert len(list(settings.reports.iterdir())) == left
