"""The pages of moderators, authors, focal points and translators, in a browser without JavaScript."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from consult.config import Keys, Settings
from consult.consultations import comments, tasks
from consult.consultations.comments import Said
from consult.consultations.models.asked import Consultation
from consult.consultations.models.contributed import Comment, CommentTranslation, Endorsement
from consult.consultations.models.moderated import Concern, Decision
from consult.db.installation import Installation
from consult.db.session import Database
from consult.mail.models import Message
from consult.mail.service import open_message
from consult.participation import codes
from consult.processes.models import Activity
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.consultations import make_comment, make_consultation, make_participant
from tests.responses.journey import visible

CODE = "0" * 26


@dataclass
class Desk:
    """A consultation with an officer at their desk."""

    client: FlaskClient
    database: Database
    activity: Activity
    lead: uuid.UUID

    @property
    def home(self) -> str:
        return f"/en/desk/consultations/{self.activity.slug}"

    @property
    def public(self) -> str:
        return f"/en/c/{self.activity.slug}"

    def comment(self, body: str = "This helps nobody.", **given: object) -> Comment:
        with self.database.transaction() as session:
            return make_comment(session, session.get_one(Activity, self.activity.id), body, **given)

    def come(self, *roles: str) -> uuid.UUID:
        """Another person of the institution signs in."""
        with self.database.transaction() as session:
            activity = session.get_one(Activity, self.activity.id)
            person = make.user(session, activity.process.lead_institution, *(roles or ("officer",)))
        sign_in(self.client, person)
        return person.id

    def post(self, path: str, **form: object) -> TestResponse:
        return self.client.post(path, data={"csrf_token": token(self.client), **form})

    def state(self, comment: Comment) -> str:
        with self.database.reading() as session:
            return session.scalar(select(Comment.state).where(Comment.id == comment.id)) or ""


@pytest.fixture
def desk(client: FlaskClient, database: Database) -> Desk:
    with database.transaction() as session:
        activity = make_consultation(session, locales=("en", "fr"))
        lead = activity.process.lead_institution_id
    made = Desk(client, database, activity, lead)
    made.come()
    return made


def read(*comments: Comment) -> list[str]:
    """What a page of the queue says of the words that stood on it."""
    return [f"{comment.id}.{comment.revision}" for comment in comments]


def rewrite(desk: Desk, comment: Comment, body: str) -> None:
    """Its author changes it."""
    with desk.database.transaction() as session:
        assert comments.rewrite(session, desk.activity.id, comment.id, comment.code or b"", Said(body))


def hidden(page: TestResponse, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)
    assert found is not None
    return found[1]


def test_several_are_decided_at_once_and_what_somebody_else_decided_is_told(desk: Desk) -> None:
    one, two = desk.comment(state="waiting"), desk.comment(state="waiting", locale="fr")
    late = desk.comment(state="shown")
    page = visible(desk.client.get(f"{desk.home}/moderation"))
    assert "Mark number 2" in page and "Mark number 3" not in page
    assert "Mark number 2" not in visible(desk.client.get(f"{desk.home}/moderation?in=fr"))
    path = f"{desk.home}/moderation?kind=comment&state=waiting"
    ids = [one.id, two.id, late.id]
    sent = {"ids": ids, "read": read(one, two, late)}
    wrong = desk.post(path, act="refuse", **sent)
    assert wrong.status_code == 422 and "Choose a reason" in visible(wrong)
    assert wrong.text.count(" checked") >= 3
    assert "Mark at least one" in visible(desk.post(path, act="show"))
    done = desk.client.get(desk.post(path, act="refuse", reason="insult", **sent).location)
    assert "2 decisions were made." in visible(done) and "1 was left as it is" in visible(done)
    assert [desk.state(comment) for comment in (one, two, late)] == ["refused", "refused", "shown"]


def test_words_are_blackened_with_marks_and_a_slip_keeps_what_was_typed(desk: Desk) -> None:
    comment = desk.comment("Kofi hit me.", state="waiting")
    path = f"{desk.home}/moderation/comment/{comment.id}"
    seen = {"seen": hidden(desk.client.get(path), "seen"), "revision": "0", "before": "[]", "reason": "personal_data"}
    slip = desk.post(path, act="redact", marked="[[Kofi]] hits me.", **seen)
    assert slip.status_code == 200 and "[[Kofi]] hits me." in slip.text and "Change nothing but" in visible(slip)
    assert desk.post(path, act="redact", marked="[[Kofi]] hit me.", **seen).status_code == 302
    assert desk.state(comment) == "shown"
    again = desk.client.get(path)
    assert "[[Kofi]] hit me." in again.text and "Shown with parts blackened" in visible(again)
    stale = desk.post(path, act="redact", marked="Kofi [[hit]] me.", **seen)
    assert "Somebody else has decided meanwhile" in visible(stale)


def test_an_author_asks_for_a_second_look_and_reads_what_came_of_it(desk: Desk, keys: Keys) -> None:
    digest = codes.digest(keys.codes, desk.activity.id, CODE)
    with desk.database.transaction() as session:
        make_participant(session, session.get_one(Activity, desk.activity.id), digest)
    comment = desk.comment("It is unfair.", code=digest)
    desk.post(
        f"{desk.home}/moderation/comment/{comment.id}", act="refuse", reason="off_topic", seen="shown", revision="0"
    )
    with desk.database.reading() as session:
        decision = session.scalars(select(Decision)).one()
    author = desk.client.application.test_client()
    path = f"{desk.public}/decisions/{decision.id}/appeal"
    assert author.get(path).status_code == 404
    author.set_cookie(f"part-{desk.activity.slug}", CODE)
    assert "Not about this consultation" in visible(author.get(path))
    empty = author.post(path, data={"words": " "})
    assert empty.status_code == 422 and "Say why" in visible(empty)
    assert author.post(path, data={"words": "It is."}, headers={"Origin": "http://elsewhere"}).status_code == 403
    assert "Another moderator will look" in visible(author.get(author.post(path, data={"words": "It is."}).location))
    mine = visible(desk.client.get(f"{desk.home}/appeals"))
    assert "It is." in mine and "You decided this first" in mine
    desk.come()
    assert "Show it whole" in visible(desk.client.get(f"{desk.home}/appeals"))
    assert desk.post(f"{desk.home}/appeals/{decision.id}", outcome="overturned").status_code == 302
    assert desk.state(comment) == "shown"
    assert "It was changed after a second look" in visible(author.get(path))


def test_the_log_is_public_and_nothing_in_it_is_anybodys_words(desk: Desk) -> None:
    comment = desk.comment("Kofi hit me.")
    desk.post(
        f"{desk.home}/moderation/comment/{comment.id}", act="refuse", reason="names_others", seen="shown", revision="0"
    )
    page = desk.client.application.test_client().get(f"{desk.public}/log")
    assert "Names other people" in visible(page) and "Kofi" not in page.text and str(comment.id) not in page.text
    assert "Names other people" in visible(desk.client.get(f"{desk.public}/policy"))
    assert desk.client.get(f"{desk.public}/log?before=nonsense").status_code == 200


def test_only_the_focal_point_reads_concerns_and_is_written_to_in_neutral_words(
    desk: Desk, settings: Settings, keys: Keys, now: dt.datetime
) -> None:
    participant = desk.client.application.test_client()
    comment = desk.comment("He will kill me.")
    path = f"{desk.public}/comment/{comment.id}/concern"
    assert participant.post(path, data={"words": ""}).status_code == 422
    sent = participant.post(path, data={"words": "She means it."})
    assert sent.status_code == 303 and "Thank you" in visible(participant.get(sent.location))
    assert desk.state(comment) == "shown"
    queue = visible(desk.client.get(f"{desk.home}/moderation"))
    assert "Flagged by participants" in queue and "She means it." not in queue
    focal = desk.come("officer")
    with desk.database.transaction() as session:
        session.get_one(Consultation, desk.activity.id).focal_id = focal
    installation = Installation(settings.__class__(data=settings.data, smtp_url="smtp://mail"), keys, desk.database)
    for _ in range(2):
        with desk.client.application.test_request_context("/en/"):
            tasks.tell(installation, {}, now)
    with desk.database.reading() as session:
        letter = open_message(keys, session.scalars(select(Message)).one()).letter
        assert session.scalars(select(Concern.told)).all() == [True]
    assert "waiting for you" in letter.subject and "danger" not in letter.text + letter.html
    assert "Protection concerns" in visible(desk.client.get(desk.home))
    assert "He will kill me." in visible(desk.client.get(f"{desk.home}/concerns"))
    page = desk.client.get(f"{desk.home}/concerns/comment/{comment.id}")
    assert "She means it." in visible(page)
    form = {"words": "The police know.", "then": "away", "seen": hidden(page, "seen")}
    assert desk.post(f"{desk.home}/concerns/comment/{comment.id}", **form).status_code == 302
    assert desk.state(comment) == "concern"
    assert "The police know." in visible(desk.client.get(f"{desk.home}/concerns/comment/{comment.id}"))
    desk.come("officer", "administrator")
    for page_of in ("concerns", f"concerns/comment/{comment.id}", f"moderation/comment/{comment.id}"):
        assert desk.client.get(f"{desk.home}/{page_of}").status_code == 404
    assert participant.get(path).status_code == 404
    trail = desk.client.get("/en/staff/trail").text
    assert "consultations.settle_concern" in trail and "police" not in trail


def test_who_reads_can_hand_over_what_everybody_reads(desk: Desk) -> None:
    shown, waiting = desk.comment("He is afraid."), desk.comment(state="waiting")
    desk.come("coder")
    assert desk.client.get(f"{desk.home}/flag/comment/{waiting.id}").status_code == 404
    assert desk.client.get(f"{desk.home}/moderation").status_code == 404
    assert desk.client.get(f"{desk.home}/flag/nothing/{shown.id}").status_code == 404
    path = f"{desk.home}/flag/comment/{shown.id}"
    assert "He is afraid." in visible(desk.client.get(path))
    assert desk.post(path, words="Look.", seen="shown").status_code == 302
    assert desk.state(shown) == "concern"


def test_a_campaign_is_pointed_out_and_set_apart_as_a_group(desk: Desk) -> None:
    group = uuid.uuid4()
    desk.comment("Vote no!", id=group, alike_id=group)
    members = [desk.comment("Vote no!!", alike_id=group, state="waiting") for _ in range(9)]
    assert "many nearly identical" in visible(desk.client.get(f"{desk.home}/moderation"))
    assert "10 comments" in visible(desk.client.get(f"{desk.home}/moderation/campaigns"))
    desk.post(f"{desk.home}/moderation/campaigns", act="set_apart", group=group)
    assert {desk.state(member) for member in members} == {"set_apart"}
    path = f"{desk.home}/moderation?state=set_apart&group={group}"
    desk.post(path, act="refuse", reason="duplicate", ids=members[0].id, read=read(*members))
    assert [desk.state(member) for member in members[:2]] == ["refused", "set_apart"]
    page = desk.client.get(path).text
    unread = desk.comment("Vote no! Kofi lives at 4 Ring Road.", alike_id=group, state="set_apart")
    desk.post(path, act="show", group=1, read=re.findall(r'name="read" value="([^"]+)"', page))
    assert desk.state(members[1]) == "shown"
    assert desk.state(unread) == "set_apart", "it was not on the page"
    desk.post(f"{desk.home}/moderation/campaigns", act="show", group=group)
    assert desk.state(unread) == "waiting", "a group that comes back is read before everybody reads it"


def test_where_nobody_reads_first_a_group_comes_back_to_where_it_was(desk: Desk) -> None:
    with desk.database.transaction() as session:
        session.get_one(Consultation, desk.activity.id).before = False
    group = uuid.uuid4()
    one = desk.comment("Vote no!", id=group, alike_id=group, state="set_apart")
    desk.post(f"{desk.home}/moderation/campaigns", act="show", group=group)
    assert desk.state(one) == "shown"


def test_what_its_author_changed_after_it_was_read_is_not_decided(desk: Desk) -> None:
    one, two = (desk.comment("A fair point.", state="waiting", code=b"a" * 32) for _ in range(2))
    path, single = f"{desk.home}/moderation?state=waiting", f"{desk.home}/moderation/comment/{two.id}"
    batch = re.findall(r'name="read" value="([^"]+)"', desk.client.get(path).text)
    page = desk.client.get(single)
    seen = {"seen": hidden(page, "seen"), "before": "[]", "revision": hidden(page, "revision")}
    for comment in (one, two):
        rewrite(desk, comment, "Kofi lives at 4 Ring Road.")
    assert len(batch) == 2
    told = desk.client.get(desk.post(path, act="show", ids=[one.id, two.id], read=batch).location)
    assert "2 were left as they are" in visible(told)
    moved = desk.post(single, act="show", **seen)
    assert "Look at it again." in visible(moved) and "4 Ring Road" in visible(moved)
    assert "A fair point" not in moved.text and hidden(moved, "revision") == "1"
    for forged in ("", "-1", "x" * 99, "²"):
        desk.post(single, act="show", **{**seen, "revision": forged})
        desk.post(path, act="show", ids=two.id, read=f"{two.id}.{forged}")
    assert {desk.state(one), desk.state(two)} == {"waiting"}
    desk.post(single, act="show", **{**seen, "revision": hidden(moved, "revision")})
    assert desk.state(two) == "shown"


def test_what_comes_back_and_is_rewritten_begins_anew(desk: Desk) -> None:
    comment = desk.comment("Kofi hit me.", code=b"a" * 32, state="waiting", redacted=[[0, 4]], endorsed=1)
    made = {"activity_id": desk.activity.id, "comment_id": comment.id}
    with desk.database.transaction() as session:
        session.add(CommentTranslation(**made, locale="fr", body="Kofi m’a frappé."))
        session.add(Endorsement(**made, code=b"b" * 32, channel="open"))
    rewrite(desk, comment, "No.")
    with desk.database.reading() as session:
        kept = session.scalars(select(Comment)).one()
        assert (kept.body, kept.redacted, kept.endorsed, kept.revision) == ("No.", [], 0, 1)
        assert session.scalars(select(CommentTranslation)).all() == session.scalars(select(Endorsement)).all() == []


def test_translators_write_beside_the_original_what_everybody_reads(desk: Desk) -> None:
    comment = desk.comment("Kofi hit me.", redacted=[[0, 4]])
    desk.come("translator")
    assert "▮▮▮ hit me." in visible(desk.client.get(f"{desk.home}/translations?into=fr"))
    path = f"{desk.home}/translations/{comment.id}/fr"
    page = desk.client.get(path)
    assert "Kofi" not in page.text
    assert "Fill this in" in visible(desk.post(path, body="", seen="[[0,4]]"))
    assert desk.post(path, body="▮▮▮ m’a frappé.", seen="[[0,4]]").status_code == 302
    with desk.database.reading() as session:
        assert session.scalars(select(CommentTranslation.body)).all() == ["▮▮▮ m’a frappé."]
    assert "Everything is translated" in visible(desk.client.get(f"{desk.home}/translations?into=fr"))
