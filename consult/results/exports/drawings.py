"""Charts as files: every chart of a release in an archive, or one of them, with its title, base and source."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from consult.results import charts, method
from consult.results.charts import Chart
from consult.results.content import Content
from consult.results.exports import picture
from consult.results.presentation import Item, Reader, Shown, items

MEDIA_TYPES: Final = {"svg": "image/svg+xml", "png": "image/png"}
"""What one chart can be downloaded as."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart with what stands around it."""

    name: str
    """Of its file, without extension."""
    title: str
    chart: Chart
    small_print: tuple[str, ...]

    def drawn(self, extension: str, reader: Reader) -> bytes:
        """The file; `extension` is one of `MEDIA_TYPES`."""
        if extension == "png":
            return picture.png(self.chart, self.title, reader, framed=self.small_print)
        return picture.svg(self.chart, self.title, reader, framed=self.small_print).encode()


def write_svg(content: Content, _frozen: bytes, _hash: str, reader: Reader) -> Iterator[bytes]:
    """All charts as SVG in an archive."""
    return _archive(content, "svg", reader)


def write_png(content: Content, _frozen: bytes, _hash: str, reader: Reader) -> Iterator[bytes]:
    """All charts as PNG in an archive."""
    return _archive(content, "png", reader)


def drawings(content: Content, item: Item, reader: Reader) -> Iterator[tuple[str, Drawing]]:
    """The charts of a question with what they are broken down by: its own (by nothing) first."""
    own = item.variable.name.replace(":", "-")  # of codes; in names of files some systems have no colon
    if chart := charts.alone(item, reader):
        yield "", Drawing(own, item.label, chart, _small_print(content, item, item.one_way, reader))
    for shown in item.crossed:
        if chart := charts.by_groups(shown, item.variable, reader):
            by = item.dataset.variable(shown.table.by)
            _ = reader.words
            title = f"{item.label} {_('By: %(variable)s') % {'variable': shown.by}}"
            yield by.id, Drawing(f"{own}-by-{by.name}", title, chart, _small_print(content, item, shown, reader))


def _small_print(content: Content, item: Item, shown: Shown, reader: Reader) -> tuple[str, ...]:
    _ = reader.words
    release = _("Release %(number)s") % {"number": reader.number(content.number)}
    day = reader.date(dt.date.fromisoformat(content.frozen_on))
    basis = _("Percentages: %(basis)s.") % {"basis": shown.basis}
    base = method.base_sentence(item, reader) if shown is item.one_way else ""
    return (
        f"{base} {basis} {method.hidden_sentence(shown.table, reader)}".strip(),
        f"{reader.text(content.process_title, content.source)} · {release} · {day}",
        *([method.synthetic_mark(reader)] if content.synthetic else []),
    )


def _archive(content: Content, extension: str, reader: Reader) -> Iterator[bytes]:
    """An archive in pieces, a chart each: no more than one of them is in memory."""
    out = _Pieces()
    day = dt.date.fromisoformat(content.frozen_on)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        every = (item for dataset in content.datasets for item in items(dataset, reader))
        for number, item in enumerate(every, start=1):
            for _by, drawing in drawings(content, item, reader):
                entry = zipfile.ZipInfo(
                    f"{number:03}-{drawing.name}.{extension}", (day.year, day.month, day.day, 0, 0, 0)
                )
                entry.compress_type = zipfile.ZIP_STORED if extension == "png" else zipfile.ZIP_DEFLATED
                archive.writestr(entry, drawing.drawn(extension, reader))
                yield out.taken()
    yield out.taken()


class _Pieces(io.RawIOBase):
    """A file that is only written to, and handed on piece by piece."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, piece: object) -> int:
        """Keep a piece until it is taken."""
        raw = bytes(piece)  # type: ignore[call-overload]  # whatever has bytes
        self._held += raw
        return len(raw)

    def taken(self) -> bytes:
        """What has been written since the last time."""
        found = bytes(self._held)
        self._held.clear()
        return found
