"""One group of a release alone: parts of protected tables, and nothing beside them."""

from __future__ import annotations

import msgspec
import pytest

from consult.accounts.models import Role
from consult.core.aggregation.tables import Row, Table
from consult.results.content import content_of
from consult.results.groups import choices, group
from consult.results.presentation import Reader
from tests.factories import accounts as make
from tests.factories.accounts import sign_in
from tests.factories.releases import crossed, release
from tests.results.surveying import PLAN, Survey

READER = Reader("en", str)


@pytest.fixture
def survey(database, settings, keys, now, ministry):
    found = Survey(database, settings, keys, now, lead=ministry)
    found.answer_at_random(400)
    found.publish(found.freeze(msgspec.structs.replace(PLAN, crossings=("country_of_residence*sex", "sex"))))
    return found


def addresses(content):
    return {label: address for choice in choices(content, READER) for address, label in choice.groups}


def alone(content, label):
    return group(content, addresses(content)[label], READER)


def test_a_group_is_a_column_of_the_released_tables():
    content = release()

    found = alone(content, "female")

    assert (found.variable, found.label, found.size) == ("Question sex?", "female", 220)
    assert [item.variable.id for item in found.items] == ["listened", "age"]
    lines = {line.code: (line.counts, line.shares) for line in found.items[0].one_way.lines}
    assert lines["agree"] == ((40,), (18.2,))
    assert found.items[0].base.answered == 220


def test_what_is_hidden_in_a_table_is_hidden_of_the_group():
    found = alone(release(), "male")

    assert {line.counts for line in found.items[0].one_way.lines if line.code == "neither"} == {(None,)}
    assert found.items[0].one_way.table.hidden() == 2


def test_a_table_that_has_the_two_the_other_way_round_is_turned():
    content = release()
    dataset = content.datasets[0]
    country = dataset.variable("country")
    by_country = crossed(
        dataset.variable("sex"), country, {"GH": (100, 60), "NG": (40, 60)}, pooled_groups={"NG": ("NG", "DE")}
    )
    content = msgspec.structs.replace(
        content, datasets=(msgspec.structs.replace(dataset, tables=(*dataset.tables, by_country)),)
    )

    found = alone(content, "female")

    item = next(item for item in found.items if item.variable.id == "country")
    assert [(line.label, line.counts) for line in item.one_way.lines] == [
        ("GH", (100,)),
        ("Together: NG; DE", (40,)),
    ]
    assert item.base.responses == 220
    assert set(addresses(content)) == {"female", "male", "GH", "Together: NG; DE"}
    both = alone(content, "Together: NG; DE")
    assert [(line.label, line.counts) for line in both.items[0].one_way.lines][:2] == [
        ("female", (40,)),
        ("male", (60,)),
    ]


def test_a_table_without_the_group_is_named_and_not_shown():
    content = release()
    dataset = content.datasets[0]
    withheld = Table(variable="easy", by="sex", groups=(), totals=(), rows=(), threshold=10, withheld=True)
    together = Table(
        variable="country",
        by="sex",
        groups=("+",),
        totals=(400,),
        rows=(Row(code="GH", counts=(160,)),),
        pooled_groups={"+": ("female", "male")},
    )
    content = msgspec.structs.replace(
        content, datasets=(msgspec.structs.replace(dataset, tables=(*dataset.tables, withheld, together)),)
    )

    found = alone(content, "female")

    assert found.hidden == ("Question easy?", "Question country?")
    assert not {"easy", "country"} & {item.variable.id for item in found.items}


@pytest.mark.parametrize("address", ["", "survey", "survey/sex", "survey/sex/nobody", "other/sex/female", "survey//"])
def test_there_is_no_group_that_the_release_does_not_show(address):
    assert group(release(), address, READER) is None


def test_every_number_of_a_group_is_one_of_the_release(survey):
    content = content_of(survey.release().content)
    tables = {(table.variable, table.by): table for table in content.datasets[0].tables}

    for address in addresses(content).values():
        found = group(content, address, READER)
        _slug, by, code = address.split("/")
        assert found.items
        for item in found.items:
            table = tables.get((item.variable.id, by))
            turned = tables.get((by, item.variable.id))
            shown = {line.code: line.counts[0] for line in item.one_way.lines}
            if table is not None:
                place = table.groups.index(code)
                assert shown == {row.code: row.counts[place] for row in table.rows}
            else:
                assert shown == dict(zip(turned.groups, turned.row(code).counts, strict=True))


def test_two_variables_at_a_time_are_groups_too(survey):
    content = content_of(survey.release().content)

    found = alone(content, "GB (en), male (en)")

    assert found.variable == "country in English, sex in English"
    assert {item.variable.name for item in found.items} & {"country", "sex"} == set()


def test_who_stands_with_those_who_did_not_say_is_a_group_all_the_same(survey):
    content = content_of(survey.release().content)

    assert "Together: female (en); Not answered" in addresses(content)
    assert not {"Not answered", "All other combinations"} & set(addresses(content))


def test_the_page_of_a_release_asks_for_a_group_without_a_script(survey, client, app, ministry):
    address = addresses(content_of(survey.release().content))["male (en)"]
    public, desk = f"/en/p/{survey.slug}/results/1", f"/en/desk/processes/{survey.slug}/results/1"
    with survey.database.transaction() as session:
        officer = make.user(session, ministry, Role.STEWARD)
    staff = app.test_client()
    sign_in(staff, officer)

    assert f'<option value="{address}">male (en)</option>' in client.get(public).text
    for browser, start in ((client, public), (staff, desk)):
        page = browser.get(f"{start}/group", query_string={"of": address})
        assert "<h1>male (en)</h1>" in page.text
        assert "Size of the group" in page.text
        assert "Responses: " in page.text
    assert client.get(f"{public}/group").status_code == 404
    assert client.get(f"{public}/group?of=nothing").status_code == 404
