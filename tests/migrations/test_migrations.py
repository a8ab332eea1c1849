"""Migrations go up, down and up again, and end where the models are."""

from __future__ import annotations

import datetime as dt

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, inspect, select

import consult.app  # noqa: F401  # registers every model
from consult.accounts.models import Grant, User
from consult.config import Keys, Settings
from consult.consultations.models.asked import Consultation
from consult.consultations.models.contributed import Participant
from consult.consultations.models.opinions import Statement, Vote
from consult.core.altcha import Solved
from consult.core.questionnaire import maps
from consult.core.text import LocalisedText
from consult.core.translation import Version
from consult.db import migrate
from consult.db.base import Base
from consult.db.session import Database
from consult.files import Folder
from consult.jobs import asking
from consult.jobs import service as jobs
from consult.jobs.models import Job
from consult.languages.models import Language
from consult.participation import inviting, measures
from consult.participation import queries as participation
from consult.participation.contacts import Person
from consult.participation.guard import USUAL, Guard
from consult.participation.models import (
    Contact,
    Entrance,
    Guesses,
    Interviewer,
    Invitation,
    InvitationList,
    Quota,
)
from consult.privacy.models import Helpline, Notice, Period
from consult.processes import wordings
from consult.processes.models import Activity, Concept, Kind, Process, Wording
from consult.processes.wordings import Stamp
from consult.questionnaires.models import Approval, DraftMedia, Edition, EditionMedia, Mapping, Media, Revision, Trial
from consult.responses.joint.models import Hand, Joint
from consult.responses.models import Response
from consult.results import margins
from consult.results.models import Margins, Release, ReleaseDraft
from tests.factories.accounts import user
from tests.factories.interviews import make_interviewer
from tests.factories.invitations import invite, make_codes, make_contacts
from tests.factories.joint import make_joint
from tests.factories.media import make_sounding
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_draft, make_edition, make_questionnaire
from tests.factories.responses import make_open, make_submission
from tests.factories.results import make_responses
from tests.factories.trials import make_trial

TITLE = LocalisedText({"en": "First results"})


def test_models_equal_head(database: Database) -> None:
    def include(name: str | None, kind: str, _parents: object) -> bool:
        return not (kind == "table" and name is not None and migrate.is_partition(name))

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": include, "compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_going_down_leaves_nothing_and_up_again_works(database: Database) -> None:
    migrate.downgrade(database, "base")
    with database.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(database)
    with database.engine.connect() as connection:
        assert "responses" in inspect(connection).get_table_names()


def test_on_postgresql_the_big_tables_are_hash_partitions(_migrated_postgresql: Database) -> None:
    with _migrated_postgresql.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
    assert sum(name.startswith("responses_p") for name in tables) == 8


def test_answer_maps_and_rounds_come_and_go_and_leave_everything_else(database: Database) -> None:
    with database.transaction() as session:
        edition = make_edition(session)
        activity = session.get_one(Activity, edition.activity_id)
        make_draft(session, activity, make_questionnaire())
        make_notice(session, activity)
        make_responses(session, edition, make_questionnaire(), [{"age": 40}])
    migrate.downgrade(database, "0001")
    with database.engine.connect() as connection:
        assert "answer_map" not in {column["name"] for column in inspect(connection).get_columns("editions")}
        assert "round" not in {column["name"] for column in inspect(connection).get_columns("activities")}
    migrate.upgrade(database)
    with database.reading() as session:
        assert session.scalars(select(Edition.answer_map)).all() == [maps.encode(maps.UNCHANGED)]
        assert session.execute(select(Activity.round, Activity.previous_id)).all() == [(1, None)]
        assert session.scalars(select(Notice.confirmed)).all() == [True]
        for model in (Activity, Revision, Edition, Notice, Response):
            assert session.scalar(select(func.count()).select_from(model)) == 1, model


def test_interviewers_come_and_go_and_leave_everything_else(database: Database) -> None:
    with database.transaction() as session:
        edition = make_edition(session)
        make_interviewer(session, session.get_one(Activity, edition.activity_id))
    migrate.downgrade(database, "0002")
    with database.engine.connect() as connection:
        assert "interviewers" not in inspect(connection).get_table_names()
    migrate.upgrade(database)
    with database.reading() as session:
        assert session.scalars(select(Interviewer)).all() == []
        for model in (Activity, Edition, User, Grant):
            assert session.scalar(select(func.count()).select_from(model)) == 1, model


