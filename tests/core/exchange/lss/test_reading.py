"""A survey as a questionnaire: languages, pages, texts, checks, filters, and a line for all that is lost."""

from __future__ import annotations

import pytest

from consult.core.exchange.lss import read
from consult.core.questionnaire import document, lint
from consult.core.questionnaire.definition import Group, Question
from consult.core.text import LocalisedText
from tests.core.exchange.lss.making import LAYOUTS, Asked, Page, group, imported, lss, nodes, question, told

ROWS = {"r1": "One", "r2": "Two", "r3": "Three"}
PAGES = (
    Page(
        [
            Asked("sex", "G", {"en": "Your sex", "fr": "Votre sexe"}, mandatory="Y"),
            Asked(
                "why",
                "L",
                {"en": "<p>Why, {sex.shown}?</p>", "fr": "Pourquoi, {sex} ?"},
                options={"a": {"en": "Work", "fr": "Travail"}, "b": {"en": "Family", "fr": "Famille"}},
                help={"en": "<em>One</em>", "fr": "Une"},
                other=True,
            ),
        ],
        title={"en": "First", "fr": "Début"},
        description={"en": "About you", "fr": "Vous"},
    ),
    Page([Asked("how", "M", rows=ROWS, relevance="why == 'a'", defaults={"r2": "Y"})], relevance="sex == 'F'"),
)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_both_layouts_give_the_same_questionnaire(layout: str) -> None:
    data = lss(*PAGES, languages="en fr", layout=layout, title={"en": "Work", "fr": "Travail"})
    found = read(data)
    assert (
        found.questionnaire == read(lss(*PAGES, languages="en fr", title={"en": "Work", "fr": "Travail"})).questionnaire
    )
    assert found.questionnaire.title == LocalisedText({"en": "Work", "fr": "Travail"})
    assert found.questionnaire.locales == ("en", "fr")
    first, second = found.questionnaire.children
    assert isinstance(first, Group)
    assert (first.label["fr"], first.hint["en"]) == ("Début", "About you")
    assert second.relevant == "${sex} = 'F'"
    why = question(found, "why")
    assert why.label == LocalisedText({"en": "Why, ${sex}?", "fr": "Pourquoi, ${sex} ?"})
    assert why.hint == LocalisedText({"en": "One", "fr": "Une"})
    choices = found.questionnaire.lists()["why"].choices
    assert [(choice.name, choice.label["fr"]) for choice in choices] == [("a", "Travail"), ("b", "Famille")]
    assert (question(found, "how").relevant, question(found, "how").default) == ("${why} = 'a'", "r2")
    assert [choice.label["fr"] for choice in found.questionnaire.lists()["sex"].choices] == ["Féminin", "Masculin"]
    assert told(found.warnings) == []
    assert lint.lint(found.questionnaire).errors == ()
    assert document.decode(document.encode(found.questionnaire)) == found.questionnaire


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_the_file_contains_is_counted_once_for_all_languages(layout: str) -> None:
    conditions = [(1, 1, "1X1X10", "==", "F")]
    asked = Asked("F", "F", rows=ROWS, options={"a": "A"}, attributes={"random_order": "1"}, conditions=conditions)
    data = lss(*PAGES, Page([asked]), languages="en fr", layout=layout)
    counts = read(data).summary.to_json()["file"]
    apart = layout == "l10ns"
    assert counts == {
        "version": 495 if apart else 177,
        "layout": layout,
        "languages": ["en", "fr"],
        "base_language": "en",
        "distinct_groups": 3,
        "distinct_questions": 4,
        "question_rows": 4 if apart else 8,
        "question_l10ns": 20 if apart else 0,
        "distinct_subquestions": 6,
        "answers": 3 if apart else 6,
        "answer_l10ns": 6 if apart else 0,
        "question_attributes": 1,
        "conditions": 1,
        "quota": 0,
        "quota_members": 0,
        "assessments": 0,
        "questions_with_relevance_expr": 1,
        "question_types": {"G": 1, "L": 1, "M": 1, "F": 1},
    }


