"""Translations of what authors write: states, the gate, imports that lose nothing, the history of each text."""

from __future__ import annotations

import dataclasses
import datetime as dt

import msgspec
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.audit.models import Entry
from consult.core.errors import Refused
from consult.core.policy.stages import Stage
from consult.core.questionnaire import document
from consult.core.questionnaire.definition import Questionnaire, QuestionType
from consult.core.questionnaire.texts import texts, with_texts
from consult.core.text import LocalisedText
from consult.core.translation import Gate, State
from consult.db.session import Database
from consult.privacy import service as notices
from consult.processes import service as processes
from consult.processes import themes
from consult.processes.models import Activity, Process, Theme, Wording
from consult.processes.service import Particulars
from consult.processes.themes import Outline
from consult.processes.wordings import Owner
from consult.questionnaires import queries, rounds, service, translating, wordings
from consult.questionnaires.translating import Typed
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process, make_theme
from tests.factories.questionnaires import make_question, make_questionnaire

AGE = make_question("age", QuestionType.INTEGER)
JOB = make_question("job", QuestionType.TEXT)
LABEL, JOB_LABEL = (f"questionnaire:{question.id}/label" for question in (AGE, JOB))


def survey(**labels: str) -> Questionnaire:
    """A questionnaire with two questions: `age_fr="Âge"` is the French label of one."""
    made = make_questionnaire(AGE, JOB, locales=("en",))
    words = {text.path: text.words for text in texts(made)}
    changed = {}
    for name, words_now in labels.items():
        question, _, locale = name.rpartition("_")
        path = {"age": f"{AGE.id}/label", "job": f"{JOB.id}/label", "title": "title"}[question]
        changed[path] = (changed.get(path) or words[path]).with_text(locale, words_now)
    return with_texts(made, changed)


@pytest.fixture
def activity(session: Session) -> Activity:
    """An activity of a process in English and French, planned and empty."""
    return make_activity(session, make_process(session, locales=("en", "fr")), slug="survey", title="Survey")


def import_(session: Session, activity: Activity, questionnaire: Questionnaire, now: dt.datetime) -> Questionnaire:
    """What a file makes the draft."""
    saved = service.save_draft(session, activity, questionnaire, origin="survey.xlsx", by=None, now=now)
    return document.decode(saved.document)


def states(session: Session, owner: Owner, locale: str = "fr") -> dict[str, tuple[str, State]]:
    """Translations with their states."""
    return {item.key: (item.here.text, item.here.state) for item in translating.items(session, owner, locale)}


def save(session: Session, owner: Owner, now: dt.datetime, *typed: Typed, locale: str = "fr") -> int:
    """Write translations down."""
    return translating.save(session, owner, locale, typed, by=None, now=now)


def draft_of(session: Session, activity: Activity) -> Questionnaire:
    """The draft."""
    found = queries.draft(session, activity.id)
    assert found is not None
    return document.decode(found.document)


