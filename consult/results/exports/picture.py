"""A chart as a picture of its own: with its title, legend, note and source, in the colours of paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from jinja2 import Environment, FileSystemLoader

from consult import paths
from consult.core.exchange.safe import xml
from consult.results.charts import Chart
from consult.results.charts.lettering import BOLD, SIZE, SIZES, SMALL, room, wrap
from consult.results.charts.marks import Rect, Words
from consult.results.exports.outlines import FAMILIES, outline
from consult.results.presentation import Reader

SCALE: Final = 3
"""Pixels of a PNG to a unit of the view box: 300 dots per inch on a column 100 mm wide."""
_MARGIN: Final = 16.0
_LINE: Final = 18.0
_SWATCH: Final = 12.0
_BOLDER: Final = 1.08
"""How much more room bold letters need."""
_VARIABLE: Final = re.compile(r"var\(--([\w-]+)\)")


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with everything around it."""

    chart: Chart
    locale: str
    title: str
    width: float
    height: float
    margin: float
    top: float
    """Where the chart begins."""
    lines: tuple[Words, ...]
    swatches: tuple[Rect, ...]
    font: str = FAMILIES


@cache
def environment() -> Environment:
    """Templates outside a request: they speak no words of their own."""
    return Environment(loader=FileSystemLoader(paths.TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)


@cache
def style() -> str:
    """The style sheet of charts for what is printed: without media, with the light colours in place."""
    sheets = [(paths.STATIC / "css" / f"{name}.css").read_text("utf-8") for name in ("tokens", "charts")]
    light = [re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", sheet) for sheet in sheets]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", "".join(light)))
    rules = re.sub(r"/\*.*?\*/|:root \{[^}]*\}", "", light[1], flags=re.DOTALL)
    return _VARIABLE.sub(lambda found: colours[found[1]], rules.strip())


def svg(
    chart: Chart,
    title: str,
    reader: Reader,
    *,
    framed: Sequence[str] | None = None,
    outlined: bool = False,
) -> str:
    """The picture as SVG. `framed`: with a title above and these lines of small print below; none: the chart and its
    legend alone, for a document that says the rest. `outlined`: its words are shapes, for what cannot write any script.
    """
    made = _laid_out(chart, title, reader, framed)
    return _drawn(made, _outlined if outlined else None)


def for_pdf(chart: Chart, title: str, reader: Reader) -> str:
    """The chart with its legend as SVG for what writes letters one after the other: words are shapes where that is not
    how their script is written."""
    made = _laid_out(chart, title, reader, None)
    words = [chart.description, *(mark.text for mark in (*made.lines, *chart.marks) if isinstance(mark, Words))]
    return _drawn(made, _outlined if any(map(_joined, words)) else None)


def _joined(text: str) -> bool:
    """Whether letters of a text run from right to left, or change with those around them: Hebrew to Myanmar, Khmer."""
    return any("\u0590" <= letter < "\u10a0" or "\u1780" <= letter < "\u1c80" or letter == "\u2067" for letter in text)


def png(
    chart: Chart, title: str, reader: Reader, *, framed: Sequence[str] | None = None, scale: float = SCALE
) -> bytes:
    """The picture as PNG, with so many pixels to a unit of the view box."""
    import resvg_py  # noqa: PLC0415  # heavy, and only downloads need it

    drawn = svg(chart, title, reader, framed=framed, outlined=True)
    return bytes(resvg_py.svg_to_bytes(drawn, zoom=scale, skip_system_fonts=True))


def _outlined(words: Words) -> tuple[float, str]:
    """Where a text starts, and its glyphs as the data of a path."""
    tones = words.tone.split()
    size = next((SIZES[tone] for tone in tones if tone in SIZES), SIZE)
    found = outline(words.text, size, bold=not BOLD.isdisjoint(tones))
    before = {"start": 0.0, "middle": found.width / 2, "end": found.width}[words.anchor]
    return round(words.x - before, 2), found.data


def _drawn(picture: Picture, outlined: Callable[[Words], tuple[float, str]] | None = None) -> str:
    """`outlined`: what draws words; none: whoever shows the picture has fonts."""
    template = environment().get_template("results/picture.svg")
    return xml(template.render(picture=picture, style=style(), outlined=outlined))


def _laid_out(chart: Chart, title: str, reader: Reader, framed: Sequence[str] | None) -> Picture:
    margin = 0.0 if framed is None else _MARGIN
    width = chart.width + 2 * margin
    lines = list(
        _paragraphs([title], chart.width, margin, margin, "title", SIZES["title"]) if framed is not None else ()
    )
    top = (lines[-1].y + _LINE) if lines else margin
    swatches, labels, end = _legend(chart, margin, top + chart.height + _LINE / 2)
    lines += labels
    below = list(_paragraphs([chart.note, *(framed or ())], chart.width, margin, end, "tick small", SMALL))
    lines += below
    height = (below[-1].y + 6 if below else end) + margin
    if reader.direction == "rtl":
        lines = [line.mirrored(width) for line in lines]
        swatches = [swatch.mirrored(width) for swatch in swatches]
    return Picture(
        chart, reader.locale, title, width, round(height, 1), margin, round(top, 1), tuple(lines), tuple(swatches)
    )


def _paragraphs(texts: Sequence[str], width: float, left: float, top: float, tone: str, size: float) -> Iterator[Words]:
    every = [line for text in texts if text for line in wrap(text, width, size * (_BOLDER if tone in BOLD else 1))]
    return (Words(left, round(top + (number + 1) * size * 1.35, 1), line, tone) for number, line in enumerate(every))


def _legend(chart: Chart, left: float, top: float) -> tuple[list[Rect], list[Words], float]:
    """Swatches with their labels, as many in a line as fit; and where they end."""
    swatches, labels = [], []
    x, y = left, top
    for fill, label in chart.legend:
        first, *more = wrap(label, chart.width - 2 * _SWATCH)
        long = _SWATCH + 6 + (room(first) if not more else chart.width)
        if x > left and x + long > left + chart.width:
            x, y = left, y + _LINE
        swatches.append(Rect(x, y, _SWATCH, _SWATCH, fill))
        labels += [Words(x + _SWATCH + 6, y + 11 + row * _LINE, text) for row, text in enumerate((first, *more))]
        y += len(more) * _LINE
        x += long + _MARGIN
    return swatches, [replace(label, x=round(label.x, 1)) for label in labels], y + _LINE if chart.legend else top
