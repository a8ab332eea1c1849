"""Comments stand where a reader of the latest version would look for them."""

from __future__ import annotations

from flask.testing import FlaskClient

from consult.consultations.models.asked import TextVersion
from consult.core.drafting.document import decode
from consult.db.session import Database
from tests.factories.consultations import make_comment, make_consultation, make_version
from tests.responses.journey import visible

VOTING = "Citizens who live abroad may vote in every national election within two years of this policy."
FUND = "A fund of ten million helps those who return to begin a business of their own."
TAX = "Remittances below two hundred a month are free of any tax."
OTHER = "Consulates open on Saturdays."
CHANGED = VOTING.replace("two years", "one year")
CHANGE = "The text has changed since this was written."


def ids(version: TextVersion) -> list[str]:
    return [block.id for block in decode(version.document).blocks]


def test_they_follow_their_paragraph_and_go_to_the_whole_where_it_is_left_out(
    client: FlaskClient, database: Database
) -> None:
    with database.transaction() as session:
        activity = make_consultation(session, slug="draft")
        voting, fund, tax, _other = ids(make_version(session, activity, VOTING, FUND, TAX, OTHER))
        for part, body in ((voting, "On voting."), (fund, "On the fund."), (tax, "On the tax.")):
            make_comment(session, activity, body, part=part)
        latest = make_version(session, activity, TAX, CHANGED, OTHER)
        make_comment(session, activity, "On voting again.", part=voting, version=2)
        assert {voting, tax} < set(ids(latest)) and fund not in ids(latest)
    on_voting, on_tax, on_all = (visible(client.get(f"/en/c/draft/text/{part}")) for part in (voting, tax, "whole"))
    assert "On voting." in on_voting and "On voting again." in on_voting and on_voting.count(CHANGE) == 1
    assert "On the tax." in on_tax and CHANGE not in on_tax, "it was moved as it is"
    assert "On the fund." in on_all and client.get(f"/en/c/draft/text/{fund}").status_code == 404
    counted = visible(client.get("/en/c/draft/text"))
    assert "2 comments" in counted and "1 comment" in counted


def test_those_on_merged_paragraphs_stand_together(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        activity = make_consultation(session, slug="draft")
        first, second, _other = ids(make_version(session, activity, VOTING, FUND, OTHER))
        shared = make_comment(session, activity, "On the fund.", part=second)
        make_comment(session, activity, "On voting.", part=first)
        (merged, _other) = ids(make_version(session, activity, f"{VOTING} {FUND}", OTHER))
    page = visible(client.get(f"/en/c/draft/text/{merged}"))
    assert "On voting." in page and "On the fund." in page
    thread = client.get(f"/en/c/draft/comments/{shared.id}")
    assert f"/en/c/draft/text/{merged}" in thread.text, "the way back leads to where it stands now"
