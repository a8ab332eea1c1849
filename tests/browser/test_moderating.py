"""A moderator decides with the keyboard alone and without JavaScript; pages of moderation are sound in en and ar."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import select

from consult.consultations import appealing, concerns, moderating
from consult.consultations.models.asked import TextVersion
from consult.consultations.models.contributed import Comment, State
from consult.consultations.models.moderated import Act, Decision
from consult.consultations.moderating import Which
from consult.core.access import Actor
from consult.core.drafting.document import Block, Draft, Kind, encode
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.participation import codes
from consult.processes.models import Activity
from tests.browser.desk import OFFICER, sign_in
from tests.browser.validator import Validator, inspect
from tests.factories.accounts import KEYS, user
from tests.factories.consultations import make_comment, make_consultation, make_participant, make_statement

Device = Callable[..., BrowserContext]
LOCALES = ("en", "fr", "ar")
CODE = "0" * 26
WORDS = encode(
    Draft(
        source="en",
        blocks=(
            Block(id="p1", kind=Kind.PARAGRAPH, words=LocalisedText({"en": "A fund is set up for those who return."})),
        ),
    )
)


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What browsers show does not depend on the database: SQLite is enough here."""
    return sqlite


@pytest.fixture
def activity(database: Database) -> Activity:
    """A consultation in whose queue there is something of everything."""
    now = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)
    with database.transaction() as session:
        made = make_consultation(session, locales=LOCALES)
        digest = codes.digest(KEYS.codes, made.id, CODE)
        make_participant(session, made, digest)
        user(session, made.process.lead_institution, "officer", email=OFFICER)
        other = user(session, made.process.lead_institution, "officer")
        by = Actor(other.id, other.name)
        session.add(TextVersion(activity_id=made.id, number=1, document=WORDS, hash="", published_at=now))
        on = {"part": "p1", "stakeholder": "citizen", "locale": "en", "state": "waiting"}
        make_comment(session, made, "Kofi Mensah of Accra never paid me.", stance="oppose", **on)
        make_comment(session, made, "Donnez-nous plus de temps.", **{**on, "locale": "fr"})
        make_comment(session, made, "الصندوق فكرة جيدة.", **{**on, "locale": "ar", "stance": "support"})
        make_comment(
            session, made, "", stance="suggest", suggestion="A fund is set up for all.", state="shown", part="p1"
        )
        make_statement(session, made, state="waiting")
        group = uuid.uuid4()
        for number in range(10):
            make_comment(
                session, made, "Vote no to this fund!", alike_id=group, id=uuid.uuid4() if number else group
            )  # fmt: skip
        refused = make_comment(session, made, "You are all fools.", code=digest)
        flagged = make_comment(session, made, "If I go back he will find me.")
        act = {"by": by, "now": now}
        which = Which("comment", [refused.id])
        moderating.decide(session, made, which, Act.REFUSE, seen=State.SHOWN, reason="insult", **act)
        decision = session.scalars(select(Decision)).one()
        appealing.appeal(session, made.id, digest, decision.id, "I named nobody.")
        concerns.flag_as_participant(session, made.id, "comment", flagged.id, "She is afraid.", today=now.date())
        return made


def test_a_moderator_blackens_and_refuses_with_the_keyboard_alone(
    device: Device, database: Database, activity: Activity
) -> None:
    page = device(java_script_enabled=False).new_page()
    sign_in(page, OFFICER)
    page.goto(f"/en/desk/consultations/{activity.slug}/moderation?in=en")
    expect(page.get_by_text("A fund is set up for those who return.")).to_be_visible()
    page.locator(".deciding a").first.press("Enter")
    page.locator("input[name=act][value=redact]").press("Space")
    page.locator("select[name=reason]").press("P")
    marked = page.locator("textarea[name=marked]")
    marked.press("Control+Home")
    marked.press_sequentially("[[")
    for _ in "Kofi Mensah":
        marked.press("ArrowRight")
    marked.press_sequentially("]]")
    page.locator("main form button.button").last.press("Enter")
    page.goto(f"/en/desk/consultations/{activity.slug}/moderation?in=fr")
    page.locator("input[name=ids]").press("Space")
    page.locator("input[name=act][value=refuse]").press("Space")
    page.locator(".verdict button").press("Enter")
    expect(page.locator(".summary")).to_contain_text("Choose a reason")
    expect(page.locator("input[name=ids]")).to_be_checked()
    page.locator("select[name=reason]").press("N")
    page.locator(".verdict button").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 decision was made.")
    with database.reading() as session:
        found = select(Comment.redacted).where(Comment.body.startswith("Kofi"))
        assert session.scalar(found.where(Comment.state == "shown")) == [[0, 11]]
        assert session.scalar(select(Comment.state).where(Comment.locale == "fr")) == "refused"


def pages(database: Database, activity: Activity) -> tuple[list[str], list[str]]:
    """Addresses of the desk and of the public."""
    with database.reading() as session:
        bodies = select(Comment.body, Comment.id).where(Comment.activity_id == activity.id)
        ids = {body.split(" ")[0]: found for body, found in session.execute(bodies)}
        decision = session.scalars(select(Decision)).one()
    desk, public = f"/desk/consultations/{activity.slug}", f"/c/{activity.slug}"
    kofi, flagged, suggested = ids["Kofi"], ids["If"], ids[""]
    return (
        [
            desk,
            f"{desk}/moderation",
            f"{desk}/moderation?state=refused",
            f"{desk}/moderation/comment/{kofi}",
            f"{desk}/moderation/comment/{flagged}",
            f"{desk}/moderation/campaigns",
            f"{desk}/appeals",
            f"{desk}/concerns",
            f"{desk}/concerns/comment/{flagged}",
            f"{desk}/flag/comment/{flagged}",
            f"{desk}/translations?into=ar",
            f"{desk}/translations/{suggested}/ar",
        ],
        [
            f"{public}/policy",
            f"{public}/log",
            f"{public}/comment/{flagged}/concern",
            f"{public}/decisions/{decision.id}/appeal",
        ],
    )


@pytest.mark.parametrize(("locale", "width"), [("en", 1280), ("ar", 320)])
def test_every_page_of_moderation_is_sound(
    device: Device, database: Database, activity: Activity, address: str, validator: Validator, locale: str, width: int
) -> None:
    context = device(viewport={"width": width, "height": 900})
    page, wrong = context.new_page(), []
    sign_in(page, OFFICER)
    context.add_cookies([{"name": f"part-{activity.slug}", "value": CODE, "url": address}])
    desk, public = pages(database, activity)
    for path in (*desk, *public):
        answer = page.goto(f"/{locale}{path}")
        assert answer is not None and answer.status == 200, path
        wrong += inspect(path, page, answer.text(), validator)
    assert wrong + validator.findings() == []