@pytest.mark.parametrize(
    ("languages", "locales", "warned"),
    [
        ("en fr", ("en", "fr"), []),
        ("de-informal en", ("de", "en"), []),
        ("pt-BR", ("pt-BR",), []),
        ("de de-informal", ("de", "x-deinform-al"), ["lss.language.unknown"]),
        ("tlh-x", ("x-tlhx",), ["lss.language.unknown"]),
    ],
)
def test_languages_are_recognised(languages: str, locales: tuple[str, ...], warned: list[str]) -> None:
    found = read(lss(Page([Asked("q", "S")]), languages=languages))
    assert found.questionnaire.locales == locales
    assert told(found.warnings) == warned


def test_texts_that_are_missing_in_a_language_are_counted() -> None:
    found = read(lss(Page([Asked("q", "S", {"en": "Label"})]), languages="en fr"))
    (warning,) = found.warnings
    assert (warning.code, dict(warning.params)) == (
        "xlsform.language.incomplete",
        {"tag": "fr", "missing": 1, "total": 3},
    )


def test_the_welcome_is_a_page_of_its_own() -> None:
    words = {"surveyls_welcometext": "<p>Welcome</p>", "surveyls_description": "About"}
    first = read(lss(Page([Asked("q", "S")]), words=words)).questionnaire.children[0]
    assert isinstance(first, Question)
    assert (first.type, first.label["en"], first.hint["en"]) == ("note", "Welcome", "About")


def test_a_survey_without_a_title_is_called_as_the_activity_or_the_file() -> None:
    data = lss(Page([Asked("q", "S")]), title="")
    assert read(data, filename="c:\\x\\work.lss").questionnaire.title == LocalisedText({"en": "work"})
    given = LocalisedText({"en": "Activity"})
    found = read(data, filename="work.lss", title=given)
    assert found.questionnaire.title == given
    assert told(found.warnings) == ["lss.title.missing"]


@pytest.mark.parametrize(
    ("html", "plain", "lost"),
    [
        ("Plain", "Plain", []),
        ("<p>One<br />two</p>\n<p>Three</p>", "One\ntwo\nThree", []),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b", []),
        ("a &lt; b &amp; c", "a < b & c", []),
        ('<a href="https://x.org">here</a>', "here (https://x.org)", []),
        ('<a href="javascript:alert(1)">here</a>', "here", []),
        ("<script>alert(1)</script>x<style>p{}</style>", "x", ["lss.text.markup"]),
        ('<img src="x.png" onerror="alert(1)">y', "y", ["lss.text.markup"]),
        ("Hi {name}", "Hi ${name}", []),
        ("Hi {name.shown} {1X1X10.NAOK} {INSERTANS:1X1X10}", "Hi ${name} ${name} ${name}", []),
        ("Hi { name } {name", "Hi { name } {name", []),
        ("Hi {if(name == 'x', 'a', 'b')}", "Hi …", ["lss.text.expression"]),
        ("Hi {TOKEN:FIRSTNAME}", "Hi …", ["lss.text.expression"]),
        ("Hi {col_r1}", "Hi …", ["lss.text.expression"]),
        ("Hi {2} {'x'}", "Hi 2 x", []),
        ("Cost ${ name }", "Cost $ { name }", []),
        ("\u202eevil", "evil", []),
        ("1 < 2 <3 <!-- no --> <b title='a>b'>c</b>", "1 < 2 <3 c", []),
        ("<a <a <p>x", "<a <a\nx", []),
        ("x<script>never ended", "x", ["lss.text.markup"]),
        ("x" * 20_001, "x" * 20_000, ["lss.text.cut"]),
    ],
)
def test_a_text_is_plain_and_what_it_loses_is_told(html: str, plain: str, lost: list[str]) -> None:
    found = imported(Asked("name", "S"), Asked("col", "M", rows=ROWS), Asked("q", "X", html))
    assert question(found, "q").label["en"] == plain
    assert told(found.warnings) == [f"{code} | Page | q · question" for code in lost]


