"""The code of an invitation: 95 bits, typeable, and mistyping is noticed before anything is looked up."""

from __future__ import annotations

import itertools
import uuid

from hypothesis import given
from hypothesis import strategies as st

from consult.participation import codes, invitation_codes

ACTIVITY = uuid.UUID(int=7)
KEY = b"c" * 32
drawn = st.integers(0, 50).map(lambda _: invitation_codes.draw())


@given(drawn)
def test_a_code_is_read_however_it_is_typed(code: str) -> None:
    assert len(code) == invitation_codes.LENGTH == 20
    assert invitation_codes.read(code) == code
    assert invitation_codes.read(f" {'-'.join(codes.groups(code)).lower()}\n") == code


def test_every_wrong_letter_is_noticed() -> None:
    code = invitation_codes.draw()
    for place, letter in itertools.product(range(len(code)), codes.ALPHABET):
        typed = code[:place] + letter + code[place + 1 :]
        assert (invitation_codes.read(typed) is None) == (typed != code)


def test_every_two_letters_that_changed_places_are_noticed() -> None:
    for code in (invitation_codes.draw() for _ in range(20)):
        for one, other in itertools.combinations(range(len(code)), 2):
            letters = [*code]
            letters[one], letters[other] = letters[other], letters[one]
            typed = "".join(letters)
            assert (invitation_codes.read(typed) is None) == (typed != code)


@given(st.text())
def test_reading_never_fails(typed: str) -> None:
    invitation_codes.read(typed)


def test_a_participants_code_is_no_invitation_and_the_other_way_round() -> None:
    assert invitation_codes.read(codes.spell(b"\1" * 16)) is None
    assert codes.read(invitation_codes.draw()) is None


def test_without_the_nonce_nothing_leads_to_the_draft() -> None:
    code = invitation_codes.draw()
    drafts = {invitation_codes.draft_code(KEY, ACTIVITY, code, bytes([nonce]) * 16) for nonce in range(9)}
    assert len(drafts) == 9
    assert all(codes.read(draft) == draft for draft in drafts)


def test_only_the_drafts_own_code_opens_its_link() -> None:
    mine, other = codes.spell(b"\1" * 16), codes.spell(b"\2" * 16)
    digest = invitation_codes.digest(KEY, ACTIVITY, invitation_codes.draw())
    link = invitation_codes.linked(KEY, ACTIVITY, mine, digest)
    assert invitation_codes.unlinked(KEY, ACTIVITY, mine, link) == digest
    assert invitation_codes.unlinked(KEY, ACTIVITY, other, link) is None
    assert invitation_codes.unlinked(KEY, ACTIVITY, mine, "") is None