def test_what_a_file_brings_is_reviewed_and_what_it_lacks_is_missing(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    import_(session, activity, survey(age_fr="Âge"), now)
    found = states(session, activity)
    assert (found[LABEL], found[JOB_LABEL]) == (("Âge", State.REVIEWED), ("", State.MISSING))


def test_a_draft_stands_in_the_document_and_is_reviewed_later(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    import_(session, activity, survey(), now)
    assert save(session, activity, now, Typed(LABEL, "Âge", reviewed=False)) == 1
    assert states(session, activity)[LABEL] == ("Âge", State.DRAFT)
    draft = draft_of(session, activity)
    assert draft.locales == ("en", "fr")
    assert {text.words.get("fr") for text in texts(draft)} >= {"Âge"}
    assert save(session, activity, now, Typed(LABEL, "Âge", reviewed=True)) == 1
    assert states(session, activity)[LABEL] == ("Âge", State.REVIEWED)
    assert save(session, activity, now, Typed(LABEL, "Âge", reviewed=True)) == 0, "nothing to write"
    revisions = queries.revisions(session, activity.id)
    assert [revision.origin for revision in revisions] == ["", "survey.xlsx"], "one state, however many texts"
    trail = session.scalars(select(Entry.details).where(Entry.action == "questionnaires.translate")).all()
    assert {"locale": "fr", "texts": 1, "reviewed": 0} in trail


def test_editing_the_source_makes_stale_and_deletes_nothing(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    import_(session, activity, survey(), now)
    save(session, activity, now, Typed(LABEL, "Âge", reviewed=True), Typed(JOB_LABEL, "Métier", reviewed=False))
    after = import_(session, activity, survey(age_en="How old are you?"), now)
    assert after.locales == ("en", "fr"), "a file without French takes no French away"
    found = states(session, activity)
    assert (found[LABEL], found[JOB_LABEL]) == (("Âge", State.STALE), ("Métier", State.DRAFT))
    item = next(item for item in translating.items(session, activity, "fr") if item.key == LABEL)
    assert item.here.before == "age in English"


def test_a_question_that_is_left_out_and_comes_back_has_its_translation(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    import_(session, activity, survey(), now)
    save(session, activity, now, Typed(JOB_LABEL, "Métier", reviewed=True))
    import_(session, activity, make_questionnaire(AGE, locales=("en",)), now)
    assert JOB_LABEL not in states(session, activity)
    import_(session, activity, survey(), now)
    assert states(session, activity)[JOB_LABEL] == ("Métier", State.REVIEWED)


def test_a_renamed_question_with_the_same_words_keeps_its_translation(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    import_(session, activity, survey(), now)
    save(session, activity, now, Typed(JOB_LABEL, "Métier", reviewed=False))
    renamed = msgspec.structs.replace(JOB, id="qother", name="work")
    import_(session, activity, make_questionnaire(AGE, renamed, locales=("en",)), now)
    assert states(session, activity)["questionnaire:qother/label"] == ("Métier", State.DRAFT)


def test_a_file_from_before_the_translators_work_does_not_undo_it(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    import_(session, activity, survey(age_fr="Age"), now)
    save(session, activity, now, Typed(LABEL, "Âge", reviewed=True))
    import_(session, activity, survey(age_fr="Age", job_en="Your job"), now)
    assert states(session, activity)[LABEL] == ("Âge", State.REVIEWED)
    import_(session, activity, survey(age_fr="L’âge"), now)
    item = next(item for item in translating.items(session, activity, "fr") if item.key == LABEL)
    assert item.here.text == "L’âge"
    assert item.earlier == ["Âge", "Age"]


def test_placeholders_are_checked_and_one_wrong_text_saves_none(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    import_(session, activity, survey(job_en="At ${age}, what is your job?"), now)
    with pytest.raises(Refused) as refused:
        save(
            session,
            activity,
            now,
            Typed(LABEL, "Âge", reviewed=False),
            Typed(JOB_LABEL, "À ${alter}, votre métier ?", reviewed=False),
        )
    assert {(problem.code, problem.place.field) for problem in refused.value.problems} == {
        ("translation.placeholder.missing", JOB_LABEL),
        ("translation.placeholder.unknown", JOB_LABEL),
    }
    assert states(session, activity)[LABEL] == ("", State.MISSING)


def test_who_writes_what_somebody_else_changed_meanwhile_is_told(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    import_(session, activity, survey(), now)
    seen = next(item for item in translating.items(session, activity, "fr") if item.key == LABEL).mark
    save(session, activity, now, Typed(LABEL, "Âge", reviewed=False, mark=seen))
    assert save(session, activity, now, Typed(LABEL, "", reviewed=False, mark=seen)) == 0, "they did not touch it"
    with pytest.raises(Refused, match=r"translation\.changed"):
        save(session, activity, now, Typed(LABEL, "Votre âge", reviewed=False, mark=seen))
    assert states(session, activity)[LABEL] == ("Âge", State.DRAFT)


def test_a_text_that_is_emptied_is_missing_and_stays_in_the_history(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    import_(session, activity, survey(age_fr="Âge"), now)
    mark = next(item for item in translating.items(session, activity, "fr") if item.key == LABEL).mark
    save(session, activity, now, Typed(LABEL, "", reviewed=False, mark=mark))
    item = next(item for item in translating.items(session, activity, "fr") if item.key == LABEL)
    assert (item.here.state, item.earlier) == (State.MISSING, ["Âge"])
    import_(session, activity, survey(job_en="Your job"), now)
    assert states(session, activity)[LABEL] == ("", State.MISSING)


@pytest.mark.parametrize(
    ("gate", "locales"),
    [(Gate.REVIEWED, ["en"]), (Gate.COMPLETE, ["en", "fr"]), (Gate.BEGUN, ["en", "fr", "ar"])],
)
def test_an_edition_is_offered_in_the_languages_that_pass_the_gate(
    session: Session, activity: Activity, now: dt.datetime, gate: Gate, locales: list[str]
) -> None:
    activity.process.gate = gate
    import_(session, activity, survey(title_fr="Enquête", age_fr="Âge", age_ar="العمر"), now)
    save(session, activity, now, Typed(JOB_LABEL, "Métier", reviewed=False))
    service.publish(session, activity, by=None, now=now)
    assert activity.locales == locales


def test_what_is_missing_stands_in_the_source_and_is_marked_on_the_participants_page(
    client: FlaskClient, database: Database, now: dt.datetime
) -> None:
    with database.transaction() as opened:
        process = make_process(opened, locales=("en", "fr"), gate=Gate.BEGUN)
        activity = make_activity(opened, process, slug="open", title="Survey")
        import_(opened, activity, survey(title_fr="Enquête", age_fr="Votre âge"), now)
        service.publish(opened, activity, by=None, now=now)
        make_notice(opened, activity, locales=("en", "fr"))
        activity.opens_at = now
    page = client.get("/fr/q/open").text
    assert '<html lang="fr"' in page
    assert "Votre âge" in page
    assert "<span lang='en' dir='ltr'>job in English</span>" in page


def test_a_language_is_offered_when_its_drafts_are_reviewed_without_another_edition(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    import_(session, activity, survey(title_fr="Enquête", age_fr="Âge"), now)
    save(session, activity, now, Typed(JOB_LABEL, "Métier", reviewed=False))
    service.publish(session, activity, by=None, now=now)
    assert wordings.waiting(session, activity) == []
    with pytest.raises(Refused, match=r"gate\.nothing"):
        wordings.offer(session, activity, by=None, now=now)
    assert translating.review(session, activity, "fr", by=None, now=now) == 1
    assert wordings.waiting(session, activity) == ["fr"]
    activity.opens_at = now
    with pytest.raises(Refused, match=r"notice\.missing"):
        wordings.offer(session, activity, by=None, now=now)
    make_notice(session, activity, locales=("en", "fr"))
    assert wordings.offer(session, activity, by=None, now=now) == ["fr"]
    assert activity.locales == ["en", "fr"]
    actions = set(session.scalars(select(Entry.action)))
    assert {"questionnaires.review", "questionnaires.offer"} <= actions


def test_nobody_who_answers_is_cut_off_by_a_correction(session: Session, activity: Activity, now: dt.datetime) -> None:
    import_(session, activity, survey(title_fr="Enquête", age_fr="Âge", job_fr="Métier"), now)
    service.publish(session, activity, by=None, now=now)
    make_notice(session, activity, locales=("en", "fr"))
    activity.opens_at = now
    import_(session, activity, survey(age_en="How old are you?"), now)
    with pytest.raises(Refused, match=r"gate\.open"):
        service.publish(session, activity, by=None, now=now)
    translating.review(session, activity, "fr", by=None, now=now)
    service.publish(session, activity, by=None, now=now)
    assert activity.locales == ["en", "fr"]


def test_a_language_that_is_left_out_can_come_back(session: Session, activity: Activity, now: dt.datetime) -> None:
    import_(session, activity, survey(age_fr="Âge"), now)
    wordings.leave_out(session, activity, "fr", by=None, now=now)
    assert draft_of(session, activity).locales == ("en",)
    assert import_(session, activity, survey(job_en="Your job"), now).locales == ("en",), "no file brings it back"
    item = next(item for item in translating.items(session, activity, "fr") if item.key == LABEL)
    assert (item.here.state, item.earlier) == (State.MISSING, ["Âge"])


def test_the_next_round_has_the_states_of_this_one(session: Session, activity: Activity, now: dt.datetime) -> None:
    activity.process.gate = Gate.COMPLETE
    import_(session, activity, survey(), now)
    save(session, activity, now, Typed(LABEL, "Âge", reviewed=False))
    service.publish(session, activity, by=None, now=now)
    made = rounds.next_round(session, activity, title="Survey 2027", by=None, now=now)
    assert states(session, made)[LABEL] == ("Âge", State.DRAFT)


def describe(session: Session, process: Process, now: dt.datetime, **changes: object) -> None:
    """Change what officers decide."""
    names = (
        "title",
        "mandate",
        "public_name",
        "lead_institution_id",
        "country",
        "contact",
        "threshold",
        "public",
    )
    values: dict[str, object] = {name: getattr(process, name) for name in names}
    values |= {"locales": tuple(process.locales), "stage": Stage(process.stage), **changes}
    processes.describe(session, process, Particulars(**values), floor=10, by=None, now=now)  # type: ignore[arg-type]


def test_what_the_public_sees_changes_when_it_is_reviewed_and_not_before(session: Session, now: dt.datetime) -> None:
    process = make_process(session, locales=("en", "fr"), public=False, title=LocalisedText({"en": "Policy"}))
    save(session, process, now, Typed("process:title", "Politique", reviewed=False))
    assert states(session, process)["process:title"] == ("Politique", State.DRAFT)
    assert "fr" not in process.title
    save(session, process, now, Typed("process:title", "La politique", reviewed=True))
    assert process.title["fr"] == "La politique"
    save(session, process, now, Typed("process:title", "Une politique", reviewed=False))
    assert process.title["fr"] == "La politique"
    item = next(item for item in translating.items(session, process, "fr") if item.key == "process:title")
    assert (item.here.text, item.public) == ("Une politique", "La politique")


def test_titles_themes_and_notices_become_stale_as_well(session: Session, activity: Activity, now: dt.datetime) -> None:
    process = activity.process
    theme = make_theme(session, process, "labour")
    theme.label = LocalisedText({"en": "Labour", "fr": "Travail"})
    notice = make_notice(session, activity, locales=("en", "fr"))
    activity.title = LocalisedText({"en": "Survey", "fr": "Enquête"})
    describe(session, process, now, public=False, title=LocalisedText({**process.title, "en": "Another policy"}))
    themes.revise(
        session,
        process,
        theme,
        Outline(label=theme.label.with_text("en", "Work"), code="labour"),
        by=None,
        now=now,
    )
    processes.rename(
        session,
        activity,
        title=activity.title.with_text("en", "Questionnaire"),
        unit=activity.unit,  # type: ignore[arg-type]
        time_zone="UTC",
        by=None,
        now=now,
    )
    notices.write(
        session,
        activity,
        dataclasses.replace(
            notices.Particulars.of(notice),
            controller=notice.controller.with_text("en", "Ministry of Labour"),
            source=notice.source.with_text("en", "From registers too."),
        ),
        by=None,
        now=now,
    )
    found = {**states(session, process), **states(session, activity)}
    stale = {key for key, (_text, state) in found.items() if state is State.STALE}
    assert stale == {"process:title", f"themes:{theme.id}/label", "title:title", "notice:controller", "notice:source"}


def test_a_theme_that_is_removed_leaves_its_translation_behind(session: Session, now: dt.datetime) -> None:
    process = make_process(session, locales=("en", "fr"))
    theme = make_theme(session, process, "labour")
    theme.label = LocalisedText({"en": "Labour", "fr": "Travail"})
    themes.remove(session, process, theme, by=None, now=now)
    assert session.scalar(select(func.count()).select_from(Theme)) == 0
    assert session.scalars(select(Wording.text)).all() == ["Travail"]


def test_what_was_translated_elsewhere_in_the_process_is_suggested(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    import_(session, activity, survey(), now)
    save(session, activity, now, Typed(LABEL, "Âge", reviewed=True), Typed(JOB_LABEL, "Métier", reviewed=False))
    other = make_activity(session, activity.process, title="Other")
    import_(session, other, survey(), now)
    found = translating.suggestions(session, other, "fr", translating.items(session, other, "fr"))
    assert found == {LABEL: "Âge"}, "drafts are nobody's example"