@pytest.mark.parametrize(
    ("rows", "relevant"),
    [
        ([(1, 1, "1X1X10", "==", "Y")], "${yes} = 'Y'"),
        ([(1, 1, "1X1X10", "!=", "Y")], "${yes} != 'Y'"),
        ([(1, 1, "1X1X10", "==", " ")], "${yes} = ''"),
        ([(1, 1, "1X1X10", "!=", "")], "not(${yes} = '')"),
        ([(1, 2, "1X1X20", "==", "r1")], "selected(${col}, 'r1')"),
        ([(1, 2, "+1X1X20r1", "==", "Y")], "selected(${col}, 'r1')"),
        ([(1, 3, "1X1X30", ">", "5")], "${num} > 5"),
        ([(1, 3, "1X1X30", "<", "@1X1X40@")], "${num} < ${max}"),
        ([(1, 3, "1X1X30", "RX", "/^1/")], "regex(${num}, '^1')"),
        ([(1, 1, "1X1X10", "==", "Y"), (1, 1, "1X1X10", "==", "N")], "${yes} = 'Y' or ${yes} = 'N'"),
        ([(1, 1, "1X1X10", "==", "Y"), (1, 3, "1X1X30", ">", "5")], "${yes} = 'Y' and ${num} > 5"),
        ([(1, 1, "1X1X10", "==", "Y"), (2, 3, "1X1X30", ">", "5")], "${yes} = 'Y' or ${num} > 5"),
    ],
)
def test_rows_of_the_conditions_editor_are_a_condition(
    rows: list[tuple[int, int, str, str, str]], relevant: str
) -> None:
    before = [Asked("yes", "Y"), Asked("col", "M", rows=ROWS), Asked("num", "N"), Asked("max", "N")]
    found = imported(*before, Asked("q", "S", relevance="", conditions=rows))
    assert question(found, "q").relevant == relevant
    assert told(found.warnings) == []
    both = imported(*before, Asked("q", "S", relevance="num == 1", conditions=rows))
    assert question(both, "q").relevant == "${num} = 1"


def test_a_condition_on_something_else_is_lost() -> None:
    for row in ((1, 0, "{TOKEN:ATTRIBUTE_1}", "==", "x"), (1, 9, "1X1X90", "==", "x"), (1, 1, "1X1X10", "a<b", "x")):
        found = imported(Asked("yes", "Y"), Asked("q", "S", conditions=[row]))
        assert told(found.warnings) == ["lss.expression.lost | Page | q · relevance"]


@pytest.mark.parametrize(
    ("asked", "constraint", "warned"),
    [
        (Asked("q", "N", attributes={"min_num_value_n": "1", "max_num_value_n": "9"}), ". >= 1 and . <= 9", []),
        (Asked("q", "N", attributes={"max_num_value_n": "num"}), "${num} = '' or . <= ${num}", []),
        (
            Asked("q", "N", attributes={"max_num_value_n": "nope"}),
            "",
            ["lss.expression.lost | Page | q · max_num_value_n"],
        ),
        (Asked("q", "M", rows=ROWS, attributes={"min_answers": "2"}), "count-selected(.) >= 2", []),
        (
            Asked("q", "M", rows=ROWS, attributes={"exclude_all_others": "r3"}),
            "not(selected(., 'r3')) or count-selected(.) = 1",
            [],
        ),
        (Asked("q", "S", preg="/^a+$/i"), "regex(., '(?i)^a+$')", []),
        (Asked("q", "S", preg=r"/(a)\1/"), "", ["lss.expression.lost | Page | q · preg"]),
        (Asked("q", "T", attributes={"maximum_chars": "20"}), "string-length(.) <= 20", []),
        (Asked("q", "D", attributes={"date_min": "2000-01-01"}), ". >= date('2000-01-01')", []),
        (Asked("q", "D", attributes={"date_max": "date('Y-m-d')"}), ". <= (today())", []),
        (Asked("q", "D", attributes={"date_max": "-10 years"}), "", ["lss.expression.lost | Page | q · date_max"]),
        (Asked("q", "N", attributes={"em_validation_q": "q > num"}), ". > ${num}", []),
        (Asked("q", "N", attributes={"em_validation_q": "this.NAOK < 5"}), ". < 5", []),
        (Asked("q", "N", attributes={"num_value_int_only": "1"}), "", []),
    ],
)
def test_checks_of_answers_are_constraints(asked: Asked, constraint: str, warned: list[str]) -> None:
    found = imported(Asked("num", "N"), asked)
    assert question(found, "q").constraint == constraint
    assert told(found.warnings) == warned
    assert lint.lint(found.questionnaire).errors == ()


