"""Letters that differ in a code only: every picture is the one drawn for it alone, every code is there."""

from __future__ import annotations

import io

import pytest
import segno
from pypdf import PdfReader

from consult.core.documents.letters import Pictures, Stamp, is_one_page, stamped
from consult.core.documents.printed import laid_out
from consult.participation import codes, invitation_codes

ADDRESS = "https://consult.example.org/en/q/survey/invited#"
STAMP = Stamp((60, 70, 120), (200, 80, 16))


def pictures() -> Pictures:
    return Pictures(ADDRESS, invitation_codes.LENGTH, codes.ALPHABET)


@pytest.mark.parametrize(
    "address", [ADDRESS, "http://localhost/ar/q/s/invited#", f"https://{'long.' * 20}org/invited#"]
)
def test_a_picture_is_what_is_drawn_for_its_code_alone(address: str) -> None:
    made = Pictures(address, invitation_codes.LENGTH, codes.ALPHABET)
    for code in (invitation_codes.draw() for _ in range(20)):
        alone = segno.make(
            address + code, error="m", mode="byte", boost_error=False, version=made._version, mask=made._mask
        )
        assert made.rows(code) == ["".join("1" if module else "0" for module in row) for row in alone.matrix]


def test_each_letter_has_its_code_and_the_words_that_all_have() -> None:
    page = laid_out("<html lang=en><title>Letter</title><p>Dear Sir or Madam</p></html>", variant=None)
    new = [invitation_codes.draw() for _ in range(3)]
    made = PdfReader(io.BytesIO(stamped(page, map(codes.groups, new), pictures(), STAMP)))
    assert len(made.pages) == 3
    for code, sheet in zip(new, made.pages, strict=True):
        words = sheet.extract_text()
        assert "Dear Sir or Madam" in words
        assert " ".join(codes.groups(code)) in words
        assert not [other for other in new if other != code and " ".join(codes.groups(other)) in words]


def test_a_letter_that_is_too_long_is_known() -> None:
    assert is_one_page(laid_out("<p>Short</p>", variant=None))
    assert not is_one_page(laid_out("<p>Long</p>" * 200, variant=None))


def test_files_say_nothing_of_who_made_them() -> None:
    made = PdfReader(io.BytesIO(stamped(laid_out("<p>Words</p>", variant=None), [["ABCD"] * 5], pictures(), STAMP)))
    assert not made.metadata
