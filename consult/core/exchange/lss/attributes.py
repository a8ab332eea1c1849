"""Attributes of questions: those that are as LimeSurvey sets them unasked say nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from consult.core.exchange.lss.survey import Question

_OFF: Final = frozenset({"", "0", "N", "no", "inherit", "default", "normal", "false"})
_UNASKED: Final[Mapping[str, frozenset[str]]] = {
    "statistics_showgraph": frozenset({"1"}),
    "display_columns": frozenset({"1"}),
    "question_template": frozenset({"core"}),
    "date_format": frozenset({"dd-mm-yyyy"}),
    "slider_separator": frozenset({"|"}),
    "slider_orientation": frozenset({"0"}),
    "slider_handle": frozenset({"0"}),
    "category_separator": frozenset({"-"}),
    "other_position": frozenset({"end"}),
    "keep_codes_order": frozenset(),
    "crop_or_resize": frozenset({"resize"}),
    "button_size": frozenset({"default"}),
    "add_platform_info": frozenset({"yes"}),
    "show_search": frozenset({"true"}),
    "show_tick": frozenset({"true"}),
    "showpopups": frozenset({"1"}),
    "samechoiceheight": frozenset({"1"}),
    "samelistheight": frozenset({"1"}),
    "choice_title": frozenset(),
    "fix_width": frozenset({"-1"}),
    "dualscale_headerA": frozenset(),
    "dualscale_headerB": frozenset(),
}
_WITH: Final = {
    "location_": ("location_mapservice", {"0"}),
    "time_limit": ("time_limit", {"0"}),
    "slider_": ("slider_layout", {"0"}),
    "multiflexible_step": ("multiflexible_step", {"1"}),
}
"""Attributes that mean something only where another one is set: by how they begin."""
_USED: Final = frozenset(
    {
        *("array_filter", "array_filter_exclude", "num_value_int_only", "numbers_only", "hidden"),
        *("dualscale_headerA", "dualscale_headerB", "multiflexible_checkbox", "equation", "equation_html"),
    }
)
"""Attributes that are read wherever they mean something; where they cannot be, that is told where they are read."""


def left_over(question: Question, used: Iterable[str]) -> Iterator[str]:
    """Attributes that have no place here, as `name=value`."""
    known = _USED | set(used)
    for name, value in question.attributes.items():
        if name not in known and value not in _OFF and value not in _UNASKED.get(name, ()) and _means(question, name):
            yield f"{name}={value[:60]}"


def _means(question: Question, name: str) -> bool:
    if name == "date_format":  # dates are written as the reader's locale does; without a day they would be others
        written = question.attributes[name]
        return not {"H", "M"} & set(written) and not {"d", "m", "y"} <= set(written.lower())
    for start, (other, off) in _WITH.items():
        if name.startswith(start):
            return question.attributes.get(other, "0") not in off
    return True
