"""Which picture a table gets, where its marks stand, what it says to those who do not see it."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

import msgspec
import pytest
from PIL import Image

from consult.core.aggregation.tables import ANSWERED, Category, Kind, Table
from consult.core.aggregation.variables import variables
from consult.core.codes import COUNTRIES
from consult.core.questionnaire.definition import Choice, ChoiceList, Question, Questionnaire, QuestionType
from consult.core.text import LocalisedText
from consult.results import charts, dashboard
from consult.results.charts.lettering import cut, room, wrap
from consult.results.charts.marks import Dot, Path, Rect, Tile, Words
from consult.results.charts.world import PLACES
from consult.results.exports import FORMATS
from consult.results.exports.drawings import drawings
from consult.results.exports.outlines import outline
from consult.results.presentation import Item, Reader, items
from consult.results.rounds import over_releases
from tests.factories import releases as make

ENGLISH = Reader("en", str)
ARABIC = Reader("ar", str)


def found(name: str, reader: Reader = ENGLISH) -> Item:
    (dataset,) = make.release().datasets
    return next(item for item in items(dataset, reader) if item.variable.name == name)


def chart_of(variable, table: Table, reader: Reader = ENGLISH) -> charts.Chart | None:
    (dataset,) = make.release().datasets
    other = msgspec.structs.replace(dataset, variables=(variable,), tables=(table,))
    (item,) = items(other, reader)
    return charts.alone(item, reader)


def rects(chart: charts.Chart) -> list[Rect]:
    return [mark for mark in chart.marks if isinstance(mark, Rect)]


def words(chart: charts.Chart) -> list[str]:
    return [mark.text for mark in chart.marks if isinstance(mark, Words)]


def test_a_question_is_a_scale_where_its_form_says_so():
    choices = ChoiceList(name="l", choices=(Choice(name="yes"), Choice(name="no")))
    title = LocalisedText({"en": "Survey"})

    def told(appearance: tuple[str, ...], of: QuestionType = QuestionType.SELECT_ONE) -> bool:
        question = Question(id="q", name="q", type=of, choices="l", appearance=appearance)
        form = Questionnaire(title=title, locales=("en",), children=(question,), choice_lists=(choices,))
        return variables([form])[0].scale

    assert told(("likert",))
    assert told(("columns", "scale"))
    assert not told(("columns",))
    assert not told(("likert",), QuestionType.SELECT_MULTIPLE)


def test_a_scale_is_one_bar_from_end_to_end_with_its_balance():
    chart = charts.alone(found("listened"), ENGLISH)

    assert [rect.fill for rect in rects(chart)] == ["scale-1", "scale-3", "scale-4", "scale-5", "scale-7", "off"]
    assert [rect.width for rect in rects(chart)] == [100.8, 67.2, 50.4, 67.2, 33.6, 16.8]
    assert sum(rect.width for rect in rects(chart)) == pytest.approx(336, abs=0.1)
    assert "+20" in words(chart)  # (120 + 80 - 80 - 40) of 400
    assert "“strongly agree, agree” less those of “disagree, strongly disagree”" in chart.note
    assert chart.legend[-1] == ("off", "dont know")
    assert "strongly agree 30.0%" in chart.description


def test_the_balance_is_left_out_where_a_part_of_it_is_hidden():
    item = found("listened")

    chart = charts.by_groups(item.crossed[0], item.variable, ENGLISH)

    assert [text for text in words(chart) if text.startswith(("+", "–"))] == ["+18"]  # of the women; 40 of 220
    assert ("secret", "hidden") in chart.legend


def test_statements_on_one_scale_stand_side_by_side():
    (section, *_rest) = dashboard.sections(make.release(), ENGLISH)

    (chart,) = section.scales
    assert [text for text in words(chart) if "Question" in text] == [
        "Question listened? (n = 400)",
        "Question easy? (n = 400)",
    ]
    assert {"+20", "–35"} <= set(words(chart))


def test_countries_are_a_map_on_which_hidden_ones_are_hatched():
    chart = charts.alone(found("country"), ENGLISH)

    tiles = {mark.code: mark for mark in chart.marks if isinstance(mark, Tile)}
    assert tiles["GH"].fill == "band-5"
    assert tiles["GH"].label == "GH: 40.0%"
    assert tiles["DE"].fill == tiles["FR"].fill == "secret"
    assert tiles["DE"].label == "DE: hidden"
    assert tiles["IT"].fill == tiles["BR"].fill == "nowhere"
    assert tiles["BR"].label == "", "it was not offered"
    assert chart.note == "Not on the map: other: 10.0%."
    assert chart.description.startswith("Countries with the largest shares: GH: 40.0%; NG: 25.0%;")
    assert [mark.x for mark in charts.alone(found("country", ARABIC), ARABIC).marks] == [
        mark.x for mark in chart.marks
    ], "east is on the right in every script"


def test_every_inhabited_country_has_a_tile_of_its_own():
    uninhabited = {"AQ", "BV", "GS", "HM", "IO", "TF", "UM"}

    assert set(PLACES) == set(COUNTRIES) - uninhabited | {"XK"}
    assert len(set(PLACES.values())) == len(PLACES)


def test_numbers_are_a_histogram_over_the_edges_of_their_bins():
    chart = charts.alone(found("age"), ENGLISH)

    heights = [rect.height for rect in rects(chart)]
    assert heights == [round(130 * count / 140, 1) for count in (30, 90, 140, 100, 40)]
    axis = [mark for mark in chart.marks if isinstance(mark, Words) and mark.text in ("20", "30", "40", "50")]
    assert [(mark.text, mark.x) for mark in axis] == [("20", 80.0), ("30", 160.0), ("40", 240.0), ("50", 320.0)]
    assert chart.description == "under 20: 7.5%; 20–29: 22.5%; 30–39: 35.0%; 40–49: 25.0%; 50 and over: 10.0%"


def test_a_hidden_bin_says_nothing_about_its_height():
    age = make.ages()
    few, many = (chart_of(age, make.one_way(age, (None, 90, count, 100, None))) for count in (20, 140))

    assert {rect.height for chart in (few, many) for rect in rects(chart) if rect.fill == "secret"} == {14.0}


def test_too_few_numbers_for_bins_have_no_picture():
    few = msgspec.structs.replace(make.ages(), categories=(Category(code=ANSWERED),))

    assert chart_of(few, make.one_way(few, (12,))) is None


def test_years_have_no_marks_between_their_digits():
    edges = (1990, 2000, 2010)
    categories = (
        Category(code="..1990", upper=1990),
        *(Category(code=str(edge), lower=edge, upper=edge + 10) for edge in edges[:-1]),
        Category(code="2010..", lower=2010),
    )
    left = msgspec.structs.replace(make.ages(), categories=categories)

    assert {"1990", "2000", "2010"} <= set(words(chart_of(left, make.one_way(left, (20, 30, 40, 50)))))


def test_breakdowns_are_stacked_or_small_multiples():
    age = found("age")
    chart = charts.by_groups(age.crossed[0], age.variable, ENGLISH)
    assert {rect.fill for rect in rects(chart)} == {f"series-{number}" for number in range(1, 6)}

    many = make.variable("many", [f"choice_{number}" for number in range(9)])
    sex = make.variable("sex", ("female", "male"))
    (dataset,) = make.release().datasets
    table = make.crossed(many, sex, {"female": [20] * 9, "male": [None, *[10] * 8]})
    other = msgspec.structs.replace(dataset, variables=(many, sex), tables=(make.one_way(many, [30] * 9), table))
    (item,) = items(other, ENGLISH)
    chart = charts.by_groups(item.crossed[0], many, ENGLISH)
    assert chart.width == 640
    assert [text for text in words(chart) if text in ("female", "male")] == ["female", "male"]
    assert [rect.fill for rect in rects(chart)].count("secret") == 1


def test_lines_run_over_releases_and_break_where_something_is_hidden():
    earlier = [make.release(2, shift=80), make.release(1)]
    now = make.release(3, shift=180)
    (item,) = (item for item in items(now.datasets[0], ENGLISH) if item.variable.name == "sex")

    compared = over_releases(item, now, earlier, ENGLISH)
    chart = dashboard.over_time(compared, ENGLISH).chart

    assert [one.label for one in compared.columns] == ["Release 1", "Release 2", "Release 3"]
    dots = [mark for mark in chart.marks if isinstance(mark, Dot) and mark.fill == "series-1"]
    assert [dot.label for dot in dots] == ["female: 55.0%", "female: 62.5%", "female: 69.0%"]
    assert dots[0].x < dots[1].x < dots[2].x
    assert len([mark for mark in chart.marks if isinstance(mark, Path) and mark.stroke.startswith("course")]) == 2
    assert over_releases(item, now, [], ENGLISH) is None


def test_a_chart_runs_the_other_way_in_arabic():
    ltr, rtl = (charts.alone(found("sex", reader), reader) for reader in (ENGLISH, ARABIC))

    assert [rect.x for rect in rects(ltr)] == [0, 0]
    assert [rect.x + rect.width for rect in rects(rtl)] == [400, 400]
    first = next(mark for mark in rtl.marks if isinstance(mark, Words))
    assert (first.x, first.anchor) == (400, "end")
    assert first.text == "\u2067female\u2069", "held together, whatever direction its letters have"


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.SINGLE])
def test_nothing_is_drawn_where_nothing_can_be_shown(kind):
    asked = make.variable("q", ("a", "b"), kind)

    assert chart_of(asked, make.one_way(asked, (None, None))) is None
    assert chart_of(asked, make.one_way(asked, (0, 0))) is None


def test_words_are_cut_and_wrapped_to_their_room():
    assert cut("short", 100) == "short"
    assert room(cut("long words " * 20, 100)) <= 100
    assert cut("long words " * 20, 100).endswith("…")
    assert all(room(line) <= 100 for line in wrap("words and more of them " * 9, 100))
    assert len(wrap("words and more of them " * 9, 100, most=2)) == 2
    assert room("日本") > room("ab")


HOSTILE = "</title><script>alert(1)</script>&\x00\x0b\ufffe\"'><image href='file:///etc/passwd'/>"


@pytest.mark.parametrize("reader", [ENGLISH, ARABIC], ids=["en", "ar"])
def test_a_chart_as_svg_is_well_formed_whatever_its_labels_are(reader):
    asked = make.variable("q", ("a", HOSTILE))
    (dataset,) = make.release().datasets
    other = msgspec.structs.replace(
        dataset,
        variables=(msgspec.structs.replace(asked, label=make.text(HOSTILE)),),
        tables=(make.one_way(asked, (30, 40)),),
    )
    (item,) = items(other, reader)
    ((_by, drawing),) = drawings(make.release(), item, reader)

    root = ElementTree.fromstring(drawing.drawn("svg", reader))

    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "defs", "rect", "text", "g", "path", "pattern"}
    assert root[0].text.startswith("</title><script>")
    assert "var(" not in root.find("{*}style").text, "the file has its colours with it"
    assert Image.open(io.BytesIO(drawing.drawn("png", reader))).size[0] == 3 * 432


def test_words_in_pixels_are_shaped():
    """Letters of Arabic that hang together are narrower than those that stand alone; other scripts are not boxes."""
    together, apart = outline("لا أوافق", 13).width, sum(outline(letter, 13).width for letter in "لا أوافق")

    assert together < 0.9 * apart
    for word in ("A لا “B”", "日本語 한국어", "አማርኛ", "हिन्दी", "ไทย", "ქართული"):
        assert outline(word, 13).data.count("M") >= len(word.replace(" ", "")) // 2


def test_all_charts_come_in_an_archive():
    made = make.release()
    for kind in ("svg", "png"):
        pieces = list(FORMATS[f"{kind}.zip"].write(made, b"", "", ENGLISH))
        archive = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))

        assert len(pieces) == 7 + 1, "a chart at a time"
        assert archive.namelist() == [
            f"{name}.{kind}"
            for name in (
                "001-listened",
                "001-listened-by-sex",
                "002-easy",
                "003-country",
                "004-age",
                "004-age-by-sex",
                "005-sex",
            )
        ]
        assert archive.testzip() is None
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 3, 2, 0, 0, 0)}
