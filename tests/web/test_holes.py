"""Pages rendered once and filled for each reader."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest

from consult.web import holes
from consult.web.holes import cut, hole, plain


def fill(*told: Any, **further: Any) -> str:
    return holes.fill(*told, **further).decode()


def filled(html: str, *, seen: Collection[str] = (), order: tuple[str, ...] = ()) -> str:
    return fill(
        cut(html),
        {"value": lambda key, part: f"<{key}{part}>"},
        lambda kind, key, part: f"{kind} {key}{part}".strip() in seen,
        lambda key: list(order),
        lambda key: range(len(key)),
    )


def test_holes_are_filled_by_kind_key_and_part() -> None:
    assert filled(f"a {hole('value', 'q')} b {hole('value', 'q', '.x')}") == "a <q> b <q.x>"


@pytest.mark.parametrize(
    ("seen", "page"), [(set(), "[]"), ({"shown g"}, "[g]"), ({"shown g", "shown q"}, "[gq]"), ({"shown q"}, "[]")]
)
def test_a_section_is_seen_only_within_what_is_seen(seen: set[str], page: str) -> None:
    inner = f"{hole('shown_start', 'q')}q{hole('shown_end', 'q')}"
    assert filled(f"[{hole('shown_start', 'g')}g{inner}{hole('shown_end', 'g')}]", seen=seen) == page


def test_sections_stand_in_the_readers_order() -> None:
    choices = "".join(f"{hole('choice_start', 'q', name)}{name}{hole('choice_end', 'q', name)} " for name in "abc")
    html = f"{hole('order_start', 'q')}{choices}{hole('order_end', 'q')}"
    assert filled(html, seen={"choice qa", "choice qb", "choice qc"}, order=("c", "a")) == "ca"


def test_a_section_can_be_put_several_times() -> None:
    assert filled(f"[{hole('each_start', 'abc')}{hole('value', 'q')} {hole('each_end', 'abc')}]") == "[<q> <q> <q> ]"


def test_what_is_held_comes_along_as_a_template() -> None:
    inner = f"{hole('choice_start', 'q', 'a')}A{hole('choice_end', 'q', 'a')}"
    parts = cut(f"{hole('shown_start', 'q')}{inner}B{hole('shown_end', 'q')}")
    held = fill(parts, {}, lambda *_: False, lambda _: [], holds=lambda *_: True)
    assert held == "<template><template>A</template>B</template>"
    assert fill(parts, {}, lambda *_: False, lambda _: []) == ""


def options(*rows: str) -> str:
    return f"{hole('options_start', 'q')}{''.join(rows)}{hole('options_end', 'q')}"


@pytest.mark.parametrize("padding", ["", "x" * 600])
@pytest.mark.parametrize("mark", ["selected", "checked"])
def test_the_options_that_are_chosen_are_marked_however_many(mark: str, padding: str) -> None:
    page = cut(options(*(f"<{name}{padding}{hole(mark, 'q', name)}>" for name in "abc")))
    shown = fill(page, {}, lambda *_: True, lambda _: [], chosen=lambda _: ("c", "a", "z"))
    assert shown == f"<a{padding} {mark}><b{padding}><c{padding} {mark}>"


@pytest.mark.parametrize(("held", "page"), [(False, "<b selected>"), (True, "<template><a></template><b selected>")])
def test_of_options_that_differ_from_reader_to_reader_those_on_offer_are_seen(held: bool, page: str) -> None:
    rows = (
        f"{hole('choice_start', 'q', name)}<{name}{hole('selected', 'q', name)}>{hole('choice_end', 'q', name)}"
        for name in "ab"
    )
    parts = cut(options(*rows))
    assert fill(parts, {}, lambda *_: True, lambda _: ["b"], holds=lambda *_: held, chosen=lambda _: ("b",)) == page


def test_a_section_without_an_end_is_a_mistake_of_the_template() -> None:
    with pytest.raises(AssertionError):
        cut(str(hole("shown_start", "q")))


def test_authored_text_cannot_leave_holes_and_keys_are_escaped() -> None:
    assert plain(f"x{hole('value', 'q')}y") == "xvalueqy"
    assert "<" not in hole("value", "<b>")


def test_white_space_of_the_layout_is_reduced() -> None:
    assert filled("<p>\n      a   b\n\n  </p>") == "<p>\na b\n</p>"
