"""Invitations on paper: an A4 letter per code, with the words of the officer, the address, the code and its picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from consult.core.documents.letters import Pictures, Stamp, is_one_page, stamped, width_of
from consult.core.documents.printed import laid_out
from consult.core.errors import Refused
from consult.participation import codes
from consult.participation.invitation_codes import LENGTH
from consult.participation.models import Entrance
from consult.processes.models import Activity, Kind
from consult.web.letters import page
from consult.web.locale import locale_of

PAGE: Final = 595.28
"""Width of A4 in points; what follows is measured as `templates/participation/letter.css` leaves the places free."""
_MARGIN: Final = 56.69
_PICTURE: Final = 127.56
_BOTTOM: Final = 70.87
_GAP: Final = 17.01
_SIZE: Final = 16.0
_BASELINE: Final = 5.67


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of an activity in a locale."""

    page: bytes
    """A letter without its code, laid out."""
    pictures: Pictures
    stamp: Stamp

    def pdf(self, some: Iterable[str]) -> bytes:
        """A letter for each of these codes."""
        return stamped(self.page, map(codes.groups, some), self.pictures, self.stamp)


def address(base_url: str, activity: Activity, locale: str) -> str:
    """Where codes are typed in; a code after `#` stays in the browser until it is sent."""
    door = "c" if activity.kind == Kind.CONSULTATION else "q"
    return f"{base_url}/{locale}/{door}/{activity.slug}/invited"


def letters(activity: Activity, entrance: Entrance, locale: str, base_url: str) -> Letters:
    """The letter of an activity. Refuses `participation.letter.long` where it does not fit on a page."""
    where = address(base_url, activity, locale)
    html = page(
        "participation/letter.html",
        locale,
        activity=activity,
        institution=activity.process.lead_institution.name,
        text=entrance.invitation,
        address=where,
    )
    sheet = laid_out(html, variant=None)
    if not is_one_page(sheet):
        raise Refused.because("participation.letter.long", locale=locale)
    rtl = locale_of(locale).direction == "rtl"
    return Letters(sheet, Pictures(f"{where}#", LENGTH, codes.ALPHABET), _stamp(rtl=rtl))


def _stamp(*, rtl: bool) -> Stamp:
    beside = _MARGIN + _PICTURE + _GAP
    wide = width_of(codes.groups("0" * LENGTH), _SIZE)
    left, start = (PAGE - _MARGIN - _PICTURE, PAGE - beside - wide) if rtl else (_MARGIN, beside)
    return Stamp((left, _BOTTOM, _PICTURE), (start, _BOTTOM + _BASELINE, _SIZE))