def test_a_check_of_each_field_is_a_constraint_of_each() -> None:
    sub = {"em_validation_sq": "this > num", "em_validation_q_tip": "More!"}
    found = imported(Asked("num", "N"), Asked("q", "K", rows=ROWS, attributes=sub))
    assert {question(found, f"q_{row}").constraint for row in ROWS} == {". > ${num}"}
    assert question(found, "q_r1").constraint_message == LocalisedText({"en": "More!"})
    whole = imported(Asked("q", "K", rows=ROWS, attributes={"equals_num_value": "100", "em_validation_q": "1 > 2"}))
    (lost,) = whole.warnings
    assert lost.params["attributes"] == "equals_num_value=100, em_validation_q=1 > 2"


@pytest.mark.parametrize(
    ("type_", "attributes", "filtered"),
    [
        ("M", {"array_filter": "src"}, "selected(${src}, name)"),
        ("M", {"array_filter_exclude": "src"}, "not(selected(${src}, name))"),
        ("K", {"array_filter": "src"}, "selected(${src}, 'r1')"),
        ("F", {"array_filter_exclude": "src"}, "not(selected(${src}, 'r1'))"),
        (";", {"array_filter": "src"}, "selected(${src}, 'r1')"),
    ],
)
def test_an_array_filter_offers_what_was_chosen_before(type_: str, attributes: dict[str, str], filtered: str) -> None:
    asked = Asked("q", type_, rows=ROWS, columns={"c": "C"}, options={"a": "A"}, attributes=attributes)
    found = imported(Asked("src", "M", rows=ROWS), asked)
    if type_ == "M":
        assert question(found, "q").choice_filter == filtered
    else:
        assert nodes(found)["q_r1"].relevant == filtered
    assert told(found.warnings) == []
    assert lint.lint(found.questionnaire).errors == ()


def test_a_filter_of_other_rows_is_lost() -> None:
    found = imported(Asked("src", "M", rows={"x": "X"}), Asked("q", "M", rows=ROWS, attributes={"array_filter": "src"}))
    assert told(found.warnings) == ["lss.filter | Page | q · array_filter"]


def test_rows_have_conditions_of_their_own() -> None:
    relevance = {"r1": "a > 1", "r2": "self.sq_r1 == 'Y'"}
    found = imported(
        Asked("a", "N"),
        Asked("arr", "C", rows=ROWS, row_relevance=relevance),
        Asked("col", "M", rows=ROWS, row_relevance=relevance),
    )
    assert [question(found, f"arr_{row}").relevant for row in ROWS] == ["${a} > 1", "${arr_r1} = 'Y'", ""]
    assert question(found, "col").choice_filter == "name != 'r1' or ${a} > 1"
    assert told(found.warnings) == ["lss.expression.lost | Page | col · r2 · relevance"]


@pytest.mark.parametrize(
    ("asked", "default", "warned"),
    [
        (Asked("q", "S", defaults={"": "x y"}), "x y", False),
        (Asked("q", "N", defaults={"": "5"}), "5", False),
        (Asked("q", "N", defaults={"": "five"}), "", True),
        (Asked("q", "N", defaults={"": "{num + 1}"}), "${num} + 1", False),
        (Asked("q", "N", defaults={"": "{rand(1, 5)}"}), "", True),
        (Asked("q", "L", options={"a": "A"}, defaults={"": "a"}), "a", False),
        (Asked("q", "L", options={"a": "A"}, defaults={"": "z"}), "", True),
        (Asked("q", "M", rows=ROWS, defaults={"r1": "Y", "r3": "Y"}), "r1 r3", False),
    ],
)
def test_defaults_are_kept_where_they_can_be_answers(asked: Asked, default: str, warned: bool) -> None:
    found = imported(Asked("num", "N"), asked)
    assert question(found, "q").default == default
    assert (told(found.warnings) == ["lss.default | Page | q · default"]) is warned


