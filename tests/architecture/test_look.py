"""What the look promises in numbers: contrast on both themes, the weight of a participant's first view."""

from __future__ import annotations

import gzip
import re

import pytest
from jinja2 import Environment

from consult.web.assets import participant_css
from tests.architecture.sources import ROOT, name, python_files

SHEETS = ROOT / "static" / "css"
LIGHT, DARK = re.split(r"@media[^{]*prefers-color-scheme: dark", (SHEETS / "tokens.css").read_text("utf-8"))

BODY = 7.0
"""WCAG 2.2, 1.4.6 (AAA): text."""
TEXT = 4.5
"""WCAG 2.2, 1.4.3 (AA): text that carries a meaning of its own."""
SHAPE = 3.0
"""WCAG 2.2, 1.4.11 (AA): borders of controls, marks, parts of charts."""

PAIRS = [
    *[("ink", ground, BODY) for ground in ("paper", "soft", "tint")],
    *[("muted", ground, BODY) for ground in ("paper", "soft")],
    *[(word, ground, TEXT) for word in ("accent", "strong") for ground in ("paper", "soft", "tint")],
    *[(word, ground, TEXT) for word in ("error", "warning", "success", "info") for ground in ("paper", "soft", "tint")],
    *[("on-accent", ground, TEXT) for ground in ("accent", "strong")],
    ("paper", "error", TEXT),
    ("edge", "paper", SHAPE),
    ("edge", "soft", SHAPE),
]


def _colours(sheet: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", sheet))


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    channels = [int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_can_be_told_from_their_ground(theme: str, front: str, ground: str, least: float) -> None:
    colours = _colours(theme)
    assert contrast(colours[front], colours[ground]) >= least


def test_every_hue_of_a_chart_can_be_told_from_paper() -> None:
    sheets = re.split(r"@media[^{]*prefers-color-scheme: dark", (SHEETS / "charts.css").read_text("utf-8"))
    for theme, sheet in zip((LIGHT, DARK), sheets[:2], strict=True):
        hues = [colour for token, colour in _colours(sheet).items() if token.startswith(("chart-", "scale-"))]
        assert len(hues) == 6 + 7
        assert min(contrast(hue, _colours(theme)["paper"]) for hue in hues) >= SHAPE


def test_every_figure_can_be_read_on_its_hue() -> None:
    """Figures stand on every hue, step and band: in ink, or as light as paper; dark screens have their own rules."""
    text = (SHEETS / "charts.css").read_text("utf-8")
    light, dark, *more = re.split(r"@media[^{]*prefers-color-scheme: dark", text)
    inks = _figures(light + dark)
    for theme, sheet, overruled in ((LIGHT, light, {}), (DARK, dark, _figures("".join(more)))):
        for token, hue in _colours(sheet).items():
            ink = {**inks, **overruled}.get(token.replace("chart-", "series-"), "ink")
            assert contrast(hue, _colours(theme)[ink]) >= TEXT, (token, ink)


def _figures(sheet: str) -> dict[str, str]:
    """By hue: the colour of the figures on it."""
    rules = re.findall(r"((?:\.chart \.on-[\w-]+(?:, )?)+) \{ fill: var\(--(paper|ink)\); \}", sheet)
    return {hue: ink for chosen, ink in rules for hue in re.findall(r"\.on-([\w-]+)", chosen)}


def test_sheets_use_only_tokens_that_there_are() -> None:
    texts = {sheet: sheet.read_text("utf-8") for sheet in SHEETS.glob("*.css")}
    known = {token for text in texts.values() for token in re.findall(r"(--[\w-]+):", text)}
    assert {
        f"{name(sheet)}: {token}" for sheet, text in texts.items() for token in re.findall(r"var\((--[\w-]+)", text)
    } <= {f"{name(sheet)}: {token}" for sheet in texts for token in known}


def test_sheets_style_only_what_stands_on_a_page() -> None:
    pages = [path.read_text("utf-8") for path in (*(ROOT / "templates").rglob("*.html"), *python_files())]
    words = {word for page in pages for word in re.findall(r"[\w-]+", page)}
    hues = [f"{kind}-{number}" for kind in ("series", "scale", "band") for number in range(1, 8)]
    made = {*hues, *(f"on-{fill}" for fill in (*hues, "off", "nowhere"))}  # by the number of a series, a step, a band
    unused = {
        f"{name(sheet)}: {rule}"
        for sheet in SHEETS.glob("*.css")
        for rule in re.findall(
            r"\.([a-z][\w-]*)(?=[^{}]*\{)", re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.S)
        )
        if rule not in words | made
    }
    assert unused == set()


def test_every_template_is_somebodys() -> None:
    """Every page and part is named by a view or by another template."""
    folder = ROOT / "templates"
    texts = [path.read_text("utf-8") for path in (*folder.rglob("*.*"), *python_files())]
    composed = ("email/", "questions/")  # by the name of a letter, by the type of a question
    assert [
        part
        for part in (str(path.relative_to(folder)) for path in folder.rglob("*.html"))
        if not part.startswith(composed) and not any(f'"{part}"' in text for text in texts)
    ] == []


def test_the_style_of_a_first_view_weighs_at_most_4_kb_and_its_script_2() -> None:
    assert len(gzip.compress(participant_css().encode())) <= 4096
    assert len(gzip.compress((ROOT / "static" / "js" / "boot.js").read_bytes())) <= 2048


def test_every_template_can_be_read() -> None:
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    for path in (ROOT / "templates").rglob("*.html"):
        environment.parse(path.read_text("utf-8"), filename=name(path))
