"""Tickets: what the public record of a draw names people by, and what they show at the door."""

from __future__ import annotations

import secrets

import segno

from consult.participation import codes

_LENGTH = 12
"""Letters and digits: 60 random bits."""


def draw() -> str:
    """A ticket that nobody has."""
    return codes.spell(secrets.token_bytes(codes.BITS // 8))[-_LENGTH:]


def picture(ticket: str) -> str:
    """A ticket as a QR code, which the camera at the door reads: an SVG in a `data:` address."""
    return str(segno.make_qr(ticket, error="m").svg_data_uri(border=4))