def test_codes_that_cannot_be_names_are_changed_and_told() -> None:
    found = imported(Asked("5", "S"), Asked("a b", "S"), Asked("q", "S"), Asked("q", "N"), Asked(";", "S"))
    assert list(nodes(found)) == ["group_1", "q_5", "a_b", "q", "q_2", "q_3"]
    assert [each.params["name"] for each in found.warnings] == ["q_5", "a_b", "q_2", "q_3"]
    choices = imported(Asked("q", "M", rows={"a b": "A", "it's": "B"}))
    assert choices.questionnaire.lists()["q"].names() == ("a_b", "it_s")
    assert told(choices.warnings) == ["lss.recoded", "lss.recoded"]


def test_answers_of_one_code_are_one() -> None:
    rows = [{"qid": "10", "code": "a", "sortorder": str(order), "scale_id": "0", "aid": str(order)} for order in (1, 2)]
    texts = [{"aid": str(order), "language": "en", "answer": f"Answer {order}"} for order in (1, 2)]
    data = lss(Page([Asked("q", "L")]), layout="l10ns", tables={"answers": rows, "answer_l10ns": texts})
    found = read(data)
    assert [choice.label["en"] for choice in found.questionnaire.lists()["q"].choices] == ["Answer 1"]
    assert told(found.warnings) == ["lss.choice.duplicate | Page | q · a"]


def test_an_order_of_each_participants_own_is_kept_for_choices() -> None:
    found = imported(Asked("q", "M", rows=ROWS, attributes={"random_order": "1"}))
    assert question(found, "q").parameters == {"randomize": "true"}
    lost = imported(Asked("q", "F", rows=ROWS, attributes={"random_order": "1"}))
    assert [each.params["attributes"] for each in lost.warnings] == ["random_order=1"]


def test_settings_that_have_no_place_are_named_with_their_place() -> None:
    attributes = {"display_columns": "3", "hide_tip": "0", "statistics_showgraph": "1", "suffix": "years"}
    found = imported(Asked("q", "N", attributes=attributes), Asked("p", "N", attributes={"hide_tip": "0"}))
    (warning,) = found.warnings
    assert told([warning]) == ["lss.attributes | Page | q"]
    assert warning.params["attributes"] == "display_columns=3, suffix=years"


def test_what_the_survey_has_beside_its_questions_is_named() -> None:
    words = {"surveyls_endtext": "Bye", "surveyls_email_invite": "Dear {FIRSTNAME}", "surveyls_policy_notice": "Data"}
    tables = {
        "quota": [{"id": "1"}],
        "assessments": [{"id": "1"}],
        "subquestions": [{"qid": "77", "parent_qid": "66", "title": "x"}],
    }
    settings = {"expires": "2030-01-01", "format": "S"}
    page = Page([Asked("q", "S")], randomised="A")
    found = read(lss(page, words=words, tables=tables, settings=settings, version=999))
    features = [each.params["feature"] for each in found.warnings if each.code == "lss.survey"]
    assert features == [
        "surveyls_endtext",
        "surveyls_policy_notice",
        "quota (1)",
        "assessments (1)",
        "surveyls_email_…",
        "format=S",
        "expires=2030-01-01",
    ]
    others = [each.code for each in found.warnings if each.code != "lss.survey"]
    assert others == ["lss.version", "lss.orphans", "lss.attributes"]


def test_a_script_of_a_question_is_left_out_and_told() -> None:
    texts = [{"qid": "10", "language": "en", "question": "Label", "help": "", "script": "alert(1)"}]
    found = read(lss(Page([Asked("q", "S")]), layout="l10ns", tables={"question_l10ns": texts}))
    assert told(found.warnings) == ["lss.script | Page | q · script"]


def test_sections_and_rows_have_their_place_among_pages() -> None:
    found = imported(Asked("q", ";", rows=ROWS, columns={"c": "C"}, relevance="1", help="How"))
    assert group(found, "q").hint == LocalisedText({"en": "How"})
    ids = [node.id for node, _ in found.questionnaire.walk()]
    assert len(ids) == len(set(ids))