def test_margins_come_and_go_and_leave_everything_else(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        edition = make_edition(session)
        activity = session.get_one(Activity, edition.activity_id)
        margins.propose(session, activity, file="", totals=(), lower=0.0, upper=0.0, by=None, now=now)
    migrate.downgrade(database, "0006")
    with database.engine.connect() as connection:
        assert "margins" not in inspect(connection).get_table_names()
    migrate.upgrade(database)
    with database.reading() as session:
        assert session.scalars(select(Margins)).all() == []
        for model in (Activity, Edition):
            assert session.scalar(select(func.count()).select_from(model)) == 1, model


def test_what_institutions_answer_comes_and_goes_and_leaves_everything_else(database: Database) -> None:
    with database.transaction() as session:
        joint, hand, _other = make_joint(session, make_edition(session), hands=2)
        session.add(Grant(user_id=hand.id, institution_id=joint.institution_id, role="coder"))
    migrate.downgrade(database, "0009")
    with database.engine.connect() as connection:
        gone = {"joint_responses", "hands", "joint_changes", "joint_remarks", "joint_signatures"}
        assert not gone & set(inspect(connection).get_table_names())
        assert [role for (role,) in connection.exec_driver_sql("SELECT role FROM grants")] == ["coder"]
    migrate.upgrade(database)
    with database.reading() as session:
        for model, count in ((Activity, 1), (Edition, 1), (User, 2), (Grant, 1), (Joint, 0), (Hand, 0)):
            assert session.scalar(select(func.count()).select_from(model)) == count, model


def test_sounds_and_pictures_come_and_go_and_leave_everything_else(database: Database, settings: Settings) -> None:
    with database.transaction() as session:
        activity = make_activity(session, locales=("en", "fr", "ar"))
        make_sounding(session, Folder(settings.media), activity)
    migrate.downgrade(database, "0002")
    with database.engine.connect() as connection:
        assert not {"media", "draft_media", "edition_media"} & set(inspect(connection).get_table_names())
    migrate.upgrade(database)
    with database.reading() as session:
        for model, count in (
            (Activity, 1),
            (Revision, 1),
            (Edition, 1),
            (Media, 0),
            (DraftMedia, 0),
            (EditionMedia, 0),
        ):
            assert session.scalar(select(func.count()).select_from(model)) == count, model


def test_concepts_come_and_go_and_leave_everything_else(database: Database) -> None:
    with database.transaction() as session:
        activity = session.get_one(Activity, make_edition(session).activity_id)
        session.add(Concept(process_id=activity.process_id, code="skill", label=LocalisedText(), categories=[]))
        session.add(Mapping(activity_id=activity.id, question="q1", concept="skill", codes={"a": "b"}))
    migrate.downgrade(database, "0004")
    with database.engine.connect() as connection:
        assert not {"concepts", "mappings"} & set(inspect(connection).get_table_names())
    migrate.upgrade(database)
    with database.reading() as session:
        for model, count in ((Activity, 1), (Process, 1), (Edition, 1), (Concept, 0), (Mapping, 0)):
            assert session.scalar(select(func.count()).select_from(model)) == count, model


def test_watched_jobs_drafts_and_withdrawals_come_and_go_and_leave_everything_else(
    database: Database, now: dt.datetime
) -> None:
    with database.transaction() as session:
        process = make_process(session)
        jobs.enqueue(session, "mail.send", {"a": 1}, run_at=now, key="k")
        asking.ask(session, "results.draft", {}, by=None, process_id=process.id, key="d", now=now)
        session.add(ReleaseDraft(id=process.id, process_id=process.id, title=TITLE, computed=b"c", made_at=now))
        session.add(
            Release(
                process_id=process.id,
                number=1,
                title=TITLE,
                hash="0",
                content=b"{}",
                restricted=b"r",
                engine="duckdb",
                frozen_at=now,
                published_at=now,
                withdrawn_at=now,
                note=TITLE,
            )
        )
    migrate.downgrade(database, "0005")
    with database.engine.connect() as connection:
        assert "release_drafts" not in inspect(connection).get_table_names()
        assert "withdrawn_at" not in {column["name"] for column in inspect(connection).get_columns("releases")}
    migrate.upgrade(database)
    with database.reading() as session:
        assert session.execute(select(Job.kind, Job.payload, Job.key, Job.state, Job.done, Job.cancelled)).all() == [
            ("mail.send", {"a": 1}, "k", "waiting", 0, False)
        ]
        assert session.execute(select(Release.number, Release.published_at, Release.withdrawn_at)).all() == [
            (1, now, None)
        ]


def test_translations_and_gates_come_and_go_and_leave_everything_else(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        process = make_process(session)
        session.add(
            Wording(
                process_id=process.id,
                kind="process",
                object_id=process.id,
                path="title",
                locale="fr",
                number=1,
                source="Policy",
                source_hash="0",
                text="Politique",
                reviewed=True,
                translated=True,
                at=now,
            )
        )
    migrate.downgrade(database, "0007")
    with database.engine.connect() as connection:
        assert "wordings" not in inspect(connection).get_table_names()
        assert "gate" not in {column["name"] for column in inspect(connection).get_columns("processes")}
    migrate.upgrade(database)
    with database.reading() as session:
        assert session.scalars(select(Process.gate)).all() == ["begun"], "what there was is offered as it was"
        assert session.scalar(select(func.count()).select_from(Wording)) == 0


def test_invitations_come_and_go_and_leave_everything_else(database: Database, keys: Keys) -> None:
    with database.transaction() as session:
        edition = make_edition(session)
        activity = invite(session, session.get_one(Activity, edition.activity_id))
        make_codes(session, activity, 2)
        make_contacts(session, keys, activity, Person("a@example.org", "en", ""))
        session.add(Quota(activity_id=activity.id, channel="open", profile="", most=10))
        inviting.guessed(session, activity.id)
    migrate.downgrade(database, "0008")
    tables = {"entrances", "invitation_lists", "invitations", "contacts", "quotas", "guesses"}
    with database.engine.connect() as connection:
        assert not tables & set(inspect(connection).get_table_names())
    migrate.upgrade(database)
    with database.reading() as session:
        for model in (Entrance, InvitationList, Invitation, Contact, Quota, Guesses):
            assert session.scalars(select(model)).all() == [], model
        for kept in (Activity, Edition):
            assert session.scalar(select(func.count()).select_from(kept)) == 1, kept


def test_what_waits_is_counted_once_by_quotas_before_and_after(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        activity = make_open(session, "same_page")
        session.add(Quota(activity_id=activity.id, channel="open", profile="", most=10, taken=4))
        make_submission(session, activity, now=now)
    for migrated, taken in ((lambda: migrate.downgrade(database, "0015"), 5), (lambda: migrate.upgrade(database), 4)):
        migrated()
        with database.reading() as session:
            assert session.scalars(select(Quota.taken)).all() == [taken]


def test_consultations_come_and_go_and_leave_everything_else(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        activity = make_activity(session, make_process(session), kind=Kind.CONSULTATION)
        session.add(Consultation(activity_id=activity.id, phases=["vote"]))
        session.flush()
        common = {"activity_id": activity.id, "locale": "en", "day": now.date(), "channel": "open"}
        session.add(Participant(code=b"c" * 32, **common))
        session.add(Statement(id=activity.id, label=LocalisedText({"en": "So it is."}), state="shown", **common))
        session.add(Vote(activity_id=activity.id, code=b"c" * 32, statement_id=activity.id, value=-1))
    migrate.downgrade(database, "0016")
    with database.engine.connect() as connection:
        assert not {"consultations", "votes", "comments"} & set(inspect(connection).get_table_names())
    migrate.upgrade(database)
    with database.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(model)) for model in (Activity, Consultation, Vote)]
        assert counts == [1, 0, 0]


def test_measures_against_bots_come_and_go_and_what_was_set_apart_is_open_again(
    database: Database, now: dt.datetime
) -> None:
    solved = Solved(b"c" * 32, now)
    with database.transaction() as session:
        edition = make_edition(session)
        activity = session.get_one(Activity, edition.activity_id)
        make_responses(session, edition, make_questionnaire(), [{"age": 40}, {"age": 41}], channels=("suspect",))
        measures.decide(session, activity, Guard(4, 100, counted=False, work=True), by=None, now=now)
        assert measures.spend(session, activity.id, solved)
    migrate.downgrade(database, "0010")
    with database.engine.connect() as connection:
        assert not {"measures", "spent_challenges"} & set(inspect(connection).get_table_names())
        assert connection.execute(select(Response.channel)).scalars().all() == ["open", "open"]
    migrate.upgrade(database)
    with database.reading() as session:
        assert participation.guard(session, edition.activity_id) == USUAL
        assert not measures.is_spent(session, edition.activity_id, solved)
        assert session.scalars(select(Response.channel)).all() == ["open", "open"]


def test_notices_keep_what_they_said_when_they_become_whole(database: Database) -> None:
    with database.transaction() as session:
        activity = make_activity(session, make_process(session), locales=("en",))
        make_notice(session, activity)
        helpline = Helpline(process_id=activity.process_id, country="GH", name=TITLE, phone="1", url="", words=TITLE)
        session.add(helpline)
    migrate.downgrade(database, "0011")
    with database.engine.connect() as connection:
        assert "helplines" not in inspect(connection).get_table_names()
        assert "basis" not in {column["name"] for column in inspect(connection).get_columns("notices")}
    migrate.upgrade(database)
    with database.reading() as session:
        notice = session.scalars(select(Notice)).one()
        told = (notice.purpose["en"], notice.contact, notice.months)
        assert told == ("To prepare the policy.", "privacy@example.org", 24)
        assert (notice.basis, notice.rights, dict(notice.source)) == ("", [], {})
        assert session.scalars(select(Helpline)).all() == []
        for model in (Activity, Process):
            assert session.scalar(select(func.count()).select_from(model)) == 1, model


def test_periods_come_and_go_and_leave_everything_else(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        activity = session.get_one(Activity, make_edition(session).activity_id)
        make_notice(session, activity)
        session.add(Period(activity_id=activity.id, kind="drafts", length=30, announced_for=now.date()))
    migrate.downgrade(database, "0012")
    with database.engine.connect() as connection:
        assert "retention" not in inspect(connection).get_table_names()
    migrate.upgrade(database)
    with database.reading() as session:
        for model, count in ((Activity, 1), (Notice, 1), (Edition, 1), (Period, 0)):
            assert session.scalar(select(func.count()).select_from(model)) == count, model


def test_words_of_the_interface_go_down_with_their_languages_and_others_stay(
    database: Database, now: dt.datetime
) -> None:
    with database.transaction() as session:
        process = make_process(session)
        stamp = Stamp(None, now)
        wordings.add(session, process, "process", "fr", [("title", Version("A", "B", reviewed=True))], {}, stamp)
        rest = {"name": "دری", "english": "Dari", "direction": "rtl", "digits": "arabext", "fallback": "en"}
        language = Language(code="prs", plural="other:", **rest)
        session.add(language)
        session.flush()
        wordings.add(session, language, "words", "prs", [("0", Version("A", "B", reviewed=True))], {}, stamp)
    migrate.downgrade(database, "0013")
    with database.engine.connect() as connection:
        assert "languages" not in inspect(connection).get_table_names()
    migrate.upgrade(database)
    with database.reading() as session:
        assert session.scalars(select(Wording.kind)).all() == ["process"]


def test_trials_and_approvals_come_and_go_and_leave_everything_else(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        edition = make_edition(session, opens_at=None)
        activity = session.get_one(Activity, edition.activity_id)
        activity.process.approval = True
        make_trial(session, activity)
        person = user(session)
        session.add(Approval(activity_id=activity.id, hash=edition.hash, asked_at=now, asked_by=person.id))
    migrate.downgrade(database, "0014")
    with database.engine.connect() as connection:
        assert not {"trials", "trial_intake", "approvals"}.intersection(inspect(connection).get_table_names())
    migrate.upgrade(database)
    with database.reading() as session:
        assert session.scalars(select(Process.approval)).all() == [False]
        assert [session.scalar(select(func.count()).select_from(model)) for model in (Edition, Trial, Approval)] == [
            1,
            0,
            0,
        ]
