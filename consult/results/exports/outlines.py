"""Words as outlines: shaped by Pango as in the report, so that a picture made of pixels needs no fonts of its own.

What turns pictures into pixels writes a line in two scripts as boxes; Pango knows how to put any scripts into a line.
WeasyPrint has bound it and FreeType already; this module walks through the same glyphs as its PDF writer does.
"""

from __future__ import annotations

import io
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

FAMILIES: Final = "Noto Sans, Noto Sans Arabic, sans-serif"
"""In this order; what none of them has is looked for by fontconfig."""
_UNITS: Final = 1024
"""Of Pango, in one of ours."""
_EM: Final = 1000.0
_BOLD, _NORMAL = 600, 400


class Outline(NamedTuple):
    """A line of text: how wide it is, and its glyphs as the data of an SVG path, both per unit of font size."""

    width: float
    data: str


@cache
def _engine() -> tuple[Any, Any]:
    """The fonts of the system, and a context to lay out text with them; kept for as long as the process lives."""
    from weasyprint.text.ffi import ffi, gobject, pango  # noqa: PLC0415  # heavy, and only downloads need it
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415  # likewise

    fonts = FontConfiguration()
    return fonts, ffi.gc(pango.pango_font_map_create_context(fonts.font_map), gobject.g_object_unref)


@lru_cache(maxsize=4096)
def outline(text: str, size: float, *, bold: bool = False) -> Outline:
    """A line of text from its start on the baseline, for a font size in units of the picture."""
    from weasyprint.text.ffi import ffi, gobject, pango  # noqa: PLC0415  # heavy, and only downloads need it

    _fonts, context = _engine()
    layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
    wanted = ffi.gc(pango.pango_font_description_new(), pango.pango_font_description_free)
    family = ffi.new("char[]", FAMILIES.encode())
    pango.pango_font_description_set_family(wanted, family)
    pango.pango_font_description_set_weight(wanted, _BOLD if bold else _NORMAL)
    pango.pango_font_description_set_absolute_size(wanted, int(_EM * _UNITS))
    pango.pango_layout_set_font_description(layout, wanted)
    pango.pango_layout_set_single_paragraph_mode(layout, True)
    encoded = text.encode()
    pango.pango_layout_set_text(layout, encoded, len(encoded))
    scale, at, parts = size / _EM, 0.0, []
    run = pango.pango_layout_get_line_readonly(layout, 0).runs
    while run != ffi.NULL:
        item, run = run.data, run.next
        face = _face(item.item.analysis.font)
        for glyph in item.glyphs.glyphs[0 : item.glyphs.num_glyphs]:
            place = glyph.geometry
            if glyph.glyph != pango.PANGO_GLYPH_EMPTY and not glyph.glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG:
                x, y = at + place.x_offset / _UNITS, place.y_offset / _UNITS
                parts.append(face.drawn(glyph.glyph, x * scale, y * scale, size))
            at += place.width / _UNITS
    return Outline(at * scale, "".join(parts))


class _Face:
    """The outlines of a font file."""

    def __init__(self, content: bytes, number: int) -> None:
        from fontTools.ttLib import TTFont  # noqa: PLC0415  # heavy, and only downloads need it

        self._font = TTFont(io.BytesIO(content), fontNumber=number, lazy=True)
        self._glyphs = self._font.getGlyphSet()
        self._names = self._font.getGlyphOrder()
        self._em = self._font["head"].unitsPerEm

    def drawn(self, glyph: int, x: float, y: float, size: float) -> str:
        """A glyph as the data of a path, with its origin at (x, y); empty where it has no outline."""
        from fontTools.pens.svgPathPen import SVGPathPen  # noqa: PLC0415  # heavy, and only downloads need it
        from fontTools.pens.transformPen import TransformPen  # noqa: PLC0415  # likewise

        pen = SVGPathPen(self._glyphs, ntos=lambda number: f"{number:.2f}".rstrip("0").rstrip("."))
        scale = size / self._em
        self._glyphs[self._names[glyph]].draw(TransformPen(pen, (scale, 0, 0, -scale, x, y)))
        return str(pen.getCommands())


_faces: Final[dict[int, _Face]] = {}
"""By the address of HarfBuzz's face, which lives as long as the fonts of `_engine`."""


def _face(font: Any) -> _Face:
    from weasyprint.text.ffi import ffi, harfbuzz  # noqa: PLC0415  # heavy, and only downloads need it
    from weasyprint.text.fonts import get_hb_object_data, get_pango_font_hb_face  # noqa: PLC0415  # likewise

    face = get_pango_font_hb_face(font)
    address = int(ffi.cast("uintptr_t", face))
    if address not in _faces:
        _faces[address] = _Face(get_hb_object_data(face), harfbuzz.hb_face_get_index(face))
    return _faces[address]
